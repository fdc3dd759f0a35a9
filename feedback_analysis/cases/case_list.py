"""Every feedback of 1 to 3 stars as a case: what is known, who answers, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from feedback_analysis.cases.clocks import CLOSED, NOT_STARTED, UNDER_WAY, WAITING, clocks
from feedback_analysis.cases.evidence import order_evidence
from feedback_analysis.cases.own_words import usual
from feedback_analysis.cases.responsibility import NOT_KNOWN, candidates, who_answers
from feedback_analysis.cases.steps import COLUMNS as STEP_COLUMNS
from feedback_analysis.cases.steps import next_step
from feedback_analysis.columns import rows_of
from feedback_analysis.once import once
from feedback_analysis.periods import Period, day_in_words
from feedback_analysis.results import Result
from feedback_analysis.settings import QUESTIONS, Cases
from feedback_analysis.texts import several

OWN = [
    "owner", "status", "resolution", "cost", "currency", "resolved", "public_reply",
    "asked_about_removal", "removal_requests", "opened", "closed", "outcome",
]  # fmt: skip
COLUMNS = [
    "case_id", "order_key", "date", "marketplace", "rating", "comment", "questions", "causes",
    "cause_from", "confidence", "answers", "rule", "clause", "listed", "stage",
    "investigated", "replied",
]  # fmt: skip
CLOCKS = [
    "age_days", "request_days_left", "buyer_days_left", "due", "overdue_days", "next_day",
    "next_end", "next_step",
]  # fmt: skip
NO_FILE = (
    "No list of cases says yet what became of one, so nothing counts as investigated. "
    "`feedback-analysis cases SHOP --out SHOP/cases.xlsx` writes a list to work through; what you "
    "fill in there is read from then on."
)


@dataclass(frozen=True, eq=False)
class CaseList(Result):
    """The cases of a shop, the one that runs out first in front.

    Attributes
    ----------
    table : DataFrame
        As :func:`case_list` describes it.
    text : str
        How many are investigated, open and overdue.
    limits : list of str
        What is not known, as sentences.
    as_of : date
        The day that the clocks count from.
    """

    table: pd.DataFrame
    text: str
    limits: list[str]
    as_of: date

    def today(self, first: int = 5) -> pd.DataFrame:
        """Return the cases to work on now.

        Parameters
        ----------
        first : int, default=5
            How many.

        Returns
        -------
        DataFrame
            The first open cases of which anything still runs out.
        """
        return self.running_out().head(first)

    def running_out(self) -> pd.DataFrame:
        """Return every open case of which anything still runs out, the first to end in front.

        Returns
        -------
        DataFrame
            Rows of the table.
        """
        return self.table[self.table["next_day"].notna()].reset_index(drop=True)

    def candidates(self) -> pd.DataFrame:
        """Return the open candidates for removal or strike-through, the first to end in front.

        Returns
        -------
        DataFrame
            ``case_id``, ``rule``, ``clause``, ``comment``, ``request_days_left``, ``stage``; of
            closed cases too, as long as Amazon still takes the request.
        """
        names = ["case_id", "rule", "clause", "comment", "request_days_left", "stage"]
        rows = self.table[self.table["rule"].ne("") & self.table["request_days_left"].ge(0)]
        return rows.sort_values(["request_days_left", "case_id"])[names].reset_index(drop=True)

    def coverage(self, period: Period, promise: Cases) -> list[str]:
        """Say how many cases are investigated: of a period's feedback, and of all.

        Parameters
        ----------
        period : Period
            The month or week.
        promise : Cases
            The shop's own promise.

        Returns
        -------
        list of str
        """
        span = f" feedbacks of {period.label}"
        return [
            coverage_text(self.of(period), span=span),
            f"Of the last 365 days: {self.text}",
            promise_text(promise, as_of=self.as_of),
        ]

    def of(self, period: Period) -> pd.DataFrame:
        """Return the cases of the feedback of a period.

        Parameters
        ----------
        period : Period
            The month or week.

        Returns
        -------
        DataFrame
        """
        inside = self.table["date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
        return self.table[inside].reset_index(drop=True)


@once
def case_list(
    shop: Any,
    *,
    as_of: date,
    labels: pd.DataFrame | None = None,
    promise: Cases | None = None,
    days: int | None = 365,
) -> CaseList:
    """Make a case of every feedback of 1 to 3 stars.

    Parameters
    ----------
    shop : Shop
        With ``feedback``; ``orders``, ``shipments``, ``returns`` and ``cases`` where known.
    as_of : date
        Today: the day that the clocks count from.
    labels : DataFrame, optional
        ``questions`` and ``causes`` (tuples of ids), ``confidence`` (0-1), with the index of
        ``shop.feedback`` or a part of it, as ``label_comments`` gives them.
    promise : Cases, optional
        The shop's own promise; default that of its settings.
    days : int, optional
        How far back; None means all.

    Returns
    -------
    CaseList
        ``.table``: one row a feedback that still counts: ``case_id``, ``order_key``, ``date``,
        ``marketplace``, ``rating``, ``comment`` (masked), ``questions``, ``causes`` (tuples, empty
        where not known), ``cause_from`` (``you``, ``labelled`` or empty), ``confidence``,
        ``answers`` (who has to put it right), ``rule`` and ``clause`` of a candidate, ``listed``
        (in the shop's own list), ``stage`` (not started, under way, waiting, closed),
        ``investigated``, ``replied`` (publicly); the order's evidence as :func:`order_evidence`
        gives it; the shop's own columns; the clocks as :func:`clocks` gives them; ``next_step`` in
        words. Open cases first, by what runs out first.
    """
    promise = promise or getattr(shop.settings, "cases", None) or Cases()
    rows = shop.feedback
    wanted = rows["rating"].le(3) & ~rows["gone"] & rows["date"].le(pd.Timestamp(as_of))
    if days is not None:
        wanted &= rows["date"] > pd.Timestamp(as_of) - pd.Timedelta(days=days)
    feedback = _one_an_order(rows[wanted])
    own = _own(shop.cases, feedback, as_of)
    table = feedback[["order_key", "date", "marketplace", "rating", "comment"]].copy()
    table["case_id"] = own["case_id"].where(own["case_id"].notna(), _case_ids(feedback))
    table["replied"] = feedback["response"].str.strip().ne("")
    table = table.join(_causes(own, labels)).join(order_evidence(shop, feedback)).join(own[OWN])
    table["listed"] = own["listed"]
    stages = _stages(own)
    table["stage"] = stages
    done = own["resolution"].notna() | own["causes"].notna()
    table["investigated"] = stages.isin([WAITING, CLOSED]) | done
    table = table.join(candidates(table, buy_shipping=promise.buy_shipping))
    table["answers"] = who_answers(table)
    table = table.join(clocks(table, promise, as_of=as_of))
    table["next_step"] = [next_step(row) for row in rows_of(table, STEP_COLUMNS)]
    evidence = [name for name in table if name not in {*COLUMNS, *OWN, *CLOCKS}]
    ordered = _sorted(table)[[*COLUMNS, *evidence, *OWN, *CLOCKS]]
    limits = _limits(shop, ordered)
    if twice := int(wanted.sum()) - len(feedback):
        limits.append(
            f"{several(twice, 'feedback')} of an order with a newer one make no case of their own."
        )
    return CaseList(ordered, coverage_text(ordered), limits, as_of)


def coverage_text(cases: pd.DataFrame, *, span: str = "") -> str:
    """Say how many cases are investigated, open and overdue.

    Parameters
    ----------
    cases : DataFrame
        A case list's table, or a part of it.
    span : str, default=""
        When, such as `` of October 2026``.

    Returns
    -------
    str
        Such as ``37 of 41 investigated, 4 overdue``.
    """
    n = len(cases)
    if not n:
        return f"No case is asked for: there are no{span or ' feedbacks'} of 1 to 3 stars."
    stages = cases["stage"].value_counts()
    parts = [
        f"{int(stages.get(stage, 0)):,} {stage}"
        for stage in (NOT_STARTED, UNDER_WAY, WAITING, CLOSED)
        if stages.get(stage, 0)
    ]
    overdue = int(cases["overdue_days"].gt(0).sum())
    gone = int((cases["overdue_days"].gt(0) & cases["next_day"].isna()).sum())
    old = f" ({gone:,} of them older than Amazon's 90 days)" if gone else ""
    return (
        f"{int(cases['investigated'].sum()):,} of {n:,}{span} investigated, {overdue:,} overdue"
        f"{old}. {', '.join(parts).capitalize()}."
    )


def _one_an_order(feedback: pd.DataFrame) -> pd.DataFrame:
    """Keep the newest feedback of each order: Amazon counts one, and a case is an order's."""
    newest = feedback.sort_values("date", kind="stable").drop_duplicates("order_key", keep="last")
    return feedback[feedback["order_key"].isna() | feedback.index.isin(newest.index)]


def _own(cases: pd.DataFrame, feedback: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the seller's columns beside each feedback; a second row of an order does not count.

    What was closed after the day asked for was open on that day, and what became of it not known.
    """
    later = cases["closed"] > pd.Timestamp(as_of)
    hidden = ["status", "resolution", "cost", "resolved", "closed", "outcome"]
    cases = cases.assign(**{name: cases[name].mask(later) for name in hidden})
    known = cases.dropna(subset="order_key").drop_duplicates("order_key").set_index("order_key")
    found = known.reindex(feedback["order_key"])
    found["listed"] = found.index.isin(known.index) & feedback["order_key"].notna().to_numpy()
    found.index = feedback.index
    return found


def _case_ids(feedback: pd.DataFrame) -> pd.Series:
    """Return a case's name: from the order's key, or its place among those without an order."""
    key = feedback["order_key"]
    bare = feedback[key.isna()].sort_values(["date", "marketplace", "rating", "comment"])
    number = pd.Series(range(1, len(bare) + 1), index=bare.index).reindex(feedback.index)
    day = feedback["date"].dt.strftime("%Y%m%d")
    without = "case-" + day + "-" + number.fillna(0).astype(int).astype(str)
    return ("case-" + key.str[1:9]).where(key.notna(), without)


def _causes(own: pd.DataFrame, labels: pd.DataFrame | None) -> pd.DataFrame:
    """Return questions and causes: the seller's own word first, then the label, else none."""
    index = own.index
    nothing = pd.Series([()] * len(index), index=index, dtype=object)
    found = pd.DataFrame({"questions": nothing, "causes": nothing, "cause_from": ""}, index=index)
    found["confidence"] = float("nan")
    if labels is not None:
        mine = labels[labels.index.isin(index)]
        for name in ("questions", "causes"):
            known = {place: tuple(value) for place, value in mine[name].items()}
            found[name] = pd.Series([known.get(place, ()) for place in index], index, dtype=object)
        found["confidence"] = mine["confidence"].reindex(index).astype("float64")
        found["cause_from"] = found["causes"].map(lambda ids: "labelled" if ids else "")
    for place, text in own["causes"].dropna().items():
        ids = tuple(part.strip() for part in str(text).split(";") if part.strip())
        said = tuple(name for name in ids if name in QUESTIONS)
        found.at[place, "causes"] = ids
        found.at[place, "cause_from"] = "you"
        found.at[place, "questions"] = said or found.at[place, "questions"]
    return found


def _stages(own: pd.DataFrame) -> pd.Series:
    status = usual(own["status"], "status")
    stage = pd.Series(UNDER_WAY, index=own.index, dtype=object)
    stage[~own["listed"] | status.eq("new")] = NOT_STARTED
    stage[status.eq("waiting")] = WAITING
    stage[status.eq("closed") | own["closed"].notna()] = CLOSED
    return stage


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    """Put open cases that still run out first, then other open ones, then the closed ones."""
    tier = table["next_day"].isna().astype(int) + table["stage"].eq(CLOSED)
    keyed = table.assign(_tier=tier, _new=-table["date"].astype("int64"))
    order = ["_tier", "next_day", "request_days_left", "rating", "_new", "case_id"]
    return keyed.sort_values(order).drop(columns=["_tier", "_new"]).reset_index(drop=True)


def _limits(shop: Any, table: pd.DataFrame) -> list[str]:
    limits = []
    if shop.cases.empty:
        limits.append(NO_FILE)
    if len(table) and (unknown := int(table["causes"].map(len).eq(0).sum())):
        limits.append(
            f"The cause of {several(unknown, 'case')} of {len(table):,} is not yet known: stars "
            "without words, or not labelled."
        )
    if len(table) and (lost := int(table["answers"].eq(NOT_KNOWN).sum())):
        limits.append(
            f"Who has to put {several(lost, 'case')} right is not known: the order or the cause is "
            "missing."
        )
    if len(table) and table["purchase_date"].isna().any():
        missing = int(table["purchase_date"].isna().sum())
        limits.append(
            f"{several(missing, 'case has', 'cases have')} no order in the files, so the "
            "buyer's remaining time is not known."
        )
    gone = shop.feedback["gone"] & shop.feedback["order_key"].isin(shop.cases["order_key"].dropna())
    if left := int(gone.sum()):
        limits.append(
            f"{several(left, 'case')} of the shop's list whose feedback is gone by now "
            f"{'counts' if left == 1 else 'count'} neither as investigated "
            "nor in the time that cases take."
        )
    limits.append(
        "The day of arrival is in no file that Amazon gives; what is known is the day of shipping "
        "and the promised day."
    )
    if shop.feedback["order_key"].isna().any():
        limits.append("Feedback without an order id cannot be joined to its order.")
    return limits


def promise_text(promise: Cases, *, as_of: date) -> str:
    """Say what counts as overdue.

    Parameters
    ----------
    promise : Cases
        The shop's promise.
    as_of : date
        Today.

    Returns
    -------
    str
    """
    late = f"; up to {several(promise.tolerance_days, 'day')} later is not yet overdue" * bool(
        promise.tolerance_days
    )
    return (
        f"Counted on {day_in_words(as_of)}. The shop's own promise: looked into within "
        f"{several(promise.answer_days, 'day')} of the feedback, closed within "
        f"{several(promise.close_days, 'day')}{late}."
    )
