"""One file at a time: the public readers, each of which returns its tidy table."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

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
    reader: str,
    *tables: str,
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
    if not set(tables) & set(result.tables):
        raise _another(result.report.label, path, reader)
    return result


def _another(label: str, path: str | Path, reader: str) -> ReportError:
    return ReportError(
        f"this is another report: {label}",
        file=path,
        expected=f"a file for {reader}",
        found=label,
        remedy="use the reader of that report, or read_folder, which knows them all",
    )


def _table(path: str | Path, reader: str, *tables: str, **stated: Any) -> pd.DataFrame:
    """Return the first of some tables that a file gives; what is stated is as for a file."""
    found = _read(path, reader, *tables, **stated).tables
    return next(found[name] for name in tables if name in found)


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
    stated = {"marketplace": marketplace, "columns": columns}
    return _table(path, "read_feedback", "feedback", **stated)


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
        raise _another(opened.report.label, path, "tally_feedback")
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
    return _table(path, "read_business_report", "traffic", "daily", **stated)


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
    reader = "read_sales_and_traffic"
    result = _read(path, reader, "feedback_totals", marketplace=marketplace)
    # Totals that were typed in give that table too.
    if not isinstance(result.raw, SalesAndTraffic):
        raise _another(result.report.label, path, reader)
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
    return _table(path, "read_orders", "orders", marketplace=marketplace)


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
    return _table(path, "read_shipments", "shipments", marketplace=marketplace)


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
    return _table(path, "read_returns", "returns", marketplace=marketplace)


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
    return _table(path, "read_account_health", "account_health", marketplace=marketplace)


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
    return _table(path, "read_reviews", "reviews", **stated)
