"""The words of the pages, explained; the words themselves are data, in glossary.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def glossary_words() -> list[dict[str, Any]]:
    """Return the words in the order of the page.

    Returns
    -------
    list of dict
        ``id``, ``term``, ``meaning`` and ``spelled``, the spellings that a page may use.
    """
    text = files("feedback_analysis.report").joinpath("glossary.toml").read_text("utf-8")
    return tomllib.loads(text)["word"]
