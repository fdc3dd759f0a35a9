"""Amazon's marketplaces: code, id, domain, currency, date form and time zone, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from feedback_analysis.errors import ReportError, did_you_mean


@dataclass(frozen=True)
class Marketplace:
    """One marketplace, as ``amazon/marketplaces.toml`` describes it."""

    code: str
    name: str
    id: str
    domain: str
    currency: str
    date_format: str
    timezone: str
    encoding: str = "cp1252"
    also: tuple[str, ...] = ()


@cache
def marketplaces() -> dict[str, Marketplace]:
    """Return every known marketplace by its code (``US``, ``UK``, ``DE``, ...)."""
    text = files("feedback_analysis.amazon").joinpath("marketplaces.toml").read_text("utf-8")
    return {
        code: Marketplace(code=code, **{**entry, "also": tuple(entry.get("also", ()))})
        for code, entry in tomllib.loads(text).items()
    }


@cache
def _names() -> dict[str, str]:
    names = {}
    for market in marketplaces().values():
        for name in (market.code, market.id, market.domain, *market.also):
            names[name.casefold()] = market.code
        names[f"www.{market.domain}"] = market.code
    return names


def find_code(name: str) -> str | None:
    """Return the code for a code, id or domain (``GB``, ``A1F8...``, ``Amazon.co.uk``), or None."""
    return _names().get(str(name).strip().casefold())


def marketplace(name: str) -> Marketplace:
    """Return the marketplace of a code, id or domain.

    Raises
    ------
    ReportError
        If Amazon has no such marketplace.
    """
    code = find_code(name)
    if code is None:
        known = sorted(marketplaces())
        raise ReportError(
            f"'{name}' is not a marketplace.{did_you_mean(str(name).upper(), known)}",
            expected=", ".join(known),
            found=repr(name),
            remedy="use one of these codes",
        )
    return marketplaces()[code]
