"""The commands to be killed: what each starts from, what it does, and what must be left of it."""

import shutil
from dataclasses import dataclass, field

from tests.amazon.files import ORDER, ORDERS, feedback, lines_of, make_shop, row_of
from tests.crashing import command, leftovers, moments, run, said, tree
from tests.report.hand_made import write_notebook

READS = "import feedback_analysis as fa\nprint(len(fa.read_folder(SHOP).feedback))"
# What is tried is the writing, not how well comments are understood.
ENCODER = '[causes]\nencoder = "none"\n'
SAID = ("it never arrived", "the box was crushed", "nobody answers my mails")


def shop(folder, *, more=0):
    """Write a small shop; ``more`` feedbacks beyond those of the first download."""
    rows = [
        (f"10/{day}/26", 1 + day % 5, f"{SAID[day % 3]}, day {day}", "", ORDER(day))
        for day in range(1, 29)
    ]
    stamp = "2026-10-{:02d}T09:00:00+00:00"
    bought = [
        row_of(ORDERS, amazon_order_id=ORDER(day), purchase_date=stamp.format(day), quantity=1,
               sku="S1", asin="B000000001", fulfillment_channel="Merchant", currency="USD",
               sales_channel="Amazon.com", item_price="9.50", order_status="Shipped",
               last_updated_date=stamp.format(day))
        for day in range(1, 29)
    ]  # fmt: skip
    files = {"US/feedback.txt": feedback(*rows), "US/orders.txt": lines_of(ORDERS, bought)}
    if more:
        late = [(f"10/{28 + n}/26", 1, f"still waiting {n}", "", ORDER(100 + n)) for n in (1, 2)]
        files["US/feedback-later.txt"] = feedback(*late)
    make_shop(folder, files, toml='[shop]\nname = "Small"\nmarketplaces = ["US"]\n' + ENCODER)
    return folder


@dataclass
class Case:
    """One command: a folder made once, the command's work, and what it writes besides."""

    name: str
    make: object
    work: object
    # Relative paths of what the command itself writes for the user; the rest is the user's own.
    writes: tuple = ()
    # Names of files that the product keeps for itself.
    own: tuple = (".private",)
    found: list = field(default_factory=list)


def users(folder, case):
    """Return the user's own files as they are."""
    return {
        name: code
        for name, code in tree(folder).items()
        if not name.startswith((*case.writes, "out/", "notebooks/", "filler"))
        and not any(part in case.own for part in name.split("/"))
        and not name.endswith(".tmp")
        and not name.endswith(".lock")
    }


def parts(folder, case):
    """Return what the command writes for the user, whole: hashes by name."""
    return {
        name: code
        for name, code in tree(folder).items()
        if name.startswith(case.writes) and case.writes
    }


def _report_start(place):
    shop(place / "shop")
    write_notebook(place / "notebooks" / "00_all.ipynb", "## Read", READS)


def _report(place):
    return command(
        "report", place / "shop", "--period", "2026-10", "--output", place / "out" / "2026-10",
        "--notebooks", place / "notebooks", "--workers", "1",
    )  # fmt: skip


def _more(place):
    """The next month's download comes in."""
    shop(place / "shop", more=2)


def _cases(place):
    return command("cases", place / "shop", "--out", place / "shop" / "cases.xlsx")


def _check(place):
    return command("check", place / "shop")


def _correction(place):
    def work():
        from feedback_analysis.causes.corrections_log import add_correction
        from feedback_analysis.errors import ReportError

        file = place / "shop" / "corrections.csv"
        try:
            for number in range(5):
                add_correction(file, f"comment {number} of these", ["never_arrived"])
        except ReportError as error:
            print(error, flush=True)
            return 1
        return 0

    return work


def cases():
    """Return the four commands."""
    return {
        "report": Case("report", _report_start, _report, ("out/2026-10/",)),
        "cases": Case("cases", _report_start, _cases, ("shop/cases.xlsx",)),
        "check": Case("check", _report_start, _check),
        "corrections": Case(
            "corrections", _report_start, _correction, ("shop/corrections.csv",)
        ),
    }  # fmt: skip


def corrected(folder):
    """Return the corrections that stand in the file; an unreadable one raises."""
    from feedback_analysis.causes.corrections import corrections_of
    from feedback_analysis.causes.taxonomy import own_taxonomy

    file = folder / "shop" / "corrections.csv"
    return len(corrections_of(file, own_taxonomy()).by_comment) if file.is_file() else 0


class Bench:
    """A case with its two good states: before (made by an earlier run) and after."""

    def __init__(self, name, folder):
        self.case = cases()[name]
        self.name, self.folder = name, folder
        self.place = folder / "at-work"
        start = folder / "start"
        self.case.make(start)
        # Everything runs in one place: paths are part of what is written.
        self._restore(start)
        if name == "corrections":
            (self.place / "shop" / "corrections.csv").write_text(
                "comment,order_key,causes\nthe first of all,,never_arrived\n"
            )
        else:
            self.must(self.case.work(self.place))
        _more(self.place)
        self.before = folder / "before"
        shutil.copytree(self.place, self.before, symlinks=True, copy_function=shutil.copy2)
        self.good = [parts(self.place, self.case)]
        self.own = users(self.place, self.case)
        code, self.operations, self.seconds = run(self.case.work(self.place), self.place)
        assert code == 0, said(self.place)
        self.good.append(parts(self.place, self.case))

    def must(self, work):
        code, _, _ = run(work, self.place)
        assert code == 0, said(self.place)

    def _restore(self, source):
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(source, self.place, symlinks=True, copy_function=shutil.copy2)

    def kill(self, **moment):
        """Kill the command at a moment, and return what is wrong afterwards."""
        self._restore(self.before)
        code, _, _ = run(self.case.work(self.place), self.place, **moment)
        wrong = self._look("after the kill")
        again, _, _ = run(self.case.work(self.place), self.place)
        if again != 0:
            wrong.append(f"the next run fails: {said(self.place)[-300:]}")
        wrong += self._look("after the next run", done=True)
        wrong += [f"left behind: {name}" for name in leftovers(self.place)]
        return code == -9, wrong

    def _look(self, when, *, done=False):
        wrong = []
        if users(self.place, self.case) != self.own:
            wrong.append(f"{when} the user's own files have changed")
        if self.name == "corrections":
            try:
                found = corrected(self.place)
            except Exception as error:
                return [*wrong, f"{when} the corrections cannot be read: {error}"]
            if found < 1 or (done and found != 6):
                wrong.append(f"{when} {found} corrections")
            return wrong
        now = parts(self.place, self.case)
        if self.name == "cases":
            # A workbook holds the time of writing, so it is read instead of compared.
            return wrong + _unread(self.place / "shop" / "cases.xlsx", when)
        if now not in (self.good[1:] if done else self.good):
            wrong.append(f"{when} what was written is neither the old nor the new")
        return wrong


def _unread(path, when):
    from feedback_analysis.sheets import read_sheet

    try:
        rows = len(read_sheet(path).rows)
        return [] if rows >= 11 else [f"{when} the list has {rows} rows"]
    except Exception as error:
        return [f"{when} the list cannot be read: {error}"]


def killed(name, folder, *, many, seed):
    """Kill a command so many times; return how many kills took hold, and all that was wrong."""
    bench = Bench(name, folder)
    hit, wrong = 0, []
    for moment in moments(seed, many, bench.operations, bench.seconds):
        took, found = bench.kill(**moment)
        hit += took
        wrong += [f"{moment}: {each}" for each in found]
    return bench, hit, wrong
