"""The door to bigger engines: the daily tally on whatever holds the rows, and the same as SQL."""

from feedback_analysis.tallies import Tallies, tally
from feedback_analysis.tallies.sql import VIEWS, from_sql, queries

__all__ = ["VIEWS", "Tallies", "from_sql", "queries", "tally"]
