"""Build a report: read the shop, run the notebooks, write the pages, put them in place.

Each report is made of one kept reading of the shop: the notebooks read that, not the files again,
so every page speaks of the same rows and the report can be made again from them.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_analysis.errors import ReportError
from feedback_analysis.memory import earlier_readings, find_snapshot, keep_snapshot
from feedback_analysis.names import Names
from feedback_analysis.once import remembering
from feedback_analysis.periods import Period, latest_whole_month
from feedback_analysis.privacy import mask_name
from feedback_analysis.quotes import VARIABLE, checked
from feedback_analysis.report.actions import find_actions
from feedback_analysis.report.archive import write_archive
from feedback_analysis.report.forked import copies, seldom_tidied
from feedback_analysis.report.gate import check_report
from feedback_analysis.report.key_figures import key_figures
from feedback_analysis.report.known import Known, know
from feedback_analysis.report.overview import make_overview, page_texts
from feedback_analysis.report.page import Book
from feedback_analysis.report.progress import show_progress, show_step
from feedback_analysis.report.render import page_maker
from feedback_analysis.report.run import CELL_TIMEOUT, find_notebooks, run_notebooks
from feedback_analysis.report.service_view import find_service
from feedback_analysis.report.sources import describe_sources
from feedback_analysis.report.swap import MARK, check_target, replaced
from feedback_analysis.report.trend import Trend, draw_trend
from feedback_analysis.report.wording import day
from feedback_analysis.tallies import UNSTATED
from feedback_analysis.written import note_written

TOOLS = ("pandas", "numpy", "scipy", "matplotlib", "nbconvert")
DATED = (
    ("feedback_totals", "date"),
    ("feedback_totals", "as_of"),
    ("daily", "date"),
    ("traffic", "end"),
)


@seldom_tidied()
@remembering()
def build_report(
    shop_folder: str | Path,
    *,
    period: str | Period | None = None,
    output: str | Path | None = None,
    workers: int | None = None,
    notebooks: str | Path | None = None,
    progress: bool = True,
    cell_timeout: int = CELL_TIMEOUT,
    snapshot: str | None = None,
    quotes: str = "masked",
) -> Path:
    """Make the report of a shop for one month or week.

    Parameters
    ----------
    shop_folder : str or Path
        The shop's folder, with ``shop.toml`` and ``amazon/``.
    period : str or Period, optional
        ``2026-10`` or ``2026-W42``; by default the latest whole month of the data.
    output : str or Path, optional
        Folder of the report; by default ``reports/<shop's folder>/<period>`` below the current
        folder. What is there is replaced only when the new report is whole.
    workers : int, optional
        How many notebooks run at once, at most as many as there are cores.
    notebooks : str or Path, optional
        Folder of the notebooks; by default ``notebooks`` beside the package.
    progress : bool, default=True
        Show on the error stream which notebook is at work.
    cell_timeout : int, default=600
        Longest time a notebook's cell may take, in seconds.
    snapshot : str, optional
        Make the report from what was read then, not from the files as they are now: ``newest``
        for the reading kept last for the period, or the name of one, such as
        ``2026-10-31-3f9ac27d10b4``. Needs ``period``.
    quotes : {"masked", "none"}
        ``masked`` shows comments without personal data; ``none`` shows no buyer's words at all.

    Returns
    -------
    Path
        ``index.html`` of the report. Beside it: a page a notebook, ``report.html`` with everything
        in one file, and ``key_figures.json``.

    Raises
    ------
    ReportError
        If the shop cannot be read, the period is no period or holds no data, a notebook fails, the
        output folder holds something else, no reading of the period is kept, or the finished pages
        would tell who a buyer is.
    """
    folder = Path(shop_folder).resolve()
    quotes = checked(quotes)
    paths = find_notebooks(notebooks)
    if period is not None and not isinstance(period, Period):
        period = Period.parse(period)
    with show_step("Reading the shop's files", shown=progress):
        if snapshot is None:
            source, shop, period, private = _read_now(folder, period)
        else:
            source, shop, period, private = _read_then(folder, period, snapshot)
    first, last = data_span(shop)
    target = Path(output) if output is not None else Path("reports") / folder.name / period.id
    target = target.absolute()
    check_target(target)

    view = shop.until(period.end)
    with show_step("Working out the key figures", shown=progress):
        found = _first_page(shop, view, source, period)
    pages = _run(
        paths,
        {"SHOP": str(source), "PERIOD": period.id},
        workers=workers,
        timeout=cell_timeout,
        failed=folder / ".private" / "failed",
        quotes=quotes,
        shown=progress,
    )
    overview = make_overview(
        **found,
        sources=describe_sources(shop),
        pages=pages,
        parameters=_parameters(folder, source, period, first, last, quotes),
        marketplaces=_marketplaces(shop),
    )
    footer, archive = _footer(last, quotes), output is None
    book = Book(shop.settings.name, period.label, overview, pages, footer, archive=archive)
    known = know(view, private, quotes=quotes)
    # Before it is there: a killed run must not leave a report that purge does not know of.
    note_written(folder, "report", target)
    try:
        _write(book, found["figures"].to_json(), target, known)
    except ReportError as error:
        # What is kept cannot be masked anew; the files can.
        raise error if snapshot is None else _hinted(error) from None
    if book.archive:
        write_archive(target.parent, shop=shop.settings.name, known=known)
    return target / "index.html"


def _run(
    paths: list[Path], parameters: dict[str, str], *, quotes: str, shown: bool, **limits: Any
) -> list[Any]:
    """Run the notebooks at once, and make a page of each as soon as it is done."""
    names = [path.stem for path in paths]
    # The copies come first: showing the progress may start a thread.
    with (
        copies(len(paths)) as kernels,
        show_progress(names, shown=shown) as watch,
        page_maker(names) as page,
    ):
        return run_notebooks(
            paths,
            parameters=parameters,
            watch=watch,
            environment={VARIABLE: quotes},
            copies=kernels,
            finish=page,
            **limits,
        )


def _first_page(shop: Any, view: Any, source: Path, period: Period) -> dict[str, Any]:
    """Return what the first page is made of, by the names that :func:`make_overview` takes."""
    figures = key_figures(shop, period)
    service = find_service(view, period)
    if service is not None:
        figures = replace(figures, figures=figures.figures + service.figures)
    return {
        "figures": figures,
        "actions": find_actions(view, period, figures.ratings, service),
        "trend": _trend(view, period),
        "restated": _restated(view, source, period),
        "service": service,
    }


def _footer(last: date, quotes: str) -> dict[str, str]:
    from feedback_analysis import __version__

    lines = page_texts()["footer"]
    return {
        "made": f"feedback_analysis {__version__}, data to {day(last)}.",
        "privacy": lines["privacy_without_quotes" if quotes == "none" else "privacy"],
    }


def data_span(shop: Any) -> tuple[date | None, date | None]:
    """Return the first and last day that any table speaks of.

    Parameters
    ----------
    shop : Shop
        What was read.

    Returns
    -------
    tuple of date
        None, None without any dated row.
    """
    dated = [getattr(shop, table)[column] for table, column in DATED]
    dated += [getattr(shop.tallies, name)["date"] for name in ("feedback", "orders")]
    days = pd.concat(dated).dropna()
    # A newer download without new feedback still tells that the days up to it are over.
    seen = shop.tallies.feedback["last_seen"].dropna()
    if days.empty:
        return None, None
    last = max(days.max(), seen.max()) if len(seen) else days.max()
    return days.min().date(), last.date()


def default_period(first: date, last: date) -> Period:
    """Return the latest whole month of the data, or the running one when it is the first.

    Parameters
    ----------
    first, last : date
        First and last day of the data.

    Returns
    -------
    Period
        A month.
    """
    whole = latest_whole_month(last)
    return whole if whole.end >= first else Period.containing(last)


def _read_now(folder: Path, period: Period | None) -> tuple[Path, Any, Period, Names]:
    """Read the files, or open what was read of the very same ones, and keep it for the period.

    Returns where it is kept, the shop, the period, and the private names that the files tell.
    """
    from feedback_analysis.amazon.reading import read_unless_kept

    shop, names = read_unless_kept(folder)
    period = _checked(period, *data_span(shop), folder)
    try:
        reading = keep_snapshot(shop, period)
    except OSError:
        return folder, shop, period, names
    # What was read and what was kept of it need not be held at once.
    del shop
    return reading.folder, reading.shop(), period, names


def _read_then(folder: Path, period: Period | None, name: str) -> tuple[Path, Any, Period, Names]:
    """Return a kept reading, its shop, its period and the names in the files as they are now."""
    if period is None:
        raise ReportError(
            "a report of a kept reading needs its period",
            file=folder,
            expected="a period that a report was made for",
            remedy="write --period, such as --period 2026-10",
        )
    reading = find_snapshot(folder, period, name=name)
    # Its comments were masked when it was kept. Files that are gone or spoilt tell no more names.
    names = _names_now(folder) if (folder / "amazon").is_dir() else Names()
    return reading.folder, reading.shop(), period, names


def _names_now(folder: Path) -> Names:
    from feedback_analysis.amazon.folder import inspect_folder
    from feedback_analysis.amazon.reading import read_unless_kept

    try:
        return read_unless_kept(folder)[1]
    except ReportError:
        return inspect_folder(folder).names


def _hinted(error: ReportError) -> ReportError:
    """Say what else can be done where a kept reading was masked by older rules."""
    hint = (
        "this report is of a kept reading, whose comments were masked when it was kept, by the "
        "rules of that time: make the report from the files as they are now, without --as-kept, "
        "or leave out all comments: --as-kept --quotes none"
    )
    error.remedy = f"{hint}\n{error.remedy}" if error.remedy else hint
    return error


def _checked(period: Period | None, first: date | None, last: date | None, folder: Path) -> Period:
    if first is None or last is None:
        raise ReportError(
            "the shop's folder holds no file that a report can be made from",
            file=folder,
            expected="reports downloaded from Seller Central, in a folder amazon/",
            remedy="put the feedback report there first, of the longest range that there is; the "
            "README says where to download it",
        )
    if period is None:
        return default_period(first, last)
    if period.start > last or period.end < first:
        raise ReportError(
            f"the shop has no data in {period.label}",
            file=folder,
            expected=f"a period between {day(first)} and {day(last)}",
            found=period.id,
            remedy=f"write --period {default_period(first, last).id}",
        )
    return period


def _trend(shop: Any, period: Period) -> Trend | None:
    from feedback_analysis.health import weekly_rating

    if shop.tallies.feedback.empty and shop.feedback_totals.empty:
        return None
    targets = shop.settings.targets
    weekly = weekly_rating(
        shop,
        shop.feedback_totals,
        until=period.end,
        targets=(targets.positive_share, targets.average),
        minimum_n=shop.settings.minimum_n,
        on_missing="say",
    )
    return draw_trend(
        weekly.table,
        target=targets.positive_share,
        minimum_n=shop.settings.minimum_n,
        text=weekly.text,
        until=period.end,
    )


def _restated(shop: Any, source: Path, period: Period) -> str:
    """Say what changed in past months since an earlier reading; empty when nothing did."""
    from feedback_analysis.health import restatements

    log = restatements(shop, earlier_readings(source, period), until=period.end)
    return "" if log.table.empty else log.text


def _marketplaces(shop: Any) -> list[str]:
    if shop.settings.marketplaces:
        return list(shop.settings.marketplaces)
    tables = (shop.tallies.feedback, shop.feedback_totals, shop.daily, shop.tallies.orders)
    names = {name for table in tables for name in table["marketplace"].dropna().unique()}
    return sorted(names - {UNSTATED})


def _parameters(
    folder: Path, source: Path, period: Period, first: date, last: date, quotes: str
) -> list[tuple[str, str]]:
    from feedback_analysis import __version__

    return [
        ("Period", f"{period.id}, {day(period.start)} to {day(period.end)}"),
        ("Shop's folder", mask_name(folder.name)),
        ("Days in the files", f"{day(first)} to {day(last)}"),
        (
            "Reading",
            "not kept: it could not be written" if source == folder else source.name,
        ),
        ("Quotes", "left out" if quotes == "none" else "shown, masked"),
        ("feedback_analysis", __version__),
        ("Python", ".".join(map(str, sys.version_info[:3]))),
        *((tool, _version(tool)) for tool in TOOLS),
    ]


def _version(tool: str) -> str:
    try:
        return version(tool)
    except PackageNotFoundError:
        return "not installed as a package"


def _write(book: Book, figures: str, target: Path, known: Known) -> None:
    pages = {"index.html": book.index(), "report.html": book.single()}
    pages["glossary.html"] = book.glossary()
    pages |= {f"{page.name}.html": book.notebook(page) for page in book.pages}
    with replaced(target) as new:
        for name, content in {**pages, MARK: figures}.items():
            (new / name).write_text(content, encoding="utf-8", newline="\n")
        # What lies on the disk is what will be sent, so that is what is looked at.
        check_report(new, known)
