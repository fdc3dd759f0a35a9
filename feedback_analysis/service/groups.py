"""Causes by product, carrier, channel and marketplace: where a cause is commoner than by chance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from feedback_analysis.health.outcomes import order_outcomes
from feedback_analysis.health.standouts import Standouts, standouts
from feedback_analysis.periods import Period
from feedback_analysis.service.own_causes import taxonomy_of
from feedback_analysis.texts import in_sentence

DAYS = 365
AS_FOUND = (
    "Complaints are counted as the labels found them, without a correction for what these get "
    "wrong: read the comments of a group before you act on it."
)
LOOKS = (
    ("marketplace",),
    ("channel",),
    ("carrier",),
    ("asin",),
    ("marketplace", "channel"),
)


def cause_groups(
    shop: Any,
    labels: pd.DataFrame,
    period: Period,
    *,
    days: int = DAYS,
    by: str = "causes",
) -> Standouts:
    """Hold each cause's complaints against the orders of each product, carrier and channel.

    Parameters
    ----------
    shop : Shop
        With ``orders``, ``feedback`` and ``shipments``.
    labels : DataFrame
        ``questions`` and ``causes`` of rows of ``shop.feedback``, by their index.
    period : Period
        The month or week; the days counted end with it.
    days : int, default=365
        Days of purchases, the period's last one included.
    by : {"causes", "questions"}
        What a complaint is told apart by.

    Returns
    -------
    Standouts
        As :func:`standouts` with ``about``: all causes and groups in one list, corrected together.
        ``label`` is what is complained about in words. Counts are of labels as found, and the text
        says so: how much the labels get wrong is known for the shop, not for each group.
    """
    outcomes = order_outcomes(shop, end=period.end, days=days, labels=labels)
    found = standouts(
        outcomes, looks=(), about=by, about_looks=LOOKS, minimum_n=shop.settings.minimum_n
    )
    return in_words(found, shop)


def in_words(found: Standouts, shop: Any) -> Standouts:
    """Name what is complained about as every other table does, not by its id.

    Parameters
    ----------
    found : Standouts
        From ``health.standouts`` with ``about``.
    shop : Shop
        Its own causes are named too.

    Returns
    -------
    Standouts
        The same groups with a column ``label``, and a text that says that labels are counted as
        found.
    """
    taxonomy = taxonomy_of(shop)
    names = {cause.id: cause.label for cause in taxonomy.causes} | taxonomy.questions
    table, text = found.table, found.text
    if table.empty:
        return replace(found, table=table.assign(label=pd.Series(dtype="object")))
    table = table.assign(label=[names.get(name, name) for name in table["about"]])
    for name in sorted(set(table["about"]) & set(names), key=len, reverse=True):
        old, new = (
            f", about {name.replace('_', ' ')}",
            f": {in_sentence(names[name])}",
        )
        mine = table["about"].eq(name)
        group = table.loc[mine, "group"].str.replace(old, new, regex=False)
        table = table.assign(group=table["group"].where(~mine, group))
        text = text.replace(f"{old} (", f"{new} (")
    return replace(found, table=table, text=f"{text} {AS_FOUND}")


def strongest(groups: Standouts, *look: str) -> Standouts:
    """Return the groups of one look and of the one cause with the strongest evidence there.

    Parameters
    ----------
    groups : Standouts
        What :func:`cause_groups` returns.
    *look : str
        Columns of the look, such as ``asin``.

    Returns
    -------
    Standouts
        All groups of that cause, for a funnel; empty where nothing was compared.
    """
    table = groups.table
    part = table[table["look"] == ", ".join(look)] if len(table) else table
    return groups.of(*look, about=None if part.empty else str(part.iloc[0]["about"]))
