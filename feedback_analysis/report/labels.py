"""The causes of complaints as labelled, for the pages that tell them beside other things."""

from __future__ import annotations

from typing import Any

import pandas as pd


def labels(shop: Any) -> pd.DataFrame | None:
    """Label the comments of the feedback of 1 to 3 stars.

    Parameters
    ----------
    shop : Shop
        With the table ``feedback``.

    Returns
    -------
    DataFrame or None
        ``questions``, ``causes`` and ``confidence`` with the index of the feedback, as
        ``label_comments`` gives them; None in a package without the labeller.
    """
    import feedback_analysis

    label = getattr(feedback_analysis, "label_comments", None)
    low = shop.feedback[shop.feedback["rating"] <= 3]
    return None if label is None or low.empty else label(low["comment"])
