"""Columns of text at Arrow's speed: no Python object a cell, each distinct text read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from feedback_analysis.tables import TEXT


def pool() -> pa.MemoryPool:
    """Return the memory for whole columns: the system's own.

    Arrow's default takes memory in huge pages and gives it back late, which costs half a second of
    page clearing a gigabyte on a busy machine.
    """
    return pa.system_memory_pool()


def arrow(texts: pd.Series) -> pa.ChunkedArray:
    """Return a column of texts as Arrow holds it; nothing is copied when it is one already."""
    held = pa.array(texts.astype(TEXT))
    chunked = held if isinstance(held, pa.ChunkedArray) else pa.chunked_array([held])
    return chunked if chunked.type == pa.large_string() else chunked.cast(pa.large_string())


def series(texts: pa.ChunkedArray | pa.Array, index: pd.Index | None = None) -> pd.Series:
    """Return Arrow's texts as a column."""
    chunked = texts if isinstance(texts, pa.ChunkedArray) else pa.chunked_array([texts])
    return pd.Series(TEXT.__from_arrow__(chunked), index=index)


def several(number: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: ``1 file``, ``1,200 files``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listing(words: Sequence[str]) -> str:
    """Return words as ``US, UK and DE``."""
    words = list(words)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many letters, with a sign where it was cut."""
    return text if len(text) <= most else f"{text[: most - 1]}\N{HORIZONTAL ELLIPSIS}"


def distinct(texts: pd.Series) -> list[str]:
    """Return the distinct texts of a column in the order they come, missing ones left out."""
    return arrow(texts).unique().drop_null().to_pylist()


def mapped(texts: pd.Series, read: Callable[[str], object], dtype: object) -> pd.Series:
    """Read each distinct text once; missing texts, and ones read as None, are missing.

    Parameters
    ----------
    texts : Series of str
    read : callable
        Takes a text and returns its value, or None.
    dtype : dtype
        Of the result; one that can hold missing values.
    """
    places, found = pd.factorize(texts.astype(TEXT))
    values = pd.Series([*map(read, found.tolist()), None], dtype=object).astype(dtype)
    # Place -1, a missing text, takes the last value.
    return pd.Series(values.array.take(places), index=texts.index)


def chosen(places: np.ndarray, among: Sequence[str], index: pd.Index) -> pd.Series:
    """Return the text at each place of a short list; a place below 0 is missing."""
    codes = pa.array(places.astype(np.int32), mask=places < 0)
    short = pa.array(list(among), type=pa.large_string())
    return series(pa.DictionaryArray.from_arrays(codes, short).cast(pa.large_string()), index)


def holds(texts: pa.ChunkedArray, *needles: str) -> bool:
    """Tell whether any needle may stand in a column: quick, and sure only when it says no."""
    sought = [needle.encode() for needle in needles]
    return any(
        # A single byte is found many times faster than two; most blocks do not hold even that.
        needle[:1] in content and needle in content
        for block in blocks(texts, 2**16)
        for content in [raw(block)[0].tobytes()]
        for needle in sought
    )


def raw(block: pa.LargeStringArray) -> tuple[np.ndarray, np.ndarray]:
    """Return a column's bytes, one text behind the other, and where each text ends in them."""
    held, content = block.buffers()[1:]
    if not len(block) or content is None:
        return np.array([], dtype=np.uint8), np.zeros(len(block), dtype=np.int64)
    ends = np.frombuffer(held, dtype=np.int64)[block.offset : block.offset + len(block) + 1]
    first, last = ends[[0, -1]]
    return np.frombuffer(content, dtype=np.uint8)[first:last], ends[1:] - first


def blocks(texts: pa.ChunkedArray, size: int) -> Iterator[pa.LargeStringArray]:
    """Yield a column in parts of at most so many rows; nothing is copied."""
    for chunk in texts.chunks:
        for start in range(0, len(chunk), size):
            yield chunk.slice(start, size)


def in_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence: its first letter small, names as they are.

    Parameters
    ----------
    label : str
        Such as ``Late delivery``, ``FBA label wrong`` or ``Royal Mail lost it``.

    Returns
    -------
    str
        Such as ``late delivery``. An abbreviation, Amazon, and a first word that another capital
        follows keep theirs, because they are names.
    """
    first, _, rest = label.partition(" ")
    named = first[1:] != first[1:].lower() or first.startswith("Amazon") or rest[:1].isupper()
    return label if named else f"{label[:1].lower()}{label[1:]}"


def sentence_case(clause: str) -> str:
    """Return a clause with a capital letter at its beginning.

    Parameters
    ----------
    clause : str
        The clause.

    Returns
    -------
    str
        The same with its first letter large.
    """
    return clause[:1].upper() + clause[1:]
