"""Extra order items in money: each currency by itself, never one sum of several."""

from __future__ import annotations

import pandas as pd

ENDS = {"": "extra_items", "_low_95": "low_95", "_high_95": "high_95"}


def with_revenue(made: pd.DataFrame, places: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Value extra order items at each product's usual price where its visitors are.

    Parameters
    ----------
    made : DataFrame
        family, extra_items, low_95 and high_95.
    places : DataFrame
        ``places`` of a :class:`ReviewPanel`: family, marketplace, share (0-1), price, currency.

    Returns
    -------
    tuple
        ``made`` with ``revenue_usd``, ``revenue_usd_low_95`` and ``revenue_usd_high_95`` (and so on
        for each currency, the one of most visits first), and the names of these columns. 0 where a
        product has no visitors who pay in it; missing where its price there is not known, and in
        every column where it has no visitors, or some in a place without one currency.
    """
    sold = places[places["family"].isin(made["family"]) & places["share"].gt(0)]
    told = sold["currency"].fillna("").ne("")
    whole = told.groupby(sold["family"]).all()
    sold = sold[told]
    visits = sold.groupby("currency")["share"].sum().sort_values(ascending=False, kind="stable")
    # Marketplaces of one currency may be added: DE and FR, never DE and UK.
    worth = sold.assign(worth=sold["share"] * sold["price"])
    worth = worth.groupby(["currency", "family"])["worth"].agg(lambda part: part.sum(skipna=False))
    money = {}
    for code in visits.index:
        each = made["family"].map(worth[code].reindex(whole.index[whole], fill_value=0.0))
        for end, of in ENDS.items():
            money[f"revenue_{code.lower()}{end}"] = made[of] * each
    return made.assign(**money), list(money)
