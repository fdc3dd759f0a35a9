"""Amazon's numbers: US-style counts and percentages even where money is local.

A function takes one cell's text (:func:`json_number` what stands in a JSON file) and returns the
value, or None when it is no such number. An empty cell is for the caller: it is missing, not wrong.
"""

from __future__ import annotations

import re
import unicodedata

# 1234 | 1,234 | 1.234 | 1 234 | 1,08,218 (lakh) | 12.0 (a spreadsheet's copy)
_COUNT = re.compile(r"\d+|\d{1,3}(?:[,.' \u2019]\d{2,3})*[,.' \u2019]\d{3}|(\d+)[.,]0+")
_NUMBER = re.compile(r"-?\d[\d,.' \u2019]*")
_CURRENCIES = (
    ("US$", "USD"), ("CA$", "CAD"), ("C$", "CAD"), ("A$", "AUD"), ("AU$", "AUD"), ("S$", "SGD"),
    ("MX$", "MXN"), ("R$", "BRL"), ("£", "GBP"), ("€", "EUR"), ("₹", "INR"), ("Rs.", "INR"),
    ("¥", "JPY"), ("円", "JPY"), ("zł", "PLN"), ("kr", "SEK"), ("₺", "TRY"), ("TL", "TRY"),
    ("$", "$"),
)  # fmt: skip
LARGEST = 10**15


def _plain(text: str) -> str:
    # NFKC turns the full-width yen sign and the no-break spaces into plain ones.
    return unicodedata.normalize("NFKC", text).replace("\u202f", " ").strip()


def count(text: str) -> int | None:
    """Read a count: every separator groups thousands, whatever the language.

    Examples
    --------
    >>> count("12,131"), count("1.234"), count("1,08,218"), count("-3"), count("2.5")
    (12131, 1234, 108218, None, None)
    """
    match = _COUNT.fullmatch(_plain(text))
    if match is None:
        return None
    digits = (match[1] or re.sub(r"\D", "", match[0])).lstrip("0")
    # Python refuses to read a number of thousands of digits.
    value = int(digits or 0) if len(digits) < 20 else LARGEST
    return value if value < LARGEST else None


def json_number(value: object) -> float | None:
    """Return a number as a JSON file states it, or None for what is none or beyond all counting.

    Examples
    --------
    >>> json_number(12), json_number(0.5), json_number(True), json_number("12")
    (12.0, 0.5, None, None)
    >>> json_number(float("nan")), json_number(10**400)
    (None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < LARGEST else None


def percent(text: str) -> float | None:
    """Read a percentage as a share (12.02% is 0.1202): the last separator is the decimal mark.

    Three digits after the only kind of separator group thousands, since Amazon writes two decimals.

    Examples
    --------
    >>> percent("12.02%"), percent("1,100.00%"), percent("12,5 %"), percent("1,100%")
    (0.1202, 11.0, 0.125, 11.0)
    """
    value = _decimal(_plain(text).removesuffix("%").strip(), digits=None)
    return None if value is None else round(value / 100, 10)


def money(text: str) -> float | None:
    """Read an amount: the last separator followed by exactly two digits is the decimal mark.

    Examples
    --------
    >>> money("5.255,61\\u00a0€"), money("₹1,08,218.36"), money("￥1,234"), money("$12")
    (5255.61, 108218.36, 1234.0, 12.0)
    """
    plain = _plain(text)
    for symbol, _ in _CURRENCIES:
        plain = plain.replace(symbol, "")
    plain = re.sub(r"\b[A-Z]{3}\b", "", plain).strip()
    return _decimal(re.sub(r"^-\s+", "-", plain), digits=2)


def currency(text: str) -> str | None:
    """Return the currency code of an amount, ``$`` where only the dollar sign is there, or None.

    Examples
    --------
    >>> currency("£12,897.84"), currency("$5"), currency("5,00 €"), currency("12.00")
    ('GBP', '$', 'EUR', None)
    """
    plain = _plain(text)
    if code := re.search(r"\b[A-Z]{3}\b", plain):
        return code[0]
    return next((code for symbol, code in _CURRENCIES if symbol in plain), None)


def _decimal(text: str, *, digits: int | None) -> float | None:
    if _NUMBER.fullmatch(text) is None:
        return None
    last = max(text.rfind("."), text.rfind(","))
    after = len(text) - last - 1
    kinds = {character for character in text if character in ".,"}
    if last < 0:
        decimal = False
    elif digits is not None:
        # One decimal is what a spreadsheet leaves of 12.50; three and more group thousands.
        decimal = after in (1, digits)
    else:
        decimal = len(kinds) == 2 or after != 3
    whole, fraction = (text[:last], text[last + 1 :]) if decimal else (text, "")
    if fraction and not fraction.isdecimal():
        return None
    whole = re.sub(r"[^\d-]", "", whole)
    value = float(f"{whole or 0}.{fraction or 0}") if whole != "-" else None
    return value if value is not None and abs(value) < LARGEST else None
