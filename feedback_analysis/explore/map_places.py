"""Where each comment lies on the map: worked out once, kept by the hash of the comment.

To lay out a map takes seconds, so what was worked out lies in the shop's private folder, numbers
only, and is made anew when there are comments that it does not know.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_analysis.memory.form import shop_folder
from feedback_analysis.privacy import write_private
from feedback_analysis.service.cloud import MOST, layout
from feedback_analysis.service.complaints import UNHAPPY
from feedback_analysis.service.labels import hash_of, vectors_of

FOLDER, FILE = "map", "places.json"
FORM = 1


def places(shop: Any, rows: pd.DataFrame, *, kept_only: bool = False) -> pd.DataFrame | None:
    """Return the place of each comment of 1 to 3 stars on the map.

    Parameters
    ----------
    shop : Shop
        In whose private folder the places are kept.
    rows : DataFrame
        What :func:`explore.rows` returns.
    kept_only : bool, default=False
        Return None instead of working for seconds.

    Returns
    -------
    DataFrame or None
        ``x`` and ``y`` by comment; of very many comments, the newest 1,500. Without rows where
        there are too few for a map.
    """
    written = rows[rows["rating"].le(UNHAPPY) & rows["comment"].str.strip().ne("")]
    texts = written.drop_duplicates("comment", keep="last")["comment"].tail(MOST).tolist()
    # The same comments give the same map, in whatever order they stand.
    texts = sorted(texts)
    file = shop_folder(shop.folder) / ".private" / FOLDER / FILE
    codes = [hash_of(text) for text in texts]
    known = _read(file)
    if not set(codes) <= set(known):
        if kept_only:
            return None
        laid_out = layout(texts, encoder_name=shop.settings.causes.encoder, memory=vectors_of(shop))
        known = dict(zip(codes, laid_out.round(3).tolist(), strict=True)) if len(laid_out) else {}
        _write(file, known)
    found = [known[code] for code in codes] if known else []
    index = pd.Index(texts if found else [], name="comment", dtype="str")
    return pd.DataFrame(found, index=index, columns=["x", "y"], dtype=float)


def _read(file: Path) -> dict[str, list[float]]:
    try:
        kept = json.loads(file.read_text("utf-8"))
        return kept["places"] if kept["form"] == FORM else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write(file: Path, known: dict[str, list[float]]) -> None:
    """Keep the places; a folder that cannot be written to goes without."""
    try:
        content = json.dumps({"form": FORM, "places": known}, separators=(",", ":"))
        write_private(file, content.encode())
    except OSError:
        return
