"""Tiny feedback tables that a reader can count."""

import pandas as pd

DAY = "2026-10-31"


def stars(ones=0, twos=0, threes=0, fours=0, fives=0, *, day=DAY, marketplace="US", **columns):
    """Return feedback rows with so many of each rating, all of one day and marketplace."""
    ratings = [1] * ones + [2] * twos + [3] * threes + [4] * fours + [5] * fives
    frame = pd.DataFrame({"date": pd.Timestamp(day), "rating": ratings, **columns})
    frame.insert(1, "marketplace", marketplace)
    return frame


def join(*frames):
    """Put feedback rows below each other."""
    return pd.concat(frames, ignore_index=True)


def daily(first, last=DAY, *, received=0, negative=0, marketplace="US", days=None):
    """Return daily totals; ``days`` sets (received, negative) of single days."""
    frame = pd.DataFrame({"date": pd.date_range(first, last)})
    frame["marketplace"] = marketplace
    frame["received"], frame["negative"] = received, negative
    for day, (all_ratings, bad) in (days or {}).items():
        frame.loc[frame["date"] == day, ["received", "negative"]] = [all_ratings, bad]
    return frame


def typed(window, positive, neutral, negative, *, as_of=DAY, marketplace="US"):
    """Return one window typed in from Feedback Manager."""
    return pd.DataFrame(
        {
            "as_of": [pd.Timestamp(as_of)], "window": window, "marketplace": marketplace,
            "positive": positive, "neutral": neutral, "negative": negative,
        }
    )  # fmt: skip


def window(result, name, marketplace=None):
    """Return the row of one window."""
    table = result.table
    if marketplace is not None:
        table = table[table["marketplace"] == marketplace]
    return table[table["window"] == name].iloc[0]
