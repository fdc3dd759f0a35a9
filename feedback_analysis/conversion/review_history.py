"""Review counts at the start of each week, rebuilt from dated reviews or from snapshots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

# A day on which so many products have a row is a day on which somebody looked at all of them.
SHARED = 0.25
LEAST_SHARED = 3
# A snapshot speaks for so many days before it; longer gaps are known only if nothing changed.
LONGEST_GAP = 35
WEEK = 7


@dataclass(frozen=True, eq=False)
class ReviewHistory:
    """Review counts by family and day.

    Parameters
    ----------
    kind : str
        ``dated`` (a row whenever the count changed), ``snapshots`` (rows on days when all
        products were looked at) or ``none``.
    carried_back : bool
        Whether counts between snapshots come from the next one.
    counts : DataFrame
        family, date, review_count, average_rating; sorted.
    last : Timestamp
        Last day that any row speaks of.
    """

    kind: str
    carried_back: bool
    counts: pd.DataFrame
    last: pd.Timestamp

    def at_start(self, family: pd.Series, start: pd.Series) -> pd.DataFrame:
        """Return review_count and average_rating as they stood when each week began.

        Parameters
        ----------
        family, start : Series
            Which family, and the first day of the week.

        Returns
        -------
        DataFrame
            In the same order; missing where it is not known.
        """
        asked = pd.DataFrame({"family": family.to_numpy(), "start": start.to_numpy()})
        asked["row"] = np.arange(len(asked))
        found = self._before(asked) if self.kind == "dated" else self._back(asked)
        return found.sort_values("row")[["review_count", "average_rating"]].reset_index(drop=True)

    def _joined(self, asked: pd.DataFrame, direction: str, *, same_day: bool) -> pd.DataFrame:
        counts = self.counts.rename(columns={"date": "on"}).sort_values("on", kind="stable")
        return pd.merge_asof(
            asked.sort_values("start", kind="stable"),
            counts,
            left_on="start",
            right_on="on",
            by="family",
            direction=direction,
            allow_exact_matches=same_day,
        )

    def _before(self, asked: pd.DataFrame) -> pd.DataFrame:
        """Take the count after the last change before the week."""
        found = self._joined(asked, "backward", same_day=False)
        first = self.counts.drop_duplicates("family").set_index("family")["review_count"]
        # Who had no review on the first day that is told had none before it.
        none_yet = found["review_count"].isna() & found["family"].map(first).eq(0)
        found.loc[none_yet, "review_count"] = 0
        late = found["start"] > self.last + pd.Timedelta(days=WEEK)
        found.loc[late, ["review_count", "average_rating"]] = np.nan
        return found

    def _back(self, asked: pd.DataFrame) -> pd.DataFrame:
        """Take the next snapshot's count: the last one carried forward hides first reviews."""
        found = self._joined(asked, "forward", same_day=True)
        before = self._joined(asked, "backward", same_day=False)
        far = (found["on"] - found["start"]).dt.days > LONGEST_GAP
        same = found["review_count"].eq(before["review_count"])
        found.loc[far & ~same, ["review_count", "average_rating"]] = np.nan
        fresh = found["on"].isna() & ((before["start"] - before["on"]).dt.days <= WEEK)
        for name in ("review_count", "average_rating"):
            found.loc[fresh, name] = before.loc[fresh, name]
        return found


def review_history(reviews: pd.DataFrame, families: pd.Series) -> ReviewHistory:
    """Bring the table ``reviews`` into one history a family.

    Parameters
    ----------
    reviews : DataFrame
        The table ``reviews``.
    families : Series
        Family by ASIN, child or parent.

    Returns
    -------
    ReviewHistory
        Reviews are shared in a variation family: the largest count of its products on a day.
    """
    known = pd.DataFrame(
        {
            "family": reviews["asin"].map(families).to_numpy(dtype=object),
            "date": reviews["date"].to_numpy(),
            "review_count": reviews["review_count"].to_numpy(float),
            "average_rating": reviews["average_rating"].to_numpy(float),
        }
    )
    known = known[known["family"].notna()]
    counts = known.sort_values(["family", "date", "review_count"], kind="stable")
    counts = counts.drop_duplicates(["family", "date"], keep="last").reset_index(drop=True)
    if counts.empty:
        return ReviewHistory("none", False, counts, pd.NaT)
    # The whole table tells what kind it is, also the products that nobody visited.
    on_day = reviews["date"].map(reviews["date"].value_counts())
    shared = on_day >= max(LEAST_SHARED, SHARED * reviews["asin"].nunique())
    kind = "snapshots" if shared.mean() > 0.5 else "dated"
    days = reviews["date"].drop_duplicates().sort_values().diff().dt.days.dropna()
    carried = kind == "snapshots" and len(days) > 0 and float(days.median()) > WEEK
    return ReviewHistory(kind, carried, counts, reviews["date"].max())
