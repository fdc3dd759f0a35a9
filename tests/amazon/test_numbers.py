"""Amazon's numbers, cell by cell: US-style counts and percentages beside local money."""

import pytest

from feedback_analysis.amazon.numbers import count, currency, money, percent

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0), ("12,131", 12131), ("1.234", 1234), ("1,08,218", 108218), ("1 234", 1234),
        (f"1{NBSP}234", 1234), ("1\u202f234", 1234), ("１，２３４", 1234), ("12.0", 12),
        ("-3", None), ("2.5", None), ("1,23", None), ("abc", None), ("£5", None), ("9" * 20, None),
    ],
)  # fmt: skip
def test_every_separator_of_a_count_groups_thousands(text, expected):
    assert count(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.02%", 0.1202), ("1,100.00%", 11.0), ("12,5 %", 0.125), (f"12,50{NBSP}%", 0.125),
        ("0.00%", 0.0), ("100%", 1.0), ("1,100%", 11.0), ("600.00%", 6.0), ("12.02", 0.1202),
        ("none", None), ("%", None),
    ],
)  # fmt: skip
def test_the_last_mark_of_a_percentage_is_the_decimal_mark(text, expected):
    assert percent(text) == expected


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("$1,255.61", 1255.61, "$"), ("US$5.00", 5.0, "USD"), ("£12,897.84", 12897.84, "GBP"),
        (f"5.255,61{NBSP}€", 5255.61, "EUR"), (f"1{NBSP}255,61{NBSP}€", 1255.61, "EUR"),
        ("₹1,08,218.36", 108218.36, "INR"), ("￥1,234", 1234.0, "JPY"), ("¥12", 12.0, "JPY"),
        ("1,234円", 1234.0, "JPY"), ("-$5.00", -5.0, "$"), ("£0.00", 0.0, "GBP"),
        ("EUR 12,50", 12.5, "EUR"), ("12.5", 12.5, None), ("1.255", 1255.0, None),
        ("zł 9,99", 9.99, "PLN"), ("R$ 1.234,56", 1234.56, "BRL"), ("free", None, None),
    ],
)  # fmt: skip
def test_the_last_mark_before_two_digits_of_money_is_the_decimal_mark(text, value, code):
    assert money(text) == value
    assert currency(text) == code
