"""What the figures of the seven answers and of the root causes say: grids, bars and a funnel."""

import re
from collections import Counter

from tests.honesty.labels import QUESTIONS, causes, complaints, corrected, tally
from tests.honesty.monthly import by_month, months
from tests.honesty.orders import groups as outcome_groups
from tests.honesty.orders import standing_out
from tests.honesty.pages import drawn, expect, say
from tests.honesty.ratings import FULL, window

COLUMNS = {"Amazon ships": "shipped by Amazon", "you ship": "shipped by the seller"}
SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LEAST, NEAR = 10, 9


def names(level):
    """Return a label as a figure writes it -> its id."""
    if level == "questions":
        return {label: name for name, label in QUESTIONS.items()} | {"Another complaint": "other"}
    return {each["label"]: name for name, each in causes().items()}


def rows_in(figure, level):
    """Return id -> how high its row stands; a long label is written in two lines."""
    known, found = names(level), {}
    texts = [block for block in figure if not block.text[0].isdigit()]
    for place, block in enumerate(texts):
        two = f"{block.text} {texts[place + 1].text}" if place + 1 < len(texts) else ""
        if block.text in known:
            found[known[block.text]] = block.at[1]
        elif two in known:
            found[known[two]] = (block.at[1] + texts[place + 1].at[1]) / 2
    return found


def cells(figure, level, columns, counted):
    """Hold each number of a grid against what is counted of its row and column."""
    wrong, seen, rows = [], Counter(), rows_in(figure, level)
    for block in figure:
        if block.marks or not re.fullmatch(r"\d+(?: •)?", block.text):
            continue
        x, y = block.at
        name = min(rows, key=lambda each: abs(rows[each] - y))
        column = min(columns, key=lambda each: abs(columns[each] - x))
        if abs(rows[name] - y) > NEAR:
            wrong.append(f"{block.text} stands in no row")
        wrong += expect(block, [counted(name, column)], f"{name}, {column}")
        seen[name, column] += 1
    for name in rows:
        wrong += [
            f"{name}, {column} is not drawn"
            for column in columns
            if seen[name, column] != bool(counted(name, column))
        ]
    return wrong


def month_grid(page, level):
    """The grid of months: every count, and how many stand out."""
    found, _ = by_month(level)
    figure = page.figure("newest month first")
    spans = [name for name, *_ in months()][::-1]
    marks = sorted((block for block in figure if block.text in SHORT), key=lambda b: b.at[0])
    columns = {name: block.at[0] for name, block in zip(spans, marks, strict=True)}
    if [block.text for block in marks] != [name[:3] for name in spans]:
        return ["other months are drawn"]

    def counted(name, column):
        return found.get((name, column), (0,))[0]

    marked = [key for key, row in found.items() if row[2] <= 0.05 and row[0] >= 3]
    shown = "questions" if level == "questions" else "causes"
    wrong = cells(figure, level, columns, counted)
    return wrong + say(page, rf"^(\d+) months of {shown} stand out; the newest", [len(marked)])


def place_grid(page, level, look, named, figure):
    """A grid of groups: the orders of each, and the labels of each."""
    parts, _ = outcome_groups((look,), 365)
    parts = {name: len(orders) for name, orders in parts.items() if len(orders) >= LEAST}
    heads = {block.text: block for block in figure}
    columns, wrong = {}, []
    for shown, block in heads.items():
        name = COLUMNS.get(shown, shown)
        if name in parts:
            columns[name] = block.at[0]
    below = [block for block in figure if re.fullmatch(r"[\d,]+ orders", block.text)]
    for block in below:
        name = min(columns, key=lambda each: abs(columns[each] - block.at[0]))
        wrong += expect(block, [parts[name]], name)
    if set(columns) != set(parts):
        wrong.append(f"{set(columns)} drawn, {set(parts)} expected")
    words = {name: label for label, name in names(level).items()}

    def counted(name, column):
        label = words[name]
        row = named.get(f"{column}: {label[:1].lower()}{label[1:]}")
        return row[0] if row else 0

    wrong += cells(figure, level, columns, counted)
    for block in figure:
        if "99.8 % limit" in block.text:
            wrong += expect(block, [99.8])
        elif "per 1,000 orders" in block.text:
            wrong += expect(block, [])
    mine = [name for name in standing_out(named) if name.split(": ")[0] in parts]
    first = min(mine, key=lambda name: (named[name][6], -named[name][0]))
    about = {name.split(": ", 1)[1] for name in named}
    of = "channel" if look == "channel" else look
    wrong += say(
        page,
        rf"(\d+) comparisons of groups of orders were made by {of}, and (\d+) stands? out",
        [len(parts) * len(about), len(mine)],
    )
    return wrong + say(page, rf"^(\d+) cells? stands? out, most of all {re.escape(first)}$",
                       [len(mine)])  # fmt: skip


def grids(page, level, named):
    """Every grid of groups on a page."""
    wrong = []
    for look, mark in (("channel", "you ship"), ("carrier", "Northline")):
        found = [each for each in page.drawn if any(block.text == mark for block in each)]
        for figure in found:
            wrong += place_grid(page, level, look, named, figure)
    return wrong


def funnel(page, named):
    """The funnel of products: those that stand out, and how many were compared."""
    parts, whole = outcome_groups(("asin",), 365)
    large = {name for name, orders in parts.items() if len(orders) >= LEAST}
    mine = [name for name in standing_out(named) if name.split(": ")[0] in large]
    (one,) = mine
    about = one.split(": ", 1)[1]
    compared = [name for name in named if name.split(": ")[0] in large and name.endswith(about)]
    every = [name for name in named if name.split(": ")[0] in large]
    figure = page.figure("orders in the group")
    wrong = drawn(figure, r"\d+ of \d+", [list(named[one][:2])])
    (orders,) = [
        {row["feedback"].order for row in complaints().rows if name in row["causes"]}
        for label, name in names("causes").items()
        if f"{label[:1].lower()}{label[1:]}" == about
    ]
    usual = 1000 * len(whole & orders) / len(whole)
    wrong += drawn(figure, r"\(dashed: the whole shop.*", [[usual, 95, 100, 998, 1000]])
    for count in (len(compared), len(every)):
        title = rf"^(\d+) of ({count}) groups stands? out: {re.escape(one)}"
        wrong += say(page, title, [1, count], at_least=0)
        text = rf"^({count}) comparisons of groups of orders were made by product, and (\d+) stands"
        wrong += say(page, text, [count, 1], at_least=0)
    return wrong


def answers_title(page):
    """The title of the seven answers counts what its table says."""
    said = Counter(row[1].text for row in page.table("Question", "Answer", "Labels found").rows)
    return say(
        page, r"^(\d) No, (\d) Yes, (\d) with too few",
        [said["No"], said["Yes"], said["Too few to say"]],
    )  # fmt: skip


def bars(page):
    """What stands behind the complaints: labels of each cause, and the comments together."""
    rows = [row for row in complaints().last(365) if row["text"]]
    said, n = tally(rows, "causes"), len(rows)
    shares = {name: corrected(name, count, n, n) for name, count in said.items()}
    order = sorted(said, key=lambda name: (-shares[name], -said[name], name))
    figure = page.figure("corrected for labelling errors, with 95 % interval")
    shown = [block for block in figure if re.fullmatch(r"\d+", block.text) and not block.marks]
    wrong, together = [], []
    for place, (block, name) in enumerate(zip(shown, order, strict=False)):
        wrong += expect(block, [said[name]], name)
        covered = sum(bool(set(order[: place + 1]) & set(row["causes"])) for row in rows)
        together.append([100 * covered / n])
    wrong += drawn(figure, r"\d+ %", together)
    wrong += drawn(figure, r"% of the \d+ comments, .*", [[n]])
    half = next(
        place for place in range(len(order))
        if sum(bool(set(order[:place]) & set(row["causes"])) for row in rows) >= 0.5 * n
    )  # fmt: skip
    return wrong + say(page, r"^(\d+) causes are in half of the comments; the first (\d) are",
                       [half, None])  # fmt: skip


def halves(page):
    """What halving each cause would bring, beside its bar and in words."""
    rows, found = complaints().last(365), window("365 days")
    said, share, gains = tally(rows, "causes"), found.positive / found.n, []
    for name, n in said.items():
        alone = sum(each["causes"] == (name,) for each in rows)
        gains.append(([100 * (found.positive + k / 2) / found.n for k in (alone, n)], alone, name))
    best = max(gains, key=lambda each: (each[1], said[each[2]]))
    figure = page.figure("points gained: filled")
    texts = [block for block in figure if re.fullmatch(r"\d+\.\d to \d+\.\d %", block.text)]
    rows_at, wrong, ends = rows_in(figure, "causes"), [], {name: pair for pair, _, name in gains}
    for block in texts:
        name = min(rows_at, key=lambda each: abs(rows_at[each] - block.at[1]))
        wrong += expect(block, ends[name], name)
    most = max(pair[1] for pair, *_ in gains) - 100 * share
    title = r"Halving one cause adds up to (\d\.\d) points; the target is (\d+\.\d) away"
    wrong += say(page, title, [most, 100 * (float(FULL) - share)])
    return wrong + say(
        page,
        r"(\d+\.\d) % of the feedback of the 365 days to the end of October 2026 were positive; "
        r"the target is (\d+) %\. Had half of the (\d+) complaints about '[^']*' been positive "
        r"feedback instead, it would have been (\d+\.\d) % to (\d+\.\d) %",
        [100 * share, 95, said[best[2]], *best[0]],
    )


def map_legend(page):
    """The legend of the map: how many comments have each cause first."""
    rows = [row for row in complaints().last(365) if row["text"]]
    first = Counter(row["causes"][0] if row["causes"] else "" for row in rows)
    figure, wrong, seen = page.figure("other causes ("), [], 0
    for block in figure:
        found = re.fullmatch(r"(.*) \((\d+)\)", block.text)
        if not found:
            continue
        if found[1] == "no cause stated":
            value = first[""]
        elif found[1] == "other causes":
            continue
        else:
            value = first[names("causes")[found[1]]]
        seen += value
        wrong += expect(block, [value], found[1])
    rest = [block for block in figure if block.text.startswith("other causes (")]
    wrong += expect(rest[0], [len(rows) - seen], "other causes")
    wrong += say(page, r"^(\d+) comments by what they say", [len(rows)])
    return wrong + say(page, r"^(\d+) comments as points;.*?; (\d+) comments? state",
                       [len(rows), first[""]], at_least=0)  # fmt: skip
