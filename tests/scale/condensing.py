"""A shop condensed by hand, as a store does it for a shop of any size."""

import dataclasses

import pandas as pd

from feedback_analysis.store.condense import months_before
from feedback_analysis.tallies import Tallies

# As docs/scale.md states it: orders that may still be asked when the last whole month ends.
RECENT = pd.Timedelta(days=75)


def condensed(shop):
    """Return the complaints of a shop and what they refer to, with tallies of everything."""
    feedback, orders = shop.feedback, shop.orders
    recent = orders["purchase_date"] > pd.Timestamp(shop.last_day) - RECENT
    named = {*shop.cases["order_key"].dropna(), *orders.loc[recent, "order_key"]}
    wanted = feedback["rating"].le(3) | feedback["gone"] | feedback["order_key"].isin(named)
    kept = feedback[wanted].reset_index(drop=True)
    keys = {*kept["order_key"].dropna(), *named}
    few = {
        name: getattr(shop, name)[lambda rows: rows["order_key"].isin(keys)].reset_index(drop=True)
        for name in ("orders", "shipments", "returns")
    }
    last = shop.last_day
    tallies = Tallies.of(
        feedback, orders, shop.shipments, shop.returns, shop.asks,
        changes=[action.products for action in shop.settings.actions],
        months_before=None if last is None else months_before(pd.Timestamp(last)).date(),
    )  # fmt: skip
    counted = Tallies(**tallies.tables())
    return dataclasses.replace(shop, feedback=kept, **few, condensed=counted)
