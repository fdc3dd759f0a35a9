"""Finer patterns inside causes, and what may be a new cause: words, sizes, growth, comments."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pandas as pd

from feedback_analysis.causes.discovery import FALSE_ALARMS, new_causes
from feedback_analysis.causes.patterns import FEWEST, Patterns, fit_patterns, read_patterns
from feedback_analysis.causes.words_of import named_by
from feedback_analysis.memory.form import shop_folder
from feedback_analysis.periods import Period
from feedback_analysis.privacy import write_private
from feedback_analysis.results import Result
from feedback_analysis.service.complaints import STARS_ONLY, between, stated
from feedback_analysis.service.labels import vectors_of
from feedback_analysis.service.own_causes import taxonomy_of
from feedback_analysis.service.scorecard import DAYS
from feedback_analysis.texts import several

FILE = "patterns.json"
YEAR = 365
SHOWN = 2


@dataclass(frozen=True, eq=False)
class Findings(Result):
    """Groups of comments.

    Parameters
    ----------
    table : DataFrame
        One row a group.
    text : str
        What was found, in words.
    members : tuple of tuple of str
        Of candidates: the comments of each group, the latest first.
    """

    table: pd.DataFrame
    text: str
    members: tuple[tuple[str, ...], ...] = ()


def cause_patterns(shop: Any, rows: pd.DataFrame, period: Period) -> Findings:
    """Find finer patterns inside the causes: what is late, what differs from the description.

    Parameters
    ----------
    shop : Shop
        Its patterns are fitted once, kept by name in its private folder, and only extended when
        newer comments came in.
    rows : DataFrame
        What :func:`complaints` returns.
    period : Period
        The month or week.

    Returns
    -------
    Findings
        ``.table``: ``pattern`` (a name that is never used for another), ``cause`` (in words),
        ``n`` and ``n_latest`` (of 365 and of 90 days), ``growth`` (share now over share before),
        ``words`` (what tells it apart) and ``comments`` (masked; the most central ones).
    """
    known = rows[rows["date"].le(pd.Timestamp(period.end)) & ~rows["kind"].eq(STARS_ONLY)]
    known = known[known["causes"].map(len) > 0]
    fitted = _fitted(shop, known)
    inside = _year(known, period)
    found = fitted.table(
        inside["comment"].tolist(),
        _first(inside),
        _latest(inside, period).tolist(),
    )
    found = found[found["n"] > 0]
    labels = {cause.id: cause.label for cause in taxonomy_of(shop).causes}
    table = found.assign(cause=found["cause"].map(lambda name: labels.get(name, name)))
    table = _shown(table.reset_index(drop=True))
    if table.empty:
        text = f"No cause has the {FEWEST} comments that patterns need."
    else:
        causes = table["cause"].nunique()
        text = (
            f"{several(len(table), 'pattern')} in the 365 days to the end of {period.label}, "
            f"inside {several(causes, 'cause')} with at least {FEWEST} comments of all time. "
            "Growth is the share of the last 90 days over that of the days before. A pattern keeps "
            "its name from month to month."
        )
    return Findings(table, text)


def cause_candidates(rows: pd.DataFrame, period: Period, *, shop: Any = None) -> Findings:
    """Find what may be a new cause: groups of unclear comments that grew beyond chance.

    Parameters
    ----------
    rows : DataFrame
        What :func:`complaints` returns.
    period : Period
        The month or week; its last 90 days are held against the rest of 365.
    shop : Shop, optional
        Whose settings name the encoder, and whose private folder keeps sentence vectors.

    Returns
    -------
    Findings
        ``.table``: ``candidate`` (distinctive words), ``n``, ``n_latest``, ``growth``, ``chance``
        (corrected for the groups looked at), ``words`` and ``comments`` (masked).
    """
    inside = _year(rows[~rows["kind"].eq(STARS_ONLY)], period)
    now = _latest(inside, period).to_numpy()
    found = new_causes(
        inside["comment"].tolist(),
        inside["causes"].tolist(),
        inside["confidence"].tolist(),
        now.tolist(),
        encoder="auto" if shop is None else shop.settings.causes.encoder,
        memory=None if shop is None else vectors_of(shop),
    )
    members = tuple(
        tuple(inside["comment"].iloc[sorted(each, key=lambda row: (~now[row], row))])
        for each in found["rows"]
    )
    table = _shown(found.drop(columns="rows"))
    rate = f"in {100 * FALSE_ALARMS:g} of 100 reports chance alone shows one"
    if table.empty:
        text = f"No group of comments without a clear cause grew beyond chance ({rate})."
    else:
        text = (
            f"{several(len(table), 'group')} of comments without a clear cause grew beyond chance "
            f"({rate}). Each may be a new cause: read its comments, and name it or leave it."
        )
    return Findings(table, text, members)


def _fitted(shop: Any, known: pd.DataFrame) -> Patterns:
    """Return the kept patterns; fitted, or extended by comments newer than those they know."""
    path = shop_folder(shop.folder) / ".private" / FILE
    comments, first = known["comment"].tolist(), _first(known)
    last = "" if known.empty else f"{known['date'].max():%Y-%m-%d}"
    if not path.is_file():
        chosen = shop.settings.causes.encoder
        made = fit_patterns(comments, first, encoder=chosen, memory=vectors_of(shop))
    else:
        held = replace(read_patterns(path), memory=vectors_of(shop))
        if last <= json.loads(path.read_text("utf-8")).get("until", ""):
            return held
        made = held.extended(comments, first)
    try:
        content = json.loads(made.to_json()) | {"until": last}
        write_private(path, (json.dumps(content) + "\n").encode())
    except OSError:
        pass
    return made


def _first(rows: pd.DataFrame) -> list[str]:
    # What states no cause has no patterns: it is where new causes are looked for.
    return [next(iter(stated(ids)), "") for ids in rows["causes"]]


def _year(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    return between(rows, period.end - timedelta(days=YEAR - 1), period.end)


def _latest(rows: pd.DataFrame, period: Period) -> pd.Series:
    return rows["date"] > pd.Timestamp(period.end - timedelta(days=DAYS))


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    """Put words and comments into text; a group without words of its own has its middle comment."""
    words = [", ".join(row.words[:6]) or named_by((), row.comments) for row in table.itertuples()]
    return table.assign(
        words=pd.Series(words, index=table.index, dtype=object),
        comments=table["comments"].map(lambda texts: " \N{EM DASH} ".join(texts[:SHOWN])),
    )
