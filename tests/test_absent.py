"""A module can look as if it were not installed, and is as it was afterwards."""

import importlib
import sys

import pytest

from feedback_analysis.absent import absent


def test_a_module_is_absent_only_inside(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with absent("colorsys"), pytest.raises(ImportError, match="colorsys"):
        importlib.import_module("colorsys")
    assert importlib.import_module("colorsys").rgb_to_hsv


def test_what_is_imported_already_stays():
    there = sys.modules["pytest"]
    with absent("pytest"):
        assert importlib.import_module("pytest") is there
    assert sys.modules["pytest"] is there
