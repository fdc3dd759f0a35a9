"""What would betray an estimate: leads, placebos, disagreement, single families."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback_analysis.conversion.estimates import Estimate, Pair
from feedback_analysis.conversion.fixed_effects import fit_families
from feedback_analysis.conversion.poisson import Fit
from feedback_analysis.conversion.prepare import Rows
from feedback_analysis.conversion.refusals import impossible_share

LEADS = (-4, -3, -2, -1)
LAGS = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 7), (8, None))
# A diagnostic warns at 1 %, so that five of them together seldom cry wolf.
LEVEL = 2.576
# Four weeks are looked at for the trigger: one chance in twenty that noise alone stands out.
STANDS_OUT = 2.24
PLACEBO_WEEKS = 8
LEAST_FAMILIES = 10
# A family that makes more than this share of an effect makes it alone.
MOST_OF_IT = 0.5
# Smaller jumps of price (2 %) or featured offer (2 points) matter to nobody.
SMALL = 0.02
# Beyond a doubling, or a halving, on a panel: look at the data first.
DOUBLING = float(np.log(2))
# Share of order items that may stand in weeks with fewer sessions than order items.
IMPOSSIBLE = 0.05
# Share of reviewed families whose reviews may all vanish: Amazon strikes out a few, not a tenth.
VANISHED = 0.1


@dataclass(frozen=True, eq=False)
class Diagnostics:
    """What was looked at and what it showed.

    Parameters
    ----------
    table : DataFrame
        One row a diagnostic: diagnostic, value, low, high (changes: 0.19 is +19 %), warns,
        meaning.
    events : DataFrame
        One row a lead or lag of the first review: event_week, lift, low, high, trigger (the week
        that stands out before it; true of none where none does).
    lag : int
        Weeks between a sale and its review, as the highest week before it tells.
    """

    table: pd.DataFrame
    events: pd.DataFrame
    lag: int

    @property
    def warnings(self) -> list[str]:
        """What warns, as sentences."""
        return self.table.loc[self.table["warns"], "meaning"].tolist()


def diagnose(rows: Rows, pair: Pair) -> Diagnostics:
    """Look for what would betray an estimate.

    Parameters
    ----------
    rows : Rows
        The panel's usable rows.
    pair : Pair
        Both estimates.

    Returns
    -------
    Diagnostics
    """
    known = rows.only(~np.isnan(rows.reviews))
    since = _since_first(known)
    events, lag, leads = _events(known, since)
    found = [leads, _agreement(pair), _placebo_date(known, since, lag)]
    for name, values, what in (
        ("price", known.price, "prices"),
        ("featured offer", known.offer, "the share of the featured offer"),
        ("marketplaces", known.mix, "the mix of marketplaces"),
    ):
        if values is not None:
            found.append(_placebo_outcome(known, name, values, what))
    found += [_single_families(rows, pair), _direction(pair), _size(pair)]
    found += [_impossible(rows), _vanished(known)]
    return Diagnostics(pd.DataFrame([row for row in found if row]), events, lag)


def _row(
    name: str,
    value: float,
    error: float,
    *,
    warns: bool,
    bad: str,
    good: str,
    logs: bool = True,
) -> dict[str, object]:
    """Describe a check; an effect on the log scale is told as the change that it is."""
    ends = np.array([value, value - 1.96 * error, value + 1.96 * error])
    shown, low, high = (np.expm1(ends) if logs else ends).tolist()
    return {
        "diagnostic": name,
        "value": shown,
        "low": low,
        "high": high,
        "warns": bool(warns),
        "meaning": bad if warns else good,
    }


def _since_first(rows: Rows) -> np.ndarray:
    """Return weeks since a switching family's first review; NaN for the other families."""
    first = rows.first_weeks(rows.reviews > 0)
    since = (rows.week - first[rows.family]).astype(float)
    return np.where(rows.switching[rows.family], since, np.nan)


def _events(rows: Rows, since: np.ndarray) -> tuple[pd.DataFrame, int, dict[str, object] | None]:
    cells = {str(lead): (since == lead).astype(float) for lead in LEADS}
    for low, high in LAGS:
        name = str(low) if high == low else f"{low}+" if high is None else f"{low}-{high}"
        cells[name] = ((since >= low) & (since <= (np.inf if high is None else high))).astype(float)
    fit = fit_families(rows, cells)
    table = []
    for name in cells:
        effect, error = fit[name]
        if not np.isfinite(error):
            effect = error = np.nan
        ends = np.expm1([effect, effect - 1.96 * error, effect + 1.96 * error])
        table.append((name, *ends, effect / error if error else np.nan))
    events = pd.DataFrame(table, columns=["event_week", "lift", "low", "high", "z"])
    leads = events.head(len(LEADS))
    lag = -LEADS[int(leads["z"].fillna(-np.inf).to_numpy().argmax())]
    # Some week is always the highest; the sale behind the review is seen only in one that is high.
    stands_out = events["z"].fillna(0) > STANDS_OUT
    events["trigger"] = events["event_week"].eq(str(-lag)) & stands_out
    # The week right before the first review may hold the sale as well, whatever the usual lag.
    calm = [
        str(lead) for lead in LEADS if lead not in (-1, -lag) and np.isfinite(fit[str(lead)][1])
    ]
    return events.drop(columns="z"), lag, _leads(fit, calm)


def _leads(fit: Fit, calm: list[str]) -> dict[str, object] | None:
    if not calm:
        return None
    from scipy.special import chdtrc

    effects, covariance = fit.part(calm)
    statistic = float(effects @ np.linalg.pinv(covariance) @ effects)
    mean = float(effects.mean())
    error = float(np.sqrt(covariance.mean()))
    rising = chdtrc(len(calm), statistic) < 0.01 and mean > 0
    return _row(
        "weeks before",
        mean,
        error,
        warns=rising,
        bad=(
            "Conversion was already rising in the weeks before the first review, the trigger week "
            "left out: something else may have moved both."
        ),
        good=(
            "No rise beyond chance in the weeks before the first review, the trigger week left out."
        ),
    )


def _agreement(pair: Pair) -> dict[str, object]:
    apart = pair.families.effect - pair.trials.effect
    return _row(
        "two estimators",
        apart,
        pair.trials.error,
        warns=abs(apart) > 1.96 * pair.trials.error,
        bad="The two estimators lie further apart than chance explains.",
        good="The two estimators agree as well as chance allows.",
    )


def _placebo_date(rows: Rows, since: np.ndarray, lag: int) -> dict[str, object] | None:
    """Pretend that the first review came eight weeks early, before there was any."""
    before = (rows.reviews == 0) & ~(since >= -lag)
    part, weeks = rows.only(before), since[before]
    pretended = (weeks >= -PLACEBO_WEEKS).astype(float)
    count = len(rows.names)
    on = np.bincount(part.family, pretended, minlength=count) > 0
    off = np.bincount(part.family, 1 - pretended, minlength=count) > 0
    if (on & off).sum() < LEAST_FAMILIES:
        return None
    effect, error = fit_families(part, {"pretended": pretended})["pretended"]
    if not np.isfinite(error):
        return None
    return _row(
        "placebo date",
        effect,
        error,
        warns=abs(effect) > LEVEL * error,
        bad=(
            f"A pretended first review {PLACEBO_WEEKS} weeks before the real one shows an effect "
            "too: conversion was moving for other reasons."
        ),
        good=f"A pretended first review {PLACEBO_WEEKS} weeks early shows nothing beyond chance.",
    )


def _placebo_outcome(
    rows: Rows, name: str, values: np.ndarray, what: str
) -> dict[str, object] | None:
    """Regress what reviews cannot move on them, held against families and weeks."""
    outcome = np.exp(values) if name == "featured offer" else values
    outcome, reviewed = _within(rows, outcome), _within(rows, rows.reviewed)
    spread = float(reviewed @ reviewed)
    if not spread > 0:
        return None
    effect = float(reviewed @ outcome) / spread
    scores = np.bincount(rows.family, reviewed * (outcome - effect * reviewed))
    error = float(np.sqrt(scores @ scores)) / spread
    return _row(
        f"placebo outcome: {name}",
        effect,
        error,
        warns=abs(effect) > max(SMALL, LEVEL * error),
        bad=f"With the first review {what} moved too, which reviews do not do by themselves.",
        good=(
            f"With the first review {what} moved no further than chance or {100 * SMALL:.0f} % "
            "allow."
        ),
        logs=name != "featured offer",
    )


def _within(rows: Rows, values: np.ndarray) -> np.ndarray:
    """Take family and week means out in turn until nothing is left of them."""
    rest = values - values.mean()
    for _ in range(50):
        moved = 0.0
        for code in (rows.family, rows.week):
            mean = np.bincount(code, rest) / np.maximum(1, np.bincount(code))
            rest = rest - mean[code]
            moved = max(moved, float(np.abs(mean).max()))
        if moved < 1e-6:
            break
    return rest


def _single_families(rows: Rows, pair: Pair) -> dict[str, object]:
    """Look for a family without which the result would be another one."""
    parts = (pair.families, pair.trials)
    most, name = max(
        (float(np.abs(one.influence).max()), rows.names[int(np.abs(one.influence).argmax())])
        for one in parts
    )
    decides = any(_decides(one, claimed=pair.excludes_zero(0.90)) for one in parts)
    return _row(
        "single families",
        most,
        0.0,
        warns=decides,
        bad=f"One single family, {name}, decides the result: look at its weeks.",
        good=f"No single family decides the result; {name} moves it most.",
    )


def _decides(one: Estimate, *, claimed: bool) -> bool:
    """Whether one family makes most of a claimed effect, or hides one beyond all error."""
    if claimed:
        return float((one.influence * np.sign(one.effect)).max()) > MOST_OF_IT * abs(one.effect)
    return float(np.abs(one.influence).max()) > LEVEL * one.error


def _direction(pair: Pair) -> dict[str, object]:
    return _row(
        "direction",
        pair.effect,
        0.0,
        warns=pair.effect < 0,
        bad=(
            "The effect points down. Where reviews come from sales both estimators lean low, so a "
            "loss is suggestive at best."
        ),
        good="The effect points up, against the lean of the estimators.",
    )


def _size(pair: Pair) -> dict[str, object]:
    return _row(
        "size",
        pair.effect,
        0.0,
        warns=abs(pair.effect) > DOUBLING,
        bad=(
            f"More than a {'doubling' if pair.effect > 0 else 'halving'} on a panel of weeks: "
            "check the data before believing it."
        ),
        good="The effect is of a size that has been seen before.",
    )


def _impossible(rows: Rows) -> dict[str, object]:
    share = impossible_share(rows)
    return _row(
        "impossible weeks",
        share,
        0.0,
        warns=share > IMPOSSIBLE,
        bad=(
            f"{100 * share:.0f} % of the order items stand in weeks with more order items than "
            "sessions: sessions are missing, so conversion is not what it seems."
        ),
        good=(
            "Order items stand in weeks that have the sessions for them."
            if not share
            else "Order items stand in weeks that have the sessions for them, nearly all."
        ),
        logs=False,
    )


def _vanished(rows: Rows) -> dict[str, object]:
    same = np.diff(rows.family) == 0
    gone = same & (rows.reviews[:-1] > 0) & (rows.reviews[1:] == 0)
    reviewed = len(np.unique(rows.family[rows.reviews > 0]))
    share = len(np.unique(rows.family[:-1][gone])) / max(1, reviewed)
    return _row(
        "vanished reviews",
        share,
        0.0,
        warns=share > VANISHED,
        bad=(
            f"The reviews of {100 * share:.0f} % of the reviewed families vanish from one week to "
            "the next: look whether the table of review counts has a fault."
        ),
        good=(
            "Families that have reviews keep them."
            if not share
            else "Families that have reviews keep them, nearly all."
        ),
        logs=False,
    )
