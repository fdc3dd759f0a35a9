"""Write a whole shop, block by block."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

from .block import Block, Span
from .model import read_rows, texts
from .output import Output, lines
from .tally import Tally
from .write_account import write_account_health, write_totals
from .write_asks import write_asks
from .write_business import write_business
from .write_cases import write_cases
from .write_daily import write_daily
from .write_feedback import removed, write_feedback
from .write_orders import write_orders
from .write_returns import write_returns
from .write_reviews import write_reviews
from .write_shipments import write_shipments
from .write_truth import write_comments, write_effect, write_events

WHOLE_SHOP = frozenset({"daily", "account_health"})
FROM_FEEDBACK = WHOLE_SHOP | {"feedback_totals"}


def write_shop(
    folder: Path, *, seed: int, scale: float, kinds: frozenset[str], start: date, end: date
) -> None:
    """Write every wanted kind of file; see :func:`feedback_analysis.sample.write_sample`."""
    span = Span.of(start, end)
    out, tally = Output(folder), Tally(span)
    out.append("shop.toml", texts()["shop"]["toml"].lstrip("\n"))
    # The truth counts rows of the feedback files, whether they are wanted or not.
    files = out if "feedback" in kinds else Output(None)
    blocks = math.ceil(scale)
    for number in range(blocks):
        block = Block(seed, number, min(1.0, scale - number), span)
        _write_block(out, files, tally, block, kinds, blocks)
    if "daily" in kinds:
        write_daily(out, tally)
    if "account_health" in kinds:
        write_account_health(out, tally)
    if "feedback_totals" in kinds:
        write_totals(out, tally)
    if "truth" in kinds:
        write_events(out)
    out.write_periods()


def _write_block(
    out: Output, files: Output, tally: Tally, block: Block, kinds: frozenset[str], blocks: int
) -> None:
    if kinds & {"feedback", "truth"}:
        written = write_feedback(files, block)
        if "truth" in kinds:
            write_comments(out, written)
            write_effect(out, block)
    if kinds & FROM_FEEDBACK:
        tally.add_feedback(block, removed(block))
    if "traffic" in kinds:
        write_business(out, block, blocks=blocks)
    if "daily" in kinds:
        tally.add_traffic(block)
    if kinds & WHOLE_SHOP:
        tally.add_orders(block)
        tally.add_returns(block)
    for kind, write in (
        ("orders", write_orders),
        ("shipments", write_shipments),
        ("returns", write_returns),
        ("reviews", write_reviews),
        ("cases", write_cases),
        ("asks", write_asks),
    ):
        if kind in kinds:
            write(out, block)


def write_tiny(folder: Path) -> None:
    """Write the new shop's settings and its one feedback file."""
    out = Output(folder)
    out.append("shop.toml", texts()["shop"]["new_shop"].lstrip("\n"))
    rows = [
        (row["date"], row["rating"], row["comment"], row["response"], row["order"], "")
        for row in read_rows("new_shop.csv")
    ]
    header = lines([texts()["feedback"]["US"]])
    out.append("amazon/US/feedback.txt", lines(rows), header=header, encoding="cp1252")
