"""Keep readings of a shop, find them again, and tell which came before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from feedback_analysis.aside import locked
from feedback_analysis.errors import ReportError
from feedback_analysis.memory.form import (
    FORM,
    MARK,
    SECRET,
    content_of,
    damaged,
    frames_of,
    home,
    is_snapshot,
    open_snapshot,
    read_mark,
    reading_name,
    shop_folder,
    write_snapshot,
)
from feedback_analysis.periods import Period
from feedback_analysis.privacy import make_private
from feedback_analysis.shop import Shop


@dataclass(frozen=True)
class Reading:
    """A kept reading of a shop.

    Attributes
    ----------
    folder : Path
        Where it is kept.
    period : Period
        The period whose report it was kept for.
    last_day : date
        Last day of the data.
    number : int
        Readings of a shop are numbered from 1 in the order in which they were kept.
    """

    folder: Path
    period: Period
    last_day: date
    number: int

    @property
    def name(self) -> str:
        """Its name, such as ``2026-10-31-3f9ac27d10b4``."""
        return self.folder.name

    def shop(self, *, feedback_alone: bool = False) -> Shop:
        """Return the shop as it was read then; of a large one feedback alone, if that will do."""
        return open_snapshot(self.folder, feedback_alone=feedback_alone)


def keep_snapshot(shop: Shop, period: Period) -> Reading:
    """Keep what was read of a shop, unless the same is kept for this period already.

    Parameters
    ----------
    shop : Shop
        The whole shop, as read from its folder.
    period : Period
        The period that a report is made for.

    Returns
    -------
    Reading
        The new reading, or the one that holds the same.

    Raises
    ------
    ReportError
        If the shop has no row with a day.
    OSError
        If the shop's folder cannot be written to.
    """
    if shop.last_day is None:
        raise ReportError("nothing was read, so there is nothing to keep", file=shop.folder)
    frames = frames_of(shop)
    hashes = {name: content_of(frame) for name, frame in frames.items()}
    settings = shop.settings.model_dump_json(exclude=SECRET)
    make_private(home(shop.folder))
    # Two reports at once would give two readings one number.
    with locked(home(shop.folder)):
        return _kept(shop, period, frames, hashes, settings)


def _kept(
    shop: Shop, period: Period, frames: dict, hashes: dict[str, str], settings: str
) -> Reading:
    known = readings(shop.folder)
    name = reading_name(f"{shop.last_day:%Y-%m-%d}", hashes, settings)
    target = home(shop.folder) / period.id / name
    for reading in known:
        if reading.folder == target:
            return reading
    number = max((reading.number for reading in known), default=0) + 1
    mark = {
        "form": FORM,
        "period": period.id,
        "last_day": f"{shop.last_day:%Y-%m-%d}",
        "number": number,
        "tables": hashes,
        "settings": json.loads(settings),
    }
    write_snapshot(target, frames, mark, [reading.folder for reading in known])
    return Reading(target, period, shop.last_day, number)


def find_snapshot(folder: str | Path, period: str | Period, *, name: str = "newest") -> Reading:
    """Find the reading that was kept when the report of a period was made.

    Parameters
    ----------
    folder : str or Path
        The shop's folder.
    period : str or Period
        The period whose report it was kept for: ``2026-10`` or ``2026-W42``.
    name : str, default="newest"
        Name of one reading, such as ``2026-10-31-3f9ac27d10b4``, or the one kept last.

    Returns
    -------
    Reading

    Raises
    ------
    ReportError
        If no such reading is kept.
    """
    period = period if isinstance(period, Period) else Period.parse(period)
    every = readings(folder)
    found = [reading for reading in every if reading.period == period]
    wanted = [reading for reading in found if name in ("newest", reading.name)]
    if wanted:
        return wanted[-1]
    kept = [reading.name for reading in found]
    kept = kept or list(dict.fromkeys(reading.period.id for reading in every))
    raise ReportError(
        f"no reading of {period.label} is kept"
        if name == "newest"
        else f"no reading {name} of {period.label} is kept",
        file=Path(folder),
        expected=f"one of {', '.join(kept)}" if kept else None,
        found="" if kept else "no reading at all; each report keeps one from now on",
        remedy="make the report from the files as they are now, without --as-kept",
    )


def readings(folder: str | Path) -> list[Reading]:
    """Return all kept readings of a shop, in the order in which they were kept.

    Parameters
    ----------
    folder : str or Path
        The shop's folder.

    Returns
    -------
    list of Reading

    Raises
    ------
    ReportError
        If the mark of one is damaged.
    """
    found = []
    for path in home(Path(folder)).glob(f"[!.]*/[!.]*/{MARK}"):
        mark = read_mark(path.parent)
        try:
            period, number = Period.parse(mark["period"]), int(mark["number"])
            last = date.fromisoformat(mark["last_day"])
        except (ReportError, ValueError, TypeError):
            raise damaged(path) from None
        found.append(Reading(path.parent, period, last, number))
    return sorted(found, key=lambda reading: (reading.number, reading.name))


def earlier_readings(place: str | Path, period: Period) -> list[Reading]:
    """Return the readings to hold a shop against, back to the last report of an earlier period.

    Parameters
    ----------
    place : str or Path
        A shop's folder, or a reading's own: then only what was kept before it counts, so that the
        answer never changes.
    period : Period
        The period that the report is about.

    Returns
    -------
    list of Reading
        Oldest first; the first is of an earlier period where one is kept.
    """
    place = Path(place)
    known = readings(shop_folder(place))
    if is_snapshot(place):
        number = int(read_mark(place)["number"])
        known = [reading for reading in known if reading.number < number]
    found: list[Reading] = []
    for reading in reversed(known):
        found.append(reading)
        if reading.period.end < period.end:
            break
    return found[::-1]
