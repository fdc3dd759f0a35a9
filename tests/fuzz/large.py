"""A spoilt file through the reader of large files: it gives what the ordinary reader gives.

Files here are small, so the pieces are tiny. Rows, lines set aside and the whole ledger are the
same; a file that one of the two refuses, the other refuses too, though of several reasons the
pieces may meet another one first. Only where a quotation mark is astray, and breaks inside cells
are told from line ends by guessing, the pieces may guess otherwise: then their ledger adds up by
itself.
"""

import contextlib
import csv
import io
import random
from unittest import mock

import pandas as pd

from feedback_analysis import ReportError, tables
from feedback_analysis.amazon import kept, stream
from feedback_analysis.amazon.feedback import ANSWERS
from feedback_analysis.amazon.file import read_file
from feedback_analysis.amazon.folder import inspect_folder
from feedback_analysis.amazon.kept import LINES_SHOWN
from feedback_analysis.amazon.large import open_large
from feedback_analysis.amazon.large_feedback import UNHAPPY
from feedback_analysis.amazon.large_kept import keep_file, rows_of
from feedback_analysis.privacy import OrderKeys
from feedback_analysis.store.engine import engine
from feedback_analysis.store.months import Months
from feedback_analysis.store.sources import LARGE
from tests.fuzz.planted import check_private

# Bytes of a piece: from less than a row to nearly a whole file, and no more pieces than some.
PIECES = (64, 200, 700)
MOST_PIECES = 10
# A whole shop takes twenty times as long as a file of it.
SHOP_EVERY = 50
TOML = '[shop]\nname = "Large"\nmarketplaces = ["US"]\n[privacy]\nsalt = "tests"\n'


def in_pieces(path, folder, number, *, facts, headings=()):
    """Read a file of Amazon's in pieces, and hold what comes of it against the ordinary reader.

    Raises
    ------
    ReportError
        If both refuse the file.
    """
    size = max(random.Random(number).choice(PIECES), path.stat().st_size // MOST_PIECES)
    keys = OrderKeys(b"tests", remember=False)
    ordinary, refused = _tried(lambda: read_file(path, facts, keys))
    with mock.patch.object(stream, "PIECE", size):
        opened, unopened = _tried(lambda: open_large(path, facts))
        if opened is not None and opened.report.table not in LARGE:
            # Another kind of report is left to the ordinary reader, whatever its size.
            if refused:
                raise refused
            assert ordinary.report.id == opened.report.id
            return
        large, rows, refused_large = None, None, unopened
        if opened is not None:
            (large, rows), refused_large = _kept(opened, folder)
    if large is not None:
        assert 0 <= large.kept <= large.read == large.kept + len(large.aside)
        check_private(*large.aside.rows, *large.notes, headings=headings)
    if opened is not None and _marks_astray(opened):
        if refused_large:
            raise refused_large
        return
    told = f"{refused or 'read whole'} / {refused_large or 'read in pieces'}"
    assert bool(refused) == bool(refused_large), told
    if refused_large:
        raise refused_large
    _same_ledger(ordinary, large)
    _same_rows(ordinary, large, rows)
    if number % SHOP_EVERY == 0:
        _same_shop(path, folder, size)


def _marks_astray(opened):
    """Tell whether a file that may quote cells quotes them by no rule."""
    if not opened.report.quotes(opened.separator):
        return False
    content = b"".join(stream.blocks(opened.stream.path, stream.PIECE))
    lines = list(io.StringIO(content.decode(opened.stream.encoding), newline=""))
    rows = csv.reader(lines, delimiter=opened.separator, strict=True)
    try:
        header, before = next(rows), rows.line_num
        for _ in rows:
            # One in the middle of a cell that is not quoted is no error to csv.
            if "".join(lines[before : rows.line_num]).count('"') % 2:
                return True
            before = rows.line_num
    except csv.Error:
        return True
    return any("\n" in cell or "\r" in cell for cell in header)


def _tried(read):
    try:
        return read(), None
    except ReportError as error:
        return None, error


def _kept(opened, folder):
    """Keep a large file, and return its ledger with its rows, or why it is refused."""
    with engine(folder) as connection:
        months = Months(folder / "store")
        keys = OrderKeys(b"tests", remember=False)
        large, refused = _tried(lambda: keep_file(connection, opened, keys, months))
        rows = None
        if large is not None and large.pieces:
            rows = connection.execute(f"SELECT * FROM ({rows_of([large])}) ORDER BY line").df()
        return (large, rows), refused


def _same_ledger(ordinary, large):
    assert large.report.id == ordinary.report.id
    assert (large.read, large.encoding) == (ordinary.read, ordinary.encoding)
    aside = {}
    for line, reason in sorted(ordinary.set_aside):
        aside.setdefault(reason, []).append(line)
    assert dict(large.aside.rows) == {reason: len(lines) for reason, lines in aside.items()}
    shown = {reason: lines[:LINES_SHOWN] for reason, lines in aside.items()}
    assert large.aside.lines == shown
    assert sorted(large.notes) == sorted(ordinary.notes)


def _same_rows(ordinary, large, rows):
    name = large.table
    (expected,) = (frame for table, frame in ordinary.tables.items() if table == name)
    expected = expected.assign(line=ordinary.lines[name])
    if name == "orders":
        expected = expected.assign(updated=ordinary.extra.get("last_updated", ""))
    if not len(expected):
        assert rows is None
        return
    if name == "feedback":
        # Of a happy feedback that its order is known by no word is kept.
        quiet = expected["rating"].gt(UNHAPPY) & expected["order_key"].notna()
        for column, nothing in _UNSAID.items():
            expected[column] = expected[column].mask(quiet, nothing)
        assert set(expected["source"]) == {large.source}
    columns = [column for column in expected if column in rows]
    assert set(tables.SCHEMAS[name].columns) - set(columns) <= _LATER.get(name, set())
    for column in columns:
        pd.testing.assert_series_equal(
            _plain(rows[column]), _plain(expected.sort_values("line")[column]), obj=column
        )


# What is not kept of a happy feedback.
_UNSAID = {"comment": "", "response": "", **dict.fromkeys([*ANSWERS, "reason"], pd.NA)}
# What is known once all downloads are there.
_LATER = {"feedback": {"source", "first_seen", "last_seen", "gone"}}


def _plain(values):
    """Return values in one form of missing ones and of numbers, whichever engine they are of."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.astype("datetime64[us]")
    elif pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        values = values.astype("Float64").astype("float64")
    else:
        values = values.astype(object).where(values.notna(), None)
    return values.reset_index(drop=True)


def _same_shop(path, folder, size):
    """Read the file as a shop's only one, both ways: by its size alone it is decided how."""
    from tests.amazon.test_large_files import assert_shops_alike

    found = {}
    for name, limit in (("small", kept.LARGE), ("large", 0)):
        place = folder / name / "amazon" / "US" / path.name
        place.parent.mkdir(parents=True)
        place.write_bytes(path.read_bytes())
        (folder / name / "shop.toml").write_text(TOML)
        with mock.patch.object(kept, "LARGE", limit), mock.patch.object(stream, "PIECE", size):
            found[name] = inspect_folder(folder / name)
    small, large = found["small"], found["large"]
    assert len(small.problems) == len(large.problems)
    if large.shop.is_condensed:
        with contextlib.suppress(ReportError):
            assert_shops_alike(small.shop, large.shop)
