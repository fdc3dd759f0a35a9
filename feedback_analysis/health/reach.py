"""What daily totals tell of a span, and what they do not: as sentences."""

from __future__ import annotations

import pandas as pd

from feedback_analysis.health.words import day_in_words as _day


def _between_days(first: pd.Timestamp | None, last: pd.Timestamp) -> str:
    return f"the time to {_day(last)}" if first is None else f"{_day(first)} to {_day(last)}"


def notes_of_reach(
    name: str,
    begins: pd.Timestamp,
    ends: pd.Timestamp,
    first: pd.Timestamp | None,
    last: pd.Timestamp,
) -> dict[str, str]:
    """Say where daily totals do not reach over a whole span.

    Parameters
    ----------
    name : str
        The marketplace, as a sentence names it.
    begins, ends : Timestamp
        First and last day of the totals.
    first, last : Timestamp
        First and last day of the span; None as the first means from the beginning.

    Returns
    -------
    dict of str
        Kind of note -> sentence.
    """
    since = begins if first is None else max(first, begins)
    if since > min(last, ends):
        return {
            "nothing": f"{name}: the daily totals run from {_day(begins)} to {_day(ends)}, so "
            f"nothing is known of {_between_days(first, last)}."
        }
    notes = {}
    if first is None or begins > first:
        notes["begin"] = (
            f"{name}: the daily totals and the feedback file together begin on {_day(begins)}; "
            "earlier feedback is not counted."
        )
    if ends < last:
        notes["end"] = (
            f"{name}: the daily totals end on {_day(ends)}; later feedback is not counted."
        )
    return notes
