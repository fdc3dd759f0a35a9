"""Rate any spans, for all marketplaces together or one by one, and name what cannot be rated."""

from __future__ import annotations

from datetime import date

import pandas as pd

from feedback_analysis.errors import ReportError
from feedback_analysis.health.composition import Composition, figures
from feedback_analysis.health.numbered import NUMBERED, added_up
from feedback_analysis.health.sources import REMEDY, Found, Sources, named
from feedback_analysis.texts import listing

COUNTS = ("n", "positive", "neutral", "negative")
PERCENTS = ("displayed", "displayed_neutral", "displayed_negative")
UNKNOWN = {
    **dict.fromkeys(COUNTS),
    **dict.fromkeys(("verdict", "share_verdict", "average_verdict"), "not known"),
}
Span = tuple[dict[str, object], date | None, date, str | None]


def rate(
    sources: Sources,
    spans: list[Span],
    *,
    by: str | None,
    targets: tuple[float, float],
    minimum_n: int,
    on_missing: str,
) -> tuple[pd.DataFrame, list[str], str | None]:
    """Rate every span, for all marketplaces together or one block each.

    Parameters
    ----------
    sources : Sources
        Where the counts come from.
    spans : list of tuple
        Leading columns, first day (None: since the beginning), last day, name of a window or None.
    by : str or None
        ``marketplace`` for a block each.
    targets : tuple of float
        As in :func:`feedback_rating`.
    minimum_n : int
        As in :func:`feedback_rating`.
    on_missing : str
        As in :func:`feedback_rating`.

    Returns
    -------
    tuple
        The table, the limits, and the reason when nothing could be computed.

    Raises
    ------
    ReportError
        If nothing can be computed and ``on_missing`` is ``refuse``.
    """
    found: dict[tuple[str, int], Found] = {}
    refused: dict[str, list[tuple[int, ReportError]]] = {}
    for market in sources.markets:
        for number, (_, start, end, window) in enumerate(spans):
            answer = sources.find(market, start, end, window=window)
            if isinstance(answer, Found):
                found[market, number] = answer
            else:
                refused.setdefault(market, []).append((number, answer))
    limits = _limits(found, refused, spans)
    options = {"targets": targets, "minimum_n": minimum_n}
    if not found:
        error = refusal(refused)
        if on_missing == "refuse":
            raise error
        rows = [_negatives_only(sources, span, options) for span in spans]
        return _frame(rows), limits, f"{error.message}."
    blocks = [[market] for market in sources.markets] if by else [sources.markets]
    rows = []
    for markets in blocks:
        for number, (leading, start, _, _) in enumerate(spans):
            parts = [found[market, number] for market in markets if (market, number) in found]
            if parts:
                name = {"marketplace": markets[0]} if by else {}
                rows.append({**name, **leading, **_row(parts, start, options)})
    return _frame(rows), limits, None


def _row(parts: list[Found], start: date | None, options: dict) -> dict[str, object]:
    counts = sum((part.counts for part in parts), Composition())
    complete = all(part.complete for part in parts)
    days = [part.since for part in parts]
    unknown = UNKNOWN if counts.n == 0 and not complete else {}
    return {
        **figures(counts, complete=complete, **options),
        **unknown,
        "source": " + ".join(dict.fromkeys(part.source for part in parts)),
        "since": min((day for day in days if day), default=start) if None not in days else start,
        "complete": complete,
    }


def _negatives_only(sources: Sources, span: Span, options: dict) -> dict[str, object]:
    leading, start, end, _ = span
    known = sources.negatives(start, end)
    return {
        **leading,
        **figures(Composition(), **options),
        **UNKNOWN,
        "neutral": known.neutral,
        "negative": known.negative,
        "source": "1-3 star rows",
        "since": start,
        "complete": False,
    }


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    for column in COUNTS + PERCENTS:
        values = frame[column].astype("Int64")
        frame[column] = values if values.isna().any() else values.astype("int64")
    frame["since"] = pd.to_datetime(frame["since"]).astype("datetime64[us]")
    return frame


def _limits(found: dict, refused: dict, spans: list[Span]) -> list[str]:
    """Say each kind of limit once a marketplace: of the longest span, or added up over spans."""
    said: dict[tuple[str, str], str] = {}
    for market, number in sorted(found, key=lambda key: (key[0], -key[1])):
        for kind, sentence in found[market, number].notes.items():
            said.setdefault((market, kind), sentence)
    for market, kind in said:
        if kind in NUMBERED:
            parts = [
                (spans[number][1:3], part.numbers[kind])
                for (name, number), part in found.items()
                if name == market and kind in part.numbers
            ]
            said[market, kind] = NUMBERED[kind](named(market), added_up(parts))
    limits = list(said.values())
    everywhere = [market for market, errors in refused.items() if len(errors) == len(spans)]
    if everywhere:
        error = refusal({market: refused[market] for market in everywhere})
        limits.append(f"{error.message}. To get it, {error.remedy}.")
    for market, errors in refused.items():
        if market not in everywhere:
            names = listing([str(next(iter(spans[number][0].values()))) for number, _ in errors])
            limits.append(
                f"{named(market)} is left out of {names}: no total is known for it there."
            )
    return limits


def refusal(refused: dict[str, list[tuple[int, ReportError]]]) -> ReportError:
    """Name the marketplaces that cannot be rated, once a reason.

    Parameters
    ----------
    refused : dict
        Marketplace -> the spans (by number) that cannot be rated, with the error of each.

    Returns
    -------
    ReportError
        What is missing and where to get it.
    """
    if not refused:
        return ReportError("there is no feedback and no total, so nothing is rated", remedy=REMEDY)
    reasons: dict[str, list[str]] = {}
    for market, errors in refused.items():
        reason = errors[0][1].message.removeprefix(f"{named(market)}: ")
        reasons.setdefault(reason, []).append(named(market))
    message = "; ".join(f"{listing(markets)}: {reason}" for reason, markets in reasons.items())
    remedies = dict.fromkeys(errors[0][1].remedy for errors in refused.values())
    return ReportError(message, remedy="; ".join(remedies))
