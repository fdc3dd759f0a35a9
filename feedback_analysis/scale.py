"""The door to bigger engines: the daily tally on whatever holds the rows."""

from feedback_analysis.tallies import Tallies, tally

__all__ = ["Tallies", "tally"]
