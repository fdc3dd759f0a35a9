"""The words of what to do first, as ``actions.toml`` holds them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def action_texts() -> dict[str, Any]:
    """Return the texts of ``actions.toml``.

    Returns
    -------
    dict
        As the file lays them out.
    """
    path = files("feedback_analysis.report") / "actions.toml"
    return tomllib.loads(path.read_text("utf-8"))
