"""The panel that a notebook shows: filters on top, linked views below, a correction beside them.

Thin on purpose: every value that is shown comes from an :class:`Explorer`, which knows no widget.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import pandas as pd

from feedback_analysis.explore.correct import Corrector
from feedback_analysis.explore.explorer import Explorer
from feedback_analysis.explore.filters import STARS
from feedback_analysis.explore.listing import Listing
from feedback_analysis.explore.pictures import picture

TITLES = {"time": "Over time", "causes": "Causes", "map": "Map of comments"}
MEASURES = {
    "positive": "positive feedback",
    "found": "what fits, as a share of all feedback",
    "counts": "feedback found",
}
LISTS = {
    "marketplace": "Marketplace", "channel": "Shipped by", "question": "Question",
    "cause": "Cause", "product": "Product", "language": "Language",
}  # fmt: skip
LANGUAGES = {
    "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian",
    "ja": "Japanese", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "sv": "Swedish",
}  # fmt: skip
SPANS = ("365 days", "90 days", "30 days", "all days")
CODE = (
    'style="margin:4px 0;padding:6px 8px;background:#f6f8fa;color:#1f2328;overflow-x:auto;'
    'white-space:pre;font-size:12px;line-height:1.35"'
)


class Panel:
    """Widgets on an explorer.

    Parameters
    ----------
    explorer : Explorer
        What is explored; ``.explorer.filters`` and ``.explorer.view(name)`` can be used as well.
    """

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self._end = explorer.filters.end
        self._busy = False
        self.inputs = self._make_inputs()
        self.titles = {name: widgets.HTML() for name in TITLES}
        self.pictures = {name: widgets.HTML() for name in TITLES}
        self.codes = {name: widgets.HTML() for name in (*TITLES, "comments")}
        self.status = widgets.HTML()
        self.listing = Listing()
        self.corrector = Corrector(explorer, after=self.refresh)
        self.listing.on_choice(self.corrector.look_at)
        self.lay_out = widgets.Button(description="Lay out the map (some seconds, once)")
        self.lay_out.layout.width = "auto"
        self.lay_out.on_click(lambda _: self._lay_out())
        self.widget = self._arrange()
        self.refresh()

    def _make_inputs(self) -> dict[str, Any]:
        now, labels = self.explorer.filters, self.explorer.labels
        names = self.explorer.taxonomy.questions
        wide = widgets.Layout(width="190px")
        self.span = widgets.Dropdown(options=("own choice", *SPANS), value=SPANS[0], layout=wide)
        self.span.disabled = now.end is None
        self.span.observe(self._take_span, "value")
        self.clear = widgets.Button(description="Clear all filters", layout=wide)
        self.clear.on_click(lambda _: self._clear())
        made: dict[str, Any] = {
            "start": widgets.DatePicker(value=now.start, layout=wide, tooltip="First day"),
            "end": widgets.DatePicker(value=now.end, layout=wide, tooltip="Last day"),
            "rating": widgets.IntRangeSlider(
                value=(1, 5), min=1, max=5, continuous_update=False, layout=wide, tooltip="Stars"
            ),
            "words": widgets.Text(
                placeholder='late "never came"',
                continuous_update=False,
                layout=wide,
                tooltip="Words of the comment",
            ),
        }
        for name in LISTS:
            pairs = self.explorer.choices(name)
            text = {"question": names.get, "cause": labels.get, "language": _language}.get(
                name, str
            )
            options = [(f"{text(value) or value} ({n:,})", value) for value, n in pairs]
            layout = widgets.Layout(
                width="245px" if name == "question" else "200px", height="112px"
            )
            made[name] = widgets.SelectMultiple(options=options, layout=layout, tooltip=LISTS[name])
        for name, widget in made.items():
            widget.observe(self._take, "value")
            widget.tag = name
        return made

    def _arrange(self) -> Any:
        def titled(text: str, *children: Any) -> Any:
            return widgets.VBox([widgets.HTML(f"<b>{html.escape(text)}</b>"), *children])

        inputs = self.inputs
        days = titled("Days", self.span, inputs["start"], inputs["end"])
        said = titled("Stars, and words of the comment", inputs["rating"], inputs["words"])
        said.children += (self.clear,)
        lists = [titled(title, inputs[name]) for name, title in LISTS.items()]
        row = widgets.Layout(flex_flow="row wrap", grid_gap="4px 14px")
        filters = widgets.HBox([days, said, *lists], layout=row)
        half = widgets.Layout(width="48%", min_width="420px")
        views = [
            widgets.VBox([self.titles[name], self.pictures[name], self.codes[name]])
            for name in TITLES
        ]
        views[-1].children = (views[-1].children[0], self.lay_out, *views[-1].children[1:])
        for view in (*views, self.corrector.widget):
            view.layout = half
        linked = widgets.HBox([*views, self.corrector.widget], layout=row)
        listed = widgets.VBox(
            [widgets.HTML("<h4>Comments</h4>"), self.listing.widget, self.codes["comments"]]
        )
        hint = widgets.HTML(
            "Nothing chosen in a list means all of it; Ctrl or Shift chooses several. Point at a "
            "dot or a bar to read it; choose a row of the table to correct its cause."
        )
        begin = widgets.HTML(_code("How a notebook of your own begins", self.explorer.begin))
        return widgets.VBox([filters, hint, self.status, linked, listed, begin])

    def refresh(self) -> None:
        """Draw every view again."""
        explorer = self.explorer
        listed = explorer.view("comments")
        words = f"<b>{html.escape(listed.text)}</b> {html.escape(str(explorer.filters))}"
        self.status.value = f'<div style="margin:6px 0">{words}</div>'
        target = explorer.shop.settings.targets.positive_share
        for name in TITLES:
            view = explorer.view(name)
            drawn = picture(view, target=target, places=explorer.places)
            more = f": {MEASURES[view.measure]}" if view.measure else ""
            self.titles[name].value = f"<h4>{TITLES[name]}{more}</h4>"
            said = "" if view.table.empty else f"<p>{html.escape(view.text)}</p>"
            self.pictures[name].value = f'<div style="max-width:640px">{drawn}{said}</div>'
            self.codes[name].value = _code("In pandas", view.code)
        self.lay_out.layout.display = None if explorer.places is None else "none"
        self.listing.show(listed)
        self.codes["comments"].value = _code("In pandas", listed.code)
        self.corrector.forget()

    def set(self, **values: object) -> Panel:
        """Change filters from code, as :meth:`Explorer.set` does, and draw again.

        Parameters
        ----------
        **values
            By name, such as ``marketplace=("US",)``.

        Returns
        -------
        Panel
        """
        self.explorer.set(**values)
        self._show_filters()
        self.refresh()
        return self

    def _take(self, change: Any) -> None:
        if self._busy:
            return
        name, value = change["owner"].tag, change["new"]
        if name == "rating":
            value = tuple(star for star in STARS if value[0] <= star <= value[1])
        if name in ("start", "end"):
            self._quietly(lambda: setattr(self.span, "value", "own choice"))
        self.explorer.set(**{name: value})
        self.refresh()

    def _take_span(self, change: Any) -> None:
        if self._busy or change["new"] == "own choice":
            return
        days = {"start": None, "end": None}
        if change["new"] != "all days":
            n = int(change["new"].split()[0])
            days = {"start": self._end - pd.Timedelta(days=n - 1), "end": self._end}
        self.set(**days)

    def _clear(self) -> None:
        self._quietly(lambda: setattr(self.span, "value", "all days"))
        self.explorer.filters = type(self.explorer.filters)()
        self._show_filters()
        self.refresh()

    def _lay_out(self) -> None:
        self.lay_out.disabled, self.lay_out.description = True, "Laying out \N{HORIZONTAL ELLIPSIS}"
        self.explorer.lay_out()
        self.refresh()

    def _show_filters(self) -> None:
        """Let the widgets say what the filters are."""

        def put() -> None:
            for name, widget in self.inputs.items():
                value = getattr(self.explorer.filters, name)
                if name == "rating":
                    value = (min(value), max(value)) if value else (STARS[0], STARS[-1])
                elif name in LISTS:
                    known = {option for _, option in widget.options}
                    value = tuple(each for each in value if each in known)
                widget.value = value

        self._quietly(put)

    def _quietly(self, change: Callable[[], None]) -> None:
        self._busy = True
        try:
            change()
        finally:
            self._busy = False

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        bundle = self.widget._repr_mimebundle_(**keywords)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        return {**(data or {}), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return repr(self.explorer)


def _language(code: str) -> str:
    """Return a language's English name; where a buyer wrote nothing, there is none."""
    return LANGUAGES.get(code, "no words")


def _code(title: str, code: str) -> str:
    return (
        f'<details><summary style="cursor:pointer">{html.escape(title)}</summary>'
        f"<pre {CODE}>{html.escape(code)}</pre></details>"
    )
