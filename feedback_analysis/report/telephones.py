"""Telephone numbers on a page full of numbers: what is one, and what only looks like one."""

from __future__ import annotations

import re

from feedback_analysis.privacy import PHONE

# Names that the package gives: of readings, cases, orders and masked products.
_NAMED = re.compile(
    r"\b\d{4}-\d\d-\d\d-[0-9a-f]{12}\b|\bcase-[0-9a-f]{8}\b|\bo[0-9a-f]{16}\b"
    r"|\[masked [0-9a-f]{8}\]"
)
# Days, amounts, shares and products' numbers.
_NUMBER = re.compile(
    r"(?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)|(?<!\d)(?:19|20)\d\d[01]\d[0-3]\d(?!\d)"
    r"|(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w.])|(?<![\w.])\d+\.\d{1,4}(?![\w.])"
    r"|\bB0[0-9A-Z]{8}\b"
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_TOKEN = re.compile(r"[\w.-]+")
# Numbers that are said to be called: with a plus, an area code in brackets, or a leading zero and
# groups; American ones with their two hyphens.
_CLEAR = re.compile(
    r"\+\d|\(\d{2,5}\)\s?\d|(?<![\w.-])0\d{9,10}(?![\w.-])|(?<![\w-])\d{3}-\d{3}-\d{4}(?![\w-])"
)
_PARTED = re.compile(r"\d[\s./-]+\d")
_SAID_TO_CALL = re.compile(
    r"(?:call|phone|tel\.?|ring|whatsapp|mobile)\W+(?:\w+\W+)?$", re.IGNORECASE
)
_NUMBERS_IN_PROSE = 10


def telephones(
    text: str, *, quoted: bool, known: frozenset[str] = frozenset(), address: bool = False
) -> int:
    """Count the telephone numbers in a stretch of text.

    Parameters
    ----------
    text : str
        As it reads.
    quoted : bool
        Whether it is a buyer's: then every run of digits that may be a number to call is one, as
        when comments are masked.
    known : frozenset of str
        Numbers of products, which are none.
    address : bool, default=False
        Whether it is the address of a link, whose words are no sentence.

    Returns
    -------
    int
    """
    if sum(map(str.isdigit, text)) < 7:
        return 0
    if known:
        text = _TOKEN.sub(lambda token: "#" if token[0].strip(".-") in known else token[0], text)
    text = _NAMED.sub("#", text)
    if quoted:
        return sum(1 for _ in PHONE.finditer(text))
    text = _NUMBER.sub("#", text)
    prose = not address and len(_LETTERS.findall(text)) >= 3
    return sum(_is_one(match[0], text, match.start(), prose) for match in PHONE.finditer(text))


def _is_one(number: str, text: str, start: int, prose: bool) -> bool:
    """Tell whether digits outside of quotes are a number to call."""
    around = text[max(0, start - 1) : start + len(number) + 1]
    if _CLEAR.search(around):
        return True
    digits = sum(map(str.isdigit, number))
    if not _PARTED.search(number):
        return prose and digits >= _NUMBERS_IN_PROSE
    if digits >= 9 and (prose or number[0] == "0"):
        return True
    return prose and _SAID_TO_CALL.search(text[:start]) is not None
