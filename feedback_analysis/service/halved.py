"""What the positive share would be if a cause were halved: arithmetic, not a promise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd

from feedback_analysis.causes.taxonomy import Taxonomy
from feedback_analysis.periods import Period
from feedback_analysis.results import Result
from feedback_analysis.service.complaints import between, stated
from feedback_analysis.service.exposure import Exposure
from feedback_analysis.service.own_causes import taxonomy_of
from feedback_analysis.service.tally import counted_since
from feedback_analysis.shares import percent, target_percent
from feedback_analysis.texts import in_sentence, several

DAYS = 365


@dataclass(frozen=True, eq=False)
class Halved(Result):
    """The positive share with each cause halved.

    Parameters
    ----------
    table : DataFrame
        One row a cause, the largest gain first, as :func:`halved` describes it.
    text : str
        The largest gain in words.
    share : float
        The positive share now; NaN where it is not known.
    target : float
        The share aimed at.
    n : int
        Feedbacks received.
    """

    table: pd.DataFrame
    text: str
    share: float
    target: float
    n: int


def halved(
    shop: Any,
    rows: pd.DataFrame,
    period: Period,
    *,
    days: int = DAYS,
    by: str = "causes",
    taxonomy: Taxonomy | None = None,
) -> Halved:
    """Work out the positive share had half of each cause's complaints been positive feedback.

    Parameters
    ----------
    shop : Shop
        With ``feedback`` and ``feedback_totals``.
    rows : DataFrame
        What :func:`complaints` returns.
    period : Period
        The month or week; the days counted end with it.
    days : int, default=365
        Days counted, the period's last one included.
    by : {"causes", "questions"}
        What is halved.
    taxonomy : Taxonomy, optional
        Names the causes; ours, and the shop's own, by default.

    Returns
    -------
    Halved
        ``.table``: ``id``, ``label``, ``n`` (complaints in marketplaces whose share is known),
        ``alone`` (those about nothing else), ``share`` (now), ``at_least`` (half of ``alone`` are
        positive: who complains about two things stays unhappy), ``at_most`` (half of ``n`` are),
        ``points_at_least``, ``points_at_most`` (gain, 0-1) and ``reaches_target`` (``yes``,
        ``perhaps``, ``no``, or ``already there``). Without a row where no share is known.

    Notes
    -----
    Buyers who left stars only, or no cause, are left as they are, so a gain is an underestimate if
    the same things made them unhappy.
    """
    taxonomy = taxonomy or taxonomy_of(shop)
    end, start = period.end, period.end - timedelta(days=days - 1)
    received = Exposure(shop, end).received(start, end)
    target = shop.settings.targets.positive_share
    columns = [
        "id", "label", "n", "alone", "share", "at_least", "at_most", "points_at_least",
        "points_at_most", "reaches_target",
    ]  # fmt: skip
    if not received.n:
        reason = "The positive share is not known, so no gain can be worked out."
        return Halved(pd.DataFrame(columns=columns), reason, math.nan, target, 0)
    inside = between(rows, start, end)
    inside = inside[counted_since(inside, received.since)]
    ids = inside[by].map(stated)
    labels = taxonomy.questions | {cause.id: cause.label for cause in taxonomy.causes}
    share, found = received.positive / received.n, []
    for name in sorted({each for one in ids for each in one}):
        n = int(ids.map(lambda one, name=name: name in one).sum())
        alone = int(ids.map(lambda one, name=name: one == (name,)).sum())
        least, most = ((received.positive + k / 2) / received.n for k in (alone, n))
        reaches = "yes" if least >= target else "perhaps" if most >= target else "no"
        values = (name, labels.get(name, name), n, alone, share, least, most, least - share,
                  most - share, "already there" if share >= target else reaches)  # fmt: skip
        found.append(dict(zip(columns, values, strict=True)))
    table = pd.DataFrame(found, columns=columns).sort_values(
        ["points_at_least", "points_at_most", "id"], ascending=[False, False, True],
        ignore_index=True,
    )  # fmt: skip
    return Halved(table, _words(table, share, target, period, days), share, target, received.n)


def _words(table: pd.DataFrame, share: float, target: float, period: Period, days: int) -> str:
    now = f"{percent(share)} of the feedback of the {days} days to the end of {period.label} were "
    now += f"positive; the target is {target_percent(target)}."
    if table.empty:
        return f"{now} No complaint states a cause."
    row = table.iloc[0]
    return (
        f"{now} Had half of the {several(row['n'], 'complaint')} about "
        f"'{in_sentence(row['label'])}' been positive feedback instead, it would have been "
        f"{percent(row['at_least'])} to "
        f"{percent(row['at_most'])}: of all causes, halving this one gains most at the least. That "
        "is arithmetic on past feedback, not a promise."
    )
