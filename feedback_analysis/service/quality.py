"""How good the labels are: what was measured, by whom, and the shares put right for it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from feedback_analysis.causes.measures import Pairs, f1_scores, scored
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.once import once
from feedback_analysis.periods import Period
from feedback_analysis.results import Result
from feedback_analysis.service.complaints import STARS_ONLY, between
from feedback_analysis.service.confusion import Confusion, audit_of, confusion_of, measured
from feedback_analysis.service.corrected import Count, corrected
from feedback_analysis.service.scorecard import DAYS


@dataclass(frozen=True, eq=False)
class Quality(Result):
    """How good the labels are.

    Parameters
    ----------
    table : DataFrame
        One row a question: ``label``, ``n`` (comments with it in the measurement), ``precision``,
        ``recall`` and ``f1``; what is missing was not measured.
    shares : DataFrame
        One row a question: ``label``, ``count`` and ``share`` of the ``n`` comments as found, and
        ``corrected`` with its 95 % interval ``low``, ``high``.
    text : str
        The figures in words, and which encoder the labels come from.
    audited : bool
        Whether the figures are this shop's own.
    """

    table: pd.DataFrame
    shares: pd.DataFrame
    text: str
    audited: bool


@once
def label_quality(shop: Any, rows: pd.DataFrame, period: Period, *, days: int = DAYS) -> Quality:
    """Say how good the labels are, and put the shares of the questions right for it.

    Parameters
    ----------
    shop : Shop
        Whose audit, if there is one, lies in its private folder.
    rows : DataFrame
        What :func:`complaints` returns.
    period : Period
        The month or week; the shares are of the days that end with it.
    days : int, default=90
        Days counted.

    Returns
    -------
    Quality
        With an audit, its figures; without, what the makers measured on comments held apart from
        the seeds. The shares are corrected by the same.
    """
    taxonomy = own_taxonomy()
    pairs, chosen, confusion = audit_of(shop), shop.settings.causes.encoder, confusion_of(shop)
    start = pd.Timestamp(period.end) - pd.Timedelta(days=days - 1)
    inside = between(rows[~rows["kind"].eq(STARS_ONLY)], start, period.end)
    shares = _shares(inside["questions"].tolist(), confusion)
    if pairs is not None:
        asked = pairs.by_question(taxonomy)
        return Quality(
            _of_audit(asked, tuple(taxonomy.questions)),
            shares,
            _audit_words(pairs, confusion.doubt),
            True,
        )
    return Quality(_of_makers(chosen), shares, _maker_words(chosen), False)


def _shares(found: list[tuple[str, ...]], confusion: Confusion) -> pd.DataFrame:
    rows = []
    for name, label in own_taxonomy().questions.items():
        n = sum(name in each for each in found)
        made = corrected([Count(n, len(found), len(found))], confusion.of(name))
        low, high = made.interval()
        share = n / len(found) if found else math.nan
        values = label, n, len(found), share, made.values[0], low, high
        rows.append(dict(zip(_SHARES, values, strict=True)))
    return pd.DataFrame(rows, columns=_SHARES)


_SHARES = ["label", "count", "n", "share", "corrected", "low", "high"]


def _of_audit(pairs: Pairs, ids: tuple[str, ...]) -> pd.DataFrame:
    _, _, table = f1_scores(pairs.true, pairs.found, ids, pairs.weight)
    names = own_taxonomy().questions
    return table.assign(label=table["label"].map(names))


def _audit_words(pairs: Pairs, doubt: str) -> str:
    whole = scored(pairs, own_taxonomy())
    whole = whole[(whole["level"] == "question") & (whole["group"] == "all")]
    listed = ", ".join(
        f"{row.measure} {row.value:.2f} ({row.low:.2f} to {row.high:.2f})"
        for row in whole.itertuples()
    )
    return (
        f"This shop's own audit: {len(pairs.true):,} comments labelled by a person, question "
        f"level: {listed}. Rates and shares are corrected for what it found. {doubt}"
    ).rstrip()


def _of_makers(chosen: str) -> pd.DataFrame:
    names = own_taxonomy().questions
    found = measured(chosen)["questions"]
    rows = []
    for name, label in names.items():
        n, said, both = (found.get(name, {}).get(key, 0) for key in ("n", "found", "both"))
        rows.append(
            {
                "label": label,
                "n": n,
                "precision": both / said if said else math.nan,
                "recall": both / n if n else math.nan,
                "f1": 2 * both / (n + said) if n + said else math.nan,
            }
        )
    return pd.DataFrame(rows, columns=["label", "n", "precision", "recall", "f1"])


def _maker_words(chosen: str) -> str:
    held = measured(chosen)
    how = (
        "sentence vectors, words and letters"
        if held["name"] != "none"
        else "words and letters, as no sentence encoder is installed or wanted"
    )
    return (
        f"The labels come from {how} (encoder: {held['name']}). On {held['comments']:,} comments "
        f"in ten languages that it did not learn from, written by the makers, F1 over the nine "
        f"answers is {held['micro_f1']:.2f} (95 % interval {held['low']:.2f} to "
        f"{held['high']:.2f}), macro-F1 {held['macro_f1']:.2f}, kappa {held['kappa']:.2f}. Your "
        "buyers may write otherwise: the command feedback-analysis audit draws comments for you to "
        "label, and then every rate is corrected for what it finds instead."
    )
