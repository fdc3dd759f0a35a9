"""Whether comments and files agree about a question, and what that means."""

from __future__ import annotations

from typing import Any

import pandas as pd

from feedback_analysis.shares import percent, target_percent
from feedback_analysis.texts import in_sentence

TROUBLE = ("misses Amazon's target", "rose")
# The table above the words holds every measure.
NAMED = 3


def agreement(
    answers: pd.DataFrame, measures: pd.DataFrame, *, silent: dict[str, str]
) -> pd.DataFrame:
    """Set the answer of the comments beside the verdicts of the files.

    Parameters
    ----------
    answers : DataFrame
        The scorecard's table.
    measures : DataFrame
        One row a measure: ``question``, ``measure``, ``value``, ``unit``, ``verdict``.
    silent : dict of str to str
        By question: what no file tells.

    Returns
    -------
    DataFrame
        ``question``, ``label``, ``answer``, ``files`` (``trouble``, ``fine``, ``silent``),
        ``verdict`` (``both see trouble``, ``both fine``, ``only the comments``, ``only the
        files``, ``too few comments``, ``answer not known``, ``no file tells``) and ``words``.
    """
    rows = []
    for row in answers.to_dict("records"):
        mine = measures[measures["question"] == row["question"]]
        usable = mine[mine["verdict"] != "too few to say"]
        bad = usable[usable["verdict"].isin(TROUBLE)]
        state = "silent" if usable.empty else "trouble" if len(bad) else "fine"
        verdict = _verdict(row["answer"], state)
        rows.append(
            {
                "question": row["question"],
                "label": row["label"],
                "answer": row["answer"],
                "files": state,
                "verdict": verdict,
                "words": _words(verdict, bad, usable, row, silent),
            }
        )
    columns = ["question", "label", "answer", "files", "verdict", "words"]
    return pd.DataFrame(rows, columns=columns)


def measured_words(row: dict[str, Any]) -> str:
    """Say a measure with its value.

    Parameters
    ----------
    row : dict
        A row of the table of measures.

    Returns
    -------
    str
        Such as ``parcels you ship, without a tracking number (0.6 %)``.
    """
    name = in_sentence(row["measure"])
    if pd.isna(row["value"]):
        return f"{name} (not known)"
    value = f"{row['value']:.0f}" if row["unit"] == "days" else percent(row["value"])
    place = f", {row['place']}" if row["place"] else ""
    return f"{name} ({value}{place})"


def _verdict(answer: str, state: str) -> str:
    if state == "silent":
        return "no file tells"
    if answer == "No":
        return "both see trouble" if state == "trouble" else "only the comments"
    if state == "trouble":
        return "only the files"
    return {"Yes": "both fine", "Not known": "answer not known"}.get(answer, "too few comments")


def _words(
    verdict: str, bad: pd.DataFrame, usable: pd.DataFrame, row: dict[str, Any],
    silent: dict[str, str],
) -> str:  # fmt: skip
    listed = "; ".join(_with_reason(each) for each in bad.to_dict("records"))
    # What is held against a target says more than what is not.
    order = usable.assign(_free=usable["target"].isna()).sort_values("_free", kind="stable")
    fine = "; ".join(measured_words(each) for each in order.head(NAMED).to_dict("records"))
    if verdict == "only the comments":
        more = f" {silent[row['question']]}" if row["question"] in silent else ""
        where = (
            "What got worse for buyers may lie on other days than Amazon's counts cover, or where "
            "these measures do not look."
            if row.get("trend") == "more"
            else "What is wrong has been so all along, or lies where these measures do not look."
        )
        return (
            f"Buyers say No, yet no measure in the files misses a target or got worse: {fine}. "
            f"{where}{more}"
        )
    if verdict == "only the files":
        said = "Few buyers complain" if row["answer"] == "Yes" else _unsure(row["answer"])
        return f"{said}, yet the files show trouble: {listed}. Complaints may follow."
    if verdict == "both see trouble":
        return f"Buyers say No, and the files say so too: {listed}."
    if verdict == "no file tells":
        return silent.get(row["question"], "The files that would tell are not there.")
    said = "Buyers say Yes" if verdict == "both fine" else _unsure(row["answer"])
    held = "misses a target or " * bool(usable["target"].notna().any())
    free = "" if held else "Amazon states no target for them. "
    return f"{said}; no measure in the files {held}rose beyond chance: {fine}. {free}".rstrip()


def _unsure(answer: str) -> str:
    """Say why the comments give no answer: there are too few, or nothing to count them against."""
    if answer == "Not known":
        return "How many buyers left feedback is not known"
    return "Too few buyers wrote to say"


def _with_reason(row: dict[str, Any]) -> str:
    said = measured_words(row)
    if row["verdict"] == "rose":
        return f"{said} rose from {percent(row['before'])}"
    return f"{said} misses Amazon's target of {target_percent(row['target'])}"
