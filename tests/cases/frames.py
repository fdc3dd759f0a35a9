"""Hand-made shops for the tests of cases: a few orders whose every day is known."""

from dataclasses import replace

import pandas as pd

from feedback_analysis.settings import Cases, Settings
from tests.report.hand_made import finished, shop

SETTINGS = Settings(name="Hand & Made", marketplaces=("US",))


def feedback(rows, *, marketplace="US", source="all ratings"):
    """Return feedback of (key, day, rating, comment, response, gone) rows, the last optional."""
    cells = [(*row, "", "", False)[:6] if len(row) < 4 else (*row, "", False)[:6] for row in rows]
    names = ["order_key", "date", "rating", "comment", "response", "gone"]
    frame = pd.DataFrame(cells, columns=names)
    return finished(
        "feedback",
        frame.assign(
            date=pd.to_datetime(frame["date"]), marketplace=marketplace, source=source,
            first_seen=pd.Timestamp("2026-10-31"), last_seen=pd.Timestamp("2026-10-31"),
        ),
    )  # fmt: skip


def orders(rows, *, marketplace="US"):
    """Return orders of (key, day, sku, channel) rows."""
    frame = pd.DataFrame(rows, columns=["order_key", "purchase_date", "sku", "channel"])
    return finished(
        "orders",
        frame.assign(
            purchase_date=pd.to_datetime(frame["purchase_date"]), marketplace=marketplace,
            asin=frame["sku"], quantity=1, status="Shipped",
        ),
    )  # fmt: skip


def shipments(rows):
    """Return shipments of (key, shipped, promised, tracked) rows."""
    names = ["order_key", "ship_date", "estimated_arrival", "has_tracking"]
    frame = pd.DataFrame(rows, columns=names)
    for name in names[1:3]:
        frame[name] = pd.to_datetime(frame[name])
    return finished("shipments", frame.assign(carrier="Swiftway"))


def returns(rows):
    """Return returns of (key, day, reason, question, refunded) rows."""
    names = ["order_key", "return_date", "reason", "question", "refunded"]
    frame = pd.DataFrame(rows, columns=names)
    return finished(
        "returns",
        frame.assign(
            return_date=pd.to_datetime(frame["return_date"]), channel="seller", comment="",
            currency="USD",
        ),
    )  # fmt: skip


def own(rows):
    """Return the seller's cases, each a dict of columns."""
    frame = pd.DataFrame(rows)
    for name in ("opened", "closed", "resolved"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name])
    return finished("cases", frame.assign(case_id=frame["order_key"].fillna("no order")))


def asks(rows):
    """Return a log of (key, day or None, held out) rows."""
    frame = pd.DataFrame(rows, columns=["order_key", "asked", "held_out"])
    return finished("asks", frame.assign(asked=pd.to_datetime(frame["asked"])))


def made(*, promise=None, **given):
    """Return a shop with the given tables."""
    settings = replace_settings(promise) if promise else SETTINGS
    return replace(shop(settings=settings), **given)


def replace_settings(promise):
    """Return the settings with another promise."""
    return SETTINGS.model_copy(update={"cases": Cases(**promise)})
