"""Keeps sentence vectors by a hash of the text, so that no comment is encoded twice.

They lie in one SQLite file in half precision, 1 KB a comment and 1 KB each of its clauses; only the
hash of a text is kept, not the text. A correction makes the labeller learn anew, and then all
comments of a shop are judged again: what takes time there is the encoding.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from hashlib import blake2b
from pathlib import Path

import numpy as np

from feedback_analysis.causes.encoder import Encoder, Parts
from feedback_analysis.privacy import make_private

FILE = "vectors.sqlite"
# Beyond so many hashes SQLite takes no more in one question.
ASKED = 500
# Another run may be writing.
PATIENCE = 10.0


def with_memory(encoder: Encoder, folder: str | Path | None) -> Encoder:
    """Return an encoder that remembers where there is a folder to keep vectors in.

    Parameters
    ----------
    encoder : Encoder
    folder : str, Path or None
    """
    return encoder if folder is None else KeptVectors(encoder, folder)


class KeptVectors:
    """An encoder that looks a text up before it encodes it.

    Parameters
    ----------
    encoder : Encoder
        Encodes what is not known yet.
    folder : str or Path
        Where ``vectors.sqlite`` lies; made if need be. What cannot be read or written is done
        without: vectors can be made again.
    """

    def __init__(self, encoder: Encoder, folder: str | Path) -> None:
        self.encoder = encoder
        self.name = encoder.name
        self._file = Path(folder) / FILE

    def encode(self, comments: Parts) -> tuple[np.ndarray, np.ndarray]:
        """Return vectors of whole comments, and of all their clauses in order.

        Parameters
        ----------
        comments : sequence of sequence of str
            The clauses of each comment.
        """
        if self.name == "none":
            return self.encoder.encode(comments)
        keys = [self._key(parts) for parts in comments]
        known = self._read(keys)
        # A row for the whole, and one for each clause, or they are not these comments' vectors.
        missing = {
            key: parts
            for key, parts in zip(keys, comments, strict=True)
            if key not in known or len(known[key]) != 1 + len(parts)
        }
        if missing:
            known |= self._made(missing)
        rows = [known[key] for key in keys]
        if not rows:
            return self.encoder.encode(comments)
        return np.stack([row[0] for row in rows]), np.vstack([row[1:] for row in rows])

    def _key(self, parts: Sequence[str]) -> bytes:
        return key_of(self.name, parts)

    def _made(self, missing: dict[bytes, Sequence[str]]) -> dict[bytes, np.ndarray]:
        wholes, clauses = self.encoder.encode(list(missing.values()))
        ends = np.cumsum([len(parts) for parts in missing.values()])
        made = {
            key: np.vstack([whole, clauses[end - len(parts) : end]])
            for (key, parts), whole, end in zip(missing.items(), wholes, ends, strict=True)
        }
        with suppress(OSError, sqlite3.Error):
            self._write(made)
        return made

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        found: dict[bytes, np.ndarray] = {}
        if not self._file.is_file():
            return found
        wanted = list(dict.fromkeys(keys))
        try:
            with closing(sqlite3.connect(self._file, timeout=PATIENCE)) as held:
                for start in range(0, len(wanted), ASKED):
                    some = wanted[start : start + ASKED]
                    marks = ",".join("?" * len(some))
                    rows = held.execute(
                        f"select hash, width, vectors from kept where hash in ({marks})", some
                    )
                    for key, width, content in rows:
                        if (vectors := _vectors(content, width)) is not None:
                            found[key] = vectors
        except sqlite3.OperationalError:
            # Another process makes the file just now, or writes to it for long.
            return found
        except sqlite3.DatabaseError:
            # Half a file, or one of another kind: it is begun anew.
            with suppress(OSError):
                self._file.unlink()
            return {}
        return found

    def _write(self, made: dict[bytes, np.ndarray]) -> None:
        make_private(self._file.parent)
        # Made by us before SQLite does, so that only the owner may read it.
        os.close(os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o600))
        rows = [
            (key, vectors.shape[1], np.ascontiguousarray(vectors, np.float16).tobytes())
            for key, vectors in made.items()
        ]
        with closing(sqlite3.connect(self._file, timeout=PATIENCE)) as held, held:
            held.execute(
                "create table if not exists kept (hash blob primary key, width int, vectors blob) "
                "without rowid"
            )
            held.executemany("insert or replace into kept values (?, ?, ?)", rows)


def _vectors(content: object, width: object) -> np.ndarray | None:
    """Return kept vectors, or None where something else became of them."""
    if not isinstance(content, bytes) or not isinstance(width, int) or width < 1:
        return None
    if not content or len(content) % (width * np.float16().itemsize):
        return None
    made = np.frombuffer(content, np.float16).reshape(-1, width)
    return made if np.isfinite(made).all() else None


def key_of(encoder: str, parts: Sequence[str]) -> bytes:
    """Return what a comment's vectors are kept by.

    Parameters
    ----------
    encoder : str
        Name of the encoder.
    parts : sequence of str
        The clauses of the comment.
    """
    return blake2b("\x1f".join([encoder, *parts]).encode(), digest_size=12).digest()
