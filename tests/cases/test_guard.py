"""The policy guard: what Amazon forbids is found in many languages, and honest texts are not."""

import pandas as pd
import pytest

from feedback_analysis.cases import check_cases, check_templates, check_text, request_texts
from feedback_analysis.marketplaces import marketplaces
from feedback_analysis.settings import Template
from tests.cases.frames import asks


def rules_of(text, use="answer"):
    return [
        (row["verdict"], row["rule"].split(".")[0])
        for row in check_text(text, use=use).to_dict("records")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "We will send a $10 gift card if you remove your feedback.",
        "Wir erstatten 5 Euro, wenn Sie die Bewertung löschen.",
        "Nous vous offrons un bon d'achat si vous supprimez votre avis.",
        "Le damos un descuento si elimina su valoración.",
        "Ti diamo un buono se cancelli la recensione.",
        "U krijgt korting als u de beoordeling verwijdert.",
        "Damy rabat, jeśli usunie Pan opinię.",
        "Yorumunuzu silin, indirim yapalım.",
    ],
)
def test_a_benefit_beside_a_request_for_change_is_forbidden(text):
    found = check_text(text)
    assert found["verdict"].tolist() == ["forbidden"]
    assert found.loc[0, "rule"].startswith("A benefit stands beside a request to change or remove")
    assert found.loc[0, "quote"]
    assert found.loc[0, "source"]


@pytest.mark.parametrize(
    ("text", "use", "start"),
    [
        ("Please update your rating.", "answer", "The buyer is asked to change"),
        ("A discount for every review!", "slip", "A benefit stands beside a request for feedback"),
        ("If you are happy, leave feedback.", "request", "Only positive feedback"),
        ("Bitte geben Sie uns 5 Sterne", "request", "Only positive feedback"),
        (
            "Not happy? Contact us before leaving negative feedback.",
            "slip",
            "Unhappy buyers are led",
        ),
        ("A friendly reminder to leave feedback", "request", "The text asks again"),
    ],
)
def test_each_rule_is_found(text, use, start):
    rules = [rule for _, rule in rules_of(text, use)]
    assert any(rule.startswith(start) for rule in rules), rules


@pytest.mark.parametrize(
    "text",
    [
        "We are sorry and have refunded your order in full.",
        "Ein Ersatz ist heute abgegangen. Dürfen wir noch etwas tun?",
        "Thank you for your feedback. We looked into it with the carrier.",
    ],
)
def test_making_an_order_good_is_fine(text):
    assert check_text(text).empty


@pytest.mark.parametrize(
    ("link", "findings"),
    [
        ("https://www.amazon.de/gp/feedback", 0),
        ("https://sellercentral.amazon.com/x", 0),
        ("https://amazon.com.example.com/x", 1),
        ("www.my-shop.example", 1),
    ],
)
def test_a_link_away_from_amazon_is_to_be_checked(link, findings):
    found = check_text(f"See {link} for help.")
    assert len(found) == findings
    assert set(found["verdict"]) <= {"check"}


def test_the_texts_that_we_propose_break_no_rule_and_hold_the_links_of_their_marketplace():
    texts = request_texts(marketplaces())
    assert len(texts) == 2 * len(marketplaces())
    assert texts["findings"].sum() == 0
    for row in texts.to_dict("records"):
        domain = marketplaces()[row["marketplace"]].domain
        assert f"https://www.{domain}/" in row["text"]
        if row["use"] == "request":
            assert row["text"].count(f"https://www.{domain}/") == 2
            assert "[order id]" in row["text"]
            assert "[ASIN]" in row["text"]
        assert "{" not in row["text"]
    assert request_texts(["US", "US", "nowhere"])["use"].tolist() == ["request", "slip"]


def test_templates_are_named():
    templates = [
        Template(name="Fine", text="We have sent a replacement."),
        Template(name="Slip", use="slip", text="Leave us a five star review!"),
    ]
    found = check_templates(templates)
    assert found["what"].unique().tolist() == ["Slip"]
    assert check_templates([]).empty


def test_the_list_of_cases_and_the_log_are_looked_through():
    cases = pd.DataFrame(
        {
            "case_id": ["case-1", "case-2", "case-3", "case-4"],
            "resolution": ["Refund", "apology", "refund", None],
            "asked_about_removal": pd.array([True, True, False, pd.NA], dtype="boolean"),
            "removal_requests": pd.array([1, 3, 0, pd.NA], dtype="Int64"),
        }
    )
    log = asks([("a", "2026-10-01", False), ("a", "2026-10-09", False), ("b", "2026-10-01", False)])
    found = check_cases(cases, log)
    assert found[["what", "verdict", "quote"]].to_numpy().tolist() == [
        ["1 case", "check", "case-1"],
        ["1 case", "forbidden", "case-2"],
        ["log of requests", "forbidden", "1 order"],
    ]
    assert check_cases(cases.iloc[2:]).empty


POSITIVE, BENEFIT, EXCHANGE = "Only positive feedback", "A benefit stands beside a request for", (
    "A benefit stands beside a request to change"
)  # fmt: skip


@pytest.mark.parametrize(
    ("use", "text", "rule"),
    [
        ("request", "Please leave us a positive rating", POSITIVE),
        ("request", "\u2605\u2605\u2605\u2605\u2605 would mean a lot to us", POSITIVE),
        ("request", "Had a great experience? Tell others", POSITIVE),
        ("request", "高評価をお願いします", POSITIVE),
        ("request", "Ge oss gärna 5 stjärnor", POSITIVE),
        ("request", "Deixe uma avaliação positiva", POSITIVE),
        ("request", "Reply with your review and get 20% off your next order", BENEFIT),
        ("answer", "Leave a review and get a free gift", BENEFIT),
        ("answer", "We have refunded you. Please consider updating your feedback.", EXCHANGE),
        ("answer", "Would you kindly revise the review? We'll compensate you", EXCHANGE),
        ("answer", "Om du tar bort ditt omdöme får du ett presentkort", EXCHANGE),
        ("answer", "評価を削除していただければ、ギフト券をお送りします", EXCHANGE),
        ("answer", "Se remover a sua avaliação, enviamos um vale-presente", EXCHANGE),
        ("slip", "Not happy? Email us before leaving a bad review", "Unhappy buyers are led away"),
        ("request", "Write to help@example.com", "A link that does not lead to Amazon"),
        ("slip", "Call us: +1 (555) 010-7788", "A link that does not lead to Amazon"),
        (
            "request",
            "Any feedback helps. If it is broken we refund you",
            "A refund or a replacement",
        ),
    ],
)
def test_plain_breaches_are_found_in_every_language_of_the_texts(use, text, rule):
    found = check_text(text, use=use)
    assert any(said.startswith(rule) for said in found["rule"]), found["rule"].tolist()


@pytest.mark.parametrize(
    ("use", "text"),
    [
        ("answer", "Thank you for your feedback. We have refunded your order."),
        ("answer", "We are sorry, and have sent a replacement free of charge."),
        ("request", "How did order 000-1234567-7654321 go? Any feedback helps."),
    ],
)
def test_what_is_allowed_is_left_alone(use, text):
    assert check_text(text, use=use).empty


def test_every_language_of_the_texts_has_words_for_every_rule():
    from feedback_analysis.cases import guard
    from feedback_analysis.cases.request_texts import _table as texts

    kinds = ("benefit", "remedy", "change", "feedback", "positive", "negative_elsewhere", "repeat")
    lacking = [
        (kind, language)
        for kind in kinds
        for language in set(texts()["languages"].values())
        if not guard._table()[kind].get(language)
    ]
    assert lacking == []
