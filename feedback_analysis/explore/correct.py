"""One comment, what the labels say of it, and what a person says instead."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from feedback_analysis import quotes
from feedback_analysis.errors import ReportError
from feedback_analysis.explore.explorer import Explorer
from feedback_analysis.service.labels import CORRECTIONS
from feedback_analysis.shares import part_percent
from feedback_analysis.texts import several

NOTHING = "Choose a row of the table below to read it here and to correct its cause."


class Corrector:
    """Widgets to correct the causes of one comment.

    Parameters
    ----------
    explorer : Explorer
        Saves the correction.
    after : callable
        Called when something was saved.
    """

    def __init__(self, explorer: Explorer, *, after: Callable[[], None]) -> None:
        self.explorer, self._after = explorer, after
        self.row: int | None = None
        taxonomy = explorer.taxonomy
        options = [
            (f"{taxonomy.questions[cause.question].rstrip('?')}: {cause.label}", cause.id)
            for cause in taxonomy.causes
        ]
        wide = widgets.Layout(width="100%", height="150px")
        self.words = widgets.HTML()
        self.causes = widgets.SelectMultiple(options=options, layout=wide)
        self.save = widgets.Button(description="Save", button_style="primary")
        self.save.on_click(lambda _: self.keep())
        self.told = widgets.HTML()
        self.widget = widgets.VBox(
            [
                widgets.HTML("<h4>One comment</h4>"),
                self.words,
                self.causes,
                widgets.HBox([self.save, self.told]),
            ]
        )
        self.forget()

    def forget(self) -> None:
        """Show no comment."""
        self.row = None
        self.words.value, self.told.value = f"<p>{NOTHING}</p>", ""
        self._allow(False)

    def look_at(self, row: int) -> None:
        """Show a comment with its causes.

        Parameters
        ----------
        row : int
            Index of the feedback.
        """
        one = self.explorer.rows.loc[row]
        said = one["comment"].strip() or "(stars only)"
        if not quotes.shown():
            said = quotes.LEFT_OUT
        where = (
            f"{one['date']:%Y-%m-%d}, {one['marketplace']}, {one['asin']}, "
            f"{several(int(one['rating']), 'star')}"
        )
        names = self.explorer.labels
        labels = ", ".join(names.get(each, each) for each in one["causes"]) or "no cause"
        known = one["confidence"] == one["confidence"]
        score = f" (own score {part_percent(one['confidence'])})" if known else ""
        self.words.value = (
            f'<p style="color:#6b7280">{html.escape(where)}</p>'
            f'<p style="font-size:1.1em">{html.escape(said)}</p>'
            f"<p>Labelled: {html.escape(labels)}{score}.</p>"
        )
        self.row, self.told.value = row, ""
        self.causes.value = tuple(one["causes"])
        self._allow(bool(one["comment"].strip()) and one["rating"] <= 3)

    def keep(self) -> None:
        """Save what is chosen, and say what came of it."""
        if self.row is None:
            return
        row, chosen = self.row, list(self.causes.value)
        try:
            n = self.explorer.correct(row, chosen)
            told = (
                f"Saved in {CORRECTIONS}; {several(n, 'feedback')} with these words "
                f"{'is' if n == 1 else 'are'} relabelled. The next report learns from it."
            )
        except ReportError as error:
            told = str(error)
        self._after()
        self.look_at(row)
        self.told.value = f"<span>{html.escape(told)}</span>"

    def _allow(self, allowed: bool) -> None:
        self.save.disabled = self.causes.disabled = not allowed
        display: Any = None if self.row is not None else "none"
        self.causes.layout.display = self.save.layout.display = display
