"""Products that too few orders hold to be named beside what a buyer wrote."""

from __future__ import annotations

import pandas as pd

RARE = "a product with fewer than {} orders"


def rarely_bought(orders: pd.DataFrame, minimum: int) -> frozenset[str]:
    """Return the SKUs and ASINs that fewer than so many orders hold.

    Beside a quote such a product would tell who wrote it: somebody among very few.

    Parameters
    ----------
    orders : DataFrame
        The table ``orders``.
    minimum : int
        Smallest group, in orders.
    """
    found: set[str] = set()
    for name in ("sku", "asin"):
        known = orders.dropna(subset=["order_key", name])
        counts = known.groupby(name, observed=True)["order_key"].nunique()
        found |= set(counts.index[counts < minimum])
    return frozenset(found)


def without_rare(orders: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Return orders with the numbers of rarely bought products replaced by a few words.

    Parameters
    ----------
    orders : DataFrame
        The table ``orders``, or a part of it.
    minimum : int
        Smallest group, in orders.
    """
    rare = rarely_bought(orders, minimum)
    if not rare:
        return orders
    named = {
        name: orders[name].where(~orders[name].isin(rare), RARE.format(minimum))
        for name in ("sku", "asin")
    }
    return orders.assign(**named)
