"""Additive tallies: what complaints are divided by, counted once by whatever engine holds it."""

from feedback_analysis.tallies.container import Tallies
from feedback_analysis.tallies.counting import STARS, tally
from feedback_analysis.tallies.parts import (
    ANY,
    CANCELLED,
    NEGATIVE,
    PENDING,
    READ,
    SOLD,
    UNFULFILLABLE,
    UNREAD,
    UNSTATED,
)
from feedback_analysis.tallies.schemas import SCHEMAS, Schema, empty

__all__ = [
    "ANY", "CANCELLED", "NEGATIVE", "PENDING", "READ", "SCHEMAS", "SOLD", "STARS", "UNFULFILLABLE",
    "UNREAD", "UNSTATED", "Schema", "Tallies", "empty", "tally",
]  # fmt: skip
