"""The door to bigger engines: the tallies and the labels on whatever holds the rows."""

from feedback_analysis.causes.batches import SCHEMA, label_batches
from feedback_analysis.causes.label import labelling
from feedback_analysis.tallies import Tallies, tally

__all__ = ["SCHEMA", "Tallies", "label_batches", "labelling", "tally"]
