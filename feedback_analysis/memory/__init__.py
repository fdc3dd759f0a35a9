"""What a shop was when a report was made of it: kept readings, from which it can be made again.

A reading is kept in the shop's own ``.private/snapshots/<period>/<last day>-<content>/``: every
tidy table as Parquet, the ledger, the settings, and ``snapshot.json``, which says what it is. Its
name holds the last day of the data and the first digits of a hash of the content, never the time of
the day, so the same files give the same name. Readings hold keys of orders, never order ids.
"""

from feedback_analysis.memory.form import is_snapshot, open_snapshot
from feedback_analysis.memory.readings import (
    Reading,
    earlier_readings,
    find_snapshot,
    keep_snapshot,
    readings,
)

__all__ = [
    "Reading",
    "earlier_readings",
    "find_snapshot",
    "is_snapshot",
    "keep_snapshot",
    "open_snapshot",
    "readings",
]
