"""Numbers that are no counts: targets, Amazon's rules, levels of tests, and a buyer's own words.

They are held against what is written down here by hand, and a quote against the raw comment.
"""

import re

from tests.honesty.labels import complaints
from tests.honesty.pages import say
from tests.honesty.ratings import MONTHS, NOW
from tests.honesty.raw import SHOP, shop

SIGNS = re.compile(r"[,.%/:;'\"]")


def days():
    """Return how many days of the month the daily totals hold."""
    first, last = MONTHS[NOW]
    return len({row["day"] for row in shop().daily if first <= row["day"] <= last})


# What a page may say, and the numbers in it; whoever does not say it need not.
RULES = (
    (r"last 365 days to (\d+) %", [95]),
    (r"in (\d) of (\d+) reports at most", [1, 20]),
    (r"(?:demands less than|at or above) (\d) %", [1]),
    (r"\+ (\d)-(\d) star rows", [1, 5]),
    (r"(?:by date|spread over), (\d+) days|spread over (\d+) days", "days"),
    (r"run out within (\d) days", [7]),
    (r"(\d) stars are neutral, (\d) or (\d) negative", [3, 1, 2]),
    (r"at (\d+) % positive feedback and an average of (\d\.\d) stars", [95, 4.5]),
    (r"(?:[Ee]ven the highest is|average score is) below (\d\.\d)", [4.5]),
    (r"order defect rate is over (\d) %", [1]),
    (r"in a row bring it to (\d+) %", [95]),
    (r"feedbacks, \d+\.\d % positive\) (\d+) % is not to be expected", [95]),
    (r"(?:not )?below (\d) %", [1]),
    (r"(\d) of (7) answers", [None, 7]),
    (r"at most (\d) % are so by chance; while nothing changes, at most (\d) such pictures in (\d+)",
     [5, 5, 100]),
    (r"in (\d) of (\d+) reports chance", [1, 100]),
    (r"within (\d+) hours, weekends too", [24]),
    (r"complaints came? on (\d+) feedbacks|how many came on (\d+) feedbacks", [100, 100]),
    (r"(\d+) to (\d+) days after the delivery|are (\d+) to (\d+) days past", [5, 30, 5, 30]),
    (r"A pretended first review (\d) weeks early", [8]),
    (r"no further than chance or (\d) % allow", [2]),
    (r"From (\d+) reviews on", [50]),
)  # fmt: skip


def rules(page):
    """Targets, Amazon's rules, levels and limits, wherever a page names them."""
    wrong = []
    for pattern, values in RULES:
        wrong += say(page, pattern, [days()] * 2 if values == "days" else values, at_least=0)
    return wrong


def squeezed(text):
    """Return a text without what a page may write otherwise."""
    return re.sub(r"\s+", " ", text).strip()


def written():
    """Return what buyers wrote with 1 to 3 stars, masked as the product masks it."""
    return {squeezed(row["text"]) for row in complaints().rows if row["text"]}


def words_of(block, start=0):
    """Hold a quote against what buyers wrote, to the letter; a long one may be cut short."""
    wrong = []
    for part in re.split(r" (?:—|–) (?=\S)", block.text[start:]):
        text = part.strip("“”").strip()
        cut = text.removesuffix("…").removesuffix("...").rstrip()
        known = any(
            cut in each if text != cut else cut == each.strip("“”").strip() for each in written()
        )
        if not known:
            wrong.append(f"no buyer wrote {text[:60]!r}")
    for token in block.tokens:
        if token[0] >= start and not wrong:
            block.marks[token] = "recomputed"
    return wrong


def of_settings(block, pattern):
    """Hold a text that the shop's own settings hold against that file."""
    found = re.search(pattern, block.text)
    if not found or found[0] not in (SHOP / "shop.toml").read_text("utf-8"):
        return [f"shop.toml does not say {pattern!r}"]
    for token in block.tokens:
        if found.start() <= token[0] < found.end():
            block.marks[token] = "recomputed"
    return []
