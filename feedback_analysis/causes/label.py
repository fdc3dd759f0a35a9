"""Labels comments: the package's own labeller, made once, or one for a user's taxonomy."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from feedback_analysis.causes.seeds import seeds

if TYPE_CHECKING:
    from feedback_analysis.causes.labeller import CauseLabeller


@cache
def own_labeller(encoder: str = "auto") -> CauseLabeller:
    """Return the labeller that the seed comments make."""
    # scikit-learn takes a second to import, and most commands do without.
    from feedback_analysis.causes.labeller import CauseLabeller

    rows = seeds()
    return CauseLabeller(encoder=encoder).fit(rows["comment"], rows["causes"])


def label_comments(
    comments: Iterable[str], taxonomy: object = None, corrections: object = None
) -> pd.DataFrame:
    """Say what each comment complains about.

    Parameters
    ----------
    comments : Series or iterable of str
        Comments as buyers wrote them, in any language.
    taxonomy : str, Path or Taxonomy, optional
        A file of causes of your own, instead of ours.
    corrections : str, Path or DataFrame, optional
        Comments with the causes that a person gave them; they count, and they teach.

    Returns
    -------
    DataFrame
        questions, causes (tuples of ids, most confident first) and confidence (0-1), with the
        index of the comments. A comment without text has no questions, no causes, no confidence.
    """
    given = comments if isinstance(comments, pd.Series) else pd.Series(list(comments), dtype=object)
    texts = given.fillna("").astype(str).str.strip()
    distinct = [text for text in texts.unique() if text]
    answers = dict(zip(distinct, own_labeller().label(distinct), strict=True))
    empty = ((), (), float("nan"))
    rows = [answers.get(text, empty) for text in texts]
    return pd.DataFrame(
        {
            "questions": pd.Series([row[0] for row in rows], index=given.index, dtype=object),
            "causes": pd.Series([row[1] for row in rows], index=given.index, dtype=object),
            "confidence": pd.Series([row[2] for row in rows], index=given.index, dtype=float),
        }
    )
