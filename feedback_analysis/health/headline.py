"""The answer in two sentences: both targets over the year, and the one rule that is enforced."""

from __future__ import annotations

from feedback_analysis.channels import channel_names
from feedback_analysis.health.defects import OrderDefectRate
from feedback_analysis.health.rating import FeedbackRating, public_figure
from feedback_analysis.health.words import feedbacks, missing, percent, stars_range
from feedback_analysis.shares import target_percent

ANSWERS = {
    "met": "Yes, both targets are met",
    "not met": "No",
    "cannot tell yet": "It cannot be told yet",
    "too few to say": "Too few feedbacks to say",
}


def headline(rating: FeedbackRating, defects: OrderDefectRate | None = None) -> list[str]:
    """Answer first: is the shop at its targets, and is it below the limit that Amazon enforces?

    Parameters
    ----------
    rating : FeedbackRating
        For all marketplaces together.
    defects : OrderDefectRate, optional
        The order defect rate.

    Returns
    -------
    list of str
        One or two sentences.
    """
    row = public_figure(rating.table).iloc[0]
    aims = [target_percent(rating.targets[0]), f"{rating.targets[1]:g}"]
    span = "over the shop's lifetime" if row["window"] == "lifetime" else f"over {row['window']}"
    if missing(row["n"]) or row["n"] == 0:
        said = [f"Whether the targets of {aims[0]} and {aims[1]} are met is not known."]
    elif row["verdict"] == "too few to say":
        said = [f"{feedbacks(int(row['n']))} {span}: too few to say whether the targets are met."]
    else:
        span_of_stars = stars_range(row["average_low"], row["average_high"])
        average = span_of_stars if missing(row["average"]) else f"{row['average']:.2f}"
        said = [
            f"{ANSWERS[row['verdict']]}: {percent(row['share'])} positive (target {aims[0]}) and "
            f"an average of {average} (target {aims[1]}) {span}."
        ]
    return said if defects is None else [*said, *_enforced(defects)]


def _enforced(defects: OrderDefectRate) -> list[str]:
    if defects.table.empty:
        return []
    aim = target_percent(defects.target)
    rows = defects.table[defects.table["channel"] != "all"].to_dict("records")
    rows = [row for row in rows if row["orders"]]
    if not rows:
        return [f"Whether the order defect rate is below {aim} is not known: no order of these "
                "days is in the files."]  # fmt: skip
    rows = [row for row in rows if row["verdict"] != "too few to say"]
    if not rows:
        return [f"Too few orders to say whether the order defect rate is below {aim}."]
    over = [row for row in rows if row["verdict"] == "not met"]
    coming = [row for row in rows if row["verdict"] == "going over"]
    alone = " by negative feedback alone" if missing(defects.table["claims"].iloc[0]) else ""
    if not over and not coming:
        kept = all(row["verdict"] == "met" for row in rows)
        state = "is below" if kept else "is so far below"
        rest = "" if kept else ", but whether it stays there cannot be told yet"
        return [f"The order defect rate {state} {aim}{alone}{rest}."]
    parts = [f"{_name(row)} at {_of(row)}" for row in over]
    parts += [
        f"{_name(row)} at {_of(row)} and expected to reach {percent(row['expected_rate'], 2)}"
        for row in coming
    ]
    # Amazon asks for less than the limit: at it the rule is broken already.
    broken = "is at" if all(row["rate"] == defects.target for row in over) else "is over"
    kind = broken if over else "is going over"
    return [f"The order defect rate {kind} {aim}{alone}: {'; '.join(parts)}."]


def _of(row: dict) -> str:
    return f"{percent(row['rate'], 2)} of {row['orders']:,}"


def _name(row: dict) -> str:
    return f"orders {channel_names('fulfilled').get(row['channel'], 'of a channel not stated')}"
