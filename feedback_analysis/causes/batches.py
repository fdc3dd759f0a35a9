"""Labels batches of comments as an engine hands them over: pandas frames or Arrow batches."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_analysis.causes.label import ADDED, Labelling, labelling
from feedback_analysis.causes.taxonomy import Taxonomy
from feedback_analysis.errors import ReportError, did_you_mean

# What `label_batches` adds, in the words of Spark's schemas.
SCHEMA = ", ".join(f"{name} {'double' if name == 'confidence' else 'string'}" for name in ADDED)


def label_batches(
    batches: Iterable[Any],
    taxonomy: Taxonomy | Labelling | str | Path | None = None,
    corrections: object = None,
    *,
    encoder: str = "auto",
    column: str = "comment",
    learn_from: Iterable[str] = (),
    memory: str | Path | None = None,
    workers: int | None = None,
) -> Iterator[pd.DataFrame]:
    """Say what each comment of batch after batch complains about.

    A comment gets the same label in whatever batch, engine or process it stands.

    Parameters
    ----------
    batches : iterable of DataFrame, RecordBatch or Table
        With a column of comments; any others, such as keys, come back as given. A text that came
        before is not judged again, as long as it is among the last 65,536 distinct ones.
    taxonomy : str, Path, Taxonomy or Labelling, optional
        A file of causes of your own, instead of ours; or what ``labelling(...)`` has learnt, which
        spares each of a cluster's processes the learning.
    corrections : str, Path or DataFrame, optional
        Comments with the causes that a person gave them; they count, and they teach. Those by
        ``order_key`` count where the batches have such a column.
    encoder : {"auto", "use", "none"}, default="auto"
        Sentence vectors.
    column : str, default="comment"
        Where the comments stand.
    learn_from : iterable of str
        Comments that teach a taxonomy of your own, beside its words and examples. They are named
        apart, so that labels do not depend on which comments come first.
    memory : str or Path, optional
        A folder in which sentence vectors are kept by a hash of the text for the next time.
    workers : int, optional
        Processes: 1 for this one alone. By default as many as there are cores once some thousand
        distinct comments wait, and one inside a Spark task, because Spark starts its own.

    Yields
    ------
    DataFrame
        Each batch with ``questions`` and ``causes`` (ids joined by ``;``, most confident first;
        empty for a comment without text) and ``confidence`` (0-1; missing without text).

    Raises
    ------
    ReportError
        If a batch is no table, there is no column of comments, or one of the three added ones is
        there already.
    """
    if isinstance(taxonomy, Labelling):
        made = taxonomy
    else:
        made = labelling(taxonomy, corrections, encoder=encoder, comments=learn_from)
    if memory is not None:
        made = replace(made, memory=Path(memory))
    if workers is None and _in_a_spark_task():
        workers = 1

    def read(frame: pd.DataFrame) -> tuple[list[object], list[str] | None]:
        given = frame[column].astype(object)
        keys = frame["order_key"].astype(object) if "order_key" in frame.columns else None
        return given.where(given.notna(), "").tolist(), None if keys is None else keys.tolist()

    frames = (_checked(batch, column) for batch in _parts_of(batches))
    for frame, answers in made.along(frames, read, workers=workers):
        questions, causes, sure = zip(*answers, strict=True) if answers else ((), (), ())
        yield frame.assign(
            questions=pd.Series([";".join(ids) for ids in questions], frame.index, dtype=object),
            causes=pd.Series([";".join(ids) for ids in causes], frame.index, dtype=object),
            confidence=pd.Series(sure, frame.index, dtype=float),
        )


def _parts_of(batches: Iterable[Any]) -> Iterable[Any]:
    """Return the batches, or refuse a table: to go through it gives its columns."""
    if hasattr(batches, "columns") or not isinstance(batches, Iterable):
        raise _no_batches(batches)
    return batches


def _no_batches(found: object) -> ReportError:
    return ReportError(
        "comments are labelled in batches",
        expected="an iterable of pandas, Polars or Arrow tables, such as [frame]; of a DuckDB "
        "relation .to_arrow_reader(10_000), of a Spark DataFrame .mapInPandas(...)",
        found=type(found).__name__,
    )


def _checked(batch: Any, column: str) -> pd.DataFrame:
    frame = batch if isinstance(batch, pd.DataFrame) else None
    if frame is None and hasattr(batch, "to_pandas"):
        frame = batch.to_pandas()
    if not isinstance(frame, pd.DataFrame):
        raise _no_batches(batch)
    names = [str(name) for name in frame.columns]
    if names.count(column) > 1:
        raise ReportError(f"there are several columns '{column}'", remedy="give them other names")
    if column not in names:
        raise ReportError(
            f"there is no column '{column}'.{did_you_mean(column, names)}",
            found=", ".join(names)[:200],
            remedy="name the column with the comments: column=...",
        )
    if taken := sorted(set(ADDED) & set(names)):
        raise ReportError(f"there is a column '{taken[0]}' already", remedy="give it another name")
    return frame


def _in_a_spark_task() -> bool:
    spark = sys.modules.get("pyspark")
    return spark is not None and spark.TaskContext.get() is not None
