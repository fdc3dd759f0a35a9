"""Run a notebook's code cells on a given shop, and keep every result instead of drawing it."""

import contextlib
import dataclasses
import io
import json
import os
from types import SimpleNamespace

import pandas as pd

import feedback_analysis

# Imported beforehand: the first import of the room would put it in the place of the recorder.
import feedback_analysis.charts
import feedback_analysis.report
from feedback_analysis.shop import Shop
from tests.project_files import ROOT


class Recorder:
    """Stands in for the room of charts: what would be shown is kept."""

    def __init__(self):
        self.shown = []

    def __getattr__(self, name):
        def keep(*arguments, **keywords):
            if name in ("show", "table_of", "words", "lead"):
                self.shown.append((name, [plain(each) for each in arguments]))
            return SimpleNamespace(of=name)

        return keep


def results_of(notebook, shop, monkeypatch):
    """Return what a notebook shows and prints of a shop, in order."""
    recorder = Recorder()
    monkeypatch.setattr(feedback_analysis, "charts", recorder)
    monkeypatch.setattr(feedback_analysis, "read_folder", lambda _: shop)
    path = ROOT / "notebooks" / f"{notebook}.ipynb"
    cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"]
             if cell["cell_type"] == "code"]  # fmt: skip
    space = {}
    folder = os.getcwd()
    os.chdir(path.parent)
    try:
        for cell in cells:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec("".join(cell["source"]), space)
            # Not the sample's own folder: what earlier reports kept there is no part of this.
            space["SHOP"] = str(shop.folder)
            if printed.getvalue():
                recorder.shown.append(("print", [printed.getvalue()]))
    finally:
        os.chdir(folder)
    return recorder.shown


def plain(value):
    """Return a result as frames, texts and numbers alone, so that two can be compared."""
    if isinstance(value, Shop | SimpleNamespace):
        return type(value).__name__
    if isinstance(value, pd.DataFrame | pd.Series | str | None):
        return value
    if dataclasses.is_dataclass(value):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {name: plain(each) for name, each in fields.items()}
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        ordered = sorted(value) if isinstance(value, set | frozenset) else value
        return [plain(each) for each in ordered]
    return repr(value)


def differences(one, other, place=""):
    """Return where two lists of results differ, in words."""
    if isinstance(one, pd.DataFrame | pd.Series):
        try:
            check = (pd.testing.assert_frame_equal if isinstance(one, pd.DataFrame)
                     else pd.testing.assert_series_equal)  # fmt: skip
            check(one, other, check_dtype=False, check_index_type=False, check_column_type=False)
        except (AssertionError, TypeError) as error:
            return [f"{place}: {str(error)[:400]}"]
        return []
    if type(one) is not type(other):
        return [f"{place}: {type(one).__name__} is not {type(other).__name__}"]
    if isinstance(one, list | tuple):
        if len(one) != len(other):
            return [f"{place}: {len(one)} things are not {len(other)}"]
        one, other = (dict(enumerate(values)) for values in (one, other))
    if isinstance(one, dict):
        found = []
        for name in [*one, *(name for name in other if name not in one)]:
            found += differences(one.get(name), other.get(name), f"{place}.{name}")
        return found
    return [] if one == other else [f"{place}: {str(one)[:300]!r} is not {str(other)[:300]!r}"]
