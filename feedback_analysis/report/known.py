"""What the gate knows of a shop: private names, products, comments, and what may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from feedback_analysis.names import COMMON, Names
from feedback_analysis.report.repeats import as_words
from feedback_analysis.service.own_causes import taxonomy_of
from feedback_analysis.small_groups import rarely_bought
from feedback_analysis.tallies import UNSTATED

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
    comments : iterable of str
        What buyers wrote, as often as it is asked for.
    quotes : {"masked", "none"}
        With ``none`` no comment may be on a page.
    """

    names: Names = field(default_factory=Names)
    codes: frozenset[str] = frozenset()
    rare: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    minimum: int = 1
    allowed: str = " "
    comments: Iterable[str] = ()
    quotes: str = "masked"

    def is_stated(self, phrase: str) -> bool:
        """Tell whether words stand in what the shop states about itself."""
        return as_words(phrase) in self.allowed

    def spares(self, comment: str) -> bool:
        """Tell whether a short comment is also a product's number, or what the shop says."""
        return comment.strip() in self.products or self.is_stated(comment)


@dataclass(frozen=True, eq=False)
class Comments:
    """The different comments of some columns, read anew each time: there may be millions.

    Parameters
    ----------
    columns : tuple of Series
        Of comments; what is missing or empty is none.
    """

    columns: tuple[pd.Series, ...]

    def __iter__(self) -> Iterator[str]:
        for column in self.columns:
            yield from filter(None, column.dropna().unique())


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
    stated = [shop.settings.model_dump_json(exclude={"salt", "files"}), *_common_words(shop)]
    stated += [cause.label for cause in taxonomy_of(shop).causes]
    return Known(
        names=names,
        codes=frozenset(code for code in products if code.replace("-", "").isdigit()),
        rare=rarely_bought(shop, shop.settings.minimum_n),
        products=frozenset(products),
        minimum=shop.settings.minimum_n,
        allowed=as_words(" ".join(stated)),
        comments=Comments((shop.feedback["comment"], shop.returns["comment"])),
        quotes=quotes,
    )


def _common_words(shop: Any) -> Iterable[str]:
    """Return what many rows have in common, such as carriers; employees, however few rows."""
    for table, column in _WORDS_OF_THE_SHOP:
        counts = getattr(shop, table)[column].dropna().value_counts()
        yield from counts.index[counts >= (1 if column == "owner" else COMMON)]
    carriers = shop.tallies.carriers.groupby("carrier")["orders"].sum()
    yield from carriers.index[carriers >= COMMON]
