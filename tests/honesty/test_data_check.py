"""Every figure of the data check, from the files themselves."""

from calendar import monthrange
from collections import Counter, defaultdict
from datetime import date, timedelta

from tests.honesty.checks import page_tests
from tests.honesty.drawn_rest import files_drawn, months_drawn
from tests.honesty.pages import expect, say
from tests.honesty.raw import rows_of, shop

METRIC_PARTS = ("negativeFeedback", "claims", "chargebacks", "missingInvoice", "lateInvoice")


def health_rows():
    """Return how many figures the account health file holds."""
    count = 0
    for block in shop().health.values():
        for value in block.values():
            if not isinstance(value, dict):
                continue
            inner = [value[key] for key in ("afn", "mfn") if isinstance(value.get(key), dict)]
            for part in inner:
                count += 1 + sum(isinstance(part.get(name), dict) for name in METRIC_PARTS)
            count += not inner and bool(
                {"rate", "defectsCount", "targetValue", "status"} & set(value)
            )
    return count


def sums_by_kind():
    """Return report and marketplace -> files, rows read, kept and set aside."""
    found = defaultdict(lambda: [0, 0, 0, 0])
    for line in shop().files.values():
        if line.kind == "Account health (JSON)":
            found[line.kind, "DE, UK, US"] = [1, health_rows(), health_rows(), 0]
            continue
        row = found[line.kind, line.market]
        for place, value in enumerate((1, line.rows, line.kept, sum(line.aside.values()))):
            row[place] += value
    return found


def what_was_read(page):
    expected, wrong = sums_by_kind(), []
    table = page.table("Report", "Marketplace", "Files")
    for row in table.rows:
        mine = expected.pop((row[0].text, row[1].text))
        for cell, value in zip(row[2:], mine, strict=True):
            wrong += expect(cell, [value], row[0].text)
    return wrong + [f"no row for {key}" for key in expected]


def remarks(page):
    """The remarks' numbers: stars without text, rows counted once, more units than sessions."""
    wrong, table = [], page.table("Files", "Such as", "Note")
    bare = {}
    for path, line in shop().of("Seller feedback"):
        rows = rows_of(path)
        name = "comments" if "comments" in rows[0] else "kommentare"
        key = path.relative_to(shop().amazon).as_posix()
        bare[key] = (sum(not row[name].strip() for row in rows), sum(line.aside.values()))
    over = Counter()
    for row in shop().traffic:
        if row["units"] > row["sessions"]:
            over[row["market"], row["week"]] += 1
    for row in table.rows:
        note, name = row[2], row[1].text
        if name in bare:
            stars, aside = bare[name]
            only = "stars 1-3 only" in note.text
            expected = [1, 3] * only + [stars] * ("no text" in note.text)
            wrong += expect(row[0], [1], name)
            wrong += expect(note, expected + [aside] * ("counted once" in note.text), name)
        elif "more units than sessions" in note.text:
            times = int(note.text.split()[0])
            wrong += expect(row[0], [sum(n == times for n in over.values())], note.text)
            wrong += expect(note, [times], note.text)
        elif "feedbacks of UK" in note.text:
            gone = sum(one.gone and one.market == "UK" for one in shop().feedback)
            wrong += expect(row[0], [1]) + expect(note, [gone], note.text)
        else:
            wrong += expect(row[0], [1], name)
    return wrong


def set_aside(page):
    wrong, table = [], page.table("File", "Reason", "Rows", "Lines")
    seen = {}
    for name, line in shop().files.items():
        for reason, n in line.aside.items():
            seen[name, reason] = n
    for row in table.rows:
        n = seen.pop((row[0].text, row[1].text))
        lines = lines_aside(row[0].text, row[1].text)
        wrong += expect(row[2], [n], row[0].text)
        wrong += expect(row[3], [*lines[:8], *([len(lines) - 8] if len(lines) > 8 else [])])
        if len(lines) != n:
            wrong.append(f"{row[0].text}: {len(lines)} lines for {n} rows")
    return wrong + [f"not on the page: {key}" for key in seen]


def lines_aside(name, reason):
    """Return the line numbers of the rows of a file that were set aside."""
    rows = rows_of(shop().amazon / name)
    if "no review count" in reason:
        return [n for n, row in enumerate(rows, 2) if not row["reviews: rating count"]]
    if "newer download" in reason:
        newest = rows_of(shop().amazon / "UK/feedback/feedback-2026-10-31.txt")
        orders = {row["order id"] for row in newest}
        return [n for n, row in enumerate(rows, 2) if row["order id"] in orders]
    return list(range(2, len(rows) + 2))


def month_rows(name, market, first, last):
    """Return the rows of a month and its days with a row."""
    days = []
    if name == "feedback":
        days = [one.day for one in shop().feedback if one.market == market]
    elif name in ("daily", "feedback_totals"):
        days = [row["day"] for row in shop().daily if row["market"] == market]
    elif name == "orders":
        days = [row["day"] for row in shop().items if row["market"] == market]
    elif name in ("shipments", "returns"):
        days = [row["day"] for row in getattr(shop(), name)]
    elif name == "reviews":
        days = [day for _, day in shop().review_rows]
    elif name == "cases":
        days = [date.fromisoformat(row["opened"]) for row in shop().cases]
    elif name == "traffic":
        mine = [row for row in shop().traffic if row["market"] == market]
        rows = sum(first <= row["week"] <= last for row in mine)
        covered = {
            row["week"] + timedelta(days=step)
            for row in mine
            for step in range((row["end"] - row["week"]).days + 1)
        }
        return rows, len([day for day in covered if first <= day <= last])
    inside = [day for day in days if first <= day <= last]
    return len(inside), len(set(inside))


def the_month(page):
    wrong, first, last = [], date(2026, 10, 1), date(2026, 10, 31)
    for row in page.table("Table", "Month", "Days in month").rows:
        rows, days = month_rows(row[0].text.replace(" ", "_"), row[1].text, first, last)
        for cell, value in zip(row[3:6], (rows, days, 31), strict=True):
            wrong += expect(cell, [value], f"{row[0].text} {row[1].text}")
        if row[6].numbers():
            printed = [days, 31] if " of " in row[6].text else [days]
            wrong += expect(row[6], printed, row[0].text)
    return wrong


def quiet_days(page):
    """The fewest and the most days with a row in a month, table by table."""
    wrong = []
    months = []
    for number in range(24):
        year, month = divmod(10 + number, 12)
        months.append((2024 + year, month + 1))
    for name in ("feedback", "orders", "returns", "reviews", "cases"):
        places = ("DE", "UK", "US") if name in ("feedback", "orders") else ("all",)
        found = []
        for market in places:
            for year, month in months:
                length = monthrange(year, month)[1]
                _, days = month_rows(name, market, date(year, month, 1), date(year, month, length))
                if 0 < days < length:
                    found.append(days)
        low, high = min(found), max(found)
        if low == high:
            wrong += say(page, rf"{name} \(rows on (\d+) days?", [low])
        else:
            wrong += say(page, rf"{name} \(rows on (\d+) to (\d+) days", [low, high])
    return wrong


def figures(page):
    """What the two figures say: rows by kind of file, and tables with gaps."""
    kinds = defaultdict(lambda: [0, 0])
    for (kind, _), (_, _, kept, gone) in sums_by_kind().items():
        kinds[kind][0] += kept
        kinds[kind][1] += gone
    files = shop().files.values()
    aside = sum(sum(line.aside.values()) for line in files)
    whole = len(files), sum(line.rows for line in files) + health_rows(), aside
    return files_drawn(page, kinds, whole) + months_drawn(page)


CHECKS = [what_was_read, remarks, set_aside, the_month, quiet_days, figures]
test_figures, test_coverage, test_changed = page_tests("00_data_check", CHECKS, 1.0)
