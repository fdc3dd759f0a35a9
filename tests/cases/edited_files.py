"""Random edits of a working list on disk, as a seller makes them, between runs of the command."""

from datetime import date, datetime, timedelta
from functools import cache

import numpy as np
import openpyxl

from feedback_analysis.cases import case_list
from feedback_analysis.cases.columns import OURS, OWN
from feedback_analysis.cases.working_list import write_working_list
from feedback_analysis.sheets import cell_text, csv_bytes, read_sheet
from tests.cases.frames import feedback, made, orders

KEYS = [f"k{number}" for number in range(6)]
IDS = {key: f"000-0000001-{number:07d}" for number, key in enumerate(KEYS)}
FIRST = date(2026, 3, 1)
FREE = [name for name in OURS if name not in ("order_id", "case_id", "order_page")]
WORDS = [
    "=1+1", "'=1", "+49 1", "-", "@x", "two\nlines", 'say "no"', "a;b,c\td", " blank ", "001",
    "1e5", "TRUE", "31.12.2026", "ünïcode 😂", "#REF!", "'quoted'", "0", "12,50",
]  # fmt: skip


@cache
def cases_on(day):
    """Return the cases of a day: one more every week, and the oldest leave after a year."""
    rows = [
        (key, FIRST + timedelta(days=40 * number), 1 + number % 3, f"said {number}")
        for number, key in enumerate(KEYS)
    ]
    bought = [(key, when - timedelta(days=9), "S1", "seller") for key, when, *_ in rows]
    return case_list(made(feedback=feedback(rows), orders=orders(bought)), as_of=day)


def prepare(folder):
    """Write the private map of a shop without anything else."""
    private = folder / ".private"
    private.mkdir(parents=True)
    lines = ["order_key,order_id", *(f"{key},{number}" for key, number in IDS.items())]
    (private / "order-keys.csv").write_text("\n".join(lines) + "\n")


class SellerOfFiles:
    """A list on disk, and every cell that its owner ever wrote into it."""

    def __init__(self, folder, name, rng):
        self.folder, self.path, self.rng = folder, folder / name, rng
        self.day, self.wrote, self.count = FIRST + timedelta(days=60), {}, 0

    def rerun(self):
        self.day += timedelta(days=30 * int(self.rng.integers(0, 5)))
        return write_working_list(cases_on(self.day), self.path, folder=self.folder)

    def edit(self):
        if self.path.suffix == ".csv":
            self.edit_text()
        else:
            self.edit_workbook()

    def word(self, *, text):
        self.count += 1
        kinds = [f"edit {self.count}", f"{self.rng.choice(WORDS)}{self.count}"]
        if not text:
            kinds += [self.count / 4, self.count, datetime(2026, 1, 1) + timedelta(self.count)]
        return kinds[self.rng.integers(len(kinds))]

    def edit_text(self):
        sheet = read_sheet(self.path)
        rows, header = sheet.rows, list(sheet.header)
        if self.rng.random() < 0.2:
            header.append(f"More {len(header)}!")
            rows = [[*row, ""] for row in rows]
        rows = [rows[place] for place in self.rng.permutation(len(rows))]
        order = header.index("Order id")
        for _ in range(int(self.rng.integers(1, 5))):
            if not rows:
                break
            row = rows[self.rng.integers(len(rows))]
            place = self.place(header)
            row[place] = self.word(text=True)
            self.wrote[row[order], header[place]] = row[place]
        separator = str(self.rng.choice([",", ";", "\t"]))
        self.path.write_bytes(csv_bytes(header, rows, separator=separator))

    def edit_workbook(self):
        book = openpyxl.load_workbook(self.path)
        page = book["Cases"]
        header = [cell.value for cell in page[1]]
        if self.rng.random() < 0.2:
            header.append(f"More {len(header)}!")
            page.cell(1, len(header)).value = header[-1]
        order = header.index("Order id") + 1
        for _ in range(int(self.rng.integers(1, 5))):
            if page.max_row < 2:
                break
            row = int(self.rng.integers(2, page.max_row + 1))
            place = self.place(header)
            cell = page.cell(row, place + 1)
            cell.value = self.word(text=False)
            if isinstance(cell.value, str):
                cell.data_type = "s"
            elif not isinstance(cell.value, datetime):
                cell.number_format = "General"
            self.wrote[page.cell(row, order).value, header[place]] = cell.value
        book.save(self.path)

    def place(self, header):
        """Return a column to write into: one of the seller's, one of ours, or a further one."""
        ids = [name.casefold().replace("'", " ").replace(" ", "_") for name in header]
        wanted = {*OWN, *FREE} | {name for name in ids if name.startswith("more")}
        places = [number for number, name in enumerate(ids) if name in wanted]
        return int(self.rng.choice(places))

    def lost(self):
        sheet = read_sheet(self.path)
        order = sheet.header.index("Order id")
        now = {
            (row[order], heading): cell_text(cell)
            for row in sheet.rows
            for heading, cell in zip(sheet.header, row, strict=True)
        }
        return [place for place, cell in self.wrote.items() if now.get(place) != cell_text(cell)]


def run_sequences(folder, name, count, *, seed):
    """Run sequences of edits and reruns on a file; return the cells written, and those lost."""
    rng = np.random.default_rng(seed)
    written, lost = 0, []
    for number in range(count):
        place = folder / f"{seed}-{number}"
        prepare(place)
        seller = SellerOfFiles(place, name, rng)
        seller.rerun()
        for _ in range(int(rng.integers(2, 5))):
            seller.edit()
            seller.rerun()
            lost += seller.lost()
        written += len(seller.wrote)
    return written, lost
