"""A shop's comments with their labels, worked out once a report and kept beside the shop.

What is kept are labels by a hash of the comment, in the shop's own private folder; whatever changes
the labeller (its code, its words, a correction) makes them anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis.causes.corrections import NONE, Corrections, corrections_of, said_of
from feedback_analysis.causes.encoder import installed
from feedback_analysis.causes.label import label_comments
from feedback_analysis.causes.taxonomy import Taxonomy
from feedback_analysis.memory.form import shop_folder
from feedback_analysis.once import once
from feedback_analysis.privacy import write_private
from feedback_analysis.service.complaints import UNHAPPY
from feedback_analysis.service.own_causes import causes_file, taxonomy_at

FOLDER, VECTORS = "labels", "vectors"
CORRECTIONS = "corrections.csv"
# Digits of a comment's hash: with a million comments, two share one in a run of billions.
DIGITS = 24
Label = tuple[tuple[str, ...], tuple[str, ...], float]


@once
def label_feedback(shop: Any, *, relearn: bool = True) -> pd.DataFrame:
    """Label the comments of all feedback of 1 to 3 stars, or take the labels kept from before.

    Parameters
    ----------
    shop : Shop
        With ``feedback`` and ``settings``, which choose the encoder. Corrections in
        ``corrections.csv`` of its folder go before the labeller, those of one order before those of
        a comment's words; its own causes in ``causes.toml`` are labelled too.
    relearn : bool, default=True
        Learn from corrections that came since. Without, what is corrected counts all the same, and
        other comments keep the labels they had, which saves half a minute.

    Returns
    -------
    DataFrame
        ``questions``, ``causes`` (tuples of ids, most confident first) and ``confidence``, with the
        index of those rows of ``shop.feedback``.
    """
    rows = shop.feedback
    wanted = rows.loc[rows["rating"].le(UNHAPPY), "comment"].fillna("").astype(str).str.strip()
    home = shop_folder(shop.folder)
    corrections, own, chosen = home / CORRECTIONS, causes_file(shop), shop.settings.causes.encoder
    taxonomy, said = taxonomy_at(home), corrections_at(home)
    file = home / ".private" / FOLDER / _file_name(corrections, own, chosen)
    before = (
        [] if relearn or file.is_file() else sorted(file.parent.glob(f"{_mark(own, chosen)}-*"))
    )
    known = _read(before[0] if before else file)
    missing = sorted({text for text in wanted if text and hash_of(text) not in known})
    if missing:
        taught = corrections if corrections.is_file() and not before else None
        made = label_comments(
            pd.Series(missing, dtype=object),
            taxonomy=taxonomy if own is not None else None,
            corrections=taught,
            encoder=chosen,
            memory=vectors_of(shop),
        )
        rows_made = made[["questions", "causes", "confidence"]].itertuples(index=False)
        known |= _each_once(dict(zip(map(hash_of, missing), rows_made, strict=True)))
        if not before:
            _write(file, known)
    nothing: Label = ((), (), np.nan)
    found = [known[hash_of(text)] if text else nothing for text in wanted]
    keys = rows.loc[wanted.index, "order_key"]
    found = [
        by_hand(causes, taxonomy) if (causes := _said(said, text, key)) else label
        for text, key, label in zip(wanted, keys, found, strict=True)
    ]
    names = ("questions", "causes")
    table = {
        name: pd.Series([row[place] for row in found], index=wanted.index, dtype=object)
        for place, name in enumerate(names)
    }
    confidence = pd.Series([row[2] for row in found], index=wanted.index, dtype=float)
    return pd.DataFrame({**table, "confidence": confidence})


def corrections_at(home: Path) -> Corrections:
    """Return what people corrected in a shop.

    Parameters
    ----------
    home : Path
        The shop's folder.

    Returns
    -------
    Corrections
        Without any while there is no file ``corrections.csv``.
    """
    file = home / CORRECTIONS
    return corrections_of(file, taxonomy_at(home)) if file.is_file() else NONE


def _said(said: Corrections, text: str, key: object) -> tuple[str, ...]:
    return said_of(said, text, key if isinstance(key, str) else "")


def by_hand(causes: tuple[str, ...], taxonomy: Taxonomy) -> Label:
    """Return the label that a person's word makes: its questions, its causes, and certainty.

    Parameters
    ----------
    causes : tuple of str
        Cause ids.
    taxonomy : Taxonomy
        Says what each cause answers.

    Returns
    -------
    tuple
        Questions, causes and 1.0.
    """
    return taxonomy.questions_of(causes), causes, 1.0


def vectors_of(shop: Any) -> Path:
    """Return the folder in which a shop's sentence vectors are kept.

    Parameters
    ----------
    shop : Shop
        Read from its folder, or a kept reading's.
    """
    return shop_folder(shop.folder) / ".private" / VECTORS


def hash_of(text: str) -> str:
    """Return what a comment is known by where its words are not kept."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def _file_name(corrections: Path, own: Path | None, encoder: str) -> str:
    """Return a name made of everything that labels depend on: the labeller, and corrections."""
    said = corrections.read_bytes() if corrections.is_file() else b""
    return f"{_mark(own, encoder)}-{hashlib.sha256(said).hexdigest()[:DIGITS]}.json"


def _mark(own: Path | None, encoder: str) -> str:
    causes = "" if own is None else hashlib.sha256(own.read_bytes()).hexdigest()
    return hash_of("\n".join([_labeller(), encoder, causes]))


@cache
def _labeller() -> str:
    found = hashlib.sha256(str(installed("use")).encode())
    room = Path(str(files("feedback_analysis.causes")))
    for path in sorted(room.rglob("*")):
        if path.suffix in (".py", ".toml", ".csv", ".tsv"):
            found.update(path.read_bytes())
    return found.hexdigest()


def _read(file: Path) -> dict[str, Label]:
    try:
        kept = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return _each_once(kept)


def _each_once(found: Mapping[str, Any]) -> dict[str, Label]:
    """Hold each combination of causes once: a million comments have some hundred of them."""
    same: dict[tuple[str, ...], tuple[str, ...]] = {}
    made = {}
    for key, (questions, causes, sure) in found.items():
        asked, named = (same.setdefault(ids, ids) for ids in (tuple(questions), tuple(causes)))
        made[key] = (asked, named, float(sure))
    return made


def _write(file: Path, known: dict[str, Label]) -> None:
    """Keep the labels; a folder that cannot be written to goes without."""
    try:
        content = json.dumps(known, sort_keys=True, separators=(",", ":"))
        write_private(file, content.encode())
        for older in file.parent.glob("*.json"):
            if older != file:
                older.unlink()
    except OSError:
        return
