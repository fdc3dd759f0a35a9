"""What the files say about each question beside the comments: shipments, returns, account health.

Each measure is a share with its interval, now and in as many days before. Where Amazon states a
target, it is held against that; else it can only be said whether it rose.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from feedback_analysis.health.answers import median_days
from feedback_analysis.health.intervals import UNKNOWN, difference_interval, share_interval
from feedback_analysis.periods import Period
from feedback_analysis.results import Result
from feedback_analysis.service.agreement import agreement
from feedback_analysis.service.scorecard import DAYS, Scorecard

# Of some ten shares one looks worse than before by chance every other time: all of them together
# may do so in one report of twenty (Bonferroni).
STRICT = 1 - 0.05 / 10
GOOD, BY_CHANCE, OF_UNKNOWN, BAD, NO_TARGET, ROSE, FEW = (
    "meets Amazon's target", "meets Amazon's target, may be chance",
    "meets Amazon's target, n not stated", "misses Amazon's target", "no target", "rose",
    "too few to say",
)  # fmt: skip
Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Behaviour(Result):
    """What the files say about each question.

    Parameters
    ----------
    table : DataFrame
        One row a measure, as :func:`behaviour` describes it.
    agrees : DataFrame
        One row a question: ``question``, ``label``, ``answer``, ``files`` and ``verdict``: whether
        comments and files agree.
    sentences : list of str
        Where they disagree, a question each; one that says so where they do not.
    limits : list of str
        What no file tells, as sentences.
    """

    table: pd.DataFrame
    agrees: pd.DataFrame
    sentences: list[str]
    limits: list[str]

    @property
    def text(self) -> str:
        """The sentences as one text."""
        return " ".join(self.sentences)


def behaviour(shop: Any, card: Scorecard, period: Period, *, days: int = DAYS) -> Behaviour:
    """Set what was done beside what was said, question by question.

    Parameters
    ----------
    shop : Shop
        With ``tallies``, ``cases``, ``feedback`` and ``account_health``.
    card : Scorecard
        The answers that comments give.
    period : Period
        The month or week; the days counted end with it.
    days : int, default=90
        Days counted, the period's last one included.

    Returns
    -------
    Behaviour
        ``.table``: ``question``, ``measure`` (in words), ``n`` (of so many), ``value`` (a share
        0-1, or days) with ``low``, ``high``, ``before`` with ``change``, ``change_low``,
        ``change_high``, ``target`` and ``condition`` (Amazon's own, where the file states them),
        ``unit`` (``share`` or ``days``), ``place`` (the marketplace, where it is one's), ``first``
        and ``last`` (the days, where they are Amazon's own) and ``verdict``: ``meets Amazon's
        target`` (``, may be chance`` where the interval crosses it, ``, n not stated`` where the
        file tells no n and so no interval), ``misses Amazon's target``, ``rose``, ``no target`` or
        ``too few to say``. A measure whose file is not there has no row.
    """
    end = period.end
    spans = [(end - timedelta(days=days * k + days - 1), end - timedelta(days=days * k))
             for k in (0, 1)]  # fmt: skip
    measures = _Measures(shop)
    rows = []
    for entry in _texts()["measure"]:
        rows += measures.rows(entry, spans, minimum_n=shop.settings.minimum_n)
    columns = [
        "question", "measure", "place", "n", "value", "low", "high", "before", "change",
        "change_low", "change_high", "target", "condition", "unit", "verdict", "first", "last",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    silent = _texts()["silent"]
    agrees = agreement(card.table, table, silent=silent)
    differ = agrees.loc[agrees["verdict"].isin(("only the comments", "only the files"))]
    said = [f"{row['label']} {row['words']}" for row in differ.to_dict("records")]
    none = ["Comments and files contradict each other on no question."]
    return Behaviour(table, agrees, said or none, list(silent.values()))


class _Measures:
    """The measures, each as hits and n of a span; a missing file gives no row."""

    def __init__(self, shop: Any) -> None:
        self.shop, self.tallies = shop, shop.tallies

    def rows(
        self, entry: dict[str, str], spans: list[tuple[date, date]], *, minimum_n: int
    ) -> list[dict[str, Any]]:
        """Return the rows of a measure: none where no file tells."""
        kind = entry["kind"]
        named = {"question": entry["question"], "measure": entry["label"], "unit": entry["unit"]}
        if kind in ("account", "claims"):
            own = self._account if kind == "account" else self._claims
            return [named | row for row in own(entry["measure"])]
        if kind == "closing":
            return [named | row for row in self._closing(spans, minimum_n)]
        count = getattr(self, f"_{kind}")
        pairs = [count(entry["question"], *span) for span in spans]
        return [named | row for row in _shares(pairs, minimum_n)]

    def _between(self, frame: pd.DataFrame, column: str, start: date, end: date) -> pd.DataFrame:
        return frame[frame[column].between(pd.Timestamp(start), pd.Timestamp(end))]

    def _own(self, name: str, start: date, end: date) -> pd.DataFrame:
        """Return a tally's days in which the seller shipped, or took back, by themselves."""
        part = self._between(getattr(self.tallies, name), "date", start, end)
        return part[part["channel"].eq("seller")]

    def _late_handover(self, question: str, start: date, end: date) -> Pair:
        return _pair(self._own("parcels", start, end), "late_handover", "bought")

    def _after_promise(self, question: str, start: date, end: date) -> Pair:
        return _pair(self._own("parcels", start, end), "after_promise", "promised")

    def _untracked(self, question: str, start: date, end: date) -> Pair:
        return _pair(self._own("parcels", start, end), "untracked", "told")

    def _returns(self, question: str, start: date, end: date) -> Pair:
        if self.tallies.returns.empty:
            return 0, 0
        placed = self._between(self.tallies.orders, "date", start, end)
        part = self._between(self.tallies.returns, "date", start, end)
        back = part.loc[part["question"].eq(question), "orders"].sum()
        return int(back), int(placed["orders"].sum())

    def _denied(self, question: str, start: date, end: date) -> Pair:
        return _pair(self._own("returns", start, end), "denied", "decided")

    def _label_cost(self, question: str, start: date, end: date) -> Pair:
        return _pair(self._own("returns", start, end), "label_by_buyer", "label_told")

    def _replied(self, question: str, start: date, end: date) -> Pair:
        rows = self._between(self.shop.feedback, "date", start, end)
        bad = rows[rows["rating"].le(2) & ~rows["gone"]]
        return int(bad["response"].str.strip().eq("").sum()), len(bad)

    def _closing(self, spans: list[tuple[date, date]], minimum_n: int) -> list[dict[str, Any]]:
        found = []
        for start, end in spans:
            part = self._between(self.shop.cases, "opened", start, end)
            ends = part["closed"].where(part["closed"] <= pd.Timestamp(end))
            waited = (ends.fillna(pd.Timestamp(end)) - part["opened"]).dt.days.clip(lower=0)
            days = median_days(waited.to_numpy(), ends.notna().to_numpy()) if len(part) else None
            found.append((len(part), math.nan if days is None else days))
        (n, now), (n_before, before) = found
        if n < minimum_n:
            return []
        change = now - before if n_before >= minimum_n else math.nan
        return [_row(n, now, UNKNOWN, before, change, UNKNOWN, NO_TARGET)]

    def _stated(self, measure: str) -> pd.DataFrame:
        """Return what the account health files say of a measure."""
        table = self.shop.account_health
        return table[table["measure"].str.casefold().eq(measure.casefold())]

    def _claims(self, measure: str) -> list[dict[str, Any]]:
        """Return one row for all marketplaces: Amazon states counts only, and no target of them."""
        part = self._stated(measure)
        part = part[part["channel"].eq("seller") & part["total"].gt(0)]
        # Each download tells of the days before it: two of them would count the same orders twice.
        newest = part.groupby("marketplace", dropna=False)["end"].transform("max")
        part = part[part["end"] == newest]
        n, hits = int(part["total"].sum()), int(part["events"].fillna(0).sum())
        days = {"first": part["start"].min(), "last": part["end"].max()}
        return [row | days for row in _shares([(hits, n), (0, 0)], 1)] if n else []

    def _account(self, measure: str) -> list[dict[str, Any]]:
        """Return the marketplace whose figure stands worst, by the file's own target."""
        part = self._stated(measure).dropna(subset=["rate"])
        part = part[part["end"] == part["end"].max()] if len(part) else part
        if part.empty:
            return []
        over = part["condition"].eq("GREATER_THAN")
        worse = (part["rate"] - part["target"]).where(~over, part["target"] - part["rate"])
        row = part.loc[worse.fillna(0).idxmax()]
        total = None if pd.isna(row["total"]) else int(row["total"])
        rate, target = float(row["rate"]), row["target"]
        interval = share_interval(round(rate * total), total) if total else UNKNOWN
        met = _met(rate, interval, target, above=row["condition"] == "GREATER_THAN")
        place = str(row["marketplace"]) if not pd.isna(row["marketplace"]) else ""
        if (places := part["marketplace"].nunique(dropna=False)) > 1:
            place = f"{place or 'not stated'}, the worst of {places}"
        return [
            _row(total, rate, interval, math.nan, math.nan, UNKNOWN, met)
            | {"place": place, "target": target, "condition": row["condition"]}
            | {"first": row["start"], "last": row["end"]}
        ]


def _met(rate: float, interval: tuple[float, float], target: Any, *, above: bool) -> str:
    """Hold a figure against Amazon's target as Amazon does, and its interval too."""
    if pd.isna(target):
        return NO_TARGET
    if not (rate > target if above else rate < target):
        return BAD
    if math.isnan(interval[0]):
        return OF_UNKNOWN
    crossed = interval[0] <= target if above else interval[1] >= target
    return BY_CHANCE if crossed else GOOD


def _pair(part: pd.DataFrame, hits: str, n: str) -> Pair:
    return int(part[hits].sum()), int(part[n].sum())


def _shares(pairs: list[Pair], minimum_n: int) -> list[dict[str, Any]]:
    (hits, n), (hits_before, n_before) = pairs
    if not n:
        return []
    interval, value = share_interval(hits, n), hits / n
    before, change, ends = math.nan, math.nan, UNKNOWN
    if n_before:
        before = hits_before / n_before
        change = value - before
        ends = _difference(pairs, 0.95)
    verdict = NO_TARGET
    if n < minimum_n:
        verdict = FEW
    elif n_before >= minimum_n and _difference(pairs, STRICT)[0] > 0:
        verdict = ROSE
    return [_row(n, value, interval, before, change, ends, verdict)]


def _difference(pairs: list[Pair], confidence: float) -> tuple[float, float]:
    now, before = ((hits / n, share_interval(hits, n, confidence=confidence)) for hits, n in pairs)
    return difference_interval(*now, *before)


def _row(
    n: int | None, value: float, interval: tuple[float, float], before: float, change: float,
    ends: tuple[float, float], verdict: str,
) -> dict[str, Any]:  # fmt: skip
    return {
        "place": "",
        "n": n,
        "value": value,
        "low": interval[0],
        "high": interval[1],
        "before": before,
        "change": change,
        "change_low": ends[0],
        "change_high": ends[1],
        "target": math.nan,
        "condition": "",
        "verdict": verdict,
        "first": pd.NaT,
        "last": pd.NaT,
    }


@cache
def _texts() -> dict[str, Any]:
    text = files("feedback_analysis.service").joinpath("behaviour.toml").read_text("utf-8")
    return tomllib.loads(text)
