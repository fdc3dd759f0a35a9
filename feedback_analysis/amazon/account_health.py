"""Account health JSON: every measure with Amazon's own target, under whatever keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.numbers import json_number
from feedback_analysis.marketplaces import find_code
from feedback_analysis.periods import EARLIEST, LATEST

_CHANNELS = {"afn": "amazon", "mfn": "seller"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(raw: Mapping, facts: Facts, *, file: object) -> pd.DataFrame:
    """Turn the parsed JSON into ``account_health``; targets and verdicts come from the file."""
    metrics = raw.get("performanceMetrics")
    blocks = metrics if isinstance(metrics, list) else []
    rows = [row for block in blocks if isinstance(block, Mapping) for row in _block(block, facts)]
    return tables.shape("account_health", pd.DataFrame(rows), file=file)


def _block(block: Mapping, facts: Facts) -> Iterator[dict]:
    named = find_code(str(block.get("marketplaceId", "")))
    market = named or facts.market
    for key, value in block.items():
        if not isinstance(value, Mapping):
            continue
        parts = {part: value[part] for part in _CHANNELS if isinstance(value.get(part), Mapping)}
        for part, inner in parts.items():
            yield _row(key, _CHANNELS[part], inner, market)
            # What an order defect is made of: negative feedback, claims, chargebacks.
            for name in _keys()["parts"]:
                if isinstance(inner.get(name), Mapping):
                    row = _row(f"{key}.{name}", _CHANNELS[part], inner, market)
                    yield {**row, "rate": None, "target": None, "condition": None,
                           "events": _count(inner[name].get("count")),
                           "status": None}  # fmt: skip
        if not parts and {"rate", "defectsCount", "targetValue", "status"} & set(value):
            yield _row(key, "all", value, market)


def _row(measure: str, channel: str, value: Mapping, market: str | None) -> dict:
    span = value.get("reportingDateRange")
    span = span if isinstance(span, Mapping) else {}
    status, condition = value.get("status"), value.get("targetCondition")
    return {
        "marketplace": market,
        "measure": measure,
        "channel": channel,
        "start": _day(span.get("reportingDateFrom")),
        "end": _day(span.get("reportingDateTo")),
        "rate": json_number(value.get("rate")),
        "target": json_number(value.get("targetValue")),
        "condition": condition if isinstance(condition, str) else None,
        "total": _first(value, _keys()["totals"]),
        "events": _first(value, _keys()["events"]),
        "status": status if isinstance(status, str) else None,
    }


@cache
def _keys() -> dict[str, list[str]]:
    text = files("feedback_analysis.amazon").joinpath("account_health.toml").read_text("utf-8")
    return tomllib.loads(text)


def _first(value: Mapping, keys: list[str]) -> int | None:
    return next((_count(value[key]) for key in keys if key in value), None)


def _day(value: object) -> pd.Timestamp | None:
    """Read ``2020-10-21T00:00Z``: a time without seconds, of which only the day counts."""
    match = _DAY.match(value) if isinstance(value, str) else None
    day = pd.to_datetime(match[0], format="%Y-%m-%d", errors="coerce") if match else pd.NaT
    return day if pd.Timestamp(EARLIEST) <= day <= pd.Timestamp(LATEST) else None


def _count(value: object) -> int | None:
    if isinstance(value, Mapping):
        value = value.get("count")
    number = json_number(value)
    return int(number) if number is not None and number >= 0 else None
