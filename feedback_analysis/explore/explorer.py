"""The state of an exploration: what is filtered, what that shows, and what a person corrects.

There is no widget here, so a notebook without a screen, a script or a test can do all of it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from feedback_analysis.causes.corrections import plain, said_of
from feedback_analysis.causes.corrections_log import add_correction
from feedback_analysis.errors import ReportError
from feedback_analysis.explore.filters import COLUMN, Filters, quoted
from feedback_analysis.explore.map_places import places
from feedback_analysis.explore.views import BEGIN, View, by_cause, comments, on_map, over_time
from feedback_analysis.memory.form import shop_folder
from feedback_analysis.periods import Period
from feedback_analysis.service.labels import CORRECTIONS, by_hand, corrections_at
from feedback_analysis.service.own_causes import taxonomy_of

if TYPE_CHECKING:
    from feedback_analysis.explore.board import Panel

DAYS = 365


class Explorer:
    """A shop's feedback under filters.

    Parameters
    ----------
    shop : Shop
        Whose corrections are written.
    rows : DataFrame
        What :func:`explore.rows` returns.
    filters : Filters, optional
        What to begin with; all feedback by default.

    Attributes
    ----------
    rows : DataFrame
        With what was corrected since.
    filters : Filters
    taxonomy : Taxonomy
        The shop's causes: the package's and its own.
    labels : dict
        What each cause is called, by id.
    """

    def __init__(self, shop: Any, rows: pd.DataFrame, filters: Filters | None = None) -> None:
        self.shop = shop
        self.rows = rows
        self.filters = filters or Filters()
        self.places = places(shop, rows, kept_only=True)
        self._said = corrections_at(shop_folder(shop.folder))
        self._found: tuple | None = None
        self.taxonomy = taxonomy_of(shop)
        self.labels = {cause.id: cause.label for cause in self.taxonomy.causes}

    def set(self, **values: object) -> Explorer:
        """Change filters by name, as :meth:`Filters.changed` does, and return the explorer."""
        self.filters = self.filters.changed(**values)
        return self

    @property
    def begin(self) -> str:
        """The lines that a notebook of one's own begins with."""
        folder = Path(self.shop.folder)
        with suppress(ValueError):
            # On Windows another drive cannot be reached from here.
            folder = Path(os.path.relpath(folder))
        return BEGIN.format(folder=quoted(folder.as_posix()))

    def found(self) -> pd.DataFrame:
        """Return the feedback that fits the filters."""
        # Every view asks for it: it is worked out once for the same rows and filters.
        rows, filters, found = self._found or (None, None, None)
        if rows is not self.rows or filters != self.filters:
            found = self.filters.apply(self.rows, causes=self.taxonomy.ids)
            self._found = (self.rows, self.filters, found)
        return found

    def view(self, name: str) -> View:
        """Return one of the views ``time``, ``causes``, ``map`` and ``comments``.

        Parameters
        ----------
        name : str

        Returns
        -------
        View
        """
        given, found = (self.rows, self.filters), self.found()
        if name == "time":
            return over_time(*given, minimum_n=self.shop.settings.minimum_n, found=found)
        if name == "causes":
            return by_cause(*given, found=found, labels=self.labels)
        if name == "comments":
            return comments(*given, found=found, labels=self.labels)
        if name == "map":
            return on_map(*given, self.places, found=found, labels=self.labels)
        raise ReportError(f"there is no view '{name}'", expected="time, causes, map or comments")

    def lay_out(self) -> None:
        """Lay out the map, which takes some seconds the first time."""
        self.places = places(self.shop, self.rows)

    def choices(self, name: str) -> list[tuple[object, int]]:
        """Return the values that a filter can take, with how many feedbacks each has.

        Parameters
        ----------
        name : str
            Such as ``marketplace``.

        Returns
        -------
        list of (value, int)
            The commonest first.
        """
        column = self.rows[COLUMN[name]]
        if name in ("question", "cause"):
            column = column[column.map(len) > 0].explode()
        counted = column.dropna().value_counts()
        pairs = [(value, int(n)) for value, n in counted.items()]
        return sorted(pairs, key=lambda pair: (-pair[1], str(pair[0])))

    def correct(self, row: int, causes: list[str]) -> int:
        """Save what a person says of a comment, and take it over at once.

        Parameters
        ----------
        row : int
            Index of the feedback in ``rows``.
        causes : list of str
            Cause ids, most important first.

        Returns
        -------
        int
            Feedbacks whose causes are now these: all with the very same words.

        Raises
        ------
        ReportError
            If there are no words, an id is unknown, or the correction cannot be saved.
        """
        words, key = (self.rows.at[row, name] for name in ("comment", "order_key"))
        if not plain(words):
            raise ReportError("this buyer left stars and no words, so there is nothing to label")
        if self.rows.at[row, "rating"] > 3:
            raise ReportError("only feedback of 1 to 3 stars is labelled")
        key = key if isinstance(key, str) and key in self._said.by_key else ""
        home = shop_folder(self.shop.folder)
        known = said_of(self._said, words, key)
        try:
            add_correction(
                home / CORRECTIONS,
                words,
                causes,
                key,
                known=known,
                taxonomy=self.taxonomy,
            )
        except ReportError:
            # What somebody else said meanwhile is shown, to be looked at before the next try.
            self._said = corrections_at(home)
            if said_of(self._said, words, key) not in (known, ()):
                self._take_over(words, key)
            raise
        self._said = corrections_at(home)
        return self._take_over(words, key)

    def _take_over(self, words: str, key: str) -> int:
        """Put people's words into the rows, those of an order before those of its comment."""
        same = self.rows["comment"].map(plain).eq(plain(words)) & self.rows["rating"].le(3)
        keys = self.rows["order_key"]
        same &= keys.eq(key).fillna(False) if key else ~keys.isin(list(self._said.by_key))
        asked, causes, sure = by_hand(said_of(self._said, words, key), self.taxonomy)
        rows, n = self.rows.copy(), int(same.sum())
        index = rows.index[same]
        rows.loc[index, "questions"] = pd.Series([asked] * n, index, dtype=object)
        rows.loc[index, "causes"] = pd.Series([causes] * n, index, dtype=object)
        rows.loc[index, "confidence"] = sure
        self.rows = rows
        return n

    def __repr__(self) -> str:
        return f"{self.view('comments').text} Filters: {self.filters}."


def panel(shop: Any, rows: pd.DataFrame, *, period: str | Period | None = None) -> Panel:
    """Open the panel of filters and linked views on a shop's feedback.

    Parameters
    ----------
    shop : Shop
        From ``explore.open_shop`` or ``fa.read_folder``.
    rows : DataFrame
        What :func:`explore.rows` returns.
    period : str or Period, optional
        The month or week that the days end with at first; by default the last day known.

    Returns
    -------
    Panel
        Shown by leaving it as the last line of a cell.
    """
    # Widgets take half a second to import, and the rest of this room does without.
    from feedback_analysis.explore.board import Panel

    if period is not None and not isinstance(period, Period):
        period = Period.parse(period)
    last = rows["date"].max() if len(rows) else None
    end = period.end if period is not None else None if last is None else last.date()
    return Panel(Explorer(shop, rows, None if end is None else year_to(end)))


def year_to(end: date) -> Filters:
    """Return the filters of the 365 days to a day.

    Parameters
    ----------
    end : date
        The last day.

    Returns
    -------
    Filters
    """
    return Filters(start=end - timedelta(days=DAYS - 1), end=end)
