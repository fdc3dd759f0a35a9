"""What a channel is called: who ships an order. The words are data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def channel_names(way: str) -> Mapping[str, str]:
    """Return what ``amazon`` and ``seller`` are called in one way of speaking.

    Parameters
    ----------
    way : {"fulfilled", "shipped", "which", "shipper", "ships", "listed"}
        A table of ``channels.toml``.

    Returns
    -------
    mapping of str
        The channel's id to its name; ``fulfilled`` names ``all``, the orders of both, too.
    """
    text = files("feedback_analysis").joinpath("channels.toml").read_text("utf-8")
    return MappingProxyType(tomllib.loads(text)[way])
