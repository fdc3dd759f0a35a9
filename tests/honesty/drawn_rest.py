"""What the figures of the data check, of cases and of reviews say, and those of the first page."""

import re
from collections import Counter
from datetime import timedelta

from tests.honesty import believed
from tests.honesty.conversion import panel
from tests.honesty.pages import drawn, expect, say, value_of
from tests.honesty.raw import shop


def files_drawn(page, kinds, whole):
    """Rows kept and set aside of each kind of file, largest first; and all of them."""
    files, read, aside = whole
    figure = page.figure("rows kept (each line is ten times")
    rows = sorted(kinds.values(), key=lambda row: -row[0])
    values = [[kept] + [gone] * bool(gone) for kept, gone in rows]
    # What the axis marks comes before its name.
    place = next(n for n, block in enumerate(figure) if block.text.startswith("rows kept"))
    for block in figure[place:]:
        block.marks.clear()
    wrong = drawn(figure[place:], r"[\d,]+(?:, [\d,]+ set aside)?", values)
    said = r"(\d+) files with ([\d,]+) rows: ([\d,]+) rows were kept, ([\d,]+) set aside"
    wrong += say(page, said, [files, read, read - aside, aside])
    title = r"([\d,]+) rows of (\d+) files were kept, ([\d,]+) set aside"
    return wrong + say(page, title, [read - aside, files, aside])


def months_drawn(page):
    """How many tables there are, and how many lack a month between their first and last."""
    first = min(day["day"] for day in shop().daily).replace(day=1)
    figure = page.figure("feedback totals, DE")
    tables = [block.text for block in figure if re.fullmatch(r"[a-z ]+(?:, [A-Z]{2})?", block.text)]
    tables = [text for text in tables if text not in ("data", "nothing")]
    gaps = sum(
        min(one.day for one in shop().feedback if one.market == market) >= _next(first)
        for market in ("DE", "UK", "US")
    )
    return say(page, r"^(\d+) of (\d+) tables (?:has|have) gaps", [gaps, len(tables)])


def _next(day):
    return (day + timedelta(days=31)).replace(day=1)


def cases_drawn(page, half, done):
    """The titles of the cases' figures, what was promised, and how many were closed how."""
    wrong = say(page, r"^Half of the cases are closed within (\d+) days$", [half])
    wrong += drawn(page.figure("promised: "), r"promised: \d+ days", [[14]])
    figure = page.figure("later removed, changed or struck")
    sizes = Counter(each[0]["resolution"] for each in done)
    names = [block for block in figure if "(n = " in block.text]
    for block in names:
        wrong += expect(block, [sizes[block.text.split(" (")[0]]], block.text)
    if len(names) != len(sizes):
        wrong.append(f"{len(names)} ways drawn, {len(sizes)} expected")
    figure = page.figure("after as a multiple of before")
    wrong += drawn(figure, r".*\(1 is no change\)", [[1]])
    rows = page.table("What changed", "Measured by", "Ratio").records()
    verdict = {}
    for row in rows:
        name = next(key for key in row if key.startswith("Verdict") or key.startswith("What came"))
        verdict.setdefault(row["What changed"].text, []).append(row[name].text)
    early = sum(all(each.startswith("too") for each in said) for said in verdict.values())
    fell = sum(any(each.startswith("fell") for each in said) for said in verdict.values())
    title = r"^Fewer complaints after (\d) of (\d) dated changes?; of (\d) it cannot be said yet"
    return wrong + say(page, title, [fell, len(verdict) - early, early])


def reviews_drawn(page, lift, envelope, first):
    """The titles of the figures of reviews, and the intervals beside the estimates."""
    wrong = say(page, r"by about ([+−]\d+) % \(([+−]\d+) to ([+−]\d+) %\)$", [lift, *envelope])
    wrong += say(page, r"^The first (\d+) products would bring (\d+) % of all", [10, first])
    newest = max(row["week"] for row in panel())
    known = sum(row["reviews"] is not None for row in panel()) / len(panel())
    bare = sum(row["week"] == newest and row["reviews"] == 0 for row in panel())
    title = r"known for (\d+) % of the families' weeks; the latest week has (\d+) families without"
    wrong += say(page, title, [100 * known, bare])
    lag = believed.events()[1]
    wrong += say(page, r"^The sale behind the first review lies (\d) weeks before", [lag])
    rows = page.table("Estimate", "Of what", "Lift").rows
    for block in page.figure("weeks from the first review"):
        wrong += named(block) if block.text in ("4 to 7", "8+") else []
    wrong += as_in_table(page.figure("families against themselves"), PAIR, rows)
    return wrong + drawn(page.figure("thick line 80 %"), r".*thick line.*", [[80, 95]])


PAIR = r"[+−]\d+ to [+−]\d+ %"


def as_in_table(figure, pattern, rows):
    """Hold what is drawn against cells that are held against the raw rows themselves."""
    wrong = []
    for block, row in zip((b for b in figure if re.fullmatch(pattern, b.text)), rows, strict=False):
        cell = row[3]
        if "recomputed" not in cell.marks.values():
            wrong.append(f"{row[0].text}: {cell.text} is not recomputed")
        wrong += expect(block, [value_of(text)[0] for _, text in cell.numbers()], row[0].text)
    return wrong


def families_drawn(page):
    """Families beside each range, within families and in a single report, and what titles say."""
    wrong, figures = [], []
    for figure in page.drawn:
        if any(re.fullmatch(r"\d+ families", block.text) for block in figure):
            figures.append(figure)
    tables = [page.table("Reviews", "Lift within families")]
    tables += page.all_tables("Group", "Families", "Per 100 sessions")
    for figure, table in zip(figures, tables, strict=True):
        names = [row[0].text for row in table.rows]
        counts = [row[table.column("Families")] for row in table.rows]
        if any("recomputed" not in count.marks.values() for count in counts):
            wrong.append("a table's count is not recomputed")
        values = [[value_of(count.numbers()[0][1])[0]] for count in counts]
        wrong += drawn(figure, r"\d+ families", values)
        shown = [b for b in figure if b.text.removesuffix(" reviews") in names and not b.marks]
        if [b.text.removesuffix(" reviews") for b in shown] != names:
            wrong.append(f"{names} expected as names of ranges")
        for block in shown:
            wrong += named(block)
        wrong += of_rows(page, table)
    return wrong


def of_rows(page, table):
    """The titles name two rows of a table, each with its number."""
    wrong = []
    column = 1 if table.header[1].text.startswith("Lift") else table.column("Per 100")
    for row in table.rows:
        name, value = re.escape(row[0].text), value_of(row[column].numbers()[0][1])[0]
        for pattern in (
            rf"^Within families: .*?(?P<n>[+−]\d+) % at (?P<name>{name})(?: reviews|$|,)",
            rf"(?:^|; )(?P<name>{name})(?: reviews)?: (?P<n>\d+\.\d)",
        ):
            for block in page.blocks:
                found = block.heading == table.heading and re.search(pattern, block.text)
                if found:
                    wrong += expect(block, [value], start=found.start("n"), end=found.end("n"))
                    wrong += named(block, *found.span("name"))
    return wrong


NAMES = {
    "0": [0], "1-4": [1, 4], "5-9": [5, 9], "10-49": [10, 49], "50+": [50], "no review": [],
    "below 4.0": [4.0], "4.0 to 4.4": [4.0, 4.4], "4.5 and more": [4.5], "4 to 7": [4, 7],
    "8+": [8],
}  # fmt: skip


def named(block, start=0, end=None):
    """Hold the name of a range against the ranges that are written down here."""
    name = block.text[start:end].removesuffix(" reviews")
    if name not in NAMES:
        return [f"no such range: {name}"]
    return expect(block, NAMES[name], name, start=start, end=end)
