"""Carriers, products and channels that draw negatives beyond chance, and whether that goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from feedback_analysis.channels import channel_names
from feedback_analysis.health import Outcomes, order_outcomes, standouts
from feedback_analysis.periods import Period
from feedback_analysis.report.wording import interval, plain
from feedback_analysis.texts import several

# Kind, column, and how many of it are named at most; the pages show the others.
GROUPS = (("carrier", "carrier", 1), ("product", "asin", 2), ("channel", "channel", 1))
# A group is told with its newest orders beside, which show whether the trouble goes on.
NEWEST_DAYS = 30
Found = list[tuple[str, dict[str, Any]]]


def trouble(shop: Any, period: Period) -> tuple[Found, dict[str, int]]:
    """Find the groups of the last 90 days' orders that drew more negatives than chance explains.

    Parameters
    ----------
    shop : Shop
        With rows up to the period's last day only.
    period : Period
        The month or week.

    Returns
    -------
    tuple
        The groups, each as ``carrier``, ``product`` or ``channel`` with the words for its rule
        (``over`` tells whether its newest orders are no worse than the others'); and how many of
        each kind were compared.
    """
    found: Found = []
    compared: dict[str, int] = {}
    outcomes = order_outcomes(shop, end=period.end)
    if not outcomes.n or not outcomes.rows["negative"].any():
        return found, compared
    minimum_n = shop.settings.minimum_n
    # All three kinds go into one list, so that the page as a whole seldom cries wolf.
    looks = [(column,) for _, column, _ in GROUPS]
    every = standouts(outcomes, looks=looks, minimum_n=minimum_n)
    rest, named = outcomes, ""
    for kind, column, at_most in GROUPS:
        part = every.of(column)
        if part.compared < 2:
            continue
        compared[kind] = part.compared
        rows, counted = part.found, outcomes
        if kind == "channel" and named and len(rows):
            # A channel is no news when it is the carrier named before that makes it stand out.
            rows, counted = standouts(rest, looks=[(column,)], minimum_n=minimum_n).found, rest
        for row in rows.head(at_most).to_dict("records"):
            if kind == "carrier":
                rest, named = rest.without_carrier(row[column]), row[column]
            newest, over = _newest(counted, column, row, period, minimum_n)
            words = _words(row) | {"newest": newest, "over": over}
            group = _name(kind, row[column], counted)
            group += f" without {named}" * (counted is rest and bool(named))
            found.append((kind, words | {"group": group}))
    return found, compared


def _words(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "times": f"{row['rate'] / row['shop_rate']:.1f}",
        "negative": several(row["negative"], "negative feedback"),
        "orders": several(row["n"], "order"),
        "rate": plain(row["rate"], "per 100"),
        "interval": interval(row["low"], row["high"], "per 100"),
        "shop_rate": plain(row["shop_rate"], "per 100"),
    }


def _newest(
    outcomes: Outcomes, column: str, row: dict[str, Any], period: Period, minimum_n: int
) -> tuple[str, bool]:
    """Return what a group's newest orders drew, and whether they are no worse than the rest."""
    newest = outcomes.since(period.end - timedelta(days=NEWEST_DAYS - 1))
    cells = newest.cells((column,))
    rows = newest.rows_of((column,)).drop_duplicates(["order_key", column])
    here, mine = (part[column].eq(row[column]) for part in (cells, rows))
    orders, others = (int(cells.loc[which, "n"].sum()) for which in (here, ~here))
    negative, theirs = (int(rows.loc[which, "negative"].sum()) for which in (mine, ~mine))
    # Against the others' orders of the same days: feedback on all of these is still to come.
    over = min(orders, others) >= minimum_n and negative * others <= theirs * orders
    return f"{negative} on {several(orders, 'order')}", over


def _name(kind: str, value: str, outcomes: Outcomes) -> str:
    if kind == "channel":
        return channel_names("which")[value]
    if kind == "carrier":
        return value
    known = outcomes.cells(("asin", "sku"))
    skus = known[known["asin"].eq(value)].groupby("sku")["n"].sum()
    return f"{value} (SKU {skus.idxmax()})" if len(skus) else value
