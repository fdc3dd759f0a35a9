"""The unhappy buyers of a period, with their orders beside them."""

from types import SimpleNamespace

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.health import unhappy_feedback
from feedback_analysis.periods import Period
from feedback_analysis.settings import Settings
from feedback_analysis.tallies import Tallies


def test_a_comment_stands_beside_its_order_its_reply_and_its_case():
    feedback = tables.finish(
        "feedback",
        pd.DataFrame(
            {
                "date": pd.to_datetime(["2026-10-03", "2026-10-04", "2026-10-05", "2026-09-30"]),
                "marketplace": "US",
                "rating": [1, 3, 5, 1],
                "comment": ["late", "meh", "fine", "old"],
                "response": ["sorry", "", "", ""],
                "order_key": ["a", "b", "c", "d"],
                "source": "all ratings",
                "first_seen": pd.Timestamp("2026-10-31"),
                "last_seen": pd.Timestamp("2026-10-31"),
                "gone": False,
            }
        ),
    )
    orders = pd.DataFrame(
        {"order_key": ["a", "a"], "sku": ["S1", "S2"], "asin": "B1", "channel": "seller"}
    ).assign(purchase_date=pd.Timestamp("2026-09-20"))
    shipments = pd.DataFrame({"order_key": ["a"], "carrier": ["Northline"]})
    cases = pd.DataFrame({"order_key": ["b"]})
    shop = SimpleNamespace(
        feedback=feedback, orders=orders, shipments=shipments, cases=cases,
        settings=Settings(minimum_n=1), tallies=Tallies.of(feedback, orders, None, None),
    )  # fmt: skip
    listed = unhappy_feedback(shop, Period.parse("2026-10"))
    assert listed[["comment", "sku", "shipped_by", "carrier", "reply", "case"]].values.tolist() == [
        ["meh", "", "", "", "no", "yes"],
        ["late", "S1, S2", "you", "Northline", "yes", "no"],
    ]
    # One order of each product: with its number the reader could tell who wrote the comment.
    shop.settings = Settings(minimum_n=2)
    listed = unhappy_feedback(shop, Period.parse("2026-10"))
    assert listed["sku"].tolist() == ["", "a product with fewer than 2 orders"]
