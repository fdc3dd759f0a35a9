"""Every kind of file that the package reads: its seeds, how it is spoilt, how it is read.

Reading gives ``good`` or ``refused`` (by a ReportError); whatever else comes of it is a fault.
"""

import contextlib
import csv
import io
import random
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from feedback_analysis import ReportError, tables
from feedback_analysis.amazon.asks import read_asks
from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.cases import read_cases
from feedback_analysis.amazon.facts import read_periods
from feedback_analysis.amazon.file import read_file
from feedback_analysis.amazon.folder import inspect_folder
from feedback_analysis.causes.corrections import corrections_of
from feedback_analysis.causes.files import label_file
from feedback_analysis.causes.label import labelling
from feedback_analysis.causes.taxonomy import (
    UNCLEAR,
    extended_taxonomy,
    own_taxonomy,
    read_taxonomy,
)
from feedback_analysis.names import Names
from feedback_analysis.privacy import OrderKeys
from feedback_analysis.settings import load_settings
from tests.fuzz import mutators
from tests.fuzz.large import in_pieces
from tests.fuzz.planted import check_private

CORPUS = Path(__file__).with_name("corpus")
TOML = '[shop]\nname = "Spoilt"\nmarketplaces = ["US"]\n[privacy]\nsalt = "tests"\n'
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
# Tables whose rows are the file's own; others add rows up, or hold a part of them.
ONE_TO_ONE = ("feedback", "orders", "shipments", "returns", "reviews", "feedback_totals", "daily")


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes
    ----------
    folders : tuple of str
        Folders of the corpus that its seeds lie in.
    read : callable
        Takes a file, an empty folder beside it and the input's number; raises what goes wrong.
    ways : callable or tuple
        How its files are spoilt.
    seconds : int
        Seconds of the processor that one input may take; most need a fiftieth of one.
    """

    folders: tuple[str, ...]
    read: Callable
    ways: object = mutators.TEXT
    seconds: int = 10

    def seeds(self):
        """Return name and bytes of each sound file."""
        found = sorted(path for name in self.folders for path in (CORPUS / name).iterdir())
        return [(path.name, path.read_bytes()) for path in found]


def facts_of(number, name):
    """Return what is stated about a file: what fits, and at times nothing, or what does not."""
    if not number:
        return Facts("US", *OCTOBER, pattern=name)
    chance = random.Random(number)
    days = OCTOBER if chance.random() < 0.95 else (None, None)
    market = chance.choice(("US", "US", "US", "US", None, "DE", "JP"))
    return Facts(market, *days, pattern=name, marketplaces=chance.choice((("US",), ("US", "DE"))))


def a_report(path, folder, number):
    """Read a file of Amazon's, as the folder's reader does."""
    keys, names = OrderKeys(b"tests"), Names()
    result = read_file(path, facts_of(number, path.name), keys, names=names)
    result.check()
    reasons = [reason for _, reason in result.set_aside]
    assert result.read == result.kept + len(reasons)
    assert 0 <= result.kept <= result.read
    aside = {line for line, _ in result.set_aside if line}
    for name, frame in result.tables.items():
        lines = result.lines.get(name, [])
        assert not aside.intersection(map(int, lines)), "a row is both kept and set aside"
        if name in ONE_TO_ONE and not result.report.json_keys:
            assert len(frame) == result.kept, f"{len(frame)} rows in {name}, {result.kept} kept"
    check_private(*reasons, *result.notes, headings=headings(path.read_bytes()))
    check_count(path, result)


def a_large_report(path, folder, number):
    """Read a file of Amazon's piece by piece, as a file of gigabytes is read."""
    known = headings(path.read_bytes())
    in_pieces(path, folder, number, facts=facts_of(number, path.name), headings=known)


def check_count(path, result):
    """Count the rows of a plain file by themselves: none may be lost before the ledger."""
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if set(b'"\0') & set(data) or data.startswith((b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff")):
        return
    if data.lstrip()[:1] in (b"{", b"[") or b"\r" in data.replace(b"\r\n", b""):
        return
    # A line of nothing but white space is an empty one, whichever of the world's spaces it is; what
    # parts cells makes cells.
    encoding, lines = _encoding(data), data.split(b"\n")
    parted = mutators.separator_of(next(filter(bytes.strip, lines), b""))
    lines = [line for line in lines if parted in line or line.decode(encoding, "replace").strip()]
    joined = sum(map(_lines_joined, result.notes, ["", *result.notes]))
    read = len(lines) - 1 - joined
    assert result.read == read, f"{read} rows in the file, {result.read} in the ledger"


def _lines_joined(note, before):
    """Return how many lines a note tells of that belong to the row before them."""
    if "joined to the row before" in note:
        return 1
    more = re.fullmatch(r"and ([\d,]+) more of these", note)
    return int(more[1].replace(",", "")) if more and "joined" in before else 0


def _encoding(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def a_folder(path, folder, number):
    """Read a whole shop of one spoilt file and sound ones; the ledger of all of it adds up."""
    for name in ("orders/all-orders.txt", "feedback/six-columns.txt", "returns/fba.txt"):
        beside = folder / "amazon" / "US" / ("sound-" + Path(name).name)
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes((CORPUS / name).read_bytes())
    own = {"cases.csv": "cases.csv", "typed.csv": "cases.csv", "asks.csv": "asks.csv"}
    place = folder / "amazon" / "US" / "2026-10-01_2026-10-31"
    place.mkdir()
    named = headings(path.read_bytes())
    path.replace(folder / own[path.name] if path.name in own else place / path.name)
    (folder / "shop.toml").write_text(TOML)
    found = inspect_folder(folder)
    shop = found.shop
    ledger = shop.ledger.dropna(subset="rows_read")
    assert (ledger["rows_read"] == ledger["rows_kept"] + ledger["rows_set_aside"]).all()
    assert ledger["rows_set_aside"].sum() == sum(shop.set_aside["rows"])
    for name, frame in shop.tables().items():
        if len(frame):
            tables.validate(name, frame)
    told = (*map(str, found.problems), *shop.set_aside["reason"], *shop.ledger["note"])
    check_private(*told, headings=named)
    assert len(ledger) + len({problem.file for problem in found.problems}) >= 3
    if found.problems:
        raise found.problems[0]


def the_cases(path, folder, number):
    """Read a list of cases."""
    frame = read_cases(path, OrderKeys(b"tests"), tables.empty("feedback"), names=Names())
    tables.validate("cases", frame)


def the_asks(path, folder, number):
    """Read a log of requests."""
    tables.validate("asks", read_asks(path, OrderKeys(b"tests"), names=Names()))


def the_periods(path, folder, number):
    """Read a periods.csv; the files it names are there."""
    for name in ("sku.csv", "other, file.csv"):
        (folder / name).write_text("x")
    target = folder / "periods.csv"
    path.replace(target)
    problems = []
    stated = read_periods(target, problems)
    assert all(error.line and error.file for error in problems)
    assert all(facts.start <= facts.end for facts in stated.values())
    if problems:
        raise problems[0]


def the_settings(path, folder, number):
    """Read a shop.toml, and the shop it is about."""
    (folder / "amazon").mkdir()
    path.replace(folder / "shop.toml")
    load_settings(folder)
    if number % 10 == 0:
        found = inspect_folder(folder)
        if found.problems:
            raise found.problems[0]


def a_taxonomy(path, folder, number):
    """Read a user's taxonomy, and label with it."""
    taxonomy = read_taxonomy(path)
    if number % 4 == 0:
        made = labelling(taxonomy, encoder="none", comments=["late again", "in pieces"])
        for _, causes, confidence in made(["broken", "came weeks late"]):
            # What states no cause of theirs is "unclear", whether or not they name it.
            assert set(causes) <= {*taxonomy.ids, UNCLEAR}
            assert 0 <= confidence <= 1


def own_causes(path, folder, number):
    """Read a shop's own causes."""
    taxonomy = extended_taxonomy(path)
    assert len(set(taxonomy.ids)) == len(taxonomy.ids) > len(own_taxonomy().ids)
    if number % 200 == 0:
        made = labelling(taxonomy, encoder="none")
        assert made(["smells of paint"])[0][1]


def the_corrections(path, folder, number):
    """Read a file of corrections."""
    found = corrections_of(path, own_taxonomy())
    known = set(own_taxonomy().ids)
    for causes in (*found.by_comment.values(), *found.by_key.values()):
        assert causes
        assert set(causes) <= known


def comments(path, folder, number):
    """Label a file of comments: every row and cell as it came."""
    target = folder / "out.csv"
    done = label_file(path, target, encoder="none")
    data = path.read_bytes()
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = data.decode(encoding)
    written = target.read_bytes().decode("utf-8")
    for separator in ",;\t":
        given = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        if "comment" in [name.strip() for name in given[0]]:
            break
    made = list(csv.reader(io.StringIO(written, newline=""), delimiter=separator))
    width = len(given[0])
    kept = [row or [""] for row in given if row or width == 1]
    assert [row[:width] for row in made] == kept
    assert len(made) - 1 == done.rows


def headings(data):
    """Return the cells of a first line that is one of names, which may be told; else none."""
    if data.startswith(b"\x1f\x8b"):
        with contextlib.suppress(zlib.error):
            data = zlib.decompressobj(31).decompress(data, 100_000)
    first = data[:100_000].lstrip().partition(b"\n")[0].decode("utf-8", "replace").rstrip()
    cells = [cell.strip(' "') for cell in re.split("[\t,;]", first)]
    return cells if not any(cell[:1].isdecimal() for cell in cells) else []


def outcome_of(kind, data, name, folder, number):
    """Read an input and return ``good`` or ``refused``; anything else is raised."""
    path = folder / name
    path.write_bytes(data)
    try:
        kind.read(path, folder, number)
    except ReportError as error:
        text = str(error)
        check_private(text, headings=headings(data))
        assert len(text) < 20_000, f"a message of {len(text):,} signs"
        return "refused"
    return "good"


_REPORTS = (
    "feedback", "business-report", "orders", "shipments", "returns", "reviews", "keepa", "totals",
)  # fmt: skip
_JSON = ("sales-and-traffic", "account-health")
_LARGE = ("feedback", "orders", "shipments", "returns")
KINDS = {
    **{name: Kind((name,), a_report) for name in _REPORTS},
    **{name: Kind((name,), a_report, mutators.STRUCTURED) for name in _JSON},
    "packed": Kind(("packed",), a_report, mutators.repack),
    "cases": Kind(("cases",), the_cases),
    "cases-workbook": Kind(("cases-workbook",), the_cases, mutators.workbook),
    "asks": Kind(("asks",), the_asks),
    "asks-workbook": Kind(("asks-workbook",), the_asks, mutators.workbook),
    "periods": Kind(("periods",), the_periods),
    "settings": Kind(("settings",), the_settings, mutators.STRUCTURED),
    "taxonomy": Kind(("taxonomy",), a_taxonomy, mutators.STRUCTURED),
    # Some of them are learned from, and that alone takes ten.
    "causes": Kind(("causes",), own_causes, mutators.STRUCTURED, seconds=40),
    "corrections": Kind(("corrections",), the_corrections),
    "comments": Kind(("comments",), comments),
    **{f"{name}-large": Kind((name,), a_large_report) for name in _LARGE},
    "folder": Kind((*_REPORTS, *_JSON, "cases", "asks"), a_folder),
}
