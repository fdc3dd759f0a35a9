"""Counts of orders, and of what drew complaints among them, group by group of every look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from feedback_analysis.channels import channel_names
from feedback_analysis.columns import TEXT
from feedback_analysis.columns import rows_of as each_row
from feedback_analysis.health.outcomes import Outcomes
from feedback_analysis.health.tally import require
from feedback_analysis.periods import Period

LEAST_NEGATIVES = 3
KINDS = {"asin": "product", "sku": "SKU"}


@dataclass(frozen=True, eq=False)
class Groups:
    """The groups of a look.

    Attributes
    ----------
    look : tuple of str
        Columns that it groups by.
    table : DataFrame
        Those large enough: the columns, ``look``, ``group`` (in words), ``n``, ``negative``,
        ``about`` where complaints are looked at, and ``_n`` and ``_negative`` of the whole that
        they are parts of.
    groups : int
        How many groups there are, the small ones included.
    every : int
        How many rows the table would have with the small ones.
    """

    look: tuple[str, ...]
    table: pd.DataFrame
    groups: int
    every: int


def rows_of(outcomes: Outcomes | pd.DataFrame, look: Sequence[str]) -> pd.DataFrame:
    """Return the rows of orders that a look's counts are of.

    Parameters
    ----------
    outcomes : Outcomes or DataFrame
    look : sequence of str
        Columns.
    """
    return outcomes.rows_of(look) if isinstance(outcomes, Outcomes) else outcomes


def look_counts(
    outcomes: Outcomes | pd.DataFrame,
    looks: Sequence[Sequence[str]],
    about: str | None,
    about_looks: Sequence[Sequence[str]],
    minimum_n: int,
) -> list[Groups]:
    """Count the groups of every look, of all negatives and of each complaint.

    What is too small to look at is left out before it is named: of a large shop, products by month
    are millions of groups, and most of a few orders.

    Parameters
    ----------
    outcomes : Outcomes or DataFrame
        Orders, those with feedback as rows.
    looks : sequence of sequence of str
        Columns to group by, for all negatives.
    about : str, optional
        Column of what each row complains about (tuples).
    about_looks : sequence of sequence of str
        Columns to group by, for each complaint.
    minimum_n : int
        Groups with fewer orders are left out.

    Returns
    -------
    list of Groups
        One a look.
    """
    held = set(rows_of(outcomes, ()).columns)
    parts = [_counted(outcomes, tuple(look), minimum_n) for look in looks if set(look) <= held]
    if about is None:
        return parts
    require(rows_of(outcomes, ()), (about,), table="outcomes")
    parts = [replace(part, table=part.table.assign(about="")) for part in parts]
    wanted = [tuple(look) for look in about_looks if set(look) <= held]
    sizes = [_counted(outcomes, look, minimum_n) for look in wanted]
    told = _told_apart(rows_of(outcomes, ()), about)
    if len(told):
        parts += [
            _about(told[told.index.isin(rows_of(outcomes, counted.look).index)], counted)
            for counted in sizes
        ]
    # Without a complaint there is nothing to count, but there were looks to count it by.
    return parts or [_none_of(counted) for counted in sizes[:1]]


def _none_of(counted: Groups) -> Groups:
    return Groups(counted.look, counted.table.head(0).assign(about=""), 0, 0)


def _told_apart(rows: pd.DataFrame, about: str) -> pd.DataFrame:
    """Return a row for each thing that a row complains about, if there are enough complaints."""
    said = [tuple(dict.fromkeys(ids)) for ids in rows[about]]
    names = np.array([name for ids in said for name in ids], dtype=object)
    places = np.repeat(np.arange(len(rows)), [len(ids) for ids in said])
    told = rows.take(places).assign(about=names)
    # An order of several products, or carriers, has several rows: it complains once.
    by = told.groupby("about")
    counts = by["order_key"].nunique() if "order_key" in told else by.size()
    names = counts.index[counts >= LEAST_NEGATIVES]
    told = told[told["about"].isin(names)]
    # All names, also where none of a name's rows knows a group.
    return told.assign(about=pd.Categorical(told["about"], categories=sorted(names)))


def _about(told: pd.DataFrame, sizes: Groups) -> Groups:
    """Count every complaint in the groups of a look, whose sizes are known."""
    columns = ["about", *sizes.look]
    each, whole = _each_once(told, columns, whole=["about"])
    mine = each.groupby(columns, observed=True).size().rename("negative").reset_index()
    names = pd.DataFrame({"about": told["about"].cat.categories})
    found = names.merge(sizes.table.drop(columns=["negative", "_negative"]), how="cross")
    found = found.merge(mine.astype({"about": names["about"].dtype}), on=columns, how="left")
    counts = whole["about"].value_counts().reindex(found["about"]).to_numpy()
    said = {name: f", about {name.replace('_', ' ')}" for name in names["about"]}
    words = found["group"] + found["about"].map(said).astype("object")
    negative = found["negative"].fillna(0).astype("int64")
    table = found.assign(group=words, negative=negative, _negative=counts)
    return Groups(sizes.look, table, sizes.groups, sizes.groups * len(names))


def _counted(outcomes: Outcomes | pd.DataFrame, look: tuple[str, ...], minimum_n: int) -> Groups:
    """Count a look's groups, each order once, and the whole that they are parts of."""
    columns = list(look)
    each, whole = _each_once(rows_of(outcomes, look), columns)
    negative = each.groupby(columns, observed=True)["negative"].agg(n="size", negative="sum")
    whole_n = len(whole)
    if isinstance(outcomes, Outcomes):
        cells = outcomes.cells(look)
        n = _summed(cells, columns)
        negative = (
            negative[["negative"]].reindex(n.index, fill_value=0).assign(n=n)[["n", "negative"]]
        )
        whole_n = int(cells["first"].sum())
    counts = negative[negative["n"].ge(minimum_n)].astype("int64").reset_index()
    names = [_named(row, look) for row in each_row(counts, columns)]
    table = counts.assign(
        look=look_name(look),
        group=pd.Series(names, index=counts.index, dtype="object"),
        _n=whole_n,
        _negative=int(whole["negative"].sum()),
    )
    return Groups(look, table, len(negative), len(negative))


def _summed(cells: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Add up the orders of each group; products, which are categories, become words again."""
    found = cells.groupby(columns, observed=True, as_index=False)["n"].sum()
    words = found.select_dtypes("category").columns
    return found.astype(dict.fromkeys(words, TEXT)).set_index(columns)["n"]


def _each_once(
    outcomes: pd.DataFrame, columns: list[str], *, whole: Sequence[str] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return each order once in each of its groups, and each order once (in each whole)."""
    known = outcomes.dropna(subset=columns)
    if "order_key" not in known:
        return known, known
    # What a column of the look can be twice in an order, such as its product, is two groups.
    once_each = known.drop_duplicates(["order_key", *columns])
    return once_each, known.drop_duplicates(["order_key", *whole])


def look_name(look: Sequence[str]) -> str:
    """Return what a look is called.

    Parameters
    ----------
    look : sequence of str
        Columns.
    """
    return ", ".join(look)


def _named(row: dict[str, str], look: tuple[str, ...]) -> str:
    """Say a group as a reader would: ``product B0..., October 2026``."""
    words = []
    for name in look:
        value = str(row[name])
        if name == "month":
            words.append(Period.parse(value).label)
        elif name == "channel":
            words.append(channel_names("shipped").get(value, value))
        else:
            words.append(f"{KINDS[name]} {value}" if name in KINDS else value)
    return ", ".join(words)
