"""Every result with a table and a text reads well in a notebook, in a terminal and in code."""

import dataclasses
import importlib
import inspect

import pandas as pd
import pytest

from feedback_analysis.results import ROWS, Result
from tests.project_files import PACKAGE, package_modules

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
EVIL = '<script>alert("x")</script> & more'


def result_classes():
    """Return every dataclass of the package that has a table and a text."""
    found = {}
    for path in package_modules():
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if parts[-1] == "__main__":
            continue
        module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
        for name, item in vars(module).items():
            if inspect.isclass(item) and item.__module__ == module.__name__:
                names = {*getattr(item, "__dataclass_fields__", {}), *vars(item)}
                if dataclasses.is_dataclass(item) and {"table", "text"} <= names:
                    found[name] = item
    return found


CLASSES = result_classes()


def made(kind, table, text):
    """Return a result without the work that leads to one."""
    result = object.__new__(kind)
    # Some results put their sentences together when they are asked.
    for name, value in {"table": table, "text": text, "sentences": [text]}.items():
        if name in kind.__dataclass_fields__:
            object.__setattr__(result, name, value)
    return result


def test_the_public_results_are_among_them():
    public = {"FeedbackRating", "ReviewEffect", "CaseList", "Scorecard", "Audit", "View"}
    assert public <= set(CLASSES)
    assert len(CLASSES) >= 30


@pytest.mark.parametrize("name", CLASSES)
def test_a_result_reads_well_everywhere(name):
    kind = CLASSES[name]
    assert issubclass(kind, Result), f"{name} has a table and a text: derive it from Result"
    assert kind.__dataclass_params__.frozen, f"{name} can be changed: @dataclass(frozen=True)"
    table = pd.DataFrame({"<b>": [EVIL, "plain"], "share": [0.954321, None]})
    result = made(kind, table, f"The share is 95.4 %. {EVIL}")
    page, words = result._repr_html_(), str(result)
    assert repr(result) == words
    assert "The share is 95.4 %." in words
    assert "0.9543" in words
    assert "plain" in page
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page


class Small(Result):
    def __init__(self, table, text="Two lines.\nIn all."):
        self.table, self.text = table, text


def test_a_long_table_is_shown_in_part_and_the_rest_is_told():
    small = Small(pd.DataFrame({"n": range(ROWS + 3)}))
    assert "and 3 rows more in .table" in str(small)
    assert "and 3 rows more in .table" in small._repr_html_()
    assert small._repr_html_().count("<tr") == ROWS + 1


def test_a_result_without_a_row_is_its_words():
    small = Small(pd.DataFrame({"n": []}))
    assert str(small) == "Two lines.\nIn all."
    assert small._repr_html_() == "<div><p>Two lines.</p><p>In all.</p></div>"


def test_cells_are_written_for_people():
    table = pd.DataFrame(
        {
            "day": pd.to_datetime(["2026-10-31", None]),
            "ids": [("late_delivery", "expired"), ()],
            "share": [0.5, float("nan")],
            "comment": ["word " * 40, "two\nlines"],
        },
        index=pd.Index(["US", "UK"], name="market"),
    )
    text = str(Small(table))
    assert "2026-10-31" in text
    assert "late_delivery, expired" in text
    assert "two lines" in text
    assert "market" in text
    assert f"word{ELLIPSIS}" in text.replace(f" {ELLIPSIS}", ELLIPSIS)
    assert text.count("word") <= 12
    assert "NaT" not in text
    assert "nan" not in text
    assert "None" not in text


def test_two_columns_of_one_name_are_both_shown():
    table = pd.DataFrame([[1, 2]], columns=["n", "n"])
    assert "1" in str(Small(table))
    assert "2" in str(Small(table))
