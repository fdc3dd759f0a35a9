"""Where comments lie on a map: worked out once, kept by hashes of the comments.

To lay out a map takes seconds. What is kept are numbers by a hash of the comment; another set of
comments, another encoder or other libraries lay it out anew.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis.memory.form import shop_folder
from feedback_analysis.privacy import write_private
from feedback_analysis.service.cloud import SEED, CommentMap, comment_map, layout
from feedback_analysis.service.labels import hash_of, vectors_of
from feedback_analysis.service.own_causes import taxonomy_of

FOLDER, FILE = "map", "report.json"
TOOLS = ("numpy", "scikit-learn")


def shop_map(shop: Any, rows: pd.DataFrame, start: date, end: date) -> CommentMap:
    """Draw the map of a shop's comments, with its own causes, encoder and kept places.

    Parameters
    ----------
    shop : Shop
        Its settings, its causes and its private folder.
    rows : DataFrame
        What :func:`complaints` returns.
    start, end : date
        First and last day.

    Returns
    -------
    CommentMap
        As :func:`comment_map` describes it.
    """
    return comment_map(
        rows,
        start,
        end,
        taxonomy=taxonomy_of(shop),
        encoder_name=shop.settings.causes.encoder,
        places=lambda comments: kept_layout(shop, comments),
    )


def kept_layout(shop: Any, comments: list[str], *, seed: int = SEED) -> np.ndarray:
    """Lay comments out in two dimensions, or open what was laid out of the very same comments.

    Parameters
    ----------
    shop : Shop
        Whose settings name the encoder, and in whose private folder the places are kept.
    comments : list of str
        Comments, none empty and none twice.
    seed : int
        Start of the random numbers.

    Returns
    -------
    array of shape (comments, 2)
        As ``layout`` gives it.
    """
    name = shop.settings.causes.encoder
    codes = [hash_of(text) for text in comments]
    file = shop_folder(shop.folder) / ".private" / FOLDER / FILE
    made_by = json.dumps([codes, seed, name, *map(version, TOOLS)])
    key = hashlib.blake2b(made_by.encode(), digest_size=16).hexdigest()
    kept = _read(file, key)
    if kept is not None and set(codes) <= set(kept):
        return np.array([kept[code] for code in codes], dtype=np.float32).reshape(-1, 2)
    places = layout(comments, seed=seed, encoder_name=name, memory=vectors_of(shop))
    places = places.astype(np.float32)
    if len(places) < len(comments):
        # Too few for a map.
        return places
    content = {"key": key, "places": dict(zip(codes, places.tolist(), strict=True))}
    # A folder that cannot be written to goes without.
    with suppress(OSError):
        write_private(file, json.dumps(content, separators=(",", ":")).encode())
    return places


def _read(file: Path, key: str) -> dict[str, list[float]] | None:
    try:
        held = json.loads(file.read_text("utf-8"))
        return held["places"] if held["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
