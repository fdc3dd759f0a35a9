"""What is explored: one table of all feedback, with its labels and what is known of its order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from feedback_analysis.amazon.folder import read_folder
from feedback_analysis.causes.language import guesser
from feedback_analysis.errors import ReportError
from feedback_analysis.health.row_spans import NEGATIVES_ONLY
from feedback_analysis.health.tally import UNSTATED
from feedback_analysis.memory import readings
from feedback_analysis.service import label_feedback
from feedback_analysis.service.complaints import with_orders
from feedback_analysis.shop import Shop

COLUMNS = [
    "date", "marketplace", "channel", "asin", "sku", "rating", "comment", "language", "questions",
    "causes", "confidence", "source", "order_key",
]  # fmt: skip
# What a reading is made of, beside everything below amazon/.
BESIDE = ("shop.toml", "cases.xlsx", "cases.csv", "asks.xlsx", "asks.csv")


def open_shop(folder: str | Path) -> Shop:
    """Open a shop to explore it: what the last report read, if no file has changed since.

    Parameters
    ----------
    folder : str or Path
        The shop's folder.

    Returns
    -------
    Shop
        The same as ``fa.read_folder`` gives. A reading that a report has kept opens in a
        fraction of the time. It is taken when nothing of the shop is newer, nor the package, which
        may read otherwise by now.

    Raises
    ------
    ReportError
        If a file cannot be read or used.
    """
    folder = Path(folder)
    try:
        kept = readings(folder)
        if kept and _touched(folder) < kept[-1].folder.stat().st_mtime:
            return kept[-1].shop()
    except (ReportError, OSError):
        # A damaged reading is no reason not to look: the files themselves are there.
        pass
    return read_folder(folder)


def _touched(folder: Path) -> float:
    """Return when anything that is read was last changed; a folder's own time tells of removals."""
    root = folder / "amazon"
    beside = [folder / name for name in BESIDE]
    package = Path(__file__).resolve().parents[1].rglob("*.*")
    every = [root, *root.rglob("*"), *(path for path in beside if path.exists())]
    every += [path for path in package if path.suffix in (".py", ".toml")]
    return max(path.stat().st_mtime for path in every)


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
