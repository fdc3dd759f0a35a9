"""What a shop of millions of feedbacks costs: read, counted, its windows, labels, whole report.

Each figure is of a fresh process: seconds of the processor, all threads and user and system
together, and the peak of resident memory beyond the imports. Beside it stand plain pandas, DuckDB
by hand, and the floor: `cat` and `wc -l` of the same file, measured in the same run. The whole
report (`--report`) is measured with all its processes, and by the clock too: from cold, and once
more when one month is new.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from _big_shop import write_big_shop
from _child import run
from _tree import TreeCost, run_tree

RESULTS = Path(__file__).resolve().parent / "results"
# Plain pandas holds all rows: beyond this it would only measure the swap.
_PANDAS_MOST = 10_000_000
_THREADS = (
    "connection = duckdb.connect(config={'threads': 2})\n"
    "connection.execute('SET enable_progress_bar = false')\n"
)
_COLUMNS = "{'d': 'VARCHAR', 'r': 'VARCHAR', 'c': 'VARCHAR', 'p': 'VARCHAR', 'o': 'VARCHAR', " \
    "'e': 'VARCHAR'}"  # fmt: skip
# Step -> who -> imports and code. `answer` is the number of feedbacks that were counted.
_CODE: dict[str, dict[str, tuple[str, str]]] = {
    "flat file to tally": {
        "ours": (
            "import feedback_analysis\nfrom feedback_analysis.amazon.readers import tally_feedback",
            "answer = int(tally_feedback(flat)['n'].sum())",
        ),
        "DuckDB by hand": (
            "import duckdb",
            _THREADS + "rows = connection.execute(\"\"\"SELECT "
            "CAST(strptime(d, '%m/%d/%y') AS DATE), substr(e, strpos(e, '@')), r, count(*) "
            "FROM read_csv('\"\"\" + flat + \"\"\"', "
            "delim='\\t', quote='', escape='', header=true, auto_detect=false, columns="
            + _COLUMNS + ") GROUP BY ALL\"\"\").fetchall()\n"
            "answer = sum(row[3] for row in rows)",
        ),
        "plain pandas": (
            "import pandas",
            "frame = pandas.read_csv(flat, sep='\\t', quoting=3, keep_default_na=False)\n"
            "frame['Date'] = pandas.to_datetime(frame['Date'], format='%m/%d/%y')\n"
            "frame['market'] = frame['Rater Email'].str.split('@').str[1]\n"
            "answer = int(frame.groupby(['Date', 'market', 'Rating']).size().sum())",
        ),
    },
    "Parquet to tally": {
        "ours": (
            "import duckdb\nfrom feedback_analysis.tallies import tally",
            _THREADS + "rows = connection.sql(\"SELECT date, marketplace, rating FROM "
            "read_parquet('\" + shop + \"/feedback/*/*.parquet')\")\n"
            "answer = int(tally(rows)['n'].sum())",
        ),
        "DuckDB by hand": (
            "import duckdb",
            _THREADS + "rows = connection.execute(\"SELECT date, marketplace, rating, count(*) "
            "FROM read_parquet('\" + shop + \"/feedback/*/*.parquet') GROUP BY ALL\").fetchall()\n"
            "answer = sum(row[3] for row in rows)",
        ),
        "plain pandas": (
            "import pandas",
            "frame = pandas.read_parquet(shop + '/feedback', "
            "columns=['date', 'marketplace', 'rating'])\n"
            "answer = int(frame.groupby(['date', 'marketplace', 'rating']).size().sum())",
        ),
    },
    "Parquet to tally, by who ships": {
        "ours": (
            "import duckdb\nfrom feedback_analysis.tallies import tally",
            _THREADS + "rows = connection.sql(\"SELECT date, marketplace, rating, order_key FROM "
            "read_parquet('\" + shop + \"/feedback/*/*.parquet')\")\n"
            "orders = connection.sql(\"SELECT order_key, channel FROM "
            "read_parquet('\" + shop + \"/orders/*/*.parquet')\")\n"
            "found = tally(rows, by=('date', 'channel', 'rating'), orders=orders)\n"
            "answer = int(found['n'].sum())",
        ),
        "DuckDB by hand": (
            "import duckdb",
            _THREADS + "rows = connection.execute(\"SELECT date, channel, rating, count(*) FROM "
            "read_parquet('\" + shop + \"/feedback/*/*.parquet') LEFT JOIN (SELECT order_key, "
            "min(channel) AS channel FROM read_parquet('\" + shop + \"/orders/*/*.parquet') "
            "GROUP BY order_key) USING (order_key) GROUP BY ALL\").fetchall()\n"
            "answer = sum(row[3] for row in rows)",
        ),
    },
    "windows": {
        "ours": (
            "import duckdb\nimport pandas\n"
            "from feedback_analysis.health.rating import feedback_rating\n"
            "from feedback_analysis.tallies import tally\n"
            # What is imported when it is first needed is an import too.
            "few = {'date': pandas.Timestamp('2026-10-31'), 'rating': [5, 1]}\n"
            "feedback_rating(tally(pandas.DataFrame(few).assign(marketplace='US')))",
            _THREADS + "rows = connection.sql(\"SELECT date, marketplace, rating FROM "
            "read_parquet('\" + shop + \"/feedback/*/*.parquet')\")\n"
            "table = tally(rows)\n"
            "_seconds_before = _seconds()\n"
            "rated = feedback_rating(table, by='marketplace').table\n"
            "answer = int(rated[rated['window'] == 'lifetime']['n'].sum())",
        ),
        "DuckDB by hand": (
            "import duckdb",
            _THREADS + "last = \"(SELECT max(date) FROM rows)\"\n"
            "connection.execute(\"CREATE VIEW rows AS SELECT date, marketplace, rating FROM "
            "read_parquet('\" + shop + \"/feedback/*/*.parquet')\")\n"
            "named = ', '.join(f'count(*) FILTER (WHERE {what} AND date > {last} - {days}), '\n"
            "    f'avg(rating) FILTER (WHERE date > {last} - {days})' for days in (30, 90, 365, "
            "100_000)\n    for what in ('rating > 3', 'rating = 3', 'rating < 3'))\n"
            "rows = connection.execute(f'SELECT marketplace, count(*), {named} FROM rows GROUP BY "
            "ALL').fetchall()\n"
            "answer = sum(row[1] for row in rows)",
        ),
    },
    "label": {
        "ours": (
            "import tempfile\nimport duckdb\nimport pandas\n"
            "from feedback_analysis.causes.label import own_labeller\n"
            "from feedback_analysis.scale import label_batches\n"
            "own_labeller()\n"
            "list(label_batches([pandas.DataFrame({'comment': ['late']})], workers=1))",
            _THREADS + "read = \"FROM read_parquet('\" + shop + \"/feedback/*/*.parquet')\"\n"
            "named = f\"{read} WHERE rating <= 3 AND comment <> ''\"\n"
            "wanted = connection.execute(f'SELECT count(*) {named}').fetchall()[0][0]\n"
            "with tempfile.TemporaryDirectory() as memory:\n"
            "    comments = connection.sql(f'SELECT comment {named}').to_arrow_reader(10_000)\n"
            "    made = label_batches(comments, memory=memory, workers=1)\n"
            "    assert sum(map(len, made)) == wanted\n"
            "answer = connection.execute(f'SELECT count(*) {read}').fetchall()[0][0]",
        ),
    },
    "the shop, read": {
        "ours": (
            "import feedback_analysis",
            "found = feedback_analysis.read_folder(shop)\n"
            "answer = int(found.tallies.feedback['n'].sum())",
        ),
    },
}  # fmt: skip
_HEADER = ("rows", "orders", "step", "who", "cpu_seconds", "peak_mb", "ratio_to_hand",
           "wall_seconds")  # fmt: skip
# Steps beside each other in the picture.
ACROSS = 4
LAST, BEFORE = "2026-10", "2026-09"


def main() -> None:
    """Measure, print a table, and write it with a picture to benchmarks/results/."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    options.add_argument("--steps", nargs="+", default=list(_CODE))
    options.add_argument("--pandas-most", type=int, default=_PANDAS_MOST, metavar="ROWS")
    options.add_argument("--no-orders", action="store_true", help="feedback alone")
    options.add_argument("--report", action="store_true", help="the whole report too")
    options.add_argument("--folder", type=Path, help="where shops are written and left")
    chosen = options.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, DuckDB with 2 threads")
    found: list[tuple] = []
    try:
        with tempfile.TemporaryDirectory() as temporary:
            for rows in chosen.rows:
                shop = (chosen.folder or Path(temporary)) / f"shop-{rows}"
                orders = 1 if chosen.no_orders else rows * 3 if rows <= 10_000_000 else rows
                if not (shop / "shop.toml").is_file():
                    write_big_shop(shop, feedback=rows, orders=orders, flat=True)
                for line in _measure(shop, rows, orders, chosen):
                    found.append(line)
                    print("  ".join(str(cell) for cell in line), flush=True)
    finally:
        # What was measured is kept when a later step fails or is stopped: it took long.
        _write(found)


def _measure(shop: Path, rows: int, orders: int, chosen: argparse.Namespace) -> Iterator[tuple]:
    flat = shop / "feedback.txt"
    for step in chosen.steps:
        if step == "flat file to tally":
            for name, command in (("cat", ["cat", str(flat)]), ("wc -l", ["wc", "-l", str(flat)])):
                yield rows, orders, step, name, round(_floor(command), 2), "", "", ""
        yield from _step(step, shop, flat, rows, orders, chosen.pandas_most)
    if chosen.report:
        yield from _reports(shop, rows, orders)


def _reports(shop: Path, rows: int, orders: int) -> Iterator[tuple]:
    """Make a report of a shop that was never read, then one of a month that came after."""
    shutil.rmtree(shop / ".private", ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=shop.parent) as name:
        place = Path(name)
        later = sorted(shop.glob(f"*/month={LAST}"))
        for part in later:
            (place / part.parent.name).mkdir()
            part.rename(place / part.parent.name / part.name)
        try:
            cost = _report(shop, BEFORE, place / "cold")
        finally:
            for part in later:
                (place / part.parent.name / part.name).rename(part)
        yield _report_line(rows, orders, "report from cold", cost)
        cost = _report(shop, LAST, place / "new")
        yield _report_line(rows, orders, "report, one month new", cost)


def _report_line(rows: int, orders: int, step: str, cost: TreeCost) -> tuple:
    seconds, wall = round(cost.seconds, 1), round(cost.wall, 1)
    return rows, orders, step, "ours", seconds, cost.memory // 10**6, "", wall


def _report(shop: Path, period: str, target: Path) -> TreeCost:
    command = [sys.executable, "-m", "feedback_analysis", "report", str(shop), "--period", period]
    return run_tree([*command, "--output", str(target)])


def _step(
    step: str, shop: Path, flat: Path, rows: int, orders: int, pandas_most: int
) -> Iterator[tuple]:
    costs = {}
    for who, (imports, code) in _CODE[step].items():
        if who == "plain pandas" and rows > pandas_most:
            continue
        cost = run(imports, code, shop=str(shop), flat=str(flat))
        if cost.answer != rows:
            raise RuntimeError(f"{who} counted {cost.answer} of {rows} feedbacks")
        costs[who] = cost
    hand = costs.get("DuckDB by hand")
    for who, cost in costs.items():
        ratio = round(cost.seconds / hand.seconds, 2) if hand else ""
        yield rows, orders, step, who, round(cost.seconds, 2), cost.memory // 10**6, ratio, ""


def _floor(command: list[str]) -> float:
    """Return the seconds of the processor that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _write(found: list[tuple]) -> None:
    """Write what was measured, beside what other runs measured of other shops and steps."""
    path = RESULTS / "scale.csv"
    new = {tuple(map(str, line[:3])) for line in found}
    with path.open(newline="", encoding="utf-8") as file:
        before = [tuple(line) for line in list(csv.reader(file))[1:] if tuple(line[:3]) not in new]
    lines = [*before, *(tuple(map(str, line)) for line in found)]
    lines.sort(key=lambda line: (int(line[0]), int(line[1])))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEADER)
        writer.writerows(lines)
    draw([(int(line[0]), line[1], line[2], line[3], float(line[4])) for line in lines])


def draw(found: list[tuple]) -> None:
    """Draw seconds of the processor by rows, a line for each step and who took it."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    steps, people = ({line[column]: None for line in found} for column in (2, 3))
    colours = dict(zip(people, ("C2", "C7", "C0", "C1", "C3"), strict=False))
    down = -(-len(steps) // ACROSS)
    figure, axes = pyplot.subplots(down, ACROSS, figsize=(16, 3.6 * down), squeeze=False)
    for ax in axes.flat[len(steps) :]:
        ax.set_visible(False)
    for ax, step in zip(axes.flat, steps, strict=False):
        for who in dict.fromkeys(line[3] for line in found if line[2] == step):
            # Where a shop of one size was measured with and without orders, once will do.
            mine = [line for line in reversed(found) if line[2:4] == (step, who)]
            points = sorted({line[0]: line[4] for line in mine}.items())
            ax.plot(*zip(*points, strict=True), marker="o", label=who, color=colours[who])
        ax.set(xscale="log", yscale="log", title=step, xlabel="feedbacks", ylabel="CPU seconds")
        ax.set_xlim(6e5, 8e7)
    drawn = {line.get_label(): line for ax in axes.flat for line in ax.lines}
    figure.legend(drawn.values(), drawn, loc="upper center", ncols=len(drawn), frameon=False)
    figure.tight_layout(rect=(0, 0, 1, 0.95))
    figure.savefig(RESULTS / "scale.png", dpi=100)


if __name__ == "__main__":
    main()
    sys.exit()
