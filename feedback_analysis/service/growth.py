"""The causes that grew and shrank since the days before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from feedback_analysis.causes.taxonomy import Taxonomy
from feedback_analysis.once import once
from feedback_analysis.periods import Period
from feedback_analysis.results import Result
from feedback_analysis.service.complaints import NOT_STATED, STATED
from feedback_analysis.service.confusion import Confusion, confusion_of
from feedback_analysis.service.corrected import Count, corrected
from feedback_analysis.service.exposure import Exposure
from feedback_analysis.service.months import cause_months
from feedback_analysis.service.own_causes import taxonomy_of
from feedback_analysis.service.scorecard import DAYS
from feedback_analysis.service.tally import complaint_tally, counts
from feedback_analysis.shares import missing
from feedback_analysis.texts import several

LEVEL = 0.05
LEAST = 3
# A month counts as one of the days counted although it began so many days before them.
EARLIER = timedelta(days=15)


@dataclass(frozen=True, eq=False)
class Growth(Result):
    """Causes by how much they grew.

    Parameters
    ----------
    table : DataFrame
        One row a cause, the strongest growth first, as :func:`growth` describes it.
    text : str
        What grew most, in words.
    days : int
        Days counted, and as many before.
    """

    table: pd.DataFrame
    text: str
    days: int

    @property
    def most(self) -> dict[str, Any] | None:
        """The cause that grew most; None where none grew."""
        grown = self.table[self.table["change"] > 0]
        return None if grown.empty else grown.iloc[0].to_dict()


@once
def growth(
    shop: Any,
    rows: pd.DataFrame,
    period: Period,
    *,
    days: int = DAYS,
    taxonomy: Taxonomy | None = None,
    confusion: Confusion | None = None,
) -> Growth:
    """Compare each cause with the days before.

    Parameters
    ----------
    shop : Shop
        With ``feedback``, ``feedback_totals`` and ``orders``.
    rows : DataFrame
        What :func:`complaints` returns.
    period : Period
        The month or week; the days counted end with it.
    days : int, default=90
        Days counted, and as many before.
    taxonomy : Taxonomy, optional
        Names the causes; ours, and the shop's own, by default.
    confusion : Confusion, optional
        What the labels get wrong; by default by the shop's audit, else by the makers'.

    Returns
    -------
    Growth
        ``.table``: ``cause``, ``label``, ``n`` and ``before`` (labels, as found), ``per_100`` and
        ``per_100_before`` (of the feedback received, else of the orders: ``of``), ``change`` with
        its 95 % interval ``low``, ``high`` (all three corrected for what the labels get wrong),
        ``q`` (corrected for all causes), ``sure`` (q at most 0.05, and the interval of the change
        on one side of nothing) and, where a cause grew and :func:`cause_months` marks one of the
        months counted, the newest such ``month`` (2026-10) with the labels found in it,
        ``in_month``, and ``expected``. By evidence, then by size; at least 3 labels in the two
        spans together.

    Notes
    -----
    Rates and changes by :func:`corrected`. Fisher's exact test of the labels now against before,
    two-sided, corrected after Benjamini and Hochberg: labels that err alike in both spans make a
    change look smaller, not surer.
    """
    from scipy.stats import false_discovery_control, fisher_exact

    taxonomy = taxonomy or taxonomy_of(shop)
    end, start = period.end, period.end - timedelta(days=days - 1)
    spans = ((start, end), (start - timedelta(days=days), start - timedelta(days=1)))
    sizes, of = _sizes(Exposure(shop, end), spans)
    columns = [
        "cause", "label", "n", "before", "per_100", "per_100_before", "change", "low", "high", "of",
        "q", "sure", "month", "in_month", "expected",
    ]  # fmt: skip
    if not all(size for size, _ in sizes):
        reason = f"Too little is known of the {2 * days} days to say which cause grew."
        return Growth(pd.DataFrame(columns=columns), reason, days)
    tallied = complaint_tally(rows)
    confusion = confusion_of(shop) if confusion is None else confusion
    now, before = (
        counts(tallied, "causes", *span, since=since)
        for span, (_, since) in zip(spans, sizes, strict=True)
    )
    comments = [
        int(counts(tallied, "kind", *span, since=since)[[STATED, NOT_STATED]].sum())
        for span, (_, since) in zip(spans, sizes, strict=True)
    ]
    labels = {cause.id: cause.label for cause in taxonomy.causes}
    found, p = [], []
    for name in sorted(set(now.index) | set(before.index)):
        pair = [int(part.get(name, 0)) for part in (now, before)]
        if sum(pair) < LEAST:
            continue
        both = [
            Count(count, words, size)
            for count, words, (size, _) in zip(pair, comments, sizes, strict=True)
        ]
        rates = corrected(both, confusion.of(name))
        change = [100 * value for value in rates.change()]
        values = (name, labels.get(name, name), *pair, *(100 * value for value in rates.values),
                  *change, of)  # fmt: skip
        found.append(dict(zip(columns[: columns.index("q")], values, strict=True)))
        outside = [max(size - count, 0) for count, (size, _) in zip(pair, sizes, strict=True)]
        p.append(float(fisher_exact([pair, outside]).pvalue))
    table = pd.DataFrame(found, columns=columns[: columns.index("q")])
    table["q"] = false_discovery_control(p, method="bh") if p else []
    one_side = (table["low"] > 0) | (table["high"] < 0)
    table["sure"] = (table["q"].astype(float) <= LEVEL) & one_side
    up = table["change"] > 0
    table = _with_month(table, cause_months(shop, rows, period, taxonomy=taxonomy).alarms, start)
    table = table.assign(_p=p, _up=~up).sort_values(
        ["_up", "_p", "change", "cause"], ascending=[True, True, False, True], ignore_index=True
    )
    table = table.drop(columns=["_p", "_up"])[columns]
    return Growth(table, growth_text(table, days), days)


def _with_month(table: pd.DataFrame, alarms: pd.DataFrame, start: date) -> pd.DataFrame:
    """Name beside each cause that grew the newest of the months counted that stands out."""
    inside = pd.to_datetime(alarms["month"]) >= pd.Timestamp(start - EARLIER)
    newest = alarms[inside].drop_duplicates("cause")
    newest = newest.rename(columns={"n": "in_month"})[["cause", "month", "in_month", "expected"]]
    return table.merge(newest[newest["cause"].isin(table.loc[table["change"] > 0, "cause"])],
                       on="cause", how="left")  # fmt: skip


def _sizes(
    exposure: Exposure, spans: tuple[tuple[date, date], ...]
) -> tuple[list[tuple[int | None, dict[str, date]]], str]:
    received = [exposure.received(*span) for span in spans]
    shared = set(received[0].since) & set(received[1].since)
    if all(part.n for part in received) and shared == set(received[0].since):
        return [(part.n, part.since) for part in received], "feedbacks"
    placed = [exposure.orders(*span) for span in spans]
    return [(part.n, part.since) for part in placed], "orders"


def judged(row: Mapping[str, Any], days: int) -> str:
    """Say whether chance explains that a cause grew, in the words of every page.

    Parameters
    ----------
    row : mapping
        A row of :func:`growth`.
    days : int
        Days counted.

    Returns
    -------
    str
        A part of a sentence; it names a month that chance does not explain.
    """
    if row["sure"]:
        return "more than chance explains"
    if missing(row["month"]):
        return "may be chance"
    return (
        f"may be chance over the {days} days, but not in {Period.parse(row['month']).label} "
        f"({row['in_month']:.0f}, {row['expected']:.1f} expected)"
    )


def growth_text(table: pd.DataFrame, days: int) -> str:
    """Say what grew most.

    Parameters
    ----------
    table : DataFrame
        Of :func:`growth`.
    days : int
        Days counted.

    Returns
    -------
    str
        One or two sentences.
    """
    up = table[table["change"] > 0]
    text = f"No cause grew against the {days} days before."
    if len(up):
        text = _most(up.iloc[0], days)
    down = table[(table["change"] < 0) & table["sure"]]
    if len(down):
        names = ", ".join(f"'{label}'" for label in down["label"].head(4))
        text += f" Fewer than before, beyond chance: {names}."
    return text


def _most(row: Mapping[str, Any], days: int) -> str:
    """Say how far the cause that grew most did."""
    return (
        f"'{row['label']}' grew most: found in {several(row['n'], 'comment')} of {days} days "
        f"against {row['before']} of the {days} before; corrected for what the labels get wrong, "
        f"{row['per_100']:.1f} against {row['per_100_before']:.1f} per 100 {row['of']}; "
        f"{judged(row, days)}, all causes looked at together."
    )
