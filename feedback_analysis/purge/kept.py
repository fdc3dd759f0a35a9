"""Every kind of file that the product keeps beside a shop, and how a buyer's part leaves it.

A new kind of kept file needs a line in ``KINDS``. What no line names is looked through all the
same, and told when it holds what is to go.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from feedback_analysis.aside import aside, is_aside
from feedback_analysis.causes.sentences import UniversalSentenceEncoder
from feedback_analysis.causes.units import units
from feedback_analysis.causes.vectors import key_of
from feedback_analysis.privacy import write_private
from feedback_analysis.purge.rows import without_rows
from feedback_analysis.purge.target import Target
from feedback_analysis.service.labels import hash_of

# What a file is changed by: returns how many entries left it.
Change = Callable[[Path, Target, bool], int]


@dataclass(frozen=True)
class Kind:
    """A kind of kept file.

    Attributes
    ----------
    pattern : str
        Paths below the shop's folder.
    what : str
        What it is, in words.
    change : callable or None
        Takes the buyer's part out (or, told to only look, counts it); None for what holds none.
    """

    pattern: str
    what: str
    change: Change | None = None

    @property
    def is_folder(self) -> bool:
        """Whether it is all that lies in a folder, and not one file."""
        return self.pattern.endswith("/*")


def order_keys(path: Path, target: Target, look: bool) -> int:
    """Take orders out of the map from keys to order ids."""
    return without_rows(path, lambda row: row.get("order_key") in target.keys, look=look)


def by_hash(path: Path, target: Target, look: bool) -> int:
    """Take out what is kept by the hash of a comment."""
    held = _json(path)
    entries = held.get("places", held) if isinstance(held, dict) else {}
    gone = {hash_of(text) for text in target.comments} & set(entries)
    if gone and not look:
        for code in gone:
            del entries[code]
        write_private(path, json.dumps(held, sort_keys=True, separators=(",", ":")).encode())
    return len(gone)


def vectors(path: Path, target: Target, look: bool) -> int:
    """Take out the vectors of comments, and let nothing of them lie in freed pages."""
    # By their clauses, as they are labelled, and as a whole, as alike ones are looked for.
    cut = [*units(sorted(target.comments)).parts, *([text] for text in target.comments)]
    keys = {key_of(UniversalSentenceEncoder.name, parts) for parts in cut}
    try:
        with closing(sqlite3.connect(path, timeout=10.0)) as held:
            held.execute("pragma secure_delete = on")
            known = [
                key
                for key in keys
                if held.execute("select 1 from kept where hash = ?", (key,)).fetchone()
            ]
            if known and not look:
                with held:
                    held.executemany("delete from kept where hash = ?", [(key,) for key in known])
                held.execute("vacuum")
            return len(known)
    except sqlite3.Error:
        # Half a file, or of another kind: vectors can be made again.
        if not look:
            path.unlink(missing_ok=True)
        return 1


def working_list(path: Path, target: Target, look: bool) -> int:
    """Take out what was last written to a list of cases, by its order."""
    held = _json(path)
    gone = [
        name
        for name, cells in (held.items() if isinstance(held, dict) else [])
        if target.codes.found_in(json.dumps([name, cells]).encode())
        or any(target.says(str(cell)) for cell in cells.values())
    ]
    if gone and not look:
        for name in gone:
            del held[name]
        write_private(path, (json.dumps(held, ensure_ascii=False, indent=0) + "\n").encode())
    return len(gone)


def audit_sample(path: Path, target: Target, look: bool) -> int:
    """Take comments out of the sample that a person labels."""
    return without_rows(path, lambda row: target.says(row.get("comment", "")), look=look)


def whole(path: Path, _target: Target, look: bool) -> int:
    """Remove a file that can be made again."""
    if not look:
        path.unlink(missing_ok=True)
    return 1


def if_held(path: Path, target: Target, look: bool) -> int:
    """Remove a file if it holds anything that is to go."""
    if not target.searcher.holds(path):
        return 0
    return whole(path, target, look)


KINDS = (
    Kind(".private/salt", "the secret of the order keys"),
    Kind(".private/.gitignore", "keeps the folder out of git"),
    Kind(".private/purged.json", "what was purged, as codes and counts"),
    Kind(".private/written.json", "where reports and lists were written"),
    Kind(".private/patterns.json", "means of groups of comments"),
    Kind(".private/audit/score.json", "what an audit counted"),
    Kind(".private/order-keys.csv", "map from keys to order ids", order_keys),
    Kind(".private/labels/*.json", "labels by hash of the comment", by_hash),
    Kind(".private/map/*.json", "places on the map of comments", by_hash),
    Kind(".private/vectors/vectors.sqlite", "sentence vectors by hash", vectors),
    Kind(".private/vectors/*", "what SQLite keeps beside it", if_held),
    Kind(".private/working-lists/*.json", "what was last written to a list of cases", working_list),
    Kind(".private/audit/sample.csv", "comments drawn for an audit", audit_sample),
    Kind(".private/failed/*", "notebooks that failed half-way", whole),
    # Other forms of what was read, which the next run makes again from the files.
    Kind(".private/reading/*", "what was read, kept for speed", whole),
    Kind(".private/store/*", "what was read of large files, by month", whole),
)


def kind_of(path: Path, folder: Path) -> Kind | None:
    """Return the kind of a kept file; None for one that no line names.

    Parameters
    ----------
    path : Path
        The file.
    folder : Path
        The shop's folder.
    """
    name = path.relative_to(folder).as_posix()
    if is_aside(path.name):
        return Kind("*.tmp", "left by a run that was killed", whole)
    return next((kind for kind in KINDS if fnmatch(name, kind.pattern)), None)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def example_lines(path: Path, target: Target, look: bool) -> tuple[int, list[int]]:
    """Take comments out of the examples of a shop's own causes.

    Returns
    -------
    tuple
        How many left, and the lines that hold one and could not be mended.
    """
    import tomllib

    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept, gone = [], 0
    for line in lines:
        bare = line.strip().removesuffix(",")
        try:
            text = json.loads(bare) if bare.startswith('"') else ""
        except ValueError:
            text = ""
        if isinstance(text, str) and text and target.says(text):
            gone += 1
        else:
            kept.append(line)
    try:
        tomllib.loads("".join(kept))
    except tomllib.TOMLDecodeError:
        kept, gone = lines, 0
    if gone and not look:
        with aside(path, keep_mode=True) as new:
            new.write_text("".join(kept), encoding="utf-8", newline="")
    left = [
        number for number, line in enumerate(kept, 1) if target.searcher.found_in(line.encode())
    ]
    return gone, left
