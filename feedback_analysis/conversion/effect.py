"""What a first review does to conversion: an interval, a grade and the reasons for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from feedback_analysis.conversion.diagnostics import Diagnostics, diagnose
from feedback_analysis.conversion.doses import dose_table, sessions_effect
from feedback_analysis.conversion.effect_words import effect_text
from feedback_analysis.conversion.estimates import Pair, estimate_pair
from feedback_analysis.conversion.prepare import Rows, prepare
from feedback_analysis.conversion.refusals import few_switching, no_first_weeks, refusal
from feedback_analysis.once import once
from feedback_analysis.results import Result

Grade = Literal["strong", "suggestive", "none", "unreliable"]
UNKNOWN = (float("nan"), float("nan"))
ESTIMATES = [
    "estimator", "estimand", "lift", "low", "high", "low_90", "high_90", "families", "misleads",
]  # fmt: skip
NAIVE = "reviewed against unreviewed, as usually shown"
WITHIN, TRIALS, BOTH = "families against themselves", "weekly trials", "envelope of the two"
SHORT_RUN = "first review, first six weeks"


@dataclass(frozen=True, eq=False)
class ReviewEffect(Result):
    """What a first review does to conversion, and how sure that is.

    Parameters
    ----------
    lift : float
        Short-run effect of the first review on order items per session, halfway between the two
        estimators: 0.25 means +25 %. NaN where it cannot be estimated.
    interval : tuple of float
        95 % envelope of both estimators as lifts; (NaN, NaN) where none can be computed.
    grade : {"strong", "suggestive", "none", "unreliable"}
        ``strong``: the 95 % envelope excludes zero and no diagnostic warns. ``suggestive``: the
        90 % envelope excludes zero, or the 95 % one while a diagnostic warns. ``none``: neither.
        A lift below zero is suggestive at best, and needs the 95 % envelope: where reviews come
        from sales, both estimators lean low.
        ``unreliable``: the data cannot tell, for the reason in ``.reason``.
    table : DataFrame
        One row an estimator: estimator, estimand, lift, low, high (95 %), low_90, high_90,
        families, misleads (true of the naive comparison).
    text : str
        The result in words.
    reason : str
        Why the grade is unreliable, and what data would help; else empty.
    warnings : list of str
        Diagnostics that warn.
    smallest_lift : float
        Smallest lift that four of five catalogues like this would have shown.
    switching : int
        Families seen both without and with reviews.
    diagnostics, events, doses : DataFrame
        What was checked; conversion by week around the first review; lift by number of reviews,
        within families.
    sessions : tuple of float
        Change of sessions with reviews as lift, low, high; not part of the lift. It may come from
        the advertising or promotion that also brought the first sale.
    log_effect : tuple of float
        The trials' estimate on the log scale and its standard error: what a product still without
        reviews may expect. It is the wider of the two, and the one with the smaller bias.
    notes : list of str
        What was set apart or looks odd.
    """

    lift: float
    interval: tuple[float, float]
    grade: Grade
    table: pd.DataFrame
    text: str
    reason: str = ""
    warnings: list[str] = field(default_factory=list)
    smallest_lift: float = float("nan")
    switching: int = 0
    diagnostics: pd.DataFrame = field(default_factory=pd.DataFrame)
    events: pd.DataFrame = field(default_factory=pd.DataFrame)
    doses: pd.DataFrame = field(default_factory=pd.DataFrame)
    sessions: tuple[float, float, float] = (float("nan"),) * 3
    log_effect: tuple[float, float] = UNKNOWN
    notes: list[str] = field(default_factory=list)


@once
def review_effect(panel: pd.DataFrame) -> ReviewEffect:
    """Estimate what the first review of a product does to its conversion.

    Parameters
    ----------
    panel : DataFrame
        One row a product and week: ``family`` (parent ASIN), ``week`` (Monday), ``sessions``,
        ``units`` (order items), ``review_count`` (at the start of the week); and where known
        ``price``, ``featured_offer_share`` (0-1), ``average_rating`` and ``age_weeks`` (since
        launch). Rows may come in any order, families may start late and have gaps, and what is
        missing may be missing.

    Returns
    -------
    ReviewEffect
        The headline is the envelope of two estimators that fail in different ways.

    Raises
    ------
    ReportError
        If a column is missing or cannot be read.

    Notes
    -----
    First estimator: Poisson regression of order items with an offset of log sessions, effects of
    family and week, ranges of age, price and featured offer, and one effect a range of review
    counts, mixed as the first six weeks with reviews mix them. Second estimator: target trials
    among still-unreviewed families, one beginning each week, adjusted for lagged sales. Errors are
    clustered by family (CR2 up to 1,000 families, then CR1) and intervals use Student's t with
    one degree of freedom less than there are switching families. An effect is claimed only when
    both exclude zero on the same side.
    """
    rows = prepare(panel)
    carried = bool(panel.attrs.get("carried_back", False))
    reason = refusal(rows)
    if reason:
        return _refused(rows, reason)
    pair = estimate_pair(rows)
    few = few_switching(rows)
    if pair is None:
        return _refused(rows, few or no_first_weeks(rows))
    found = diagnose(rows, pair)
    warnings = found.warnings
    if carried:
        warnings = [
            *warnings,
            "Review counts are snapshots carried back between their days, which is less exact than "
            "dated reviews.",
        ]
    return _result(rows, pair, found, warnings, few)


def grade_of(pair: Pair, warnings: list[str], reason: str) -> Grade:
    """Return the grade of an estimate.

    Parameters
    ----------
    pair : Pair
        Both estimators.
    warnings : list of str
        Diagnostics that warn.
    reason : str
        Why it is unreliable; empty otherwise.

    Returns
    -------
    str
        One of the four grades.
    """
    if reason:
        return "unreliable"
    if pair.excludes_zero(0.95) and not warnings:
        return "strong"
    # Both estimators lean low where reviews come from sales: a loss needs the wider envelope.
    enough = 0.90 if pair.effect > 0 else 0.95
    return "suggestive" if pair.excludes_zero(enough) else "none"


def _result(
    rows: Rows, pair: Pair, found: Diagnostics, warnings: list[str], reason: str
) -> ReviewEffect:
    low, high = np.expm1(pair.envelope()).tolist()
    made = {
        "lift": float(np.expm1(pair.effect)),
        "interval": (low, high),
        "grade": grade_of(pair, warnings, reason),
        "reason": reason,
        "warnings": warnings,
        "smallest_lift": pair.smallest_seen,
        "switching": int(rows.switching.sum()),
    }
    return ReviewEffect(
        **made,
        table=_table(rows, pair),
        text=effect_text(**made),
        diagnostics=found.table,
        events=found.events,
        doses=dose_table(rows, pair.doses),
        sessions=sessions_effect(rows),
        log_effect=(pair.trials.effect, pair.trials.error),
        notes=rows.notes,
    )


def _table(rows: Rows, pair: Pair) -> pd.DataFrame:
    started = len(np.unique(pair.stacked.family[pair.stacked.treated]))
    table = []
    for name, count, one in (
        (WITHIN, int(rows.switching.sum()), pair.families),
        (TRIALS, started, pair.trials),
    ):
        ends = np.expm1([one.effect, *one.interval(), *one.interval(0.90)])
        table.append((name, SHORT_RUN, *ends, count, False))
    ends = np.expm1([pair.effect, *pair.envelope(), *pair.envelope(0.90)])
    table.append((BOTH, SHORT_RUN, *ends, int(rows.switching.sum()), False))
    return pd.DataFrame([*table, _naive(rows)], columns=ESTIMATES)


def _naive(rows: Rows) -> tuple[object, ...]:
    """Compare pooled conversions with the binomial error that such comparisons are shown with."""
    sums = {}
    for name, part in (("with", rows.reviewed == 1), ("without", rows.reviewed == 0)):
        sums[name] = float(rows.units[part].sum()), float(rows.sessions[part].sum())
    (sold, seen), (other_sold, other_seen) = sums["with"], sums["without"]
    families = len(np.unique(rows.family))
    if not (sold and other_sold):
        return (NAIVE, "association across products", *[np.nan] * 5, families, True)
    effect = np.log(sold / seen / (other_sold / other_seen))
    error = np.sqrt(max(0, 1 / sold - 1 / seen) + max(0, 1 / other_sold - 1 / other_seen))
    ends = np.expm1(effect + error * np.array([0, -1.96, 1.96, -1.645, 1.645]))
    return (NAIVE, "association across products", *ends, families, True)


def _refused(rows: Rows, reason: str) -> ReviewEffect:
    switching = int(rows.switching.sum()) if len(rows.family) else 0
    return ReviewEffect(
        lift=float("nan"),
        interval=UNKNOWN,
        grade="unreliable",
        table=pd.DataFrame(columns=ESTIMATES),
        text=f"What reviews do to conversion cannot be told. {reason}",
        reason=reason,
        switching=switching,
        notes=rows.notes,
    )
