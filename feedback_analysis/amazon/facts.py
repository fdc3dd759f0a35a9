"""What a file does not say itself: its marketplace and its period, and where to state them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from feedback_analysis.amazon.batch import Batch, Facts
from feedback_analysis.amazon.decode import read_content
from feedback_analysis.amazon.delimited import read_header
from feedback_analysis.amazon.headers import normalise
from feedback_analysis.amazon.path_line import path_line
from feedback_analysis.errors import ReportError
from feedback_analysis.marketplaces import find_code, marketplace, marketplaces
from feedback_analysis.periods import parse_window, window
from feedback_analysis.privacy import mask_name
from feedback_analysis.settings import FileEntry, Settings
from feedback_analysis.texts import listing

PERIODS = "periods.csv"
# Listed files that a message names.
_SHOWN = 3
_SYSTEM = {"thumbs.db", "desktop.ini"}


class NoPeriod(ReportError):
    """A business report that could be read if somebody stated its period.

    Attributes
    ----------
    report : str
        Id of its report type.
    """

    report: str = ""


def need_period(batch: Batch) -> tuple[date, date]:
    """Return the period of a business report.

    Raises
    ------
    NoPeriod
        If it is stated nowhere. The day in the file's name is the day of the download, and is never
        taken for the period.
    """
    if batch.facts.start is None or batch.facts.end is None:
        name = Path(str(batch.file)).name
        listed = (
            f"add this line, with its own first and last day, to a file {PERIODS} beside it:\n"
            f"file,start,end,marketplace\n{quoted_name(name)},2026-10-01,2026-10-31,\nor "
        )
        error = NoPeriod(
            "a business report does not say which period it covers",
            file=batch.file,
            expected="a stated start and end",
            found="none (the day in the file's name is the day of the download)",
            remedy=(
                # A name that may not be shown cannot be copied from here.
                f"{listed if mask_name(name) == name else ''}"
                "put the file into a folder named by its period, such as "
                "2026-10-01_2026-10-31/, or in shop.toml\n"
                f"[[files]]\n{path_line(batch.facts.pattern)}\n"
                "start = 2026-10-01\nend = 2026-10-31"
            ),
        )
        error.report = batch.report.id
        raise error
    return batch.facts.start, batch.facts.end


def settle_marketplace(batch: Batch) -> tuple[str | None, str | None]:
    """Return marketplace and currency code of a report whose money has a currency sign.

    The stated marketplace, else the shop's only one with that currency, else its only one.

    Raises
    ------
    ReportError
        If the currency is not the stated marketplace's, or of none of the shop's marketplaces.
    """
    sign = batch.frame.attrs.get("currency")
    known = marketplaces()
    stated = batch.facts.marketplace
    shops = batch.facts.marketplaces
    if stated is None and shops:
        fitting = [code for code in shops if sign is None or _same(known[code].currency, sign)]
        if not fitting:
            raise ReportError(
                f"the file's money is in {sign}, which none of the shop's marketplaces uses",
                file=batch.file,
                expected=", ".join(f"{code} ({known[code].currency})" for code in shops),
                found=sign,
                remedy="is it another shop's file? If not, add its marketplace to shop.toml",
            )
        if len(fitting) > 1:
            raise ReportError(
                "the file does not say which marketplace it is of",
                file=batch.file,
                expected=f"one of {', '.join(fitting)}",
                remedy=(
                    f"put it into a folder named by the marketplace, such as {fitting[0]}/, or in "
                    f"shop.toml\n[[files]]\n{path_line(batch.facts.pattern)}\n"
                    f'marketplace = "{fitting[0]}"'
                ),
            )
        stated = fitting[0]
    if stated is None:
        sole = [code for code, market in known.items() if market.currency == sign]
        stated = sole[0] if len(sole) == 1 else None
    elif sign is not None and not _same(known[stated].currency, sign):
        raise ReportError(
            f"the file is stated to be of {stated}, but its money is in another currency",
            file=batch.file,
            expected=known[stated].currency,
            found=sign,
            remedy="state the right marketplace, or move the file to the folder it belongs to",
        )
    code = known[stated].currency if stated else sign
    return stated, None if code == "$" else code


def _same(code: str, sign: str) -> bool:
    return code == sign or (sign == "$" and code in {"USD", "CAD", "AUD", "MXN", "SGD"})


def file_facts(path: Path, root: Path, settings: Settings, periods: dict[Path, Facts]) -> Facts:
    """Collect what is stated about one file of a shop: shop.toml, periods.csv, folder names.

    Parameters
    ----------
    path : Path
        The file, below ``root``.
    root : Path
        The shop's folder of downloads.
    settings : Settings
    periods : dict
        What the shop's ``periods.csv`` files state, from :func:`read_periods`.
    """
    relative = path.relative_to(root)
    start = end = market = None
    for part in relative.parts[:-1]:
        # The folder nearest to the file wins.
        market = find_code(part) if part.isupper() and find_code(part) else market
        start, end = parse_window(part) or (start, end)
    if (listed := periods.get(path)) is not None:
        market = listed.marketplace or market
        start, end = (listed.start, listed.end) if listed.start else (start, end)
    report, columns = None, {}
    for entry in entries_for(relative, settings.files):
        market = entry.marketplace or market
        start, end = (entry.start, entry.end) if entry.start else (start, end)
        report, columns = entry.report or report, {**columns, **entry.columns}
    if market and settings.marketplaces and market not in settings.marketplaces:
        raise ReportError(
            f"the file is of {market}, which is not among the shop's marketplaces",
            file=path,
            expected=", ".join(settings.marketplaces),
            found=market,
            remedy="is it another shop's file? If not, add the marketplace to shop.toml",
        )
    return Facts(
        marketplace=market,
        start=start,
        end=end,
        report=report,
        columns=columns,
        marketplaces=settings.marketplaces,
        pattern=relative.as_posix(),
    )


def entries_for(relative: Path, entries: Iterable[FileEntry]) -> list[FileEntry]:
    """Return the entries of shop.toml whose path or pattern fits a file."""
    name = relative.as_posix()
    return [entry for entry in entries if entry.path == name or fnmatchcase(name, entry.path)]


def why_left_out(relative: Path, entries: Iterable[FileEntry]) -> str:
    """Return why a file below the downloads is not looked at; empty for one that is."""
    hidden = any(part.startswith((".", "~$")) for part in relative.parts)
    if hidden or relative.name.casefold() in _SYSTEM:
        return "a file of the operating system or an editor: left out"
    if any(entry.ignore for entry in entries_for(relative, entries)):
        return "left out, as shop.toml says"
    return ""


def read_periods(file: Path, problems: list[ReportError]) -> dict[Path, Facts]:
    """Read a ``periods.csv``: file, start, end, and marketplace where it is needed.

    Parameters
    ----------
    file : Path
    problems : list of ReportError
        An error for each line that cannot be used is added here, and one for all files that are
        not there; the other lines count.

    Raises
    ------
    ReportError
        If a column is missing.
    """
    content = read_content(file)
    separator, names = (read_header(content) or [(",", [])])[0]
    header = [normalise(name) for name in names]
    if not {"file", "start", "end"} <= set(header):
        raise ReportError(
            f"{PERIODS} lacks a column",
            file=file,
            line=1,
            expected="file,start,end and, where needed, marketplace",
            found=",".join(header)[:120],
            remedy="write the header line as expected",
        )
    # A European spreadsheet saves the same lines with semicolons.
    reader = csv.reader(io.StringIO(content.text, newline=""), delimiter=separator)
    next(cells for cells in reader if cells)
    stated: dict[Path, Facts] = {}
    absent: list[tuple[int, str]] = []
    for cells in reader:
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        if not row.get("file"):
            continue
        try:
            path, facts = _period(row, file, reader.line_num)
            if not is_there(path):
                absent.append((reader.line_num, row["file"]))
                continue
            if path in stated:
                raise ReportError("a file is listed twice", remedy="keep one line a file")
            stated[path] = facts
        except ReportError as error:
            error.file, error.line = str(file), reader.line_num
            problems.append(error)
    if absent:
        problems.append(_not_there(file, absent))
    return stated


def _not_there(file: Path, absent: list[tuple[int, str]]) -> ReportError:
    """Return one error for all files that are listed and not there: a folder moves as a whole."""
    names = listing([repr(name[:80]) for _, name in absent[:_SHOWN]])
    if len(absent) == 1:
        message, expected = "a listed file is not there", f"a file named {names} beside {PERIODS}"
        remedy = "correct the name, or remove the line"
    else:
        message = f"{len(absent)} listed files are not there"
        expected = f"files beside {PERIODS} of all these names, such as {names}"
        remedy = "correct the names, or remove the lines"
    return ReportError(
        message,
        file=file,
        line=absent[0][0],
        expected=expected,
        remedy=remedy,
    )


def _period(row: dict[str, str], file: Path, line: int) -> tuple[Path, Facts]:
    code = marketplace(row["marketplace"]).code if row.get("marketplace") else None
    start, end = window(row.get("start", ""), row.get("end", ""), place=f"line {line}")
    return file.parent / row["file"], Facts(marketplace=code, start=start, end=end)


def is_there(path: Path) -> bool:
    """Tell whether a stated path is a file; a name that no file can have is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def quoted_name(name: str) -> str:
    """Return a file's name as a cell of a ``periods.csv``, quoted where that is needed."""
    return '"' + name.replace('"', '""') + '"' if set(name) & set(',;"') else name
