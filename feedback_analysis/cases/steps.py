"""The next step of a case, in a few words that Amazon's rules allow."""

from __future__ import annotations

from typing import Any

from feedback_analysis.cases.clocks import CLOSED, NOT_STARTED, WAITING
from feedback_analysis.texts import sentence_case, several

# What a step depends on.
COLUMNS = ("stage", "rule", "request_days_left", "answers", "questions", "refunded")
BY_QUESTION = {
    "shipping_speed": "find out where the parcel is, and refund or resend",
    "packaging": "replace or refund, and look at how it was packed",
    "tracking": "send the tracking number, and check why it was missing",
    "email_response": "answer the buyer's message",
    "cancel_return": "let the return or the refund through",
    "service_reach": "write to the buyer through Buyer-Seller Messages",
    "as_described": "replace or refund, and check the offer's text and pictures",
    "other": "answer, and put right what can be",
}


def next_step(row: dict[str, Any]) -> str:
    """Say what to do next about a case.

    Parameters
    ----------
    row : dict
        Those columns of a case.

    Returns
    -------
    str
        Empty for a closed case.
    """
    if row["stage"] == CLOSED:
        return ""
    if row["rule"] and row["request_days_left"] >= 0:
        action, _, reason = row["rule"].partition(": ")
        days = int(row["request_days_left"])
        left = f"{several(days, 'day')} left" if days else "today is the last day"
        verb = "remove it" if action == "remove" else "strike it through"
        return f"Ask Amazon to {verb} if you agree ({reason}); {left}"
    if row["stage"] == WAITING:
        return "Wait for the buyer's answer, then close it"
    if row["answers"] == "Amazon":
        return "Answer publicly that Amazon ships it, and tell Amazon through the order"
    step = next((BY_QUESTION[name] for name in row["questions"] if name in BY_QUESTION), "")
    if not step:
        return (
            "Look up the order, and find the cause"
            if row["stage"] == NOT_STARTED
            else "Note the cause, and put the order right"
        )
    if row["refunded"] == row["refunded"] and row["refunded"] > 0:
        return "Already refunded: answer publicly, and find out why it happened"
    return sentence_case(step)
