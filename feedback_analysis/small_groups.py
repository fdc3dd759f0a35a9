"""Products that too few orders hold to be named beside what a buyer wrote."""

from __future__ import annotations

from typing import Any

import pandas as pd

from feedback_analysis.tallies import UNSTATED

RARE = "a product with fewer than {} orders"


def rarely_bought(shop: Any, minimum: int) -> frozenset[str]:
    """Return the SKUs and ASINs that fewer than so many orders hold.

    Beside a quote such a product would tell who wrote it: somebody among very few.

    Parameters
    ----------
    shop : Shop
        With ``tallies``.
    minimum : int
        Smallest group, in orders.
    """
    found: set[str] = set()
    for name in ("sku", "asin"):
        counts = shop.tallies.products.groupby(name)["orders"].sum()
        found |= set(counts.index[counts < minimum])
    return frozenset(found - {UNSTATED})


def without_rare(shop: Any, minimum: int) -> pd.DataFrame:
    """Return a shop's orders with the numbers of rarely bought products replaced by a few words.

    Parameters
    ----------
    shop : Shop
        With ``orders`` and ``tallies``.
    minimum : int
        Smallest group, in orders.
    """
    orders, rare = shop.orders, rarely_bought(shop, minimum)
    if not rare:
        return orders
    named = {
        name: orders[name].where(~orders[name].isin(rare), RARE.format(minimum))
        for name in ("sku", "asin")
    }
    return orders.assign(**named)
