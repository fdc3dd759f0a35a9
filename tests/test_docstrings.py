"""Every public name says what it takes, returns and raises, in numpydoc's form."""

import dataclasses
import inspect
import tomllib

import pytest
from numpydoc.validate import validate

import feedback_analysis
from tests.project_files import ROOT

CHECKS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["numpydoc_validation"][
    "checks"
]
PUBLIC_NAMES = getattr(feedback_analysis, "__all__", [])
# A result's fields stand under Attributes, not under Parameters: nobody makes one by hand.
FIELDS = {"PR01", "PR02"}


def public_objects():
    """Return the dotted name and the object of every public class, function and method."""
    for name in PUBLIC_NAMES:
        item = getattr(feedback_analysis, name)
        if inspect.isclass(item) or inspect.isfunction(item):
            yield f"feedback_analysis.{name}", item
        if inspect.isclass(item):
            for method, value in vars(item).items():
                function = getattr(value, "__func__", value)
                if inspect.isfunction(function) and not method.startswith("_"):
                    yield f"feedback_analysis.{name}.{method}", function


PUBLIC = dict(public_objects())
RESULTS = [name for name, item in PUBLIC.items() if dataclasses.is_dataclass(item)]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_is_documented(name):
    wrong = [
        f"{code}: {text}"
        for code, text in validate(name)["errors"]
        if code in CHECKS and not (name in RESULTS and code in FIELDS)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_names_every_field_in_its_docstring(name):
    text = inspect.getdoc(PUBLIC[name])
    fields = [field.name for field in dataclasses.fields(PUBLIC[name])]
    assert [field for field in fields if field not in text] == []


def test_there_are_public_names():
    assert "read_folder" in PUBLIC_NAMES
