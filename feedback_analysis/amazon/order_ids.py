"""Order ids in their usual form, and the ones that a spreadsheet spoilt."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from feedback_analysis.amazon.batch import Batch
from feedback_analysis.privacy import ORDER_ID
from feedback_analysis.tables import TEXT
from feedback_analysis.texts import arrow, raw, several

ORDER = re.compile(r"(\d{3})-?(\d{7})-?(\d{7})|(D\d{2})-(\d{7})-(\d{7})")
_SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?E\+\d+|\d{16,17}(?:\.0)?", re.IGNORECASE)


def _all_usual(block: pa.LargeStringArray) -> bool:
    """Tell quickly whether every text of a block is 17 digits with two dashes."""
    content, ends = raw(block)
    if block.null_count or (np.diff(ends, prepend=0) != 19).any():
        return False
    cells = content.reshape(-1, 19)
    dashes = cells[:, [3, 11]] == ord("-")
    digits = (cells - np.uint8(ord("0"))) < 10
    return bool(dashes.all() and (digits.sum(axis=1) == 17).all())


def order_ids(batch: Batch) -> pd.Series:
    """Return order ids in their usual form; blank and spoilt ones are missing.

    Which are spoilt is told in the batch's ``lost_ids``.

    A spreadsheet keeps 15 digits of a number, so ids that lost their dashes and all end in 00 are
    no longer the ones that Amazon gave.
    """
    texts = batch.frame["order_id"]
    batch.lost_ids = np.zeros(len(texts), dtype=bool)
    if all(_all_usual(block) for block in arrow(texts).chunks):
        return texts
    texts = batch.texts("order_id", missing=False)
    usual = pc.match_substring_regex(arrow(texts), "^[0-9]{3}-[0-9]{7}-[0-9]{7}$").to_numpy()
    odd = ~usual & (texts != "").to_numpy(dtype=bool)
    if not odd.any():
        return texts.where(texts != "")
    ids = texts.astype(object)
    bare = [text for text in ids[odd] if text.isdigit() and len(text) == 17]
    rounded = bool(bare) and all(text.endswith("00") for text in bare)
    for place in np.flatnonzero(odd):
        text = ids.iloc[place]
        match = ORDER.fullmatch(text)
        if match and not (rounded and text.isdigit()):
            ids.iloc[place] = "-".join(part for part in match.groups() if part)
        elif _SPREADSHEET.fullmatch(text):
            batch.lost_ids[place] = True
            ids.iloc[place] = ""
        elif found := ORDER_ID.search(text):
            ids.iloc[place] = found[0]
    return ids.astype(TEXT).where(ids != "")


def note_of_lost_ids(count: int) -> list[str]:
    """Return what the ledger says about so many order ids that a spreadsheet spoilt."""
    if not count:
        return []
    return [
        f"{several(count, 'order id')} turned into numbers by a spreadsheet and lost; use the "
        "file as downloaded"
    ]
