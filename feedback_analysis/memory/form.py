"""The form of a kept reading: a folder of Parquet files and the mark that says what they are."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from feedback_analysis import tables
from feedback_analysis.aside import clear_folders
from feedback_analysis.errors import ReportError
from feedback_analysis.once import once
from feedback_analysis.privacy import make_private, mask_name, write_private
from feedback_analysis.settings import Settings
from feedback_analysis.shop import Shop
from feedback_analysis.tallies import SCHEMAS, Tallies, typed

MARK = "snapshot.json"
FORM = 1
# How the folder of a reading begins that is not whole yet.
NEW = ".new-"
OF_FEEDBACK = ("feedback", "feedback_totals")
# The tallies of a condensed shop are kept under their names with this in front.
TALLY = "tally_"
# The ledger's parts are no tidy tables, so their column types are stated here.
_TYPES: dict[str, dict[str, str]] = {
    "ledger": {
        **dict.fromkeys(("file", "report", "marketplace", "encoding", "note"), tables.TEXT),
        **dict.fromkeys(("start", "end"), tables.DAY),
        **dict.fromkeys(("rows_read", "rows_kept", "rows_set_aside"), "Int64"),
    },
    "set_aside": {**dict.fromkeys(("file", "reason", "lines"), tables.TEXT), "rows": "int64"},
    "missing": dict.fromkeys(("what", "cost", "remedy"), tables.TEXT),
}
# Never part of a reading: with the salt, keys could be traced back to order ids, and what is stated
# about files or sources may name one.
SECRET = {"salt", "files", "data"}
# File names that people give may hold an e-mail or an order id.
_NAMES = {"ledger": ("file", "note"), "set_aside": ("file", "reason")}


def is_snapshot(place: str | Path) -> bool:
    """Tell whether a folder is a kept reading."""
    return (Path(place) / MARK).is_file()


def shop_folder(place: str | Path) -> Path:
    """Return the folder of the shop that a reading is of; of a shop's own folder, itself."""
    place = Path(place)
    if not is_snapshot(place):
        return place
    place = place.resolve()
    inside = len(place.parents) > 3 and place.parents[1] == home(place.parents[3])
    return place.parents[3] if inside else place


@once
def open_snapshot(place: str | Path, *, feedback_alone: bool = False) -> Shop:
    """Return the shop that a reading holds.

    Parameters
    ----------
    place : str or Path
        The reading's folder.
    feedback_alone : bool, default=False
        Of a condensed shop only feedback and its totals and counts: all that a later reading is
        held against. The other tables, millions of rows, are left empty.

    Returns
    -------
    Shop

    Raises
    ------
    ReportError
        If a part of it is missing, damaged, or of a form that this version does not know.
    """
    place = Path(place)
    mark = read_mark(place)
    if mark["form"] != FORM:
        raise ReportError(
            "the reading was kept by another version of feedback_analysis",
            file=place / MARK,
            expected=f"form {FORM}",
            found=f"form {mark['form']}",
            remedy="use that version, or make the report from the files as they are now",
        )
    counted = [name.removeprefix(TALLY) for name in mark["tables"] if name.startswith(TALLY)]
    few = feedback_alone and bool(counted)
    # A reading kept before a table was known holds no rows of it.
    held = {*_TYPES, *(OF_FEEDBACK if few else mark["tables"])}
    frames = {
        name: _read(place, name) if name in held else tables.empty(name)
        for name in (*tables.SCHEMAS, *_TYPES)
    }
    counted = [name for name in counted if not few or name in OF_FEEDBACK]
    tallies = {name: _read_tally(place, name) for name in counted if name in SCHEMAS}
    try:
        settings = Settings.model_validate(mark["settings"])
    except ValueError:
        raise damaged(place / MARK) from None
    condensed = Tallies(**tallies) if counted else None
    return Shop(**frames, settings=settings, folder=shop_folder(place), condensed=condensed)


def home(folder: Path) -> Path:
    return folder / ".private" / "snapshots"


def read_mark(place: Path) -> dict[str, Any]:
    try:
        mark = json.loads((place / MARK).read_text("utf-8"))
        if {"form", "period", "last_day", "number", "tables", "settings"} <= set(mark):
            return mark
        raise ValueError
    except (OSError, ValueError, TypeError):
        raise damaged(place / MARK) from None


def damaged(file: Path) -> ReportError:
    """Return the error for a part of a reading that is not what was kept."""
    return ReportError(
        "a kept reading is damaged",
        file=file,
        remedy="remove its folder; the report can still be made from the files as they are now",
    )


def frames_of(shop: Shop) -> dict[str, pd.DataFrame]:
    frames = {name: getattr(shop, name) for name in (*tables.SCHEMAS, *_TYPES)}
    for name, types in _TYPES.items():
        typed = frames[name].astype(types)
        masked = {column: _masked(typed[column]) for column in _NAMES.get(name, ())}
        frames[name] = typed.assign(**masked)
    if shop.condensed is not None:
        # What a condensed shop lacks as rows can be counted again from nothing but its tallies.
        frames |= {f"{TALLY}{name}": frame for name, frame in shop.condensed.tables().items()}
    return frames


def _masked(texts: pd.Series) -> pd.Series:
    masked = [text if pd.isna(text) else mask_name(text) for text in texts]
    return pd.Series(masked, index=texts.index, dtype=texts.dtype)


def _arrow(frame: pd.DataFrame) -> pa.Table:
    """Return a frame in one form, whatever the version of pandas and the length of its texts."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    return table.cast(
        pa.schema(
            [
                # A column of nothing but missing texts has no type of its own.
                field.with_type(pa.large_string())
                if pa.types.is_string(field.type) or pa.types.is_null(field.type)
                else field
                for field in table.schema
            ]
        )
    ).combine_chunks()


def content_of(frame: pd.DataFrame) -> str:
    """Return a hash of what a table says."""
    table, code = _arrow(frame), _Hash()
    with pa.ipc.new_stream(code, table.schema) as stream:
        stream.write_table(table)
    return code.found.hexdigest()


def reading_name(last_day: str, hashes: Mapping[str, str], settings: str) -> str:
    """Return a reading's name: the last day of its data, and what tables and settings hash to."""
    whole = hashlib.sha256(json.dumps([FORM, hashes, settings]).encode()).hexdigest()
    return f"{last_day}-{whole[:12]}"


class _Hash(io.RawIOBase):
    """Takes what is written for its hash alone: a table of millions of rows is not held twice."""

    def __init__(self) -> None:
        super().__init__()
        self.found = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.found.update(content)
        return len(content)


def keep_frames(shop: Shop, target: Path, beside: Mapping[str, bytes]) -> None:
    """Keep what was read of a shop, of no period, with more files beside its tables."""
    frames = frames_of(shop)
    mark = {
        "form": FORM,
        "period": "",
        "last_day": "",
        "number": 0,
        "tables": dict.fromkeys(frames, ""),
        "settings": json.loads(shop.settings.model_dump_json(exclude=SECRET)),
    }
    write_snapshot(target, frames, mark, (), beside)


def write_snapshot(
    target: Path,
    frames: dict[str, pd.DataFrame],
    mark: dict[str, Any],
    known: Iterable[Path],
    beside: Mapping[str, bytes] = MappingProxyType({}),
) -> None:
    """Write a reading aside and put it in place whole; only while holding the lock of its home."""
    same = {
        (name, content): folder / f"{name}.parquet"
        for folder in known
        for name, content in read_mark(folder)["tables"].items()
    }
    make_private(target.parent)
    clear_folders(target.parents[1], f"*/{NEW}*")
    new = Path(tempfile.mkdtemp(prefix=NEW, dir=target.parent))
    try:
        for name, frame in frames.items():
            file = new / f"{name}.parquet"
            if not _linked(same.get((name, mark["tables"][name])), file):
                buffer = io.BytesIO()
                pq.write_table(_arrow(frame), buffer, compression="zstd")
                write_private(file, buffer.getvalue())
        for name, content in beside.items():
            write_private(new / name, content)
        write_private(new / MARK, (json.dumps(mark, indent=1) + "\n").encode())
        if target.exists():
            # Without its mark it is no reading: what an interrupted removal left behind.
            shutil.rmtree(target)
        os.replace(new, target)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _linked(kept: Path | None, file: Path) -> bool:
    """Share a table that an earlier reading holds, instead of keeping it twice."""
    if kept is None:
        return False
    try:
        os.link(kept, file)
    except OSError:
        # Not every file system has links; then the table is written once more.
        return False
    return True


def _read_tally(place: Path, name: str) -> pd.DataFrame:
    frame, schema = _read_file(place / f"{TALLY}{name}.parquet"), SCHEMAS[name]
    if not set(schema.columns) <= set(frame):
        raise damaged(place / f"{TALLY}{name}.parquet")
    return typed(frame, list(schema.keys), schema.counts, schema.latest, categories=schema.many)


def _read_file(file: Path) -> pd.DataFrame:
    try:
        return pq.ParquetFile(file).read().to_pandas()
    except (OSError, pa.ArrowException):
        raise damaged(file) from None


def _read(place: Path, name: str) -> pd.DataFrame:
    file = place / f"{name}.parquet"
    frame = _read_file(file)
    if name in tables.SCHEMAS:
        return tables.shape(name, frame, file=file)
    try:
        return frame.astype(_TYPES[name])
    except (KeyError, TypeError, ValueError):
        raise damaged(file) from None
