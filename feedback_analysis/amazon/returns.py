"""Returns to Amazon and to the seller: reason codes, and the service question each speaks to."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import pandas as pd

from feedback_analysis.amazon import dates
from feedback_analysis.amazon.batch import Batch
from feedback_analysis.amazon.order_ids import order_ids
from feedback_analysis.privacy import scrub, scrub_text
from feedback_analysis.tables import TEXT

_DENIED = "REJECT|CANCEL|DENIED|DECLINED"


@cache
def _reasons() -> tuple[tuple[str, ...], dict[str, str]]:
    text = files("feedback_analysis.amazon").joinpath("return_reasons.toml").read_text("utf-8")
    raw = tomllib.loads(text)
    questions = {code: question for question, codes in raw["questions"].items() for code in codes}
    return tuple(raw["prefixes"]), questions


def reason_code(text: str) -> str:
    """Return a reason code without the prefixes that some reports put before it.

    Examples
    --------
    >>> reason_code("CR-DEFECTIVE"), reason_code("AMZ-PG-BAD-DESC"), reason_code("SOMETHING_NEW")
    ('DEFECTIVE', 'BAD-DESC', 'SOMETHING_NEW')
    """
    code = text.strip().upper().replace(" ", "_")
    for prefix in _reasons()[0]:
        code = code.removeprefix(prefix)
    return code


def tidy_fba(batch: Batch) -> pd.DataFrame:
    """Turn FBA customer returns into the columns of ``returns``."""
    market = pd.Series(batch.facts.market, index=batch.frame.index, dtype=TEXT)
    days = dates.parse_instants(batch.frame["return_instant"], market)
    return _table(batch, days, "return_instant", channel="amazon")


def tidy_seller(batch: Batch) -> pd.DataFrame:
    """Turn returns to the seller into the columns of ``returns``."""
    return _table(batch, batch.frame["return_day"], "return_day", channel="seller")


def _table(batch: Batch, days: pd.Series, column: str, *, channel: str) -> pd.DataFrame:
    batch.frame = batch.frame.assign(day=days, id=order_ids(batch))
    batch.reject(batch.frame["id"].isna(), "no order id")
    batch.reject(batch.frame["day"].isna(), f"column '{batch.header(column)}': not a day")
    reasons = batch.texts("reason").astype(object)
    # Masked first: as a code, the blanks inside a number to call would be lost.
    codes = {text: reason_code(scrub_text(text)) for text in reasons.dropna().unique()}
    code = reasons.map(codes).astype(TEXT)
    status = batch.texts("status")
    denied = pd.Series(pd.NA, index=batch.frame.index, dtype="boolean")
    if channel == "seller":
        denied = status.str.upper().str.contains(_DENIED, regex=True).astype("boolean")
    return pd.DataFrame(
        {
            "order_key": batch.keys(batch.frame["id"]),
            "return_date": batch.frame["day"],
            "sku": batch.texts("sku"),
            "asin": batch.texts("asin"),
            "channel": channel,
            "quantity": batch.frame["quantity"] if batch.has("quantity") else pd.NA,
            "reason": code,
            "question": code.astype(object).map(_reasons()[1]).astype(TEXT),
            "comment": scrub(batch.texts("comment", missing=False)),
            "status": scrub(status).where(status.notna()),
            "denied": denied,
            "label_paid_by": batch.texts("label_paid_by"),
            "resolution": batch.texts("resolution"),
            "refunded": batch.frame["refunded"] if batch.has("refunded") else float("nan"),
            "currency": batch.texts("currency"),
        },
        index=batch.frame.index,
    )
