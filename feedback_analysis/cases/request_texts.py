"""Texts that ask for feedback as today's policy allows, with the links, checked by the guard."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from feedback_analysis.cases.guard import check_text
from feedback_analysis.marketplaces import marketplaces

ORDER, ASIN = "[order id]", "[ASIN]"


def request_texts(markets: Iterable[str]) -> pd.DataFrame:
    """Return a neutral request and a slip for the parcel for each marketplace.

    Parameters
    ----------
    markets : iterable of str
        Codes such as ``US``.

    Returns
    -------
    DataFrame
        ``marketplace``, ``language``, ``use`` (request or slip), ``text`` (with the links, and
        places for the order and the product in brackets), ``findings``: how many rules the guard
        finds broken in it, which is none. Links follow Amazon's usual form of address; open each
        once before you use it.
    """
    rows = []
    for code in dict.fromkeys(markets):
        market = marketplaces().get(code)
        language = _table()["languages"].get(code, "en")
        if market is None:
            continue
        for use in ("request", "slip"):
            text = _table()[use][language].format(
                order=ORDER,
                feedback=feedback_link(code, ORDER if use == "request" else None),
                product=product_link(code, ASIN),
            )
            rows.append((code, language, use, text, len(check_text(text, use=use))))
    return pd.DataFrame(rows, columns=["marketplace", "language", "use", "text", "findings"])


def feedback_link(code: str, order: str | None = None) -> str:
    """Return the address at which a buyer leaves feedback.

    Parameters
    ----------
    code : str
        Marketplace.
    order : str, optional
        Order id; without it, the buyer chooses the order.

    Returns
    -------
    str
    """
    name = "any_feedback" if order is None else "feedback"
    return _table()["links"][name].format(domain=marketplaces()[code].domain, order=order)


def product_link(code: str, asin: str) -> str:
    """Return the address at which a buyer reviews a product.

    Parameters
    ----------
    code : str
        Marketplace.
    asin : str
        Amazon's number of the product.

    Returns
    -------
    str
    """
    return _table()["links"]["product"].format(domain=marketplaces()[code].domain, asin=asin)


@cache
def _table() -> dict[str, Any]:
    text = files("feedback_analysis.cases").joinpath("request_texts.toml").read_text("utf-8")
    return tomllib.loads(text)
