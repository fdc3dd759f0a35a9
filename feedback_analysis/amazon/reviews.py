"""Review counts by product and day: the seller's own table, or a Keepa export."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from feedback_analysis.amazon.batch import Batch
from feedback_analysis.amazon.facts import quoted_name
from feedback_analysis.errors import ReportError


def tidy_history(batch: Batch) -> pd.DataFrame:
    """Turn rows of asin, date, review_count, average_rating into ``reviews``."""
    batch.read_days("date", market=batch.facts.market)
    return _table(batch, batch.frame["day"], "review_count")


def tidy_keepa(batch: Batch) -> pd.DataFrame:
    """Turn a Keepa export into ``reviews``, dated by the day that is stated for the file.

    Raises
    ------
    ReportError
        If no day is stated: the export is a snapshot and does not say of when.
    """
    day, name = batch.facts.end, quoted_name(Path(str(batch.file)).name)
    if day is None:
        raise ReportError(
            "a Keepa export does not say which day it shows",
            file=batch.file,
            expected="the day of the export",
            remedy=(
                "put it into a folder named by that day, such as 2026-10-31_2026-10-31/, or add it "
                f"to a periods.csv beside it:\nfile,start,end\n{name},2026-10-31,2026-10-31"
            ),
        )
    batch.notes.append("review counts are shared by a variation family")
    days = pd.Series(pd.Timestamp(day), index=batch.frame.index)
    return _table(batch, days, "keepa_count")


def _table(batch: Batch, days: pd.Series, count: str) -> pd.DataFrame:
    batch.frame = batch.frame.assign(day=days, id=batch.texts("asin"))
    batch.reject(batch.frame["id"].isna(), "no ASIN")
    batch.reject(batch.frame[count].isna(), "no review count")
    twice = batch.frame.duplicated(["id", "day"], keep="last")
    batch.reject(twice, "the same product and day again, in a later line")
    rating = pd.Series(float("nan"), index=batch.frame.index)
    if batch.has("average_rating"):
        rating = batch.frame["average_rating"]
        batch.reject(rating.notna() & ~rating.between(0, 5), "an average rating outside 0 to 5")
        # Without a review there is no average; platforms show a default 0 or 5 there.
        rating = batch.frame["average_rating"]
        rating = rating.where((batch.frame[count] > 0).fillna(False) & (rating >= 1))
    return pd.DataFrame(
        {
            "asin": batch.frame["id"],
            "date": batch.frame["day"],
            "review_count": batch.frame[count],
            "average_rating": rating,
        }
    )
