"""The table of comments, to sort, search and choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from itables.widget import ITable

from feedback_analysis.explore.views import View, own_labels
from feedback_analysis.shares import part_percent

HEADINGS = {
    "date": "Day", "marketplace": "Market", "channel": "Shipped by", "asin": "Product",
    "rating": "Stars", "causes": "Causes", "confidence": "Own score", "comment": "Comment",
}  # fmt: skip
OPTIONS: dict[str, Any] = {
    "select": "single",
    # What buyers wrote is text.
    "allow_html": False,
    "showIndex": False,
    # All that is listed is sent; how much that is, the view decides.
    "maxBytes": 0,
    "classes": "display compact",
    "style": "table-layout:auto;width:100%",
    "columnDefs": [{"targets": [0], "className": "dt-nowrap"}],
    "pageLength": 10,
    "lengthMenu": [10, 25, 100],
}


class Listing:
    """A table widget; what buyers wrote is shown as text, never taken for HTML."""

    def __init__(self) -> None:
        self._index = pd.Index([])
        empty = readable(pd.DataFrame(columns=list(HEADINGS)))
        self.widget = ITable(empty, selected_rows=[], **OPTIONS)

    def show(self, view: View) -> None:
        """Show a view of comments.

        Parameters
        ----------
        view : View
        """
        self._index = view.table.index
        # An update forgets whatever option it is not told again.
        self.widget.update(readable(view.table, view.labels), selected_rows=[], **OPTIONS)

    def on_choice(self, take: Callable[[int], None]) -> None:
        """Call a function with the index of the feedback that is chosen.

        Parameters
        ----------
        take : callable
        """

        def chosen(change: Any) -> None:
            places = [place for place in change["new"] if place < len(self._index)]
            if places:
                take(int(self._index[places[0]]))

        self.widget.observe(chosen, "selected_rows")


def readable(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return comments with headings and values for people.

    Parameters
    ----------
    table : DataFrame
        Of the view ``comments``.
    labels : dict, optional
        What the causes are called, by id.

    Returns
    -------
    DataFrame
        Text and whole numbers in every column.
    """
    shown, labels = table.rename(columns=HEADINGS), own_labels() if labels is None else labels
    if len(table):
        shown["Day"] = table["date"].dt.strftime("%Y-%m-%d")
        shown["Causes"] = [
            ", ".join(labels.get(each, each) for each in ids) for ids in table["causes"]
        ]
        sure = table["confidence"]
        shown["Own score"] = [part_percent(each) if each == each else "" for each in sure]
    return shown
