"""The report types that can be read, as data: ``reports/*.toml``, and how a header finds its type.

A new language is a new alias in a table; a new report that fills an existing table is a new file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from feedback_analysis.amazon.headers import normalise


@dataclass(frozen=True)
class Column:
    """One column of a report: our name, what its cells hold, and the headers it goes by."""

    name: str
    kind: str
    aliases: tuple[str, ...]
    headers: tuple[str, ...]


@dataclass(frozen=True)
class ReportType:
    """One kind of download, as its TOML entry describes it."""

    id: str
    label: str
    table: str
    require: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    by_position: tuple[tuple[str, ...], ...] = ()
    json_keys: tuple[str, ...] = ()
    columns: Mapping[str, Column] = field(default_factory=dict)
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignore: re.Pattern[str] | None = None
    quoted_tab: bool = True
    by_hand: bool = False

    def quotes(self, separator: str) -> bool:
        """Tell whether quotation marks quote in a file with this separator."""
        return separator != "\t" or self.quoted_tab


@dataclass(frozen=True)
class Match:
    """A report type and the position of each of its columns in one file."""

    report: ReportType
    positions: Mapping[str, int]
    unknown: tuple[str, ...] = ()


@cache
def report_types() -> dict[str, ReportType]:
    """Return every report type by id, in the order of the data files."""
    found = {}
    folder = files("feedback_analysis.amazon").joinpath("reports")
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            raw = tomllib.loads(entry.read_text("utf-8"))
            columns = {
                name: Column(
                    name,
                    column["kind"],
                    tuple(normalise(alias) for alias in column["aliases"]),
                    tuple(column["aliases"]),
                )
                for name, column in raw.get("columns", {}).items()
            }
            for report in raw["report"]:
                lists = {
                    key: tuple(map(tuple, value)) if key == "by_position" else tuple(value)
                    for key, value in report.items()
                    if isinstance(value, list)
                }
                found[report["id"]] = ReportType(
                    **{**report, **lists},
                    columns=columns,
                    sums={key: tuple(parts) for key, parts in raw.get("sums", {}).items()},
                    ignore=re.compile(raw["ignore"]) if "ignore" in raw else None,
                    quoted_tab=raw.get("quoted_tab", True),
                    by_hand=raw.get("by_hand", False),
                )
    return found


def match_header(
    headers: Sequence[str], *, stated: Mapping[str, str] | None = None, only: str | None = None
) -> Match | None:
    """Find the report type that a header belongs to.

    Parameters
    ----------
    headers : sequence of str
        The file's own headers.
    stated : mapping, optional
        Our column names to the file's headers, as shop.toml states them; wins over the aliases.
    only : str, optional
        Id of the report type that shop.toml states.

    Returns
    -------
    Match or None
        The type whose required columns are all there; of several the one that knows most columns.
    """
    told = tuple((stated or {}).items())
    return _match(tuple(headers), told, only)


# A folder holds hundreds of files with the same few headers.
@lru_cache(maxsize=256)
def _match(
    headers: tuple[str, ...], stated: tuple[tuple[str, str], ...], only: str | None
) -> Match | None:
    best: tuple[ReportType, dict[str, int], set[int]] | None = None
    for report in report_types().values():
        if report.json_keys or (only is not None and report.id != only):
            continue
        positions, used = locate(report, headers, dict(stated))
        if _fits(report, positions) and (best is None or len(positions) > len(best[1])):
            best = report, positions, used
    if best is None:
        return None
    report, positions, used = best
    return Match(report, positions, _unknown(headers, report, used))


def locate(
    report: ReportType, headers: Sequence[str], stated: Mapping[str, str]
) -> tuple[dict[str, int], set[int]]:
    """Return where each known column stands, and the places of all headers that are known."""
    _, places = _normalised(tuple(headers))
    positions, used = {}, set()
    for name, header in stated.items():
        if (place := places.get(normalise(header))) is not None:
            positions[name] = place
            used.add(place)
    for column in report.columns.values():
        for alias in column.aliases:
            if (place := places.get(alias)) is not None:
                used.add(place)
                if column.kind != "drop":
                    positions.setdefault(column.name, place)
    return positions, used


def _unknown(headers: Sequence[str], report: ReportType, used: set[int]) -> tuple[str, ...]:
    """Return the headers that nothing knows."""
    plain, _ = _normalised(tuple(headers))
    return tuple(
        header
        for index, header in enumerate(headers)
        if index not in used and not (report.ignore and report.ignore.search(plain[index]))
    )


# Every type of report looks at the same header, and a spreadsheet's may have thousands of columns.
@lru_cache(maxsize=8)
def _normalised(headers: tuple[str, ...]) -> tuple[list[str], dict[str, int]]:
    """Return headers in their comparable form, and the first place of each."""
    plain = [normalise(header) for header in headers]
    places: dict[str, int] = {}
    for place, header in enumerate(plain):
        places.setdefault(header, place)
    return plain, places


def missing_columns(report: ReportType, positions: Mapping[str, int]) -> list[str]:
    """Return the required columns that were not located, counting totals that parts make up."""

    def there(name: str) -> bool:
        parts = report.sums.get(name, ())
        return name in positions or (bool(parts) and all(part in positions for part in parts))

    missing = [name for name in report.require if not there(name)]
    if report.any_of and not any(there(name) for name in report.any_of):
        missing.append(report.any_of[0])
    return missing


def _fits(report: ReportType, positions: Mapping[str, int]) -> bool:
    return not missing_columns(report, positions) and not any(
        name in positions for name in report.forbid
    )
