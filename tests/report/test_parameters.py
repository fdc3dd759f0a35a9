"""Parameters of a notebook: only plain values, only known names."""

import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.report.parameters import parameter_names, set_parameters
from tests.report.hand_made import notebook


def test_the_names_of_the_parameters_cell_are_found_in_order():
    assert parameter_names(notebook(), name="a.ipynb") == ["SHOP", "PERIOD"]
    assert parameter_names(notebook(parameters=None), name="a.ipynb") == []


@pytest.mark.parametrize(
    "source",
    [
        "SHOP = open('x')",
        "import os",
        "SHOP = PERIOD = 'x'",
        "SHOP, PERIOD = 1, 2",
        "x.y = 1",
        "a =",
    ],
)
def test_anything_but_a_name_and_a_plain_value_is_refused(source):
    with pytest.raises(ReportError, match="parameters cannot be read"):
        parameter_names(notebook(parameters=source), name="a.ipynb")


def test_two_parameters_cells_are_refused():
    twice = notebook()
    twice.cells.append(twice.cells[1])
    with pytest.raises(ReportError, match="parameters cannot be read"):
        parameter_names(twice, name="a.ipynb")


def test_values_are_set_as_literals_right_after_the_parameters_cell():
    made = notebook("SHOP")
    set_parameters(made, {"SHOP": 'C:\\new "x"\n; boom()', "PERIOD": None}, name="a.ipynb")
    assert made.cells[2].id == "injected-parameters"
    assert made.cells[2].source == "SHOP = 'C:\\\\new \"x\"\\n; boom()'\nPERIOD = None"


def test_a_misspelt_name_is_refused_with_a_suggestion():
    with pytest.raises(ReportError, match="Did you mean 'PERIOD'"):
        set_parameters(notebook(), {"PERIODE": "2026-10"}, name="a.ipynb")
    with pytest.raises(ReportError, match="no parameter 'SHOP'"):
        set_parameters(notebook(parameters=None), {"SHOP": "x"}, name="a.ipynb")


def test_a_value_that_is_no_literal_is_refused():
    with pytest.raises(ReportError, match="value of 'SHOP' cannot be handed"):
        set_parameters(notebook(), {"SHOP": ["x"]}, name="a.ipynb")


def test_a_name_that_would_be_code_is_no_known_name():
    with pytest.raises(ReportError, match="no parameter"):
        set_parameters(notebook(), {'SHOP="x";print("PWNED");z': 1}, name="a.ipynb")
