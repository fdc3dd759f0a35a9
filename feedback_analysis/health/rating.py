"""The rating by Amazon's arithmetic, with how sure it is: 30, 90, 365 days and lifetime."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.health.rate import Span, rate, refusal
from feedback_analysis.health.sources import Sources
from feedback_analysis.health.words import rating_sentence
from feedback_analysis.once import once
from feedback_analysis.results import Result

if TYPE_CHECKING:
    from feedback_analysis.settings import Settings

WINDOWS: dict[str, int | None] = {
    "30 days": 30,
    "90 days": 90,
    "365 days": 365,
    "lifetime": None,
}
TARGETS = (0.95, 4.5)
# Amazon's profile page shows twelve months only to sellers with more feedbacks than this.
PUBLIC_AT_LEAST = 11


@dataclass(frozen=True, eq=False)
class FeedbackRating(Result):
    """Positive share and average stars by window.

    Parameters
    ----------
    table : DataFrame
        One row a window (and marketplace), as :func:`feedback_rating` describes it.
    text : str
        The public figure against both targets, in words.
    limits : list of str
        What is not known and what that costs, as sentences.
    as_of : date
        Last day of every window.
    targets : tuple of float
        Positive share (0-1) and average stars aimed at.
    minimum_n : int
        Below this number nothing is said about the targets.
    """

    table: pd.DataFrame
    text: str
    limits: list[str]
    as_of: date
    targets: tuple[float, float]
    minimum_n: int

    @property
    def public_figure(self) -> pd.DataFrame:
        """The row that Amazon shows buyers: 365 days if it has over 10 feedbacks, else lifetime."""
        return public_figure(self.table)


@once
def feedback_rating(
    feedback: Any,
    totals: pd.DataFrame | None = None,
    *,
    as_of: date | str | None = None,
    by: Literal["marketplace"] | None = None,
    targets: tuple[float, float] = TARGETS,
    minimum_n: int = 10,
    on_missing: Literal["refuse", "say"] = "refuse",
) -> FeedbackRating:
    """Rate the seller by window, by feedback date, as Amazon does.

    Parameters
    ----------
    feedback : DataFrame, Tallies or Shop
        One row a feedback: ``date``, ``marketplace``, ``rating`` (1 to 5); where known, ``source``
        (``all ratings`` or ``1-3 stars only``), ``gone`` (struck or removed, not counted) and
        ``last_seen``. Without ``source``, a marketplace with no rating above 3 is taken for 1-3
        stars only, as Amazon's feedback report is. Or a tally of feedback: the same columns with
        ``n``; or a shop, or its tallies.
    totals : DataFrame, optional
        The table ``feedback_totals``: daily rows (``date``, ``marketplace``, ``received``,
        ``negative``) and windows typed in (``as_of``, ``window``, ``marketplace``, ``positive``,
        ``neutral``, ``negative``).
    as_of : date or str, optional
        Last day of every window; by default the last day known.
    by : {"marketplace"}, optional
        One block of rows a marketplace, named in the first column.
    targets : tuple of float, default=(0.95, 4.5)
        Positive share (0-1) and average stars aimed at.
    minimum_n : int, default=10
        Below this number the verdict is ``too few to say``.
    on_missing : {"refuse", "say"}, default="refuse"
        When nothing can be computed: raise, or return the negatives alone with the reason.

    Returns
    -------
    FeedbackRating
        ``.table``: ``window``, counts ``n``, ``positive``, ``neutral``, ``negative``; ``share``
        (0-1) with its 95 % Wilson interval ``low``, ``high``; ``average`` stars with
        ``average_low``, ``average_high``: a 95 % interval, or where the split of 4 and 5 stars is
        not known (``average`` is missing then) the lowest and highest average possible;
        ``verdict``, ``share_verdict``, ``average_verdict``; Amazon's whole percents ``displayed``,
        ``displayed_neutral``, ``displayed_negative``; ``source``, ``since`` (first day counted)
        and ``complete``.

    Raises
    ------
    ReportError
        If no marketplace's share can be computed, if there is neither a row nor ``as_of``, or if
        the tables hold what cannot be.

    Notes
    -----
    5 and 4 stars are positive, 3 neutral, 2 and 1 negative; the share is positive / all; each
    displayed percent is rounded by itself (Seller Central help, item 761). A target is met when
    the whole interval reaches it, not met when all of the interval lies below, and cannot be told
    yet between, or when the source does not cover the window. ``verdict`` is ``met`` only if both
    targets are met and ``not met`` as soon as one is not met.

    Examples
    --------
    >>> import pandas as pd
    >>> stars = [5] * 55 + [4] * 35 + [3] * 5 + [2] * 3 + [1] * 2
    >>> day = pd.Timestamp("2026-10-31")
    >>> feedback = pd.DataFrame({"date": day, "marketplace": "US", "rating": stars})
    >>> rating = feedback_rating(feedback)
    >>> float(rating.table["share"][0]), float(rating.table["average"][0])
    (0.9, 4.38)
    """
    if by not in (None, "marketplace"):
        raise ReportError(
            f"a rating cannot be split by '{by}'.{did_you_mean(str(by), ['marketplace'])}",
            expected="by='marketplace' or nothing",
        )
    check_targets(targets)
    sources = Sources(feedback, totals)
    last = as_day(as_of) or sources.last_day
    if last is None:
        raise refusal({})
    spans: list[Span] = [
        ({"window": name}, None if days is None else last - timedelta(days=days - 1), last, name)
        for name, days in WINDOWS.items()
    ]
    table, limits, reason = rate(
        sources, spans, by=by, targets=targets, minimum_n=minimum_n, on_missing=on_missing
    )
    text = reason or " ".join(
        rating_sentence(row, targets=targets, place=row.get("marketplace"), until=last)
        for row in public_figure(table).to_dict("records")
    )
    return FeedbackRating(table, text, limits, last, targets, minimum_n)


def options(settings: Settings) -> dict[str, Any]:
    """Return what a shop's settings say about rating, as keywords for the functions of this room.

    Parameters
    ----------
    settings : Settings
        The shop's settings.

    Returns
    -------
    dict
        ``targets``, ``minimum_n``, and ``on_missing="say"``: a report goes on and says what is
        missing.
    """
    targets = (settings.targets.positive_share, settings.targets.average)
    return {"targets": targets, "minimum_n": settings.minimum_n, "on_missing": "say"}


def public_figure(table: pd.DataFrame) -> pd.DataFrame:
    """Return the row of each block that Amazon shows on the seller's profile.

    Parameters
    ----------
    table : DataFrame
        A rating table by window.

    Returns
    -------
    DataFrame
        The 365 days where they hold more than 10 feedbacks, else lifetime (help, item 761); where
        neither is known, the longest window that is.
    """
    blocks = table["marketplace"] if "marketplace" in table else pd.Series("", index=table.index)
    chosen = [_public_row(block) for _, block in table.groupby(blocks, sort=False)]
    return table.loc[chosen].reset_index(drop=True)


def _public_row(block: pd.DataFrame) -> int:
    counts = dict(zip(block["window"], block["n"].fillna(-1), strict=True))
    if counts.get("365 days", -1) >= PUBLIC_AT_LEAST:
        return block.index[block["window"] == "365 days"][0]
    known = [name for name in reversed(WINDOWS) if counts.get(name, -1) >= 0]
    wanted = known[0] if known else next(n for n in reversed(WINDOWS) if n in counts)
    return block.index[block["window"] == wanted][0]


def check_targets(targets: tuple[float, float]) -> None:
    """Refuse targets that no rating can have.

    Parameters
    ----------
    targets : tuple of float
        Positive share and average stars aimed at.

    Raises
    ------
    ReportError
        If the share lies outside 0 to 1 or the average outside 1 to 5.
    """
    share, average = targets
    if not (0 <= share <= 1 and 1 <= average <= 5):
        raise ReportError(
            "a target cannot be reached by any rating",
            expected="targets=(share from 0 to 1, average from 1 to 5), such as (0.95, 4.5)",
            found=repr(tuple(targets)),
        )


def as_day(value: date | str | None) -> date | None:
    """Read a day given as a date, a time stamp or an ISO text.

    Parameters
    ----------
    value : date, str or None
        The day.

    Returns
    -------
    date or None
        The day, or None for None.

    Raises
    ------
    ReportError
        If it is no day.
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        # ISO only: pandas would read 01.11.2026 as 11 January.
        return datetime.fromisoformat(value).date()
    except (TypeError, ValueError):
        raise ReportError(
            "this is no day", expected="a day such as 2026-10-31", found=repr(value)
        ) from None
