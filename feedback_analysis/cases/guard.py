"""The policy guard: the shop's own texts and cases against Amazon's rules on asking and removal."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from feedback_analysis.cases.own_words import usual
from feedback_analysis.cases.topics import plain_text
from feedback_analysis.marketplaces import marketplaces
from feedback_analysis.texts import several

COLUMNS = ["what", "verdict", "rule", "quote", "source"]
GIFT_CERTIFICATES = (
    "Amazon's old page advises to send even a complimentary gift certificate. To put an order "
    "right that is still fine, as a refund or a replacement is. In exchange for changing or "
    "removing feedback it is forbidden, and so is any benefit: never name the two in one message, "
    "nor one soon after the other."
)
MADE_GOOD = {"refund", "replacement", "partial refund", "gift"}
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>)\"']+", re.IGNORECASE)
# An e-mail address or a phone number; an order id is neither.
_CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+|(?<![\d-])(?!\d{3}-\d{7}-\d{7})\+?\d[\d ()/.-]{6,}\d(?![\d-])"
)
_AROUND = 60
NAMED = 8


def check_text(text: str, *, use: str = "answer", name: str = "text") -> pd.DataFrame:
    """Check a text that the shop sends against the rules.

    Parameters
    ----------
    text : str
        The text.
    use : {"request", "answer", "slip"}
        A request for feedback, an answer to a complaint, or a slip in the parcel.
    name : str
        What to call it.

    Returns
    -------
    DataFrame
        A row a rule that may be broken: ``what``, ``verdict`` (forbidden or check), ``rule``,
        ``quote`` and ``source``; empty when nothing was found. Words are looked for, so a text
        without a finding may still break a rule.
    """
    plain = plain_text(text)
    rows = []
    for rule in _rules():
        if use not in rule["uses"] or any(_find(kind, plain) for kind in rule.get("without", [])):
            continue
        places = [_find(kind, plain) for kind in rule["needs"]]
        if rule["id"] == "outside_link":
            places = [place for place in [_outside(text)] if place]
        if places and all(places):
            quote = " ... ".join(_quote(text, place) for place in places if place)
            rows.append((name, rule["verdict"], rule["text"], quote, rule["source"]))
    return pd.DataFrame(rows, columns=COLUMNS)


def check_templates(templates: Iterable[Any]) -> pd.DataFrame:
    """Check the texts that shop.toml states.

    Parameters
    ----------
    templates : iterable of Template
        From the settings.

    Returns
    -------
    DataFrame
        As :func:`check_text` gives it.
    """
    parts = [check_text(one.text, use=one.use, name=one.name) for one in templates]
    found = [part for part in parts if len(part)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


def check_cases(cases: pd.DataFrame, asks: pd.DataFrame | None = None) -> pd.DataFrame:
    """Look through the shop's own records for what the rules do not allow.

    Parameters
    ----------
    cases : DataFrame
        A case list's table.
    asks : DataFrame, optional
        The table ``asks``.

    Returns
    -------
    DataFrame
        ``what`` (how many cases), ``verdict``, ``rule``, ``quote`` (which), ``source``.
        A benefit and a request in one case are to be checked: whether one was tied to the other
        stands in the messages, which no file holds.
    """
    made_good = usual(cases["resolution"], "resolution").isin(MADE_GOOD)
    asked = cases["asked_about_removal"].fillna(False).astype(bool)
    often = cases["removal_requests"].fillna(0).gt(1)
    rows = []
    for part, verdict, rule, source in (
        (cases[made_good & asked], "check", TIED, "help on replying to feedback"),
        (cases[often], "forbidden", TWICE, "Communication Guidelines"),
    ):
        if len(part):
            ids = sorted(part["case_id"])
            more = f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else ""
            said = ", ".join(ids[:NAMED]) + more
            rows.append((several(len(ids), "case"), verdict, rule, said, source))
    if asks is not None and len(asks):
        sent = asks[asks["asked"].notna()]
        count = sent.groupby("order_key").size()
        again = int(count.gt(1).sum())
        if again:
            said = several(again, "order")
            rows.append(
                ("log of requests", "forbidden", ASKED_TWICE, said, "Communication Guidelines")
            )
    return pd.DataFrame(rows, columns=COLUMNS)


TIED = (
    "A benefit and a request about removal in one case: read the messages. They must not be tied "
    "to each other."
)
TWICE = "The buyer was asked about removal more than once."
ASKED_TWICE = "Orders were asked for feedback more than once; one request an order is allowed."


def _find(kind: str, plain: str) -> tuple[int, int] | None:
    """Return the first place of a kind of word; kinds joined by | stand for one another."""
    for one in kind.split("|"):
        if match := _words(one).search(plain):
            return match.span()
    return None


def _outside(text: str) -> tuple[int, int] | None:
    for match in _LINK.finditer(text):
        host = re.sub(r"^(?:https?://)?(?:www\.)?", "", match[0].casefold()).split("/")[0]
        host = host.split(":")[0]
        if not any(
            host == market.domain or host.endswith(f".{market.domain}")
            for market in marketplaces().values()
        ):
            return match.span()
    match = _CONTACT.search(text)
    return match.span() if match else None


def _quote(text: str, place: tuple[int, int]) -> str:
    start, end = place
    first = text.rfind(" ", 0, max(start - _AROUND // 2, 0)) + 1
    last = text.find(" ", min(end + _AROUND // 2, len(text)))
    return " ".join(text[first : len(text) if last < 0 else last].split())


@cache
def _table() -> dict[str, Any]:
    text = files("feedback_analysis.cases").joinpath("guard.toml").read_text("utf-8")
    return tomllib.loads(text)


def _rules() -> list[dict[str, Any]]:
    return _table()["rule"]


@cache
def _words(kind: str) -> re.Pattern[str]:
    entries = sorted({plain_text(word) for words in _table()[kind].values() for word in words})
    parts = [
        re.escape(word[:-1]) + r"\b" if word.endswith("$") and len(word) > 1 else re.escape(word)
        for word in entries
    ]
    # Signs such as % stand behind a number, and Japanese has no blanks between its words.
    free = [part for part, word in zip(parts, entries, strict=True) if not _latin(word[0])]
    bound = [part for part, word in zip(parts, entries, strict=True) if _latin(word[0])]
    return re.compile("|".join([r"(?<!\w)(?:" + "|".join(bound) + ")"] * bool(bound) + free))


def _latin(letter: str) -> bool:
    return letter.isalnum() and ord(letter) < ord("\u3000")
