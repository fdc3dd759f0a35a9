"""The unhappy buyers of a period, with what the files know beside each comment."""

from __future__ import annotations

from typing import Any

import pandas as pd

from feedback_analysis.channels import channel_names
from feedback_analysis.periods import Period
from feedback_analysis.small_groups import without_rare


def unhappy_feedback(
    shop: Any, period: Period, *, labels: pd.DataFrame | None = None
) -> pd.DataFrame:
    """List the feedback of 1 to 3 stars of a period, newest first, with its order beside it.

    Parameters
    ----------
    shop : Shop
        With ``feedback``; ``orders``, ``shipments`` and ``cases`` where known.
    period : Period
        The month or week.
    labels : DataFrame, optional
        ``causes`` (tuples of ids) of rows of ``shop.feedback``, by their index.

    Returns
    -------
    DataFrame
        ``date``, ``marketplace``, ``rating`` (1 to 3), ``comment`` (masked), with labels ``about``
        (its causes), ``sku`` (only words for a product with fewer orders than the shop's
        ``minimum_n``: its number would tell who wrote), ``shipped_by`` (Amazon or you),
        ``carrier``, ``reply`` and ``case`` (yes or no); a text is empty where the files do not
        tell. Struck and removed feedback is left out.
    """
    rows = shop.feedback
    inside = rows["date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    wanted = rows[inside & rows["rating"].le(3) & ~rows["gone"]]
    key = wanted["order_key"]
    bought = without_rare(shop, shop.settings.minimum_n)
    shipper = dict(channel_names("shipper"))
    listed = wanted[["date", "marketplace", "rating", "comment"]].assign(
        sku=key.map(_joined(bought, "sku", key)),
        shipped_by=key.map(_joined(shop.orders, "channel", key)).replace(shipper),
        carrier=key.map(_joined(shop.shipments, "carrier", key)),
        reply=wanted["response"].ne("").map({True: "yes", False: "no"}),
        case=key.isin(shop.cases["order_key"].dropna()).map({True: "yes", False: "no"}),
    )
    if labels is not None:
        causes = labels["causes"].reindex(wanted.index)
        listed.insert(4, "about", causes.map(_about, na_action="ignore"))
        listed["about"] = listed["about"].astype(object).where(listed["about"].notna(), "")
    texts = ["marketplace", "sku", "shipped_by", "carrier"]
    listed[texts] = listed[texts].astype(object).where(listed[texts].notna(), "")
    order = ["date", "marketplace", "rating", "comment"]
    return listed.sort_values(order, ascending=[False, True, True, True]).reset_index(drop=True)


def _about(ids: tuple[str, ...]) -> str:
    return ", ".join(each.replace("_", " ") for each in ids)


def _joined(frame: pd.DataFrame, column: str, keys: pd.Series) -> pd.Series:
    """Return the different values of a column of each of some orders as one text, by order key."""
    # Text by text is slow, and few of a shop's orders were complained about.
    mine = frame.loc[frame["order_key"].isin(keys), ["order_key", column]]
    known = mine.dropna(subset=["order_key", column]).drop_duplicates()
    return known.groupby("order_key", sort=False)[column].agg(", ".join)
