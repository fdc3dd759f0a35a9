"""Which months each table covers, so that a gap is seen before a figure is believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from feedback_analysis.periods import Period
from feedback_analysis.results import Result
from feedback_analysis.tables import NEGATIVES_ONLY
from feedback_analysis.tallies import UNSTATED
from feedback_analysis.texts import several

# Table, the column with its day, and whether a whole month has a row for every day. The day of a
# product's traffic is a window from `start` to `end`.
TABLES = (
    ("feedback", "date", False),
    ("feedback_totals", "date", True),
    ("daily", "date", True),
    ("traffic", "start", True),
    ("orders", "purchase_date", False),
    ("shipments", "ship_date", False),
    ("returns", "return_date", False),
    ("reviews", "date", False),
    ("cases", "opened", False),
)
# Where many rows are counted in a tally: its name, and the column of its rows.
TALLIED = {
    "feedback": ("feedback", "n"),
    "orders": ("orders", "items"),
    "shipments": ("parcels", "parcels"),
    "returns": ("returns", "items"),
}
COLUMNS = (
    "table", "marketplace", "month", "rows", "days", "days_in_month", "known", "state", "gap",
)  # fmt: skip
ALL = "all"
JOINED = "joined"
MOST_SENTENCES = 8


@dataclass(frozen=True, eq=False)
class Coverage(Result):
    """How much each table holds of each month.

    Parameters
    ----------
    table : DataFrame
        As :func:`coverage` describes it.
    text : str
        The gaps in words.
    """

    table: pd.DataFrame
    text: str

    def of(self, period: Period) -> pd.DataFrame:
        """Return the rows of the months that a period touches, to be read rather than drawn."""
        months = sorted({f"{day:%Y-%m}" for day in (period.start, period.end)})
        rows = self.table[self.table["month"].isin(months)].reset_index(drop=True)
        return rows.drop(columns=["state", "gap"], errors="ignore")


def coverage(shop: Any) -> Coverage:
    """Count rows and days by month, table and marketplace.

    Parameters
    ----------
    shop : Shop
        Anything with the tidy tables as attributes.

    Returns
    -------
    Coverage
        ``.table``: ``table``, ``marketplace`` (``all`` where the table has none), ``month`` (such
        as 2026-10), ``rows``, ``days`` (days with a row, or inside a window), ``days_in_month``,
        ``known`` in words (such as ``rows on 6 days``), ``state``, which is how a month is drawn:
        ``whole`` (no day is known to be missing), ``part`` (days are missing from a table that
        has one row a day) or ``nothing``, and ``gap``. All months from the first to the last of
        any table but the review history are there.
        Quiet days are ordinary in feedback, orders or returns, so their rows cannot show that a
        month is whole; nor is a month without a row a gap inside a file of 1 to 3 stars. Traffic
        is judged from its own first to its own last day.
    """
    parts = [_counts(_days(shop, name, column), name, column, daily)
             for name, column, daily in TABLES]  # fmt: skip
    found = pd.concat([part for part in parts if part is not None] or [_none()])
    if found.empty:
        return Coverage(
            pd.DataFrame({name: [] for name in COLUMNS}),
            "No table holds a row, so there is nothing to cover.",
        )
    # Review histories can reach years further back than anything they could be compared with.
    # Neither should the last days of a window that ends just after everything else.
    framing = found[(found["table"] != "reviews") & (found["rows"] > 0)]
    framing = found if framing.empty else framing
    months = pd.period_range(framing["month"].min(), framing["month"].max(), freq="M")
    order = {name: number for number, (name, *_) in enumerate(TABLES)}
    rows = [
        _filled(block, name, marketplace, months)
        for (name, marketplace), block in found.groupby(["table", "marketplace"])
    ]
    table = pd.concat(rows, ignore_index=True)
    table["month"] = table["month"].astype(str)
    table = table.sort_values(
        ["table", "marketplace", "month"],
        key=lambda values: values.map(order) if values.name == "table" else values,
    ).reset_index(drop=True)
    return Coverage(table, _words(table))


@dataclass(frozen=True, eq=False)
class FilesRead(Result):
    """What was read, by kind of report.

    Parameters
    ----------
    table : DataFrame
        One row a report and marketplace: ``report``, ``marketplace``, ``files``, ``rows_read``,
        ``rows_kept``, ``rows_set_aside``.
    notes : DataFrame
        One row a remark of the ledger: ``files``, ``such_as`` (the first of them), ``note``.
    text : str
        Files and rows in words.
    """

    table: pd.DataFrame
    notes: pd.DataFrame
    text: str


def files_read(ledger: pd.DataFrame) -> FilesRead:
    """Sum up a shop's ledger.

    Parameters
    ----------
    ledger : DataFrame
        One row a file, as ``Shop.ledger``.

    Returns
    -------
    FilesRead
        Sums by report and marketplace, and the remarks, the most frequent first.
    """
    rows = ledger.assign(
        marketplace=ledger["marketplace"].astype("object").where(ledger["marketplace"].notna(), ""),
        report=ledger["report"].astype("object").where(ledger["report"].notna(), "not a report"),
        note=ledger["note"].astype("object").where(ledger["note"].notna(), ""),
    )
    # What putting the files together changed is a remark of the ledger, not a file.
    rows_of_files = rows[rows["report"] != JOINED]
    table = rows_of_files.groupby(["report", "marketplace"], as_index=False).agg(
        files=("file", "size"),
        rows_read=("rows_read", "sum"),
        rows_kept=("rows_kept", "sum"),
        rows_set_aside=("rows_set_aside", "sum"),
    )
    counts = ["files", "rows_read", "rows_kept", "rows_set_aside"]
    table[counts] = table[counts].astype("int64")
    remarks = rows[rows["note"] != ""].groupby("note", as_index=False)
    notes = remarks.agg(files=("file", "size"), such_as=("file", "min"))
    notes = notes[["files", "such_as", "note"]].sort_values(
        ["files", "note"], ascending=[False, True], ignore_index=True
    )
    read, kept, aside = (
        int(table[name].sum()) for name in ("rows_read", "rows_kept", "rows_set_aside")
    )
    count = len(rows_of_files)
    read_in = f"{several(count, 'file')} with {several(read, 'row')}"
    were = "was" if kept == 1 else "were"
    text = f"{read_in}: {several(kept, 'row')} {were} kept, {aside:,} set aside."
    return FilesRead(table, notes, text)


def _none() -> pd.DataFrame:
    columns = ("table", "marketplace", "month", "rows", "days", "daily")
    return pd.DataFrame({column: [] for column in columns})


def _days(shop: Any, name: str, column: str) -> pd.DataFrame | None:
    """Return a table with its days: of orders and the like a tally, which a big shop has alone."""
    if name not in TALLIED or not hasattr(shop, "tallies"):
        return getattr(shop, name, None)
    tally, count = TALLIED[name]
    found = getattr(shop.tallies, tally)
    named = found.rename(columns={"date": column, count: "rows"})
    if "marketplace" in named:
        unknown = named["marketplace"].eq(UNSTATED)
        named = named.assign(marketplace=named["marketplace"].mask(unknown))
    return named.groupby(
        [name for name in (column, "marketplace", "rating", "source") if name in named],
        as_index=False,
        dropna=False,
    )["rows"].sum()


def _counts(frame: pd.DataFrame | None, name: str, column: str, daily: bool) -> pd.DataFrame | None:
    """Count a table's rows and days in each month that it has."""
    if frame is None or frame.empty or column not in frame:
        return None
    frame = frame.reset_index(drop=True)
    rows = pd.DataFrame({"day": pd.to_datetime(frame[column])})
    rows["marketplace"] = (
        frame["marketplace"].astype("object").where(frame["marketplace"].notna(), ALL)
        if "marketplace" in frame
        else ALL
    )
    rows["n"] = frame.get("rows", 1)
    if "end" in frame and column == "start":
        rows = _spread(rows.assign(end=pd.to_datetime(frame["end"])))
    rows = rows.dropna(subset=["day"])
    if rows.empty:
        return None
    rows["month"] = rows["day"].dt.to_period("M")
    counted = rows.groupby(["marketplace", "month"]).agg(rows=("n", "sum"), days=("day", "nunique"))
    span = rows.groupby("marketplace")["day"].agg(first="min", last="max")
    counted = counted.reset_index().join(span, on="marketplace")
    low = counted["marketplace"].isin(_low_only(frame, rows) if name == "feedback" else [])
    return counted.assign(table=name, daily=daily, low=low)


def _low_only(frame: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """Return the marketplaces whose feedback has 1 to 3 stars only."""
    if "source" in frame and frame["source"].notna().any():
        low = frame["source"].eq(NEGATIVES_ONLY)
    elif "rating" in frame:
        low = frame["rating"].le(3)
    else:
        return []
    every = low[rows.index].groupby(rows["marketplace"]).all()
    return every.index[every].tolist()


def _spread(rows: pd.DataFrame) -> pd.DataFrame:
    """Give every day of a window a row; the window's own rows count in the month it starts in."""
    windows = rows.groupby(["marketplace", "day", "end"], as_index=False)["n"].sum()
    spread = windows.assign(
        start=windows["day"],
        day=[list(pd.date_range(one.day, one.end)) for one in windows.itertuples()],
    ).explode("day", ignore_index=True)
    spread["day"] = pd.to_datetime(spread["day"])
    spread["n"] = spread["n"].where(spread["day"] == spread["start"], 0)
    return spread


def _filled(
    block: pd.DataFrame, name: str, marketplace: str, months: pd.PeriodIndex
) -> pd.DataFrame:
    daily = bool(block["daily"].iloc[0])
    counts = block.set_index("month")[["rows", "days"]].reindex(months, fill_value=0).astype(int)
    length = pd.Series(months.days_in_month, index=months)
    days, first, last = counts["days"], block["first"].iloc[0], block["last"].iloc[0]
    starts, ends = months.start_time, months.end_time.normalize()
    due = length
    if name == "traffic":
        # Weeks begin and end inside months: nothing is due before the first and after the last.
        inside = ends.where(ends < last, last) - starts.where(starts > first, first)
        due = pd.Series(inside.days + 1, index=months)
    state = pd.Series("whole", index=months)
    if daily:
        state[days < due] = "part"
    state[days == 0] = "nothing"
    quiet = bool(block["low"].iloc[0]) & (ends >= first) & (starts <= last) & (days == 0)
    known = [
        "nothing" if some == 0
        else "every day" if some == all_days
        else f"{some} of {all_days} days" if daily
        else "rows on 1 day" if some == 1
        else f"rows on {some} days"
        for some, all_days in zip(days, length, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(
        {
            "table": name,
            "marketplace": marketplace,
            "month": months,
            "rows": counts["rows"].to_numpy(),
            "days": counts["days"].to_numpy(),
            "days_in_month": length.to_numpy(),
            "known": known,
            "state": state.to_numpy(),
            "gap": ((state != "whole") & ~quiet).to_numpy(),
        }
    )


def _words(table: pd.DataFrame) -> str:
    months = sorted(table["month"].unique())
    span = (
        f"The tables cover {_label(months[0])} to {_label(months[-1])}"
        if len(months) > 1
        else f"The tables cover {_label(months[0])}"
    )
    gaps = []
    for (name, marketplace), block in table.groupby(["table", "marketplace"], sort=False):
        place = name.replace("_", " ") + ("" if marketplace == ALL else f" {marketplace}")
        for state, verb in (("nothing", "has nothing in"), ("part", "has days missing in")):
            missing = block.loc[block["gap"] & (block["state"] == state), "month"].tolist()
            if missing:
                gaps.append(f"{place} {verb} {_runs(missing, months)}")
    quiet = _quiet_words(table)
    if not gaps:
        return f"{span}; no gap shows. {quiet}" if quiet else f"{span} without a gap."
    more = len(gaps) - MOST_SENTENCES
    shown = "; ".join(gaps[:MOST_SENTENCES]) + (f"; and {more} more gaps" if more > 0 else "")
    return f"{span}, with gaps: {shown}.{' ' if quiet else ''}{quiet}"


def _quiet_words(table: pd.DataFrame) -> str:
    """Name the tables whose rows cannot tell a quiet day from a missing one."""
    rows = table[table["known"].str.startswith("rows on")]
    parts = []
    for name, days in rows.groupby("table", sort=False)["days"]:
        least, most = int(days.min()), int(days.max())
        span = several(most, "day") if least == most else f"{least} to {most} days"
        parts.append(f"{name.replace('_', ' ')} (rows on {span} a month)")
    if not parts:
        return ""
    return f"Rows cannot tell a quiet day from a missing one in {', '.join(parts)}."


def _runs(missing: list[str], months: list[str]) -> str:
    """Write months, putting neighbours together."""
    runs: list[list[str]] = []
    for month in missing:
        if runs and months.index(month) == months.index(runs[-1][-1]) + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    names = [
        _label(run[0]) if len(run) == 1 else f"{_label(run[0])} to {_label(run[-1])}"
        for run in runs
    ]
    return ", ".join(names)


def _label(month: str) -> str:
    return Period.parse(month).label
