"""The key figure of cases: how many are due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from feedback_analysis.periods import Period
from feedback_analysis.report.figures import Missing, Value
from feedback_analysis.report.wording import day, thousands

if TYPE_CHECKING:
    from feedback_analysis.cases import CaseList

SOON = 7
REMEDY = "write a list with `feedback-analysis cases SHOP --out SHOP/cases.xlsx`, and fill it in"


def due_cases(shop: Any, period: Period) -> tuple[pd.DataFrame, CaseList]:
    """Return the open cases that are overdue or run out within a week, and the whole list.

    Parameters
    ----------
    shop : Shop
        With rows up to the period's last day only.
    period : Period
        The month or week.

    Returns
    -------
    tuple
        Rows of the case list's table, and the list.
    """
    from feedback_analysis.cases import case_list
    from feedback_analysis.service import label_feedback

    found = case_list(shop, as_of=period.end, labels=label_feedback(shop))
    soon = found.table["next_day"].le(pd.Timestamp(period.end + timedelta(days=SOON)))
    return found.table[soon], found


def older_text(due: pd.DataFrame, table: pd.DataFrame) -> str:
    """Say how many more are overdue but no longer due; the page of the cases counts them too.

    Parameters
    ----------
    due, table : DataFrame
        Of :func:`due_cases`: the cases that are due, and all of them.

    Returns
    -------
    str
        A line of its own; empty where there is none.
    """
    older = int(table["overdue_days"].gt(0).sum() - due["overdue_days"].gt(0).sum())
    return f"\n{thousands(older)} more overdue, past Amazon's 90 days" if older else ""


def cases_due(shop: Any, period: Period) -> Value | Missing:
    """Count the cases that are due at the end of a period.

    Parameters
    ----------
    shop : Shop
        With rows up to the period's last day only.
    period : Period
        The month or week.

    Returns
    -------
    Value or Missing
    """
    if shop.cases.empty:
        # There may be a list of ours that nobody filled in yet.
        return Missing("no list of cases says yet what became of one", REMEDY)
    due, _ = due_cases(shop, period)
    return Value(
        len(due),
        source=(
            f"Open cases on {day(period.end)} that are overdue or run out within {SOON} days, and "
            "of which anything can still be asked for."
        ),
    )
