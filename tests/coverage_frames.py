"""A small shop with known gaps, and a ledger."""

from types import SimpleNamespace

import pandas as pd


def shop():
    """Two months; UK totals lack 3 October, orders lack October, traffic starts on Monday 7th."""
    feedback = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-09-02", "2026-09-02", "2026-10-30"]),
            "marketplace": ["US", "US", "US"],
        }
    )
    totals = pd.DataFrame({"date": pd.date_range("2026-09-01", "2026-10-31"), "marketplace": "UK"})
    totals = totals[totals["date"] != "2026-10-03"]
    typed = pd.DataFrame({"date": [pd.NaT], "marketplace": ["UK"]})
    traffic = pd.DataFrame({"start": pd.date_range("2026-09-07", "2026-10-26", freq="7D")})
    traffic["end"] = traffic["start"] + pd.Timedelta(days=6)
    return SimpleNamespace(
        feedback=feedback,
        feedback_totals=pd.concat([totals, typed], ignore_index=True),
        orders=pd.DataFrame({"purchase_date": pd.to_datetime(["2026-09-05"]), "marketplace": "US"}),
        traffic=pd.concat([traffic, traffic]).assign(marketplace="US"),
        reviews=pd.DataFrame({"date": pd.to_datetime(["2019-01-01", "2026-10-01"])}),
        returns=pd.DataFrame({"return_date": pd.to_datetime([])}),
    )


def ledger():
    """Four files of two reports, and the remark of joining them."""
    rows = [
        ("a.txt", "Seller feedback", "US", 10, 9, 1, "stars 1-3 only"),
        ("b.txt", "Seller feedback", "US", 5, 5, 0, "stars 1-3 only"),
        ("c.txt", "All Orders", "UK", 2000, 2000, 0, ""),
        ("d.txt", "All Orders", None, 30, 0, 30, None),
        ("(all files)", "joined", None, 0, 0, 0, "2 rows of US in two downloads, counted once"),
    ]
    columns = ["file", "report", "marketplace", "rows_read", "rows_kept", "rows_set_aside", "note"]
    frame = pd.DataFrame(rows, columns=columns)
    counts = ["rows_read", "rows_kept", "rows_set_aside"]
    frame[counts] = frame[counts].astype("Int64")
    return frame
