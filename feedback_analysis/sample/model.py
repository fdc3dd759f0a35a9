"""The generator's numbers: ``model.toml`` and the few things derived from it."""

from __future__ import annotations

import csv
import io
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

MARKETS = ("US", "UK", "DE")
QUESTIONS = (
    "shipping_speed", "packaging", "tracking", "email_response", "cancel_return",
    "service_reach", "as_described", "other", "unclear",
)  # fmt: skip
EVENTS = ("packaging_fault", "slow_carrier", "unanswered_email", "counterfeit")
HERE = files("feedback_analysis.sample")
# Whole numbers become days by it: NumPy no longer takes them for days by themselves.
ONE_DAY = np.timedelta64(1, "D")


@cache
def model() -> dict[str, Any]:
    """Return ``model.toml`` as nested dictionaries."""
    return tomllib.loads(HERE.joinpath("model.toml").read_text("utf-8"))


@cache
def texts() -> dict[str, Any]:
    """Return ``texts.toml``: headers and fixed texts of the files that are written."""
    return tomllib.loads(HERE.joinpath("texts.toml").read_text("utf-8"))


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV data file of this package, every value as text."""
    text = HERE.joinpath(name).read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def generator(seed: int, block: int, stage: str) -> np.random.Generator:
    """Return the random generator of one stage of one block.

    Every stage has its own, so that leaving a report out changes nothing in the others.
    """
    return np.random.default_rng([seed, block, *stage.encode("ascii")])


def day(value: Any) -> np.datetime64:
    """Return a date as a NumPy day."""
    return np.datetime64(value, "D")
