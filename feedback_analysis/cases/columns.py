"""The columns of the working list: which are worked out, and which are the seller's own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of the working list.

    Attributes
    ----------
    id : str
        Its name, as a heading is compared.
    heading : str
        Its heading.
    width : int
        Letters.
    own : bool
        Whether the seller writes it; else it is worked out anew each time.
    meaning : str
        For the page that explains the list.
    choices : str
        Name of the list to choose from, or empty.
    """

    id: str
    heading: str
    width: int
    own: bool
    meaning: str
    choices: str = ""


COLUMNS = (
    Column("next_step", "Next step", 34, False, "what to do next"),
    Column("runs_out", "Runs out", 11, False, "the first day on which something ends"),
    Column("what_runs_out", "What runs out", 16, False, "the shop's promise, the request, or time"),
    Column("stars", "Stars", 6, False, "of the feedback"),
    Column("feedback_day", "Feedback day", 11, False, "day the buyer wrote it"),
    Column("comment", "Comment", 52, False, "masked: e-mails, phones and order ids are taken out"),
    Column("order_page", "Order page", 12, False, "link to the order in Seller Central"),
    Column("owner", "Owner", 12, True, "who works on it", "owner"),
    Column("status", "Status", 11, True, "new, open, waiting (for the buyer) or closed", "status"),
    Column("causes", "Causes", 18, True, "the cause that you found; several joined by ;"),
    Column("resolution", "Resolution", 15, True, "what was done for the buyer", "resolution"),
    Column("cost", "Cost", 9, True, "what it cost"),
    Column("currency", "Currency", 9, True, "of the cost, such as USD"),
    Column("resolved", "Resolved", 11, True, "day of the refund, replacement or apology"),
    Column("public_reply", "Public reply", 14, True, "the reply, or its day"),
    Column(
        "asked_about_removal", "Asked about removal", 13, True,
        "yes, no, how often, or the days; never together with a benefit", "yes or no",
    ),
    Column("opened", "Opened", 11, True, "day that somebody first looked into it"),
    Column("closed", "Closed", 11, True, "day it was closed"),
    Column("outcome", "Outcome", 14, True, "what became of the feedback", "outcome"),
    Column("note", "Note", 30, True, "anything; it stays in this list"),
    Column("answers_for_it", "Answers for it", 11, False, "seller, Amazon, both or not known"),
    Column("candidate", "Candidate", 34, False, "a rule that may apply; a person has to decide"),
    Column("clause", "Clause", 30, False, "the words that the rule rests on"),
    Column("suggested_causes", "Suggested causes", 20, False, "as labelled; not checked"),
    Column("evidence", "Evidence", 44, False, "what the files know of the order"),
    Column("days_for_a_request", "Days for a request", 10, False, "left of Amazon's 90 days"),
    Column(
        "buyer_s_days", "Buyer's days", 10, False,
        "left of 90 from the order, in which feedback can be left; taking it back has no end",
    ),
    Column("due", "Due", 11, False, "day of the shop's own promise"),
    Column("overdue_days", "Overdue days", 9, False, "since that day"),
    Column("marketplace", "Marketplace", 11, False, "where it was left"),
    Column("sku", "SKU", 16, False, "your number of the product"),
    Column("asin", "ASIN", 13, False, "Amazon's number of the product"),
    Column("shipped_by", "Shipped by", 10, False, "seller or Amazon"),
    Column("carrier", "Carrier", 14, False, "as the file writes it"),
    Column("shipped_on", "Shipped on", 11, False, "day it went to the carrier"),
    Column("promised", "Promised", 11, False, "day the buyer was promised"),
    Column("replied", "Replied", 9, False, "whether the feedback file holds a public reply"),
    Column("case_id", "Case id", 15, False, "the same here and in the report"),
    Column("order_id", "Order id", 21, False, "the real one: keep this list to yourself"),
)  # fmt: skip
OURS = tuple(column.id for column in COLUMNS if not column.own)
OWN = tuple(column.id for column in COLUMNS if column.own)
# What says which case a row is of.
IDENTITY = ("order_id", "case_id")
