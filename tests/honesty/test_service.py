"""Every figure of the seven answers: counts from labels, rates, tests, and what the files say."""

import re
from datetime import date
from functools import cache

from tests.honesty import drawn_service, sums
from tests.honesty.casework import question, reason
from tests.honesty.checks import page_tests
from tests.honesty.labels import (
    QUESTIONS,
    complaints,
    corrected,
    kinds,
    measured,
    simulated,
    tally,
)
from tests.honesty.monthly import BEFORE, NOW, by_month, received
from tests.honesty.orders import compared, placed, sold, standing_out
from tests.honesty.pages import expect, near, near_said, say
from tests.honesty.ratings import window
from tests.honesty.raw import shop
from tests.honesty.rules import rules, words_of
from tests.honesty.test_health import group_rows


def comments_of(rows):
    """Return how many comments have words."""
    found = kinds(rows)
    return found["stated"] + found["unclear"]


def rates(name, level="questions"):
    """Return a label's corrected rate per 100 feedbacks, now and in the 90 days before."""
    now, before = complaints().last(90), complaints().last(90, before=90)
    pairs = ((now, window("90 days").n), (before, received(*BEFORE)))
    counted = [(tally(rows, level)[name], comments_of(rows), n) for rows, n in pairs]
    return [100 * corrected(name, *counts) for counts in counted]


def earlier(name, level="questions"):
    """Return a label's count, comments and feedback received in the 90 days before."""
    rows = complaints().last(90, before=90)
    return tally(rows, level)[name], comments_of(rows), received(*BEFORE)


def scaled(ends, by):
    """Return pairs of ends in another unit."""
    return [tuple(by * end for end in pair) for pair in ends]


def answers(page):
    wrong, rows = [], complaints().last(90)
    found = tally(rows, "questions")
    amazon = tally([row for row in rows if row["channel"] == "amazon"], "questions")
    orders = sum(NOW[0] <= day <= NOW[1] for day, _, _ in placed().values())
    words = comments_of(rows)
    labels = {label: name for name, label in QUESTIONS.items()}
    for row in page.table("Question", "Answer", "Labels found").rows:
        name = labels[row[0].text]
        now, before = rates(name)
        per_order = 1000 * corrected(name, found[name], words, orders)
        wrong += expect(row[2], [found[name]], name)
        spans = [(found[name], words, window("90 days").n), earlier(name)]
        rate, _, change = scaled(simulated(name, *spans), 100)
        (placed_on,) = scaled(simulated(name, (found[name], words, orders)), 1000)
        for cell, value, ends in (
            (row[3], now, rate), (row[5], now - before, change), (row[6], per_order, placed_on),
        ):  # fmt: skip
            token = cell.numbers()[0][0]
            wrong += expect(cell, [value], name, end=token[1])
            wrong += near(cell, ends, name, start=token[1])
        wrong += expect(row[4], [2], "the usual tolerance")
        wrong += expect(row[7], [amazon[name]], name)
        # The verdict follows from the interval that stands beside it.
        low, high = (float(text) for _, text in row[3].numbers()[1:])
        said = "Yes" if high <= 2 else "No" if low > 2 else "Too few to say"
        if row[1].text != said:
            wrong.append(f"{name}: {row[1].text}, {said} follows from {row[3].text}")
    return wrong


def in_words(page):
    rows, wrong = complaints().last(90), []
    table = page.table("Question", "Answer", "Labels found").rows
    said = [row[1].text for row in table]
    wrong += say(page, r"(\d) of 7 answers is No", [said.count("No")])
    wrong += say(page, r"Of (\d) there is too little", [said.count("Too few to say")])
    ship = rates("shipping_speed")[0]
    wrong += say(page, r"Do you ship fast\? (\d\.\d) per 100", [ship])
    span = tally(rows, "questions")["shipping_speed"], comments_of(rows), window("90 days").n
    (ends,) = scaled(simulated("shipping_speed", span), 100)
    wrong += near_said(page, r"Do you ship fast\? \d\.\d per 100 \((\d+\.\d to \d+\.\d)\)", ends)
    found = kinds(rows)
    unknown = found["stars only"] + found["unclear"]
    return wrong + say(
        page,
        r"Of (\d+) feedbacks of 1 to 3 stars, (\d+) left stars only and (\d+) wrote no cause "
        r"\((\d+) % together\)",
        [len(rows), found["stars only"], found["unclear"], 100 * unknown / len(rows)],
    )


def not_said(page):
    rows = complaints().last(90)
    found, other = kinds(rows), tally(rows, "questions")["other"]
    values = (found["stated"], other, found["unclear"], found["stars only"])
    wrong = []
    for row, n in zip(page.table("Feedback of", "Count", "Share").rows, values, strict=True):
        wrong += expect(row[1], [n], row[0].text)
        wrong += expect(row[2], [100 * n / len(rows)], row[0].text)
    return wrong


def quotes(page):
    """Quotes are a buyer's own words, with that feedback's stars, marketplace and day."""
    wrong = []
    known = {
        (" ".join(row["text"].split()), str(row["feedback"].stars), row["market"],
         f"{row['day'].day} {row['day']:%b %Y}"): row["sure"]
        for row in complaints().rows
    }  # fmt: skip
    for table in page.all_tables("About", "Comment", "Stars"):
        for row in table.rows:
            said = tuple(cell.text for cell in row[1:5])
            wrong += words_of(row[1]) if row[1].tokens else []
            wrong += expect(row[2], [int(row[2].text)])
            if said not in known:
                wrong.append(f"no such feedback: {row[1].text[:60]} of {row[4].text}")
            elif row[5].tokens:  # How sure the labeller is comes with its labels.
                sure = known[said] if not 0.995 <= known[said] < 1 else 0.99  # "more than 99 %"
                wrong += expect(row[5], [100 * sure], row[1].text[:60])
    return wrong


def measures():
    """Return measure -> hits and n, now and before, of the files' own shares."""
    sold, channel = {}, {}
    for row in shop().items:
        order = row["order"]
        if order not in sold or row["day"] < sold[order]:
            sold[order], channel[order] = row["day"], row["channel"]
    found = {}
    for first, last in (NOW, BEFORE):
        parcels = [
            row for row in shop().shipments
            if first <= row["day"] <= last and channel.get(row["order"]) == "seller"
        ]  # fmt: skip
        orders = sum(first <= day <= last for day in sold.values())
        back = [row for row in shop().returns if first <= row["day"] <= last]
        own = [row for row in back if row["kind"] == "seller"]
        bad = [one for one in shop().counted if first <= one.day <= last and one.stars <= 2]
        about = {
            name: len({row["order"] for row in back if question(reason(row["reason"])) == name})
            for name in QUESTIONS
        }
        denied = ("REJECT", "CANCEL", "DENIED", "DECLINED")
        pairs = {
            "more than two days after": (
                sum((row["day"] - sold[row["order"]]).days > 2 for row in parcels), len(parcels)),
            "on or after the day": (
                sum(row["day"] >= row["promised"] for row in parcels if row["promised"]),
                sum(row["promised"] is not None for row in parcels)),
            "came late or never": (about["shipping_speed"], orders),
            "came damaged": (about["packaging"], orders),
            "without a tracking number": (
                sum(not row["tracking"] for row in parcels), len(parcels)),
            "without a public reply": (sum(not one.response for one in bad), len(bad)),
            "handle, refused": (
                sum(any(word in row["return request status"].upper() for word in denied)
                    for row in own), len(own)),
            "paid by the buyer": (
                sum(row["label to be paid by"] == "Customer" for row in own), len(own)),
            "was not as described": (about["as_described"], orders),
        }  # fmt: skip
        for name, pair in pairs.items():
            found.setdefault(name, []).append(pair)
    return found


METRICS = {
    "Late shipments": ("lateShipmentRate", "lateShipmentCount", "shipmentCount"),
    "Parcels arrived by": ("onTimeDeliveryRate", "onTimeDeliveryCount",
                           "shipmentCountWithValidTracking"),
    "Parcels with a valid": ("validTrackingRate", "validTrackingCount", "shipmentCount"),
}  # fmt: skip


def worst(key):
    """Return the worst marketplace of a measure of Amazon's: name, rate, total and target."""
    found = []
    for market, block in shop().health.items():
        part = block[key]
        if part.get("rate") is None:
            continue
        totals = ("orderCount", "shipmentCountWithValidTracking", "shipmentCount", "totalUnitCount")
        total = next(part[name] for name in totals if name in part)
        sign = -1 if part["targetCondition"] == "GREATER_THAN" else 1
        found.append((sign * (part["rate"] - part["targetValue"]), market, part["rate"],
                      total, part["targetValue"]))  # fmt: skip
    return max(found)[1:], len(found)


def what_files_say(page):
    wrong, mine = [], measures()
    for row in page.table("Question", "What the files say", "Days before").rows:
        text, cells = row[1].text, row[2:7]
        key = next((name for name in mine if name in text), None)
        metric = next((name for name in METRICS if text.startswith(name)), None)
        if key:
            (hits, n), (hits_before, n_before) = mine[key]
            ends = [100 * end for end in sums.wilson(hits, n)]
            values = ([100 * hits / n], ends, [n], [100 * hits_before / n_before], [])
        elif metric:
            (market, rate, total, target), places = worst(METRICS[metric][0])
            ends = [100 * end for end in sums.wilson(round(rate * total), total)]
            values = ([100 * rate], ends, [total], [], [100 * target])
            wrong += expect(row[1], [places], text)
            if market not in text:
                wrong.append(f"{text}: {market} expected")
        elif text.startswith("Days until half"):
            values = closing()
        else:
            parts = [block["orderDefectRate"]["mfn"] for block in shop().health.values()]
            n, hits = (sum(part["orderCount"] for part in parts),
                       sum(part["claims"]["count"] for part in parts))  # fmt: skip
            ends = [100 * end for end in sums.wilson(hits, n)]
            values = ([100 * hits / n], ends, [n], [], [])
        for cell, expected in zip(cells, values, strict=True):
            wrong += expect(cell, expected, text)
    for block in page.everything():
        for name, (key, *_) in METRICS.items():
            (market, rate, _, _), places = worst(key)
            pattern = rf"(?i:{name})[^(;]* \((\d+\.\d) %, {market}, the worst of (\d)\)"
            for found in re.finditer(pattern, block.text):
                for place, value in ((1, 100 * rate), (2, places)):
                    wrong += expect(block, [value], name, start=found.start(place),
                                    end=found.end(place))  # fmt: skip
    for name, ((hits, n), _) in mine.items():
        # Where the comments and the files are taken together.
        pattern = rf"{name}[^(;]* \((\d+\.\d) %\)"
        wrong += say(page, pattern, [100 * hits / n], at_least=0)
    claims = [block["orderDefectRate"]["mfn"] for block in shop().health.values()]
    rate = sum(part["claims"]["count"] for part in claims)
    rate *= 100 / sum(part["orderCount"] for part in claims)
    wrong += say(page, r"A-to-z claim, Amazon's count \((\d\.\d) %\)", [rate])
    return wrong + say(page, r"opened were closed \((\d+)\)", closing()[0])


def closing():
    """Return the printed figures of the days until half of the cases opened were closed."""
    found = []
    for first, last in (NOW, BEFORE):
        times, done = [], []
        for row in shop().cases:
            opened = date.fromisoformat(row["opened"])
            if not first <= opened <= last:
                continue
            end = date.fromisoformat(row["closed"]) if row["closed"] else None
            done.append(end is not None and end <= last)
            times.append(max(0, ((end if done[-1] else last) - opened).days))
        half = next(t for t, still, _ in sums.survival(times, done) if still <= 0.5 + 1e-12)
        found.append((half, len(times)))
    return [found[0][0]], [], [found[0][1]], [found[1][0]], []


def month_by_month(page):
    found, cells = by_month("questions")
    marked = {key: row for key, row in found.items() if row[2] <= 0.05 and row[0] >= 3}
    wrong = say(
        page, r"(\d+) cells \(questions by months\) were looked at, and (\d+) stand out",
        [cells, len(marked)],
    )  # fmt: skip
    for (name, label), (n, expected, _) in marked.items():
        wrong += say(
            page,
            rf"'{re.escape(QUESTIONS.get(name, name))}' in {label} \((\d+), (\d+\.\d) expected\)",
            [n, expected],
            at_least=0,
        )
    wrong += say(page, r"expected\) and (\d+) more", [len(marked) - 5])
    return wrong


@cache
def all_groups():
    """Return how many groups are compared, and each with its counts and its corrected chance."""
    hits = []
    for name in sorted({q for row in complaints().rows for q in row["questions"]}):
        orders = {row["feedback"].order for row in complaints().rows if name in row["questions"]}
        label = QUESTIONS.get(name, "Another complaint")
        if sold(orders) >= 3:
            hits.append((f": {label[:1].lower()}{label[1:]}", orders, WHERE))
    return compared(hits, 365, None)


def where(page):
    count, named = all_groups()
    standing = standing_out(named)
    wrong = say(
        page, r"([\d,]+) comparisons of groups of orders were made, and (\d+) stand out",
        [count, len(standing)],
    )  # fmt: skip
    return wrong + group_rows(page, named, standing) + groups_said(page, named)


WHERE = (("marketplace",), ("channel",), ("carrier",), ("asin",), ("marketplace", "channel"))


def groups_said(page, named):
    """Hold the sentences that name groups against what was counted."""
    wrong = []
    for block in page.blocks:
        for part in re.finditer(
            r"(\d+) complaints on ([\d,]+) orders, ([\d.]+) per 1,000, 95 % interval ([\d.]+) to "
            r"([\d.]+), the rest ([\d.]+)\)",
            block.text,
        ):
            name = re.split(r"; |among them: |: (?=\w+[^:]*: )", block.text[: part.start()])[-1]
            row = named[name.rstrip(" (").strip()]
            values = [row[0], row[1], *(1000 * value for value in row[2:6])]
            for place, value in enumerate(values, 1):
                wrong += expect(block, [value], name, start=part.start(place), end=part.end(place))
    return wrong


def figures(page):
    """What the figures of the page say."""
    wrong = drawn_service.answers_title(page) + drawn_service.month_grid(page, "questions")
    return wrong + drawn_service.grids(page, "questions", all_groups()[1])


def label_quality(page):
    """How good the labels are: from the counts of the makers' measurement."""
    held, wrong = measured(), []
    names = {**{label: name for name, label in QUESTIONS.items()},
             "Another complaint": "other", "No cause stated": "unclear"}  # fmt: skip
    for row in page.table("Label", "Measured on", "F1").rows:
        counts = held["questions"][names[row[0].text]]
        right, said, n = counts["both"], counts["found"], counts["n"]
        values = (n, right / said, right / n, 2 * right / (said + n))
        for cell, value in zip(row[1:], values, strict=True):
            wrong += expect(cell, [value], row[0].text)
    every = held["questions"].values()
    both, found, n = (sum(row[key] for row in every) for key in ("both", "found", "n"))
    each = [2 * row["both"] / (row["found"] + row["n"]) for row in every]
    wrong += say(
        page, r"On (\d+) comments in ten .*? answers is (0\.\d\d) .*? macro-F1 (0\.\d\d), kappa",
        [held["comments"], 2 * both / (found + n), sum(each) / len(each)],
    )  # fmt: skip
    wrong += say(page, r"measured it on (\d+) comments", [held["comments"]])
    said = r"95 % interval (0\.\d\d) to (0\.\d\d)\), macro-F1 0\.\d\d, kappa (0\.\d\d)"
    wrong += say(page, said, [held["low"], held["high"], held["kappa"]])
    rows = complaints().last(90)
    words, said = comments_of(rows), tally(rows, "questions")
    said["unclear"] = kinds(rows)["unclear"]
    for row in page.table("Label", "Comments", "Share as found").rows:
        name = names[row[0].text]
        token = row[3].numbers()[0][0]
        wrong += expect(row[1], [said[name]], name)
        wrong += expect(row[2], [100 * said[name] / words], name)
        true = 100 * corrected(name, said[name], words, words)
        wrong += expect(row[3], [true], name, end=token[1])
        (ends,) = scaled(simulated(name, (said[name], words, words)), 100)
        wrong += near(row[3], ends, name, start=token[1])
    return wrong


CHECKS = [
    answers, in_words, not_said, quotes, what_files_say, month_by_month, where, label_quality,
    figures, rules,
]  # fmt: skip
test_figures, test_coverage, test_changed = page_tests("02_service_questions", CHECKS, 1.0)
