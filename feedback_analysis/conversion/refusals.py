"""When no effect can be told at all: why, and what data would help."""

from __future__ import annotations

import numpy as np

from feedback_analysis.conversion.prepare import Rows
from feedback_analysis.texts import several

LEAST_SWITCHING = 20
# Sales this closely tied to the number of reviews are what the reviews were made of.
PAST_SALES = 0.9
LEAST_ROWS = 30
# Weekly counts go down as often as up; counts that hardly ever do are sums since the beginning.
FEWEST_FALLS = 0.01
# A late order may stand in a week with fewer sessions; that is no rule.
MOST_IMPOSSIBLE = 0.5


def refusal(rows: Rows) -> str:
    """Return why no effect can be told from a panel, and what would help; empty if it can.

    Parameters
    ----------
    rows : Rows
        The usable rows.

    Returns
    -------
    str
        One or two sentences.
    """
    if not len(rows.family) and len(rows.stock_out):
        return (
            "In every week with sessions nearly all page views went to another seller's featured "
            "offer or to none, so conversion says nothing of reviews. Weeks with the featured "
            "offer would help; look too whether its share was read as a share between 0 and 1."
        )
    if not len(rows.family):
        return (
            "There is no week with sessions, so conversion cannot be followed from week to week. "
            "Weekly business reports by child or parent ASIN hold sessions and order items."
        )
    if not rows.units.any():
        return (
            "Not one order item stands against these sessions, so conversion is zero everywhere. "
            "Look whether the column of order items was read from the right report."
        )
    if reason := past_sales(rows) or impossible(rows) or far_apart(rows):
        return reason
    reviewed = rows.reviewed
    if np.isnan(reviewed).all():
        return (
            "For no week is it known whether a product had reviews. A table of dated review counts "
            "(asin, date, review_count) would tell."
        )
    if not (reviewed == 0).any():
        return (
            "Every product had reviews all along, so none shows what conversion is without them. "
            "Weeks from before the first reviews, or newly launched products, would help."
        )
    if not (reviewed == 1).any():
        return (
            "No product had a review yet, so none shows what conversion is with them. Come back "
            f"when {LEAST_SWITCHING} families have received their first review."
        )
    for side, name in ((0, "without"), (1, "with")):
        if not rows.units[reviewed == side].any():
            return (
                f"Not one order item stands in the weeks {name} reviews, so no ratio of the two "
                "can be told. Look whether the reports of those weeks were read in full; more "
                "weeks with sales would help."
            )
    return ""


def few_switching(rows: Rows) -> str:
    """Return why too few families can tell, and what would help; empty if there are enough.

    Parameters
    ----------
    rows : Rows
        The usable rows.

    Returns
    -------
    str
        One or two sentences.
    """
    switching = int(rows.switching.sum())
    if switching >= LEAST_SWITCHING:
        return ""
    return (
        f"{several(switching, 'family was', 'families were')} seen both without and with "
        f"reviews, and below {LEAST_SWITCHING} chance decides the answer. More weeks of "
        "business reports and review counts, before and after first reviews, would help."
    )


def no_first_weeks(rows: Rows) -> str:
    """Return why too few first reviews can be followed, and what would help."""
    told = (
        "Too few first reviews fall into weeks that have sales before and after them. More weeks "
        "of business reports and review counts would help."
    )
    if np.isnan(rows.reviews).any():
        told += (
            " Where counts are known only now and then, nobody knows in which week the first "
            "review came: a count for every week, or the dates of the reviews, would tell."
        )
    return told


def impossible_share(rows: Rows) -> float:
    """Return the share of order items in weeks with more order items than sessions."""
    more = rows.units > rows.sessions
    return float(rows.units[more].sum() / max(1.0, rows.units.sum()))


def impossible(rows: Rows) -> str:
    """Return why sessions cannot be those of the order items; empty if they can."""
    share = impossible_share(rows)
    if share <= MOST_IMPOSSIBLE:
        return ""
    return (
        f"{100 * share:.0f} % of the order items stand in weeks with more order items than "
        "sessions, so the sessions are not those of these sales. Sessions of all devices, from a "
        "business report by child or parent ASIN, would help."
    )


def far_apart(rows: Rows) -> str:
    """Return that the rows are not those of single weeks; empty if they are."""
    step = np.diff(rows.week)[np.diff(rows.family) == 0]
    apart = float(np.median(step)) if len(step) else 1.0
    if apart <= 1:
        return ""
    return (
        f"The rows of a family lie {apart:.0f} weeks apart. Business reports of every single week "
        "would help: what a first review does is told from the weeks right before and after it."
    )


def past_sales(rows: Rows) -> str:
    """Return why order items that follow the number of reviews cannot be used; empty otherwise."""
    both = (rows.units > 0) & (rows.reviews > 0)
    if both.sum() >= LEAST_ROWS:
        units, reviews = np.log(rows.units[both]), np.log(rows.reviews[both])
        if units.std() > 0 and reviews.std() > 0:
            tied = float(np.corrcoef(units, reviews)[0, 1])
            if tied > PAST_SALES:
                return (
                    f"Reviews are past sales here: order items follow the number of reviews "
                    f"(correlation {tied:.2f}), as they do where sales are counted since launch. "
                    "Order items and sessions of single weeks would help."
                )
    step = np.diff(rows.units)[np.diff(rows.family) == 0]
    moves = step[step != 0]
    if len(moves) >= LEAST_ROWS and (moves < 0).mean() < FEWEST_FALLS:
        return (
            "Order items rise from week to week and hardly ever fall, as sums since launch do, so "
            "reviews are past sales here. Order items of single weeks would help."
        )
    return ""
