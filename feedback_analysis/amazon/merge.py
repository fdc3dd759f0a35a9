"""Files together: same content, rows in two downloads, overlapping windows, struck rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis import tables
from feedback_analysis.amazon.file import FileResult
from feedback_analysis.amazon.kept import KeptFile
from feedback_analysis.amazon.path_line import path_line
from feedback_analysis.errors import ReportError
from feedback_analysis.tables import ALL_RATINGS, IDENTITY
from feedback_analysis.texts import several

_BETTER = ("child", "parent", "sku")
# A buyer has 90 days from the order for feedback, and some orders reach their buyer late.
_FEEDBACK_WITHIN = pd.Timedelta(days=120)
# Fewer feedbacks than this may all be of orders that lie in a gap between two files.
_ENOUGH = 10


def copies(files: Sequence[FileResult | KeptFile]) -> list[tuple[Any, Any]]:
    """Return each file whose content is another's, with that other.

    Of several the one with the shortest name is the original: a browser adds a number to a second
    download.
    """
    first: dict[tuple, FileResult | KeptFile] = {}
    found = []
    for file in sorted(files, key=lambda one: (len(one.file.name), one.facts.pattern)):
        # The same products in another window or marketplace are not the same report.
        stated = (file.facts.marketplace, file.facts.start, file.facts.end)
        original = first.setdefault((file.digest, *stated), file)
        if original is not file:
            found.append((file, original))
    return found


def same_content(results: Sequence[FileResult]) -> list[FileResult]:
    """Set aside every file whose content is another's; return the ones that count."""
    found = copies(results)
    for copy, original in found:
        _set_all_aside(copy, f"same content as {original.facts.pattern}")
    aside = {copy for copy, _ in found}
    return [result for result in results if result not in aside]


def _set_all_aside(result: FileResult, reason: str) -> None:
    known = {line for line, _ in result.set_aside}
    lines = next(iter(result.lines.values()), np.array([], dtype=np.int64)).tolist()
    rest = [line for line in lines if line not in known]
    # Entries of a JSON have no line of their own.
    rest += [0] * (result.kept - len(rest))
    result.set_aside = sorted([*result.set_aside, *((line, reason) for line in rest)])
    result.tables, result.lines, result.extra = {}, {}, {}
    result.notes.append(f"counted once: {reason}")


def joined(table: str, results: Sequence[FileResult]) -> pd.DataFrame:
    """Return one table of all files, each row once: of several copies the newest download's.

    The newest is the one whose rows reach furthest (or were updated last, for orders); rows that
    two downloads share are set aside in the ledger of the older one.
    """
    parts = [result for result in results if len(result.tables.get(table, ()))]
    if not parts:
        return tables.empty(table)
    frames = [result.tables[table] for result in parts]
    sizes = [len(frame) for frame in frames]
    reach = [frame[tables.SCHEMAS[table].day].max() for frame in frames]
    updated = [result.extra.get("last_updated") for result in parts]
    whole = pd.concat(frames, ignore_index=True).assign(
        _file=np.repeat(np.arange(len(parts)), sizes),
        _row=np.concatenate([np.arange(size) for size in sizes]),
        _reach=pd.Series(reach, dtype=tables.DAY).repeat(sizes).array,
        _updated=np.concatenate(
            [
                np.full(size, "", dtype=object) if each is None else each.to_numpy(dtype=object)
                for each, size in zip(updated, sizes, strict=True)
            ]
        ),
    )
    # A file may hold two equal rows (two items of one order): they are two rows.
    rows = whole.groupby(["_file", *IDENTITY[table]], dropna=False, sort=False)
    whole["_nth"] = rows.cumcount()
    if len(parts) > 1:
        by = ["_updated", "_reach", "_file"]
        ranked = whole.sort_values(by, kind="stable", na_position="first")
        older = ranked.duplicated([*IDENTITY[table], "_nth"], keep="last")
        _note_repeated(whole.loc[older[older].index], parts, table)
        whole = whole.drop(index=older[older].index)
    helpers = ["_file", "_row", "_nth", "_reach", "_updated"]
    return _sorted(whole.drop(columns=helpers))


def _note_repeated(
    copies: pd.DataFrame,
    parts: Sequence[FileResult],
    table: str,
    reason: str = "also in a newer download",
) -> None:
    for number, rows in copies.groupby("_file", sort=True):
        result = parts[number]
        lines = result.lines.get(table)
        if lines is None:
            # Daily totals come from the same entries as the daily table, which tells of them.
            continue
        result.set_aside += [(int(lines[row]), reason) for row in rows["_row"]]
        result.set_aside.sort()
        result.notes.append(f"{several(len(rows), 'row')} counted once: {reason}")


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    """Order rows by what they say, never by a key, whose order would depend on the salt."""
    columns = [name for name in frame if name != "order_key"]
    return frame.sort_values(columns, kind="stable", na_position="last").reset_index(drop=True)


def joined_feedback(results: Sequence[FileResult]) -> tuple[pd.DataFrame, list[str]]:
    """Return the feedback of all downloads, each once, and what became of rows between downloads.

    A row that a newer download should hold (its day lies inside) and does not is marked ``gone``:
    removed by the buyer or Amazon, or struck. ``first_seen`` and ``last_seen`` are the last days
    covered by the first and last download that hold it.
    """
    parts = [result for result in results if len(result.tables.get("feedback", ()))]
    if not parts:
        return tables.empty("feedback"), []
    spans = []
    frames = []
    for number, result in enumerate(parts):
        frame = result.tables["feedback"]
        nth = frame.groupby(["date", "rating", "comment"], sort=False).cumcount().astype(str)
        # Without an order id a row is known by what it says.
        said = frame["date"].astype(str) + frame["rating"].astype(str) + frame["comment"] + nth
        identity = frame["order_key"].where(frame["order_key"].notna(), said)
        last = frame["date"].max()
        spans.append((frame["date"].min(), last, set(frame["marketplace"].dropna()), number))
        frames.append(
            frame.assign(
                _id=identity, _said=said, _file=number, _row=np.arange(len(frame)), _reach=last
            )
        )
    whole = _with_lost_orders(pd.concat(frames, ignore_index=True))
    groups = whole.groupby(["_id", "marketplace"], dropna=False, sort=False)["_reach"]
    whole["first_seen"], whole["last_seen"] = groups.transform("min"), groups.transform("max")
    by = ["_keyed", "_reach", "_file", "_row"]
    older = whole.sort_values(by, kind="stable").duplicated(["_id", "marketplace"], keep="last")
    copies = whole.loc[older[older].index]
    # One feedback an order: a second line in the same file is no other download's.
    again = whole.duplicated(["_file", "_id", "marketplace"], keep="last").loc[copies.index]
    _note_repeated(copies[~again], parts, "feedback")
    _note_repeated(copies[again], parts, "feedback", "the same feedback again, in a later line")
    whole = whole.drop(index=older[older].index)
    whole["gone"] = _gone(whole, parts, spans)
    notes = [
        f"{several(len(rows), 'feedback')} of {market} stood in an earlier download, gone from a "
        "newer one: removed by the buyer or Amazon, or struck; kept and not counted"
        for market, rows in whole[whole["gone"]].groupby("marketplace", dropna=False)
    ]
    helpers = ["_id", "_said", "_keyed", "_file", "_row", "_reach"]
    return _sorted(whole.drop(columns=helpers)), notes


def strangers(results: Sequence[FileResult], orders: pd.DataFrame) -> list[str]:
    """Tell of every feedback file most of which finds no order, though orders of its days are here.

    Another seller's file looks like one's own; that it is not shows only where it should join.
    Rows without an order id are counted elsewhere, and say nothing here.
    """
    spans = orders.groupby("marketplace", observed=True)["purchase_date"].agg(["min", "max"])
    known, told = set(orders["order_key"]), []
    for result in results:
        rows = result.tables.get("feedback")
        if rows is None or spans.empty:
            continue
        first = rows["marketplace"].map(spans["min"]) + _FEEDBACK_WITHIN
        should = rows["date"].between(first, rows["marketplace"].map(spans["max"]))
        keys = rows.loc[should & rows["order_key"].notna(), "order_key"]
        without = int((~keys.isin(known)).sum())
        if len(keys) >= _ENOUGH and 2 * without > len(keys):
            told.append(
                f"{result.facts.pattern}: {without:,} of its {several(len(keys), 'feedback')} "
                "whose orders should be here find none: is it another shop's file, or is an orders "
                "file missing between two others?"
            )
    return told


def _with_lost_orders(whole: pd.DataFrame) -> pd.DataFrame:
    """Give a row that lost its order the identity of the same row in another download.

    A copy that a spreadsheet saved anew has no order ids left; beside the file as downloaded, each
    of its feedbacks would otherwise count twice.
    """
    keyed = whole["order_key"].notna()
    whole = whole.assign(_keyed=keyed)
    if keyed.all() or not keyed.any():
        return whole
    same = ["_said", "marketplace"]
    known = whole.loc[keyed, [*same, "_id"]].drop_duplicates(same)
    found = whole.loc[~keyed, same].merge(known, on=same, how="left")["_id"].to_numpy()
    lost = whole.loc[~keyed, "_id"]
    whole.loc[~keyed, "_id"] = lost.where(pd.isna(found), found)
    return whole


def _gone(whole: pd.DataFrame, parts: Sequence[FileResult], spans: Sequence[tuple]) -> pd.Series:
    gone = pd.Series(False, index=whole.index)
    sources = [result.tables["feedback"]["source"].iloc[0] for result in parts]
    for first, last, markets, number in spans:
        newer = whole["marketplace"].isin(markets) & (whole["last_seen"] < last)
        inside = whole["date"].between(first, last)
        # A file of 1-3 stars says nothing about a row of 4 or 5.
        seen = (whole["rating"] <= 3) | (sources[number] == ALL_RATINGS)
        gone |= newer & inside & seen
    return gone


def joined_traffic(results: Sequence[FileResult]) -> tuple[pd.DataFrame, list[ReportError]]:
    """Return the traffic of all files, and an error for every two windows that overlap.

    Reports of different basis over the same days count the same visits: by child is kept, else by
    parent, else by SKU, and the products of the others are set aside. Of two windows of one basis
    the shorter is the one to keep, and of two of one length the JSON, which also tells of days.
    """
    parts = [result for result in results if len(result.tables.get("traffic", ()))]
    problems: list[ReportError] = []
    kept: list[tuple[tuple, FileResult]] = []
    ranked = sorted(parts, key=_rank)
    for result in ranked:
        market, start, end, basis = span = _span(result)
        clash = next(
            (
                (other_span, other)
                for other_span, other in kept
                if other_span[0] == market and start <= other_span[2] and other_span[1] <= end
            ),
            None,
        )
        if clash is None:
            kept.append((span, result))
        elif clash[0][3] != basis:
            reason = f"the same days by {clash[0][3]} are in {clash[1].facts.pattern}"
            _set_products_aside(result, reason)
        else:
            problems.append(_overlap(result, span, clash))
    frames = [result.tables["traffic"] for _, result in kept]
    if not frames:
        return tables.empty("traffic"), problems
    return _sorted(pd.concat(frames, ignore_index=True)), problems


def _rank(result: FileResult) -> tuple:
    _, start, end, basis = _span(result)
    return _BETTER.index(basis), end - start, "feedback_totals" not in result.tables


def _set_products_aside(result: FileResult, reason: str) -> None:
    """Set the products of a file aside; the days of a JSON stay."""
    lines = result.lines.pop("traffic").tolist()
    result.set_aside = sorted([*result.set_aside, *((line, reason) for line in lines)])
    del result.tables["traffic"]
    result.notes.append(f"products not counted: {reason}")


def _span(result: FileResult) -> tuple:
    first = result.tables["traffic"].iloc[0]
    market = None if pd.isna(first["marketplace"]) else first["marketplace"]
    return market, first["start"], first["end"], first["basis"]


def _overlap(result: FileResult, span: tuple, clash: tuple) -> ReportError:
    other_span, other = clash
    return ReportError(
        "its period overlaps with another file's, so visits would be counted twice",
        file=result.file,
        expected="periods that do not overlap, in one marketplace",
        found=(
            f"{span[1]:%Y-%m-%d} to {span[2]:%Y-%m-%d}, and {other_span[1]:%Y-%m-%d} to "
            f"{other_span[2]:%Y-%m-%d} in {other.facts.pattern}"
        ),
        remedy=(
            "leave this one out (the other is the finer, or tells more) by writing to shop.toml\n"
            f"[[files]]\n{path_line(result.facts.pattern)}\nignore = true"
        ),
    )
