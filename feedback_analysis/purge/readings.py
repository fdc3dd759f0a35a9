"""Kept readings without a buyer: rows leave every table, and each reading gets its new name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from feedback_analysis.aside import locked
from feedback_analysis.memory import is_snapshot, open_snapshot, readings
from feedback_analysis.memory.form import (
    SECRET,
    content_of,
    frames_of,
    home,
    read_mark,
    reading_name,
    write_snapshot,
)
from feedback_analysis.purge.target import Target
from feedback_analysis.purged import DAYS, without
from feedback_analysis.shop import Shop


def kept_tables(folder: Path) -> Iterator[dict[str, pd.DataFrame]]:
    """Yield the tables of each kept reading of a shop.

    Parameters
    ----------
    folder : Path
        The shop's folder.
    """
    for reading in readings(folder):
        yield dict(open_snapshot(reading.folder).tables())


def purge_readings(folder: Path, target: Target, *, look: bool) -> tuple[int, int]:
    """Take a buyer's rows out of every kept reading; of feedback the stars and the day stay.

    Parameters
    ----------
    folder : Path
        The shop's folder.
    target : Target
        Whose.
    look : bool
        Only count.

    Returns
    -------
    tuple of int
        Readings that held any, and their rows.
    """
    place = home(folder)
    if not place.is_dir():
        return 0, 0
    changed = rows = 0
    with locked(place):
        new: list[Path] = []
        for reading in readings(folder):
            shop = open_snapshot(reading.folder)
            frames = frames_of(shop)
            count = 0
            for name, frame in frames.items():
                if name in DAYS:
                    hidden = target.hides(frame["order_key"], frame[DAYS[name]])
                    count += int(hidden.sum()) if name != "feedback" else _told(frame, hidden)
                    frames[name] = without(name, frame, hidden)
            if not count:
                continue
            changed, rows = changed + 1, rows + count
            if not look:
                new.append(_rewritten(reading.folder, shop, frames, new))
    return changed, rows


def _told(frame: pd.DataFrame, hidden: object) -> int:
    """Count the hidden feedback that still has an order or words."""
    rows = frame[hidden]
    said = rows["comment"].ne("") | rows["response"].ne("") | rows["order_key"].notna()
    return int(said.sum())


def _rewritten(old: Path, shop: Shop, frames: dict[str, pd.DataFrame], new: list[Path]) -> Path:
    """Write a reading again under the name that its new content has, and remove the old one."""
    mark = read_mark(old)
    hashes = {name: content_of(frame) for name, frame in frames.items()}
    settings = shop.settings.model_dump_json(exclude=SECRET)
    target = old.parent / reading_name(mark["last_day"], hashes, settings)
    if target != old and not is_snapshot(target):
        write_snapshot(target, frames, {**mark, "tables": hashes}, new)
    if target != old:
        shutil.rmtree(old)
    return target
