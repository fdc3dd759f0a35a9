"""What is shown of the feedback found: tables, words that say the same, and the pandas for each.

A view's ``code`` begins where every notebook of one's own does, with ``rows``; run there, its last
line gives the very table of the view. Counts may be had of any selection; a share of positive
feedback only of a fair one, and never from files that leave out 4 and 5 stars.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from feedback_analysis import quotes
from feedback_analysis.causes.taxonomy import UNCLEAR, own_taxonomy
from feedback_analysis.explore.filters import Filters
from feedback_analysis.health.intervals import share_intervals
from feedback_analysis.results import Result
from feedback_analysis.shares import percent, percent_range
from feedback_analysis.tables import ALL_RATINGS
from feedback_analysis.texts import in_sentence, several

# Up to so many days a point is a week, beyond it a month.
DAYS_BY_WEEK = 125
LISTED = 300
LIST = ["date", "marketplace", "channel", "asin", "rating", "causes", "confidence", "comment"]
# What the code of a view takes as given; a user's own notebook begins with it.
BEGIN = """from feedback_analysis import explore

shop = explore.open_shop({folder})
rows = explore.rows(shop)"""


@dataclass(frozen=True, eq=False)
class View(Result):
    """One look at the feedback found.

    Attributes
    ----------
    name : str
        ``time``, ``causes``, ``map`` or ``comments``.
    table : DataFrame
        What ``code`` gives.
    text : str
        What there is to see, in words.
    code : str
        Lines of pandas that make the table from ``rows``.
    measure : str
        Of the view over time: ``positive``, ``found`` (a share of all feedback) or ``counts``.
    labels : dict
        What people call each cause, by its id.
    """

    name: str
    table: pd.DataFrame
    text: str
    code: str
    measure: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: own_labels())

    def label_of(self, cause: str) -> str:
        """Return what people call a cause; an id that is not known stays as it is."""
        return self.labels.get(cause, cause)


def with_interval(counts: pd.DataFrame, *, minimum_n: int = 10) -> pd.DataFrame:
    """Add shares and their 95 % Wilson intervals to counts.

    Parameters
    ----------
    counts : DataFrame
        ``hits`` and the ``n`` they are of.
    minimum_n : int, default=10
        Below this ``n`` there is too little to give a share.

    Returns
    -------
    DataFrame
        ``hits``, ``n``, and ``share``, ``low``, ``high`` (0-1), missing below the minimum.
    """
    counts = counts.astype({"hits": "int64", "n": "int64"})
    enough = counts["n"] >= max(1, minimum_n)
    low, high = share_intervals(counts["hits"], counts["n"])
    share = counts["hits"] / counts["n"]
    table = counts.assign(share=share, low=low, high=high)
    return table.assign(**{name: table[name].where(enough) for name in ("share", "low", "high")})


def over_time(
    rows: pd.DataFrame,
    filters: Filters,
    *,
    minimum_n: int = 10,
    found: pd.DataFrame | None = None,
) -> View:
    """Follow the rating, or what was filtered for, over weeks or months.

    Parameters
    ----------
    rows : DataFrame
        What :func:`explore.rows` returns.
    filters : Filters
    minimum_n : int, default=10
        Below this number of feedbacks no share is given.
    found : DataFrame, optional
        What ``filters.apply(rows)`` gives, where it is known already.

    Returns
    -------
    View
        ``.table``: by ``date`` (a week or a month) ``hits``, ``n``, ``share``, ``low``, ``high``.
        Hits are the positive feedbacks, or what was found where filters look at stars or words;
        ``n`` is all feedback of those days and places. Only files with all stars count. Where
        there are none, ``hits`` alone: what was found.
    """
    found = filters.apply(rows) if found is None else found
    said = filters.selects_by_what_was_said
    placed = filters.where().apply(rows) if said else found
    rated = placed["source"].eq(ALL_RATINGS)
    step = _step(placed)
    by = f'groupby(where["date"].dt.to_period("{step}"))'
    if len(placed) and not rated.any():
        table = found.groupby(found["date"].dt.to_period(step)).size().to_frame("hits")
        code = f'where = {filters.lines()}\nwhere.{by}.size().to_frame("hits")'
        return View("time", table, _counts_words(len(found)), code, "counts")
    known = placed[rated]
    # What was found is what of the place fits by stars and words.
    inside = pd.Series(known.index.isin(found.index), known.index)
    hit = inside if said else known["rating"].ge(4)
    hits = hit.groupby(known["date"].dt.to_period(step))
    table = with_interval(hits.agg(hits="sum", n="size"), minimum_n=minimum_n)
    where = filters.lines(said=False, also=(f'rows["source"].eq("{ALL_RATINGS}")',))
    asked = filters.said_of("where") if said else 'where["rating"].ge(4)'
    if "\n" in asked:
        asked, where = "hit", f"{where}\nhit = {asked}"
    code = (
        f"where = {where}\n"
        f"hits = {_one(asked)}.{by}\n"
        f'explore.with_interval(hits.agg(hits="sum", n="size"), minimum_n={minimum_n})'
    )
    left = int((~rated).sum())
    measure = "found" if said else "positive"
    text = _share_words(table, measure, minimum_n, left)
    return View("time", table, text, code, measure)


def _one(asked: str) -> str:
    """Put several conditions into brackets, so that what follows is asked of all."""
    return f"({asked})" if " & " in asked else asked


def _step(placed: pd.DataFrame) -> str:
    days = placed["date"].agg(["min", "max"])
    short = len(placed) and (days["max"] - days["min"]).days <= DAYS_BY_WEEK
    return "W" if short else "M"


def _share_words(table: pd.DataFrame, measure: str, minimum_n: int, left: int) -> str:
    hits, n = int(table["hits"].sum()), int(table["n"].sum())
    fit = f"of these days and places {'fits' if hits == 1 else 'fit'} the filters"
    what = f"{'is' if hits == 1 else 'are'} positive" if measure == "positive" else fit
    of = f"{hits:,} of {several(n, 'feedback')} {what}"
    if n == 0:
        text = "There is no feedback here that a share could be of."
    elif n < minimum_n:
        text = f"{of}: too few to give a share."
    else:
        low, high = (float(end[0]) for end in share_intervals([hits], [n]))
        text = f"{of}: {percent(hits / n)} (95 % interval {percent_range(low, high)})."
    if left:
        text += (
            f" {several(left, 'feedback')} from files that hold only 1 to 3 stars "
            f"{'is' if left == 1 else 'are'} in no share."
        )
    return text


def _counts_words(n: int) -> str:
    return (
        f"{several(n, 'feedback')} found. The files of this selection hold only 1 to 3 stars, so "
        "they can be counted, and no share can be given."
    )


def by_cause(
    rows: pd.DataFrame,
    filters: Filters,
    *,
    found: pd.DataFrame | None = None,
    labels: Mapping[str, str] | None = None,
) -> View:
    """Count the causes of the feedback found.

    Parameters
    ----------
    rows : DataFrame
        What :func:`explore.rows` returns.
    filters : Filters
    found : DataFrame, optional
        What ``filters.apply(rows)`` gives, where it is known already.
    labels : dict, optional
        What the shop's causes are called, by id; by default those of the package.

    Returns
    -------
    View
        ``.table``: ``cause`` (id) and ``comments``, the commonest first. A comment with two causes
        counts for both; ``unclear`` states none.
    """
    found = filters.apply(rows) if found is None else found
    labels = own_labels() if labels is None else labels
    ids = found["causes"].explode().dropna()
    counted = ids[ids.ne(UNCLEAR)].value_counts()
    table = counted.rename_axis("cause").reset_index(name="comments")
    code = (
        f"found = {filters.lines()}\n"
        'ids = found["causes"].explode().dropna()\n'
        f'ids[ids.ne("{UNCLEAR}")].value_counts().rename_axis("cause").reset_index(name="comments")'
    )
    unhappy = int(found["rating"].le(3).sum())
    states = int(ids.index[ids.ne(UNCLEAR)].nunique())
    if not unhappy:
        text = "There is no feedback of 1 to 3 stars here; only that is labelled."
    elif table.empty:
        text = f"None of the {unhappy:,} feedbacks of 1 to 3 stars states a cause."
        if unhappy == 1:
            text = "The only feedback of 1 to 3 stars states no cause."
    else:
        most = in_sentence(labels.get(table["cause"].iloc[0], table["cause"].iloc[0]))
        text = (
            f"{states:,} of {several(unhappy, 'feedback')} of 1 to 3 stars "
            f"{'states' if states == 1 else 'state'} a cause; the commonest is {most} "
            f"({int(table['comments'].iloc[0]):,}). The labels are a program's and sometimes wrong."
        )
    return View("causes", table, text, code, labels=labels)


def comments(
    rows: pd.DataFrame,
    filters: Filters,
    *,
    first: int = LISTED,
    found: pd.DataFrame | None = None,
    labels: Mapping[str, str] | None = None,
) -> View:
    """List the feedback found, newest first, down to the masked comment.

    Parameters
    ----------
    rows : DataFrame
        What :func:`explore.rows` returns.
    filters : Filters
    first : int, default=300
        How many to list.
    found : DataFrame, optional
        What ``filters.apply(rows)`` gives, where it is known already.
    labels : dict, optional
        What the shop's causes are called, by id; by default those of the package.

    Returns
    -------
    View
        ``.table``: date, marketplace, channel, asin, rating, causes, confidence and comment, with
        the index of ``rows``. Without the comment where quotes are left out (``quotes.shown``).
    """
    found = filters.apply(rows) if found is None else found
    names = [name for name in LIST if name != "comment" or quotes.shown()]
    # Rows stand oldest first, so the newest are the last ones: no sort of all that was found.
    table = found[names].iloc[::-1].head(first)
    code = (
        f"found = {filters.lines()}\n"
        f"columns = {_listed(names)}\n"
        f"found[columns].iloc[::-1].head({first})"
    )
    n = len(found)
    text = f"{several(n, 'feedback')} found" + (
        f"; the newest {first:,} are listed." if n > first else "."
    )
    labels = own_labels() if labels is None else labels
    return View("comments", table, _as_told(text), code, labels=labels)


def on_map(
    rows: pd.DataFrame,
    filters: Filters,
    places: pd.DataFrame | None,
    *,
    found: pd.DataFrame | None = None,
    labels: Mapping[str, str] | None = None,
) -> View:
    """Find the comments on the map.

    Parameters
    ----------
    rows : DataFrame
        What :func:`explore.rows` returns.
    filters : Filters
    places : DataFrame or None
        What :func:`explore.places` returns; None while the map is not laid out.
    found : DataFrame, optional
        What ``filters.apply(rows)`` gives, where it is known already.
    labels : dict, optional
        What the shop's causes are called, by id; by default those of the package.

    Returns
    -------
    View
        ``.table``: ``x``, ``y``, ``rating``, ``causes`` and ``comment`` of each feedback of 1 to
        3 stars found whose comment has a place, with the index of ``rows``. Without the comment
        where quotes are left out.
    """
    columns = ["x", "y", "rating", "causes", *(["comment"] if quotes.shown() else [])]
    labels = own_labels() if labels is None else labels
    found = filters.apply(rows) if found is None else found
    code = (
        "places = explore.places(shop, rows)\n"
        f"found = {filters.lines()}\n"
        'unhappy = found[found["rating"].le(3)]\n'
        f'unhappy.join(places, on="comment", how="inner")[{_listed(columns)}]'
    )
    if places is None:
        empty = pd.DataFrame(columns=columns)
        return View("map", empty, "The map is not laid out yet.", code, labels=labels)
    # Happy buyers may write the very same words, and have no place by them.
    unhappy = found[found["rating"].le(3)]
    table = unhappy.join(places, on="comment", how="inner")[columns]
    written = int(unhappy["comment"].str.strip().ne("").sum())
    text = (
        f"{len(table):,} of {several(written, 'comment')} of 1 to 3 stars found "
        f"{'is' if len(table) == 1 else 'are'} on the map; "
        "near each other they say alike things, whatever the language. The axes mean nothing."
    )
    return View("map", table, _as_told(text), code, labels=labels)


@cache
def own_labels() -> Mapping[str, str]:
    """Return what the package's own causes are called, by id."""
    return {cause.id: cause.label for cause in own_taxonomy().causes}


def _as_told(text: str) -> str:
    """Say so where buyers' words are left out."""
    return text if quotes.shown() else f"{text} {quotes.LEFT_OUT}"


def _listed(names: list[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
