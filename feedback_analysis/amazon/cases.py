"""The seller's own list of cases, ``cases.csv`` beside shop.toml: read, never written here."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon import dates, numbers
from feedback_analysis.amazon.decode import read_content
from feedback_analysis.amazon.headers import normalise
from feedback_analysis.errors import ReportError
from feedback_analysis.privacy import OrderKeys, scrub
from feedback_analysis.tables import TEXT

_ANSWERS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_TEXTS = ["owner", "status", "resolution", "currency", "outcome", "causes"]


def read_cases(path: Path, keys: OrderKeys, feedback: pd.DataFrame) -> pd.DataFrame:
    """Read the working list and give each case the stars of its feedback.

    Parameters
    ----------
    path : Path
        CSV with the column ``order_id`` and any of opened, owner, status, resolution, cost,
        currency, asked_about_removal, closed, outcome, causes, case_id.
    keys : OrderKeys
    feedback : DataFrame
        The shop's feedback, for the stars.

    Returns
    -------
    DataFrame
        Table ``cases``.

    Raises
    ------
    ReportError
        If there is no column order_id, or a day or a cost cannot be read.
    """
    rows = list(csv.reader(io.StringIO(read_content(path).text, newline="")))
    header = [normalise(cell).replace(" ", "_") for cell in rows[0]]
    if "order_id" not in header:
        raise ReportError(
            "the list of cases has no order ids",
            file=path,
            line=1,
            expected="a column order_id",
            # A list without its header shows a buyer's data here.
            found=f"{len(header)} columns",
            remedy="add the column, or rename yours",
        )
    width = len(header)
    cells = [(row + [""] * width)[:width] for row in rows[1:] if any(cell.strip() for cell in row)]
    frame = pd.DataFrame(cells, columns=header, dtype=TEXT)
    stars = feedback.dropna(subset="order_key").drop_duplicates("order_key", keep="last")
    key = keys(frame["order_id"])
    given = frame["case_id"] if "case_id" in frame else pd.Series("", index=frame.index)
    numbered = pd.Series([f"case-{number:04d}" for number in range(1, len(frame) + 1)])
    return tables.finish(
        "cases",
        pd.DataFrame(
            {
                "case_id": given.where(given != "", numbered),
                "order_key": key,
                "rating": key.map(stars.set_index("order_key")["rating"]),
                "opened": _days(frame, "opened", path),
                "closed": _days(frame, "closed", path),
                "cost": _costs(frame, path),
                "asked_about_removal": _answers(frame),
                **{name: _text(frame, name) for name in _TEXTS if name in frame},
            }
        ),
        file=path,
    )


def _text(frame: pd.DataFrame, name: str) -> pd.Series:
    texts = scrub(frame[name].str.strip())
    return texts.where(texts != "")


def _days(frame: pd.DataFrame, name: str, path: Path) -> pd.Series:
    if name not in frame:
        return pd.Series(pd.NaT, index=frame.index)
    texts = frame[name].str.strip()
    form = dates.column_form(texts, stated=None, file=path, column=name)
    days = dates.parse_days(texts, form)
    _refuse(texts, days, name, path, "a day such as 2026-10-31")
    return days


def _costs(frame: pd.DataFrame, path: Path) -> pd.Series:
    if "cost" not in frame:
        return pd.Series(float("nan"), index=frame.index)
    texts = frame["cost"].str.strip()
    costs = texts.astype(object).map(
        {text: numbers.money(text) if text else None for text in texts.unique()}
    )
    _refuse(texts, costs, "cost", path, "an amount such as 12.50")
    return costs.astype("float64")


def _answers(frame: pd.DataFrame) -> pd.Series:
    if "asked_about_removal" not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="boolean")
    answers = frame["asked_about_removal"].str.strip().str.casefold()
    return answers.astype(object).map(_ANSWERS).astype("boolean")


def _refuse(texts: pd.Series, values: pd.Series, name: str, path: Path, expected: str) -> None:
    bad = (texts != "").to_numpy(dtype=bool) & values.isna().to_numpy(dtype=bool)
    if bad.any():
        raise ReportError(
            f"{int(bad.sum())} cells cannot be read",
            file=path,
            line=int(bad.argmax()) + 2,
            column=name,
            expected=expected,
            remedy="correct the cell, or empty it",
        )
