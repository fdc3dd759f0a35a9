"""One file at a time: the public readers, each of which returns its tidy table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.file import FileResult, read_file
from feedback_analysis.amazon.sales_traffic import SalesAndTraffic
from feedback_analysis.errors import ReportError
from feedback_analysis.marketplaces import marketplace as find_marketplace
from feedback_analysis.periods import window
from feedback_analysis.privacy import OrderKeys, user_salt


def _read(
    path: str | Path,
    table: str,
    reader: str,
    *,
    marketplace: str | None = None,
    start: str | date | None = None,
    end: str | date | None = None,
    columns: dict[str, str] | None = None,
) -> FileResult:
    code = find_marketplace(marketplace).code if marketplace is not None else None
    if (start is None) != (end is None):
        raise ReportError("state both start and end, or neither", file=path)
    days = window(start, end, place="start and end") if start and end else (None, None)
    facts = Facts(
        marketplace=code,
        start=days[0],
        end=days[1],
        columns=columns or {},
        pattern=Path(path).name,
    )
    # Keys of a bare file use the user's own salt; the way back is kept for shops only.
    result = read_file(Path(path), facts, OrderKeys(user_salt(), remember=False), alone=True)
    result.check()
    if table not in result.tables:
        raise ReportError(
            f"this is another report: {result.report.label}",
            file=path,
            expected=f"a file for {reader}",
            found=result.report.label,
            remedy="use the reader of that report, or read_folder, which knows them all",
        )
    return result


def read_feedback(
    path: str | Path, marketplace: str | None = None, *, columns: dict[str, str] | None = None
) -> pd.DataFrame:
    """Read one seller feedback file, of any generation, language and encoding.

    Parameters
    ----------
    path : str or Path
        The file as downloaded: 6 columns, or the 10 of files up to about 2017.
    marketplace : str, optional
        Code such as ``US``; needed when nothing in the file tells whether day or month comes first.
    columns : dict, optional
        Our column names to the file's headers, for a file with headers of its own.

    Returns
    -------
    DataFrame
        Table ``feedback``: date (day), marketplace, rating (1-5), comment and response (masked),
        order_key, source (``1-3 stars only`` when no row has more), and more; see data/README.md.

    Raises
    ------
    ReportError
        If the file is no feedback report, or its dates can be read in two ways.

    Notes
    -----
    Amazon: the feedback report "contains negative and neutral feedback (one to three stars)", so
    neither the positive share nor the average can be computed from it alone.
    """
    return _read(
        path, "feedback", "read_feedback", marketplace=marketplace, columns=columns
    ).tables["feedback"]


def tally_feedback(
    path: str | Path, marketplace: str | None = None, *, columns: dict[str, str] | None = None
) -> pd.DataFrame:
    """Count a seller feedback file of any size by day, marketplace and stars.

    No row is kept, so memory does not grow with the file.

    Parameters
    ----------
    path : str or Path
        The file as downloaded.
    marketplace : str, optional
        Code such as ``US``; needed when nothing in the file tells whether day or month comes first.
    columns : dict, optional
        Our column names to the file's headers.

    Returns
    -------
    DataFrame
        ``date``, ``marketplace``, ``rating`` (1-5), ``source`` and ``n`` (feedbacks): what counting
        the rows of :func:`read_feedback` gives. ``attrs`` holds ``read``, ``set_aside`` (reason to
        rows), ``lines`` (reason to the first lines) and ``notes``.

    Raises
    ------
    ReportError
        As for :func:`read_feedback`.
    """
    from feedback_analysis.amazon.large import open_large
    from feedback_analysis.amazon.large_feedback import tally_pieces

    code = find_marketplace(marketplace).code if marketplace is not None else None
    facts = Facts(marketplace=code, columns=columns or {}, pattern=Path(path).name)
    opened = open_large(Path(path), facts, alone=True)
    if opened.report.table != "feedback":
        raise ReportError(
            f"this is another report: {opened.report.label}",
            file=path,
            expected="a file for read_feedback",
            remedy="use the reader of that report, or read_folder, which knows them all",
        )
    table, ledger = tally_pieces(opened)
    table.attrs = {
        "read": ledger.read, "set_aside": dict(ledger.aside.rows), "lines": ledger.aside.lines,
        "notes": ledger.notes,
    }  # fmt: skip
    return table


def read_business_report(
    path: str | Path,
    *,
    start: str | date | None = None,
    end: str | date | None = None,
    marketplace: str | None = None,
    columns: dict[str, str] | None = None,
) -> pd.DataFrame:
    """Read one business report: by child ASIN, parent ASIN or SKU, or by date.

    Parameters
    ----------
    path : str or Path
        The file as downloaded.
    start, end : str or date, optional
        The period the report was made for, both days inside; needed except for a report by date.
    marketplace : str, optional
        Code such as ``DE``.
    columns : dict, optional
        Our column names to the file's headers.

    Returns
    -------
    DataFrame
        Table ``traffic``, one row a child ASIN (or parent); for a report by date, table ``daily``.

    Raises
    ------
    ReportError
        If the file is no business report, or its period is not stated.
    """
    stated = {"start": start, "end": end, "marketplace": marketplace, "columns": columns}
    try:
        result = _read(path, "traffic", "read_business_report", **stated)
    except ReportError as error:
        if not error.message.startswith("this is another report: Business report by date"):
            raise
        result = _read(path, "daily", "read_business_report", **stated)
    return result.tables.get("traffic", result.tables.get("daily"))


def read_sales_and_traffic(path: str | Path, *, marketplace: str | None = None) -> SalesAndTraffic:
    """Read one Sales and Traffic report (JSON).

    Parameters
    ----------
    path : str or Path
        The file as downloaded.
    marketplace : str, optional
        Code such as ``US``, where the file does not tell it.

    Returns
    -------
    SalesAndTraffic
        ``.by_date`` (as table daily), ``.by_asin`` (as table traffic), ``.feedback_totals``.

    Raises
    ------
    ReportError
        If the file is no such report.
    """
    result = _read(path, "feedback_totals", "read_sales_and_traffic", marketplace=marketplace)
    if not isinstance(result.raw, SalesAndTraffic):
        raise ReportError(f"this is another report: {result.report.label}", file=path)
    return result.raw


def read_orders(path: str | Path, *, marketplace: str | None = None) -> pd.DataFrame:
    """Read one All Orders report.

    Parameters
    ----------
    path : str or Path
        The file as downloaded.
    marketplace : str, optional
        Code such as ``US``, where the file does not tell it.

    Returns
    -------
    DataFrame
        Table ``orders``: one row an order item; purchase day in the marketplace's own time.

    Raises
    ------
    ReportError
        If the file is no All Orders report.
    """
    return _read(path, "orders", "read_orders", marketplace=marketplace).tables["orders"]


def read_shipments(path: str | Path, *, marketplace: str | None = None) -> pd.DataFrame:
    """Read one Amazon Fulfilled Shipments report, or a seller's shipping confirmations.

    Parameters
    ----------
    path : str or Path
        The file as downloaded.
    marketplace : str, optional
        Code such as ``US``, where the file does not tell it.

    Returns
    -------
    DataFrame
        Table ``shipments``: order_key, ship_date, carrier, has_tracking, estimated_arrival.

    Raises
    ------
    ReportError
        If the file is neither.
    """
    return _read(path, "shipments", "read_shipments", marketplace=marketplace).tables["shipments"]


def read_returns(path: str | Path, *, marketplace: str | None = None) -> pd.DataFrame:
    """Read one report of FBA customer returns, or of returns to the seller.

    Parameters
    ----------
    path : str or Path
        The file as downloaded.
    marketplace : str, optional
        Code such as ``US``, where the file does not tell it.

    Returns
    -------
    DataFrame
        Table ``returns``: reason codes without prefixes, and the service question each speaks to.

    Raises
    ------
    ReportError
        If the file is neither.
    """
    return _read(path, "returns", "read_returns", marketplace=marketplace).tables["returns"]


def read_account_health(path: str | Path, *, marketplace: str | None = None) -> pd.DataFrame:
    """Read one account health report (JSON).

    Parameters
    ----------
    path : str or Path
        The file as downloaded.
    marketplace : str, optional
        Code such as ``US``, where the file does not tell it.

    Returns
    -------
    DataFrame
        Table ``account_health``: one row a measure, with Amazon's own rate, target and status.

    Raises
    ------
    ReportError
        If the file is no such report.
    """
    result = _read(path, "account_health", "read_account_health", marketplace=marketplace)
    return result.tables["account_health"]


def read_reviews(
    path: str | Path,
    *,
    day: str | date | None = None,
    columns: dict[str, str] | None = None,
) -> pd.DataFrame:
    """Read review counts: a table of asin, date, review_count, average_rating, or a Keepa export.

    Parameters
    ----------
    path : str or Path
        The file.
    day : str or date, optional
        Day of a Keepa export, which does not say it.
    columns : dict, optional
        Our column names to the file's headers, for any other tool's table.

    Returns
    -------
    DataFrame
        Table ``reviews``: asin, date, review_count, average_rating (1-5).

    Raises
    ------
    ReportError
        If the file is neither, or the day of a Keepa export is not stated.
    """
    stated = {"start": day, "end": day, "columns": columns}
    return _read(path, "reviews", "read_reviews", **stated).tables["reviews"]
