"""Columns of buyers' names and addresses: found by their headers, remembered, kept in no table."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import pandas as pd

from feedback_analysis.amazon.headers import normalise
from feedback_analysis.names import Names
from feedback_analysis.sheets import Sheet, cell_text, shown

_MARK = "private column "


def private_positions(headers: Sequence[str]) -> dict[str, int]:
    """Return a name of ours and the place of each column that tells who a buyer is.

    Parameters
    ----------
    headers : sequence of str
        A file's own headers.
    """
    return {
        f"{_MARK}{place}": place
        for place, header in enumerate(headers)
        if _headers().fullmatch(normalise(header))
    }


def take_names(frame: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Remember what the private columns of a file's rows hold, and return the rows without them.

    Parameters
    ----------
    frame : DataFrame
        Columns of text; the private ones are named by :func:`private_positions`.
    names : Names
        What learns from them.
    """
    private = [name for name in frame if str(name).startswith(_MARK)]
    for name in private:
        names.add(frame[name])
    return frame.drop(columns=private) if private else frame


def names_in_sheet(sheet: Sheet, names: Names | None) -> None:
    """Remember what the private columns of a seller's own list hold.

    Parameters
    ----------
    sheet : Sheet
        The list.
    names : Names, optional
        What learns from it.
    """
    if names is not None:
        for place in private_positions(sheet.header).values():
            names.add(cell_text(shown(row[place])) for row in sheet.rows)


@cache
def _headers() -> re.Pattern[str]:
    data = files("feedback_analysis.amazon").joinpath("private_columns.toml").read_text("utf-8")
    return re.compile("|".join(tomllib.loads(data)["headers"]))
