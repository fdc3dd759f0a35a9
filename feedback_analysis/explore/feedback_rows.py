"""What is explored: one table of all feedback, with its labels and what is known of its order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from feedback_analysis.amazon.reading import read_unless_kept
from feedback_analysis.causes.language import guesser
from feedback_analysis.health.tally import UNSTATED
from feedback_analysis.service import label_feedback
from feedback_analysis.service.complaints import with_orders
from feedback_analysis.shop import Shop
from feedback_analysis.tables import NEGATIVES_ONLY

COLUMNS = [
    "date", "marketplace", "channel", "asin", "sku", "rating", "comment", "language", "questions",
    "causes", "confidence", "source", "order_key",
]  # fmt: skip


def open_shop(folder: str | Path) -> Shop:
    """Open a shop to explore it: what was read last, if no file has changed since.

    Parameters
    ----------
    folder : str or Path
        The shop's folder.

    Returns
    -------
    Shop
        The same as ``fa.read_folder`` gives. What was read is kept in the shop's private folder
        and opens in a fraction of the time, as long as every file holds the same.

    Raises
    ------
    ReportError
        If a file cannot be read or used.
    """
    return read_unless_kept(folder)[0]


def rows(shop: Any) -> pd.DataFrame:
    """Return all feedback that counts, ready to be filtered.

    What a person corrected counts at once; what it teaches of other comments, the next report
    learns.

    Parameters
    ----------
    shop : Shop
        From ``fa.read_folder`` or :func:`open_shop`.

    Returns
    -------
    DataFrame
        One row a feedback, oldest first: ``date``, ``marketplace``, ``channel`` (amazon or
        seller), ``asin``, ``sku`` (the order's first), ``rating`` (1 to 5), ``comment`` (masked;
        empty for stars only), ``language`` (guessed from the letters), ``questions``, ``causes``
        (tuples of ids; only feedback of 1 to 3 stars is labelled), ``confidence`` (0-1),
        ``source`` (``all ratings`` or ``1-3 stars only``) and ``order_key``. What is not known is
        ``not stated``. Struck and removed feedback is left out. Of a condensed shop, feedback of
        1 to 3 stars, as of a marketplace whose file holds no other.

    Notes
    -----
    Comments stand in this table also where quotes are left out (``quotes.use("none")``): filters
    look for words in them, the map is laid out by them, and a correction is of them. No view shows
    them then; a page of a notebook that shows the table itself is refused by the sharing gate.
    """
    feedback = shop.feedback[~shop.feedback["gone"]]
    if shop.is_condensed:
        # The good feedback that happens to be there would look like all of it.
        feedback = feedback[feedback["rating"].le(3)].assign(source=NEGATIVES_ONLY)
    found = with_orders(shop, feedback, label_feedback(shop, relearn=False))
    found["source"] = feedback["source"]
    found["comment"] = feedback["comment"].fillna("")
    for name in ("channel", "asin", "sku"):
        found[name] = found[name].astype("object").fillna(UNSTATED)
    found["language"] = _languages(found["comment"])
    texts = ["marketplace", "channel", "asin", "sku", "language"]
    found = found.astype(dict.fromkeys(texts, "str"))
    order = ["date", "marketplace", "rating", "comment"]
    return found[COLUMNS].sort_values(order, kind="stable").reset_index(drop=True)


def _languages(comments: pd.Series) -> pd.Series:
    written = comments[comments.str.strip().ne("")].drop_duplicates()
    if written.empty:
        return pd.Series(UNSTATED, comments.index, dtype="object")
    guessed = dict(zip(written, guesser()(written.tolist()), strict=True))
    return comments.astype("object").map(guessed).fillna(UNSTATED)
