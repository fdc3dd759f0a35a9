"""The last look before a page is written: nothing on it may name a buyer or an order."""

from __future__ import annotations

import html
import re

from feedback_analysis.errors import ReportError
from feedback_analysis.privacy import EMAIL, ORDER_ID

_NOT_TEXT = re.compile(r"<style>.*?</style>|data:image/png;base64,[\w+/=]+|<[^>]*>", re.DOTALL)
_ORDER_KEY = re.compile(r"\bo[0-9a-f]{16}\b")


def check_page(name: str, page: str, *, keys_allowed: bool) -> None:
    """Refuse a page that holds an e-mail or an order id.

    Parameters
    ----------
    name : str
        The page's file name.
    page : str
        Its HTML.
    keys_allowed : bool
        Whether pseudonyms of orders may be shown: on a notebook's own page they may.

    Raises
    ------
    ReportError
        Naming the page and how many were found, never what they are.
    """
    text = html.unescape(_NOT_TEXT.sub(" ", page))
    kinds = [("e-mail addresses", EMAIL), ("order ids", ORDER_ID)]
    if not keys_allowed:
        kinds.append(("keys of orders", _ORDER_KEY))
    for what, pattern in kinds:
        if count := len(pattern.findall(text)):
            raise ReportError(
                f"the page would show {what}, so the report was not written",
                file=name,
                expected=f"no {what} on a page that can be shared",
                found=str(count),
                remedy="take the column out of the notebook's table; comments are masked when read",
            )
