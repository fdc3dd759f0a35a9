"""Additive tallies: what complaints are divided by, counted once by whatever engine holds it."""

from feedback_analysis.tallies.build_products import matching, name_of
from feedback_analysis.tallies.container import Tallies
from feedback_analysis.tallies.counting import STARS, tally
from feedback_analysis.tallies.parts import (
    ANY,
    CANCELLED,
    DAYS,
    NEGATIVE,
    PENDING,
    READ,
    SOLD,
    UNFULFILLABLE,
    UNREAD,
    UNSTATED,
    WEEKS,
    statuses,
    typed,
)
from feedback_analysis.tallies.schemas import SCHEMAS, Schema, empty

__all__ = [
    "ANY", "CANCELLED", "DAYS", "NEGATIVE", "PENDING", "READ", "SCHEMAS", "SOLD", "STARS",
    "UNFULFILLABLE", "UNREAD", "UNSTATED", "WEEKS", "Schema", "Tallies", "empty", "matching",
    "name_of", "statuses", "tally", "typed",
]  # fmt: skip
