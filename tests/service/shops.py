"""A shop whose complaints can be counted by hand."""

import pandas as pd

from feedback_analysis.service.confusion import Confusion
from feedback_analysis.settings import Settings
from tests.report.hand_made import feedback, finished, orders, shop

END = "2026-10-31"
# Counts of labels as they are, so that a reader can follow them.
AT_THEIR_WORD = Confusion("Rates are of the labels as found.", 0, False)


def labelled(rows, *, five=0, five_before=0, **more):
    """Return a shop and labels of (day, rating, comment, causes, channel) rows, and five stars.

    ``causes`` is a tuple of ids, or None for a comment without labels. The five stars are left on
    15 October and, the ones before, on 15 July.
    """
    question = more.pop("question_of")
    bad = [(day, rating, f"o{number}") for number, (day, rating, *_) in enumerate(rows)]
    good = [("2026-10-15", 5)] * five + [("2026-07-15", 5)] * five_before
    table = feedback([*bad, *good])
    comments = [row[2] for row in rows] + [""] * len(good)
    table = table.assign(comment=pd.Series(comments, dtype=table["comment"].dtype))
    placed = orders(
        [(f"o{n}", row[0], f"A{n % 3}", row[4] if len(row) > 4 else "seller")
         for n, row in enumerate(rows)]
        + [(f"p{n}", "2026-10-10", "A0", "seller") for n in range(more.pop("placed", 0))]
    )  # fmt: skip
    causes = [row[3] or () for row in rows]
    asked = [tuple(dict.fromkeys(question[each] for each in ids)) for ids in causes]
    labels = pd.DataFrame(
        {
            "questions": pd.Series(asked, dtype=object),
            "causes": pd.Series(causes, dtype=object),
            "confidence": [0.9] * len(rows),
        }
    )
    settings = more.pop("settings", Settings(name="Small"))
    return shop(feedback=table, orders=placed, settings=settings, **more), labels


def account_health(rows):
    """Return account health of (marketplace, measure, channel, rate, target, condition, total)."""
    names = ["marketplace", "measure", "channel", "rate", "target", "condition", "total"]
    frame = pd.DataFrame(rows, columns=names)
    return finished("account_health", frame.assign(end=pd.Timestamp("2026-10-31"), events=0))
