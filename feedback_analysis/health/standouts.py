"""Which marketplaces, channels, carriers, products and months draw negative feedback beyond chance.

Looking at many groups at once, some are bad by chance alone. Every group of every look goes into
one list, and the level of that whole list is what is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from feedback_analysis.errors import ReportError
from feedback_analysis.health.intervals import share_intervals
from feedback_analysis.health.look_counts import (
    KINDS,
    LEAST_NEGATIVES,
    look_counts,
    look_name,
    rows_of,
)
from feedback_analysis.health.outcomes import Outcomes
from feedback_analysis.health.tally import require
from feedback_analysis.once import once
from feedback_analysis.results import Result
from feedback_analysis.texts import several

LOOKS = (
    ("marketplace",),
    ("channel",),
    ("carrier",),
    ("asin",),
    ("month",),
    ("marketplace", "channel"),
    ("marketplace", "month"),
    ("channel", "month"),
    ("carrier", "month"),
    ("asin", "month"),
)
# What a complaint about one question (or cause) is looked at by, beside all negatives.
ABOUT_LOOKS = (
    ("marketplace",),
    ("channel",),
    ("carrier",),
    ("sku",),
    ("month",),
    ("marketplace", "channel"),
    ("marketplace", "channel", "sku"),
)
LEVEL = 0.05
MOST_NAMED = 5
# How far a group may lie from the shop's rate by chance: in 1 of 20, and in 1 of 500 groups.
LIMITS = (0.95, 0.998)


@dataclass(frozen=True, eq=False)
class Standouts(Result):
    """Groups of orders, those that stand out first.

    Parameters
    ----------
    table : DataFrame
        As :func:`standouts` describes it.
    text : str
        What stands out in words.
    compared : int
        How many groups were looked at.
    too_few : int
        How many were not, because they are too small.
    level : float
        Share of false alarms accepted among those that stand out.
    unit : str
        What is counted: ``order`` or ``feedback``.
    """

    table: pd.DataFrame
    text: str
    compared: int
    too_few: int
    level: float
    unit: str

    @property
    def found(self) -> pd.DataFrame:
        """The groups that stand out, by evidence; of two names of the same orders the shorter."""
        return _distinct(self.table[self.table["stands_out"]]).reset_index(drop=True)

    def of(self, *look: str, about: str | None = None) -> Standouts:
        """Return the groups of one look, such as ``of("asin")``; the level stays the whole list's.

        Parameters
        ----------
        *look : str
            Its columns.
        about : str, optional
            Only complaints about this question (or cause); by default all negatives, or all that
            there is where no negatives are counted.

        Returns
        -------
        Standouts
        """
        table = self.table[self.table["look"] == look_name(look)]
        if "about" in table:
            wanted = about or ("" if table["about"].eq("").any() else None)
            table = table if wanted is None else table[table["about"] == wanted]
        table = table.reset_index(drop=True)
        by = " and ".join(KINDS.get(name, name) for name in look)
        text = _words(table, len(table), self.unit, by=f" by {by}")
        return replace(self, table=table, text=text, compared=len(table))


@once
def standouts(
    outcomes: Outcomes | pd.DataFrame,
    *,
    looks: Sequence[Sequence[str]] = LOOKS,
    about: str | None = None,
    about_looks: Sequence[Sequence[str]] = ABOUT_LOOKS,
    minimum_n: int = 10,
    level: float = LEVEL,
    unit: str = "order",
) -> Standouts:
    """Find groups with more negative feedback than chance explains.

    Each group is held against the rest of the shop by Fisher's exact test (one-sided: more
    negatives), and the p values of all groups of all looks are corrected together.

    Parameters
    ----------
    outcomes : Outcomes or DataFrame
        From :func:`order_outcomes`; or any table of categories: ``negative`` (True or False) and
        the columns to look by; an order counts once in a group where there is an ``order_key``.
    looks : sequence of sequences of str
        Columns that make the groups of each look; a look with a column that is not there is left
        out. None at all: only complaints about single questions are looked at.
    about : str, optional
        Column with the ids (tuples) that an order complains about, such as ``questions``: then the
        complaints about each of them are looked at as well, in the same list.
    about_looks : sequence of sequences of str
        As ``looks``, for these complaints.
    minimum_n : int, default=10
        Groups with fewer orders are not looked at.
    level : float, default=0.05
        Share of false alarms accepted among the groups that stand out. When nothing is wrong
        anywhere, this is also how often anything is named at all.
    unit : str, default="order"
        What a row is, for the words.

    Returns
    -------
    Standouts
        ``.table``: one row a group, the strongest evidence first: ``look`` (such as
        ``asin, month``), ``group`` (in words), the columns looked by (missing where the look has
        none), ``n``, ``negative``, ``rate``, ``low``, ``high`` (0-1, Wilson, 95 %), ``rest_rate``
        (of all others), ``shop_rate``, ``times`` (rate over ``rest_rate``), ``p`` (exact),
        ``q`` (corrected) and ``stands_out`` (q at most the level, and at least 3 negatives). With
        ``about`` a column of that name says which complaint is counted as ``negative`` (an id;
        empty for all negatives).

    Raises
    ------
    ReportError
        If ``negative`` is not there, or no look can be made.

    Notes
    -----
    Benjamini and Hochberg (1995), by ``scipy.stats.false_discovery_control``; groups of looks
    that overlap depend on each other positively, for which the rule holds too (Benjamini and
    Yekutieli, 2001). The newest orders may still draw feedback, so a recent month can only look
    better than it will be.
    """
    from scipy.stats import false_discovery_control, hypergeom

    limits = outcomes.limits if isinstance(outcomes, Outcomes) else []
    held = list(map(str, rows_of(outcomes, ()).columns))
    require(rows_of(outcomes, ()), ("negative",), table="outcomes")
    parts = look_counts(outcomes, looks, about, about_looks)
    if not parts:
        tried = [*looks, *(about_looks if about else ())]
        raise ReportError(
            "there is no column to look by",
            expected="one of " + ", ".join(dict.fromkeys(name for look in tried for name in look)),
            found=", ".join(held),
        )
    # A look with a single group is the whole shop: there is nothing to hold it against.
    some = [part[part["_groups"] > 1] for part in parts]
    every = sum(map(len, some))
    kept = [part[part["n"] >= minimum_n] for part in some if len(part)]
    cells = pd.concat(kept or [parts[0].head(0)], ignore_index=True)
    n, negative, whole_n, whole = (
        cells[name].to_numpy(dtype=np.int64) for name in ("n", "negative", "_n", "_negative")
    )
    cells["rate"] = negative / np.maximum(n, 1)
    cells["low"], cells["high"] = share_intervals(negative, n)
    rest = np.maximum(whole_n - n, 0)
    cells["rest_rate"] = np.where(rest > 0, (whole - negative) / np.maximum(rest, 1), np.nan)
    cells["shop_rate"] = whole / np.maximum(whole_n, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        cells["times"] = cells["rate"] / cells["rest_rate"]
    cells["p"] = np.minimum(hypergeom.sf(negative - 1, whole_n, whole, n), 1.0)
    cells["q"] = false_discovery_control(cells["p"], method="bh") if len(cells) else cells["p"]
    cells["stands_out"] = (cells["q"] <= level) & (cells["negative"] >= LEAST_NEGATIVES)
    table = cells.drop(columns=["_groups", "_n", "_negative"]).sort_values(
        ["p", "rate", "look", "group"], ascending=[True, False, True, True], ignore_index=True
    )
    looked = [str(part["look"].iloc[0]) for part in parts if len(part)]
    names = list(dict.fromkeys(name for look in looked for name in look.split(", ")))
    leading = ["look", "group", *(["about"] if about else []), *names, "n", "negative"]
    table = table.reindex(columns=[*leading, *(name for name in table if name not in leading)])
    text = " ".join([_words(table, len(table), unit), *limits])
    return Standouts(table, text, len(table), every - len(table), level, unit)


def funnel_limits(
    rate: float, sizes: Sequence[int] | np.ndarray, *, limits: Sequence[float] = LIMITS
) -> pd.DataFrame:
    """Return how far a group's rate may lie from the shop's by chance at each size.

    Parameters
    ----------
    rate : float
        The shop's rate, 0-1.
    sizes : sequence of int
        Sizes of groups, from 1.
    limits : sequence of float, default=(0.95, 0.998)
        Shares of groups inside, when nothing but chance is at work.

    Returns
    -------
    DataFrame
        ``n`` and for each limit ``low_95``, ``high_95``, ``low_99.8``, ``high_99.8``: rates 0-1.

    Notes
    -----
    Exact binomial limits, interpolated between whole counts as D. J. Spiegelhalter, Funnel plots
    for comparing institutional performance, Statistics in Medicine 24 (2005), appendix A.1.1.
    """
    from scipy.stats import binom

    n = np.asarray(sizes, dtype=np.int64)
    table = {"n": n}
    for limit in limits:
        for name, point in (("low", (1 - limit) / 2), ("high", (1 + limit) / 2)):
            count = binom.ppf(point, n, rate)
            at, below = binom.cdf(count, n, rate), binom.cdf(count - 1, n, rate)
            step = np.where(at > below, (at - point) / np.maximum(at - below, 1e-300), 0)
            table[f"{name}_{100 * limit:g}"] = np.clip((count - step) / n, 0, 1)
    return pd.DataFrame(table)


def _words(table: pd.DataFrame, compared: int, unit: str, *, by: str = "") -> str:
    units = f"{unit}s"
    if not compared:
        return f"No two groups{by} have enough {units} to be compared."
    found = _distinct(table[table["stands_out"]])
    were = "was" if compared == 1 else "were"
    looked = f"{several(compared, 'group')} of {units} {were} compared{by}"
    if "about" in table and table["about"].ne("").any():
        # A group is looked at once for each complaint.
        looked = f"{several(compared, 'comparison')} of groups of {units} {were} made{by}"
    if found.empty:
        return f"{looked}: none draws more negative feedback than chance explains."
    named = _without_repeats(found)
    listed = "; ".join(_said(row, units) for row in named)
    count = f"{len(found):,} stand{'s' if len(found) == 1 else ''} out"
    among = "" if len(named) == len(found) else ", among them"
    return f"{looked}, and {count}{among}: {listed}."


def _said(row: dict[str, object], units: str) -> str:
    # A complaint about one thing is rare: in percent its rate would round to nothing.
    rate, low, high, rest = (1000 * row[key] for key in ("rate", "low", "high", "rest_rate"))
    what = "complaints" if row.get("about") else "negatives"
    return (
        f"{row['group']} ({row['negative']:,} {what} on {row['n']:,} {units}, {rate:.1f} "
        f"per 1,000, 95 % interval {low:.1f} to {high:.1f}, the rest {rest:.1f})"
    )


def _conditions(row: dict[str, object]) -> set[tuple[str, object]]:
    """Return what the orders of a group have in common, and what is complained about."""
    mine = {(name, row[name]) for name in str(row["look"]).split(", ")}
    return mine | ({("about", row["about"])} if row.get("about") else set())


def _distinct(found: pd.DataFrame) -> pd.DataFrame:
    """Leave out a group that is all of another one: a product that one channel alone sells."""
    rows = [(_conditions(row), (row["n"], row["negative"])) for row in found.to_dict("records")]
    part = [any(own < mine and n == size for own, n in rows) for mine, size in rows]
    return found[~np.array(part, dtype=bool)]


def _without_repeats(found: pd.DataFrame) -> list[dict[str, object]]:
    """Return the groups with the strongest evidence, leaving out parts and wholes of these."""
    named: list[dict[str, object]] = []
    conditions: list[set[tuple[str, object]]] = []
    for row in found.to_dict("records"):
        mine = _conditions(row)
        if not any(mine <= other or other <= mine for other in conditions):
            named.append(row)
            conditions.append(mine)
    return named[:MOST_NAMED]
