"""Tables about reviews: plain headings, everything escaped, links only to our own addresses."""

import pandas as pd

from feedback_analysis import charts, conversion
from feedback_analysis.conversion import simulate_catalogue

PANEL = simulate_catalogue(seed=12, lift=0.4)
EFFECT = conversion.review_effect(PANEL)


def test_the_naive_comparison_is_said_to_mislead():
    frame = charts.table_of(EFFECT).frame
    assert frame["Estimate"].str.contains("misleads").sum() == 1
    assert list(frame.columns)[:3] == ["Estimate", "Of what", "Lift"]


def test_checks_and_doses_have_headings_of_their_own():
    checks = charts.table_of(EFFECT.diagnostics).frame
    assert list(checks.columns) == ["Check", "Found", "Warns", "Meaning"]
    assert "Naive (misleads)" in charts.table_of(EFFECT.doses).frame


def test_a_list_links_to_the_product_and_to_its_review_page():
    first = conversion.review_priorities(PANEL, EFFECT, marketplace="DE", currency="EUR")
    page = charts.table_of(first, first=3)._repr_html_()
    asin = first.table["family"].iloc[0]
    assert f'<a href="https://www.amazon.de/dp/{asin}" rel="noopener noreferrer">{asin}</a>' in page
    assert f'create-review?asin={asin}" rel="noopener noreferrer">write a review</a>' in page
    assert "EUR" in page


def test_an_address_in_a_comment_stays_text():
    comments = pd.DataFrame({"comment": ["<b>see</b> https://www.example.com/x"]})
    page = charts.table_of(comments)._repr_html_()
    assert "<a " not in page
    assert "&lt;b&gt;" in page


def test_odd_names_of_products_are_escaped():
    table = pd.DataFrame(
        [{"family": "<i>B</i>", "sessions_a_week": 5.0, "conversion": 0.1,
          "product_page": 'https://www.amazon.com/dp/"><script>', "write_a_review": "https://x"}]
    )  # fmt: skip
    page = charts.table_of(table)._repr_html_()
    assert "<script>" not in page
    assert "<i>" not in page
