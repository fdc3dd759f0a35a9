"""Purged orders do not come back: what a file still holds of them is left out at the door."""

from __future__ import annotations

import numpy as np
import pandas as pd

from feedback_analysis.amazon.file import FileResult
from feedback_analysis.privacy import OrderKeys
from feedback_analysis.purged import DAYS, Purged, without
from feedback_analysis.texts import several

REASON = "purged: a buyer's data that is no longer kept"


def leave_out(result: FileResult, purged: Purged) -> None:
    """Take purged rows out of what a file gave, in place; the ledger says how many.

    Parameters
    ----------
    result : FileResult
        What the file gave. Of feedback the stars stay, without words and without an order.
    purged : Purged
        What the shop no longer keeps.
    """
    if not purged:
        return
    for name in [each for each in result.tables if each in DAYS]:
        frame = result.tables[name]
        hidden = purged.hides(frame["order_key"], frame[DAYS[name]])
        if not hidden.any():
            continue
        result.tables[name] = without(name, frame, hidden)
        count = int(hidden.sum())
        if name == "feedback":
            result.notes.append(f"{several(count, 'feedback')} without words: {REASON}")
            continue
        lines = np.asarray(result.lines[name])
        result.set_aside = sorted(
            [*result.set_aside, *((int(line), REASON) for line in lines[hidden])]
        )
        result.lines[name] = lines[~hidden]
        result.extra = {
            column: values[~hidden].reset_index(drop=True)
            for column, values in result.extra.items()
        }
        result.notes.append(f"{several(count, 'row')} left out: {REASON}")


def leave_out_of(found: dict[str, pd.DataFrame], purged: Purged) -> None:
    """Take purged rows out of tables that came from large files or from elsewhere, in place.

    Parameters
    ----------
    found : dict of DataFrame
        The shop's tables; their counts in tallies, which name nobody, stay.
    purged : Purged
        What the shop no longer keeps.
    """
    if not purged:
        return
    for name in [each for each in found if each in DAYS]:
        hidden = purged.hides(found[name]["order_key"], found[name][DAYS[name]])
        if hidden.any():
            found[name] = without(name, found[name], hidden)


def forget_keys(keys: OrderKeys, found: dict[str, pd.DataFrame], purged: Purged) -> None:
    """Let the way back from keys lead from what the tables hold, and from nothing else.

    Parameters
    ----------
    keys : OrderKeys
        What it knows of other orders is forgotten.
    found : dict of DataFrame
        The shop's tables.
    purged : Purged
        What the shop no longer keeps; with nothing purged, all stays.
    """
    if not purged:
        return
    held = {key for name in DAYS for key in found[name]["order_key"].dropna()}
    keys.known = {key: order for key, order in keys.known.items() if key in held}
