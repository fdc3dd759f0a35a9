"""A header of no known report: what was seen, what is nearest, and the lines that put it right."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.headers import normalise
from feedback_analysis.amazon.path_line import path_line
from feedback_analysis.amazon.report_types import ReportType, locate, missing_columns, report_types
from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.privacy import ORDER_ID, scrub_text

_SHOWN = 40
# Columns that reports of every kind have.
_EVERYWHERE = {"currency", "date", "marketplace", "quantity", "title"}
# A number, an amount, a day or a time, with a currency before or after it; no column is named so.
_VALUE = re.compile(
    r"\W*(?:[A-Z]{0,3}\W{0,2})\d[\d\s.,:/+TZ-]*[%€£$]?"
    r"|\d{1,2}[-. ]{1,2}[^\W\d_]{3,10}[-., ]{1,2}\d{2,4}"
)


def check_statement(stated: Facts, *, file: object) -> None:
    """Refuse a report or a column name that does not exist, before it goes unnoticed.

    Raises
    ------
    ReportError
        If the report is none of the delimited ones, or a name is no column of it.
    """
    known = {report.id: report for report in report_types().values() if not report.json_keys}
    if stated.report is not None and stated.report not in known:
        raise ReportError(
            f"shop.toml states a report that no file with columns can be: '{stated.report}'."
            f"{did_you_mean(stated.report, list(known))}",
            file=file,
            expected="one of " + ", ".join(known),
            remedy="correct the report in shop.toml, or remove the line",
        )
    among = [known[stated.report]] if stated.report else list(known.values())
    names = list(dict.fromkeys(name for report in among for name in report.columns))
    for name in stated.columns:
        if name not in names:
            raise ReportError(
                f"a column is mapped to a name that is none of ours.{did_you_mean(name, names)}",
                file=file,
                expected=", ".join(names) if stated.report else "a column name of ours",
                found=repr(name),
                remedy="correct the name before the equals sign; the file's own header comes after",
            )


def absent_headers(headers: Sequence[str], stated: Mapping[str, str]) -> list[str]:
    """Return a clause for each mapping to a header that the file does not have."""
    plain = {normalise(header) for header in headers}
    return [
        f"shop.toml maps {name} to '{header}', which is not among them"
        for name, header in stated.items()
        if normalise(header) not in plain
    ]


def looks_like_a_row(cells: Sequence[str]) -> bool:
    """Tell whether a first line holds values instead of names: a number, a date, an e-mail.

    So does a line of which several cells are empty, because every column has a name; only that of
    a spreadsheet's row numbers often has none.
    """
    empty = sum(not cell.strip() for cell in cells)
    return (empty > 1 and 4 * empty > len(cells)) or any(
        # Of an e-mail that was cut nothing is left to know it by but its sign; a quotation mark
        # holds several cells together where a row ran into the header.
        _VALUE.fullmatch(cell) or {"@", '"'} & set(cell.strip('"')) or ORDER_ID.search(cell)
        for cell in cells
    )


def unknown_header(headers: Sequence[str], stated: Facts, *, file: object) -> ReportError:
    """Return the error for a header of no known report.

    Parameters
    ----------
    headers : sequence of str
        The file's own headers.
    stated : Facts
        What is stated about its report and its columns.
    file : path
    """
    if looks_like_a_row(headers):
        # None of its cells is shown: they may be a buyer's.
        return ReportError(
            "the first line is no header but a row",
            file=file,
            line=1,
            expected="a first line with the names of the columns",
            found=f"{len(headers)} cells with values",
            remedy="download the report again; another program took the header off",
        )
    if not (stated.report or stated.columns) and (other := other_report(headers)):
        return _other(*other, stated, file)
    (known, nearest, missing), *others = _ranked(headers, stated)
    found = f"{len(headers)} columns: " + " | ".join(_shown(cell) for cell in headers[:_SHOWN])
    if len(headers) < 2:
        # A line of somebody's text is no header, and not for showing.
        found = "a text without columns"
    absent = absent_headers(headers, stated.columns)
    if absent:
        found += "; " + "; ".join(absent)
    if not stated.report and (not known or _by_chance(nearest, headers, stated)):
        return _nothing_known(found, stated, file)
    expected = f"the columns of a known report; nearest is '{nearest.label}'"
    names = [f"{name} (such as '{nearest.columns[name].headers[0]}')" for name in missing]
    expected += f", which still lacks: {', '.join(names)}" if names else ""
    # What is by parent may as well be by child under a header that nothing knows.
    close = [
        f"{report.id} (lacks {', '.join(more)})"
        for also, report, more in others
        if report.table == nearest.table and also == known and len(more) <= len(missing) + 1
    ]
    if close:
        expected += f"; it may also be {' or '.join(close)}"
    wanted = {
        name: header for name, header in stated.columns.items() if not _absent(header, headers)
    }
    wanted |= {name: "your header" for name in missing or nearest.require if name not in wanted}
    mapping = ", ".join(f'{name} = "{header}"' for name, header in wanted.items())
    return ReportError(
        "no known report has these columns",
        file=file,
        line=1,
        expected=expected,
        found=found,
        remedy=(
            "if only its headers differ, add this to shop.toml, each of our names with your "
            f'header:\n[[files]]\n{path_line(stated.pattern)}\nreport = "{nearest.id}"\n'
            f"columns = {{ {mapping} }}\n{_leave_out(stated)}"
        ),
    )


@cache
def _other_reports() -> tuple[dict, ...]:
    entry = files("feedback_analysis.amazon").joinpath("other_reports.toml")
    return tuple(tomllib.loads(entry.read_text("utf-8"))["report"])


def other_report(headers: Sequence[str]) -> tuple[str, str] | None:
    """Return which report of Seller Central a header is of that nothing is taken from.

    Parameters
    ----------
    headers : sequence of str
        The file's own headers, or its first line of words.

    Returns
    -------
    tuple of str, or None
        What it is, and the report that was probably meant, which may be empty.
    """
    plain = {normalise(header) for header in headers}
    first = normalise(headers[0]) if headers else ""
    for report in _other_reports():
        begins = tuple(map(normalise, report.get("begins", ())))
        if any(plain.issuperset(map(normalise, each)) for each in report["headers"]) or (
            begins and first.startswith(begins)
        ):
            return report["label"], report.get("instead", "")
    return None


def _other(label: str, instead: str, stated: Facts, file: object) -> ReportError:
    remedy = f"download {instead}; then " if instead else ""
    return ReportError(
        f"this is a report of {label}, from which nothing is taken",
        file=file,
        expected="one of the reports that README.md lists",
        found=f"a report of {label}",
        remedy=f"{remedy}move this one out of the folder, or leave it out in shop.toml:\n"
        f"[[files]]\n{path_line(stated.pattern)}\nignore = true",
    )


def _by_chance(nearest: ReportType, headers: Sequence[str], stated: Facts) -> bool:
    """Tell whether what the file has in common with a report could be in any other."""
    positions, _ = locate(nearest, headers, stated.columns)
    return _EVERYWHERE.issuperset(set(positions) & set(nearest.columns))


def _nothing_known(found: str, stated: Facts, file: object) -> ReportError:
    ids = ", ".join(report.id for report in report_types().values() if not report.json_keys)
    return ReportError(
        "no known report has these columns",
        file=file,
        line=1,
        expected="the columns of a known report; none of these belongs to one",
        found=found,
        remedy=(
            f"{_leave_out(stated)}\nif it is a report in another language, put instead of ignore\n"
            f'report = "its name"\nwith one of {ids}; the next message then shows what to map'
        ),
    )


def _leave_out(stated: Facts) -> str:
    return (
        "if it is no report, move it out of the folder, or leave it out in shop.toml:\n"
        f"[[files]]\n{path_line(stated.pattern)}\nignore = true"
    )


def _ranked(headers: Sequence[str], stated: Facts) -> list[tuple[int, ReportType, list[str]]]:
    """Return known columns, report and missing columns of each report, the nearest first."""
    scored = []
    for report in report_types().values():
        if not report.json_keys and stated.report in (None, report.id):
            positions, _ = locate(report, headers, stated.columns)
            missing = missing_columns(report, positions)
            wanted = len(report.require) + bool(report.any_of)
            clash = sum(name in positions for name in report.forbid)
            share = 1 - (len(missing) + clash) / wanted
            known = sum(name in report.columns for name in positions)
            scored.append((share, known, report, missing))
    return [entry[1:] for entry in sorted(scored, key=lambda entry: entry[:2], reverse=True)]


def _absent(header: str, headers: Sequence[str]) -> bool:
    return normalise(header) not in {normalise(other) for other in headers}


def _shown(header: str) -> str:
    plain = "".join(character if character.isprintable() else " " for character in header).strip()
    if plain[:1].isdecimal():
        # An address begins like that where a row ran into the header; hardly any name does.
        return "[begins with a number]"
    text = re.sub(r"\s+", " ", scrub_text(plain))
    return text if len(text) <= 50 else text[:47] + "..."
