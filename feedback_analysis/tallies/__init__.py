"""Additive tallies: what complaints are divided by, counted once by whatever engine holds it."""

from feedback_analysis.tallies.container import Tallies
from feedback_analysis.tallies.counting import STARS, tally
from feedback_analysis.tallies.parts import UNSTATED
from feedback_analysis.tallies.schemas import SCHEMAS, Schema, empty

__all__ = ["SCHEMAS", "STARS", "UNSTATED", "Schema", "Tallies", "empty", "tally"]
