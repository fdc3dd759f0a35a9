"""What the gate knows of a shop: private names, products, comments, and what may be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from feedback_analysis.names import COMMON, Names, is_own_phrase
from feedback_analysis.small_groups import rarely_bought
from feedback_analysis.spelling import plain_spelling
from feedback_analysis.tallies import UNSTATED

# So many words in a row are taken from a comment, and not by chance the same as a sentence of ours.
RUN = 6
# Signs in a row, where words are not parted by blanks.
SIGNS = 10
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PRODUCTS = (
    ("orders", "sku"), ("orders", "asin"), ("returns", "sku"), ("returns", "asin"),
    ("traffic", "child_asin"), ("traffic", "parent_asin"), ("reviews", "asin"),
)  # fmt: skip
_WORDS_OF_THE_SHOP = (
    ("shipments", "carrier"), ("orders", "status"), ("orders", "ship_service_level"),
    ("returns", "reason"), ("returns", "status"), ("returns", "resolution"), ("cases", "owner"),
    ("cases", "status"), ("cases", "resolution"), ("cases", "outcome"), ("asks", "how"),
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What a page is held against.

    Attributes
    ----------
    names : Names
        Names and addresses that the shop's files tell.
    codes : frozenset of str
        Numbers of products that are nothing but digits, and so look like a telephone's.
    rare : frozenset of str
        Products that too few orders hold to be named beside a quote.
    products : frozenset of str
        All numbers of products.
    minimum : int
        Smallest group that may stand beside a quote and a product.
    allowed : str
        Words that the shop states about itself, as :func:`as_words` gives them.
    comments : tuple of str
        What buyers wrote, where no quote may be shown; else none.
    """

    names: Names = field(default_factory=Names)
    codes: frozenset[str] = frozenset()
    rare: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    minimum: int = 1
    allowed: str = " "
    comments: tuple[str, ...] = ()

    def is_stated(self, phrase: str) -> bool:
        """Tell whether words stand in what the shop states about itself."""
        return as_words(phrase) in self.allowed


def know(shop: Any, names: Names, *, quotes: str = "masked") -> Known:
    """Gather what the gate has to know of a shop.

    Parameters
    ----------
    shop : Shop
        As the pages show it: up to the end of the period.
    names : Names
        From the shop's files.
    quotes : {"masked", "none"}
        With ``none`` no comment may be on a page.

    Returns
    -------
    Known
    """
    products: set[str] = set()
    for table, column in _PRODUCTS:
        products.update(getattr(shop, table)[column].dropna().unique())
    for column in ("sku", "asin"):
        products.update(set(shop.tallies.products[column]) - {UNSTATED})
    comments: list[str] = []
    if quotes == "none":
        for frame in (shop.feedback, shop.returns):
            comments += frame["comment"].dropna().unique().tolist()
    stated = [shop.settings.model_dump_json(exclude={"salt", "files"}), *_common_words(shop)]
    return Known(
        names=names,
        codes=frozenset(code for code in products if code.replace("-", "").isdigit()),
        rare=rarely_bought(shop, shop.settings.minimum_n),
        products=frozenset(products),
        minimum=shop.settings.minimum_n,
        allowed=as_words(" ".join(stated)),
        comments=tuple(comment for comment in comments if comment),
    )


def _common_words(shop: Any) -> Iterable[str]:
    """Return what many rows have in common, such as carriers; employees, however few rows."""
    for table, column in _WORDS_OF_THE_SHOP:
        counts = getattr(shop, table)[column].dropna().value_counts()
        yield from counts.index[counts >= (1 if column == "owner" else COMMON)]
    carriers = shop.tallies.carriers.groupby("carrier")["orders"].sum()
    yield from carriers.index[carriers >= COMMON]


def as_words(text: str) -> str:
    """Return a text's words without case, one blank before and after each."""
    return f" {' '.join(_WORD.findall(plain_spelling(text)[0].casefold()))} "


def quoted_places(comments: Iterable[str], texts: pd.Series) -> np.ndarray:
    """Find the texts that repeat a comment, or a stretch of one.

    Parameters
    ----------
    comments : iterable of str
        What buyers wrote.
    texts : Series of str
        What a page shows, piece by piece.

    Returns
    -------
    ndarray of int
        Places of the texts that repeat at least six words in a row (ten signs where words are not
        parted), or a whole comment of two to five words.
    """
    stretches: dict[int, list[int]] = {}
    wholes: dict[int, list[int]] = {}
    for place, text in enumerate(texts):
        words, signs = _parted(text)
        for stretch in {*_runs(words, RUN), *_runs(signs, SIGNS)}:
            stretches.setdefault(stretch, []).append(place)
        wholes.setdefault(hash(" ".join(words)), []).append(place)
    found: set[int] = set()
    for comment in comments:
        words, signs = _parted(comment)
        for at, stretch in enumerate(_runs(words, RUN)):
            if stretch in stretches and not is_own_phrase(" ".join(words[at : at + RUN])):
                found.update(stretches[stretch])
        for at, stretch in enumerate(_runs(signs, SIGNS)):
            if stretch in stretches and not is_own_phrase("".join(signs[at : at + SIGNS])):
                found.update(stretches[stretch])
        whole = " ".join(words)
        if 2 <= len(words) < RUN and hash(whole) in wholes and not is_own_phrase(whole):
            found.update(wholes[hash(whole)])
    return np.array(sorted(found), dtype=int)


def _parted(text: str) -> tuple[list[str], list[str]]:
    plain = plain_spelling(text)[0].casefold()
    return _WORD.findall(plain), _UNSPACED.findall(plain)


def _runs(parts: list[str], length: int) -> list[int]:
    return [hash(tuple(parts[at : at + length])) for at in range(len(parts) - length + 1)]
