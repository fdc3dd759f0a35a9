"""The sample shop, written once a run, and raw readers that share no code with the package."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from feedback_analysis.sample import write_sample

FOLDERS = {"US": "US", "UK": "UK", "DE": "Deutschland"}


class Raw:
    """A written shop, read file by file without the package's readers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def text(self, path: Path, encoding: str = "utf-8-sig") -> str:
        """Return a file's text, unpacked."""
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        return data.decode(encoding)

    def table(self, path: Path, encoding: str = "utf-8-sig", tabs: bool = False) -> pd.DataFrame:
        """Return a file as texts; tab-separated ones without quoting."""
        text = io.StringIO(self.text(path, encoding), newline="")
        options = {"delimiter": "\t", "quoting": csv.QUOTE_NONE} if tabs else {}
        header, *rows = csv.reader(text, **options)
        assert all(len(row) == len(header) for row in rows), path
        return pd.DataFrame(rows, columns=header)

    def files(self, pattern: str) -> list[Path]:
        """Return the files below amazon/ that fit a pattern, sorted."""
        return sorted(self.folder.glob(f"amazon/{pattern}"))

    def orders(self, market: str) -> pd.DataFrame:
        """Return a marketplace's order items with the local day of purchase."""
        zone = {"US": "America/Los_Angeles", "UK": "Europe/London", "DE": "Europe/Berlin"}[market]
        encoding = "utf-8" if market == "US" else "cp1252"
        parts = [
            self.table(path, encoding, tabs=True)
            for path in self.files(f"{FOLDERS[market]}/*/all-orders*")
        ]
        frame = pd.concat(parts, ignore_index=True)
        stamps = pd.to_datetime(frame["purchase-date"], utc=True).dt.tz_convert(zone)
        frame["day"] = stamps.dt.strftime("%Y-%m-%d")
        return frame

    def daily(self, market: str) -> pd.DataFrame:
        """Return a marketplace's days of the Sales and Traffic JSON."""
        rows = []
        for path in self.files(f"{FOLDERS[market]}/*/sales-and-traffic*"):
            for entry in json.loads(self.text(path))["salesAndTrafficByDate"]:
                sold, seen = entry["salesByDate"], entry["trafficByDate"]
                rows.append(
                    {
                        "date": entry["date"],
                        "items": sold["totalOrderItems"],
                        "units": sold["unitsOrdered"],
                        "sales": sold["orderedProductSales"]["amount"],
                        "sessions": seen["sessions"],
                        "received": seen["feedbackReceived"],
                        "negative": seen["negativeFeedbackReceived"],
                    }
                )
        return pd.DataFrame(rows).set_index("date")

    def truth(self, name: str) -> pd.DataFrame:
        """Return a table of truth/, every value as text."""
        return self.table(self.folder / "truth" / f"{name}.csv")

    def feedback(self, path: str) -> pd.DataFrame:
        """Return a feedback file with our column names, by position."""
        file = self.folder / path
        if "US" in path:
            frame = self.table(file)
        else:
            newest_german = "Bewertungen-2026" in path
            frame = self.table(file, "utf-8" if newest_german else "cp1252", tabs=True)
        if len(frame.columns) == 10:
            frame = frame.iloc[:, [0, 1, 2, 3, 7, 8]]
        frame.columns = ["date", "rating", "comment", "response", "order_id", "email"]
        order = "%m/%d/%y" if "US" in path else "%d.%m.%y" if "Deutsch" in path else "%d/%m/%y"
        frame["date"] = pd.to_datetime(frame["date"], format=order).dt.strftime("%Y-%m-%d")
        return frame


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Raw:
    """The whole sample shop at its committed size."""
    return Raw(write_sample(tmp_path_factory.mktemp("shop") / "sample"))


@pytest.fixture(scope="session")
def negatives(sample: Raw) -> pd.DataFrame:
    """Every 1-3 star row of every feedback file once, with its true questions."""
    truth = sample.truth("comments")
    parts = []
    for path, rows in truth.groupby("file"):
        written = sample.feedback(path)
        rows = rows.assign(position=rows["row"].astype(int) - 1)
        parts.append(
            rows.merge(written, left_on="position", right_index=True, suffixes=("", "_written"))
        )
    frame = pd.concat(parts, ignore_index=True)
    return frame
