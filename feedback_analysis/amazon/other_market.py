"""Feedback files that are taken for another marketplace's than their orders are of."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from feedback_analysis.amazon.file import FileResult
from feedback_analysis.amazon.path_line import path_line
from feedback_analysis.errors import ReportError
from feedback_analysis.privacy import mask_name
from feedback_analysis.texts import listing, several

# Fewer contradictions than this may be a slip of somebody's pen.
_FEW = 2


def of_other_market(results: Sequence[FileResult], orders: pd.DataFrame) -> list[ReportError]:
    """Return an error for each feedback file whose orders are of another marketplace.

    An order has one marketplace. A spreadsheet that writes days after its own country can make a
    file look like another marketplace's, and what stands beside it would count twice.

    Parameters
    ----------
    results : sequence of FileResult
        Files whose content counts.
    orders : DataFrame
        The table ``orders`` of all files.
    """
    parts = [result for result in results if len(result.tables.get("feedback", ()))]
    if not parts:
        return []
    rows = pd.concat(
        [_keyed(part.tables["feedback"]).assign(file=number) for number, part in enumerate(parts)]
    )
    stated = {number for number, part in enumerate(parts) if part.facts.marketplace is not None}
    errors: dict[int, ReportError] = {}
    # What orders say counts before what is stated of a file, and that before what another file is
    # taken for; a file that is refused says nothing of others.
    _look(rows, _keyed(orders), parts, errors, "the orders files")
    for among in (stated, set(range(len(parts)))):
        for number in sorted(among - set(errors)):
            said = rows[rows["file"] == number]
            others = rows[~rows["file"].isin({number, *errors, *stated})]
            _look(others, said, parts, errors, mask_name(parts[number].facts.pattern))
    return [errors[number] for number in sorted(errors)]


def _keyed(table: pd.DataFrame) -> pd.DataFrame:
    rows = table[["order_key", "marketplace"]].astype(object).dropna()
    return rows.drop_duplicates("order_key")


def _look(
    rows: pd.DataFrame,
    said: pd.DataFrame,
    parts: Sequence[FileResult],
    errors: dict[int, ReportError],
    where: str,
) -> None:
    """Add an error for each file most of whose orders are said to be of another marketplace."""
    truly = rows["order_key"].map(dict(zip(said["order_key"], said["marketplace"], strict=True)))
    rows = rows.assign(truly=truly)
    for number, own in rows.dropna(subset="truly").groupby("file", sort=True):
        other = own[own["truly"] != own["marketplace"]]
        every = int((rows["file"] == number).sum())
        if len(other) >= min(_FEW, every) and 2 * len(other) > len(own):
            errors[number] = _error(parts[number], other, every, where)


def _error(result: FileResult, other: pd.DataFrame, every: int, where: str) -> ReportError:
    taken, truly = (sorted(set(other[name])) for name in ("marketplace", "truly"))
    return ReportError(
        f"the file is taken for {listing(taken)}, but its orders are of {listing(truly)}",
        file=result.file,
        expected="feedback of the marketplace that its orders are of",
        found=(
            f"{len(other):,} of its {several(every, 'order')} stand in {where} as of "
            f"{listing(truly)}; a spreadsheet may have written the days after its own country"
        ),
        remedy=(
            "if a spreadsheet saved it, take it out and put in the file as downloaded; else put it "
            f"into a folder named by the marketplace, such as {truly[0]}/, or in shop.toml\n"
            f"[[files]]\n{path_line(result.facts.pattern)}\n"
            f'marketplace = "{truly[0]}"'
        ),
    )
