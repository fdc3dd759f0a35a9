"""Batches: the same labels whatever the engine, the batch and the process, and little memory."""

import copy
import random
import tracemalloc
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import feedback_analysis as fa
from feedback_analysis.causes import processes, stream
from feedback_analysis.causes.corrections import NONE, corrections_of
from feedback_analysis.causes.encoder import NoEncoder, installed
from feedback_analysis.causes.label import Labelling
from feedback_analysis.causes.labeller import CauseLabeller
from feedback_analysis.causes.seeds import seeds
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.errors import ReportError
from feedback_analysis.scale import label_batches

NAMES = ["id", "comment", "questions", "causes", "confidence"]


@pytest.fixture(scope="module")
def made():
    """What labels by a few hundred seeds, with sentence vectors where they can be had."""
    rows = seeds().iloc[::16]
    encoder = "use" if installed("use") else "none"
    labeller = CauseLabeller(encoder=encoder).fit(rows["comment"], rows["causes"])
    return Labelling(labeller, NONE, own_taxonomy())


@pytest.fixture(scope="module")
def rows():
    """Comments of many languages, some of them twice, some without a word."""
    texts = seeds()["comment"].iloc[5::90].tolist()
    texts += [*texts[:20], "", None, "  \n ", "späte Lieferung, 破損 \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")]  # fmt: skip  # noqa: E501
    return pd.DataFrame({"id": range(len(texts)), "comment": pd.Series(texts, dtype=object)})


@pytest.fixture(scope="module")
def wanted(made, rows):
    return joined(label_batches([rows], made))


def joined(frames):
    made = pd.concat(list(frames)).sort_values("id", ignore_index=True)[NAMES]
    # Engines hand texts over in dtypes of their own.
    texts = made[["comment", "questions", "causes"]].astype(object)
    texts = texts.where(texts.notna(), "")
    return made.assign(**texts, id=made["id"].astype("int64"))


def cut(frame, size):
    return (frame.iloc[at : at + size] for at in range(0, len(frame), size))


def from_duckdb(rows):
    held = duckdb.connect()
    held.register("given", rows)
    return held.sql("select id, comment from given order by hash(id)").to_arrow_reader(33)


ENGINES = {
    "pandas, a row at a time": lambda rows: cut(rows, 1),
    "pandas, in another order": lambda rows: cut(rows.sample(frac=1, random_state=3), 50),
    "arrow": lambda rows: pa.Table.from_pandas(rows).to_batches(max_chunksize=40),
    "arrow strings in pandas": lambda rows: cut(rows.astype({"comment": "string[pyarrow]"}), 70),
    "polars": lambda rows: pytest.importorskip("polars").from_pandas(rows).iter_slices(45),
    "duckdb": from_duckdb,
}


@pytest.mark.parametrize("engine", ENGINES)
def test_labels_are_the_same_whatever_hands_the_comments_over(made, rows, wanted, engine):
    found = joined(label_batches(ENGINES[engine](rows), made, workers=1))
    pd.testing.assert_frame_equal(found, wanted)


def test_labels_are_those_of_single_comments(made, rows, wanted):
    assert wanted["causes"].nunique() > 10
    for row in wanted.sample(12, random_state=1).itertuples():
        ((questions, causes, sure),) = made([row.comment], workers=1)
        assert (row.questions, row.causes) == (";".join(questions), ";".join(causes))
        assert sure == row.confidence or np.isnan(row.confidence)
    empty = wanted[wanted["comment"].str.strip() == ""]
    assert len(empty) == 3
    assert empty["causes"].eq("").all()
    assert empty["confidence"].isna().all()


def test_more_processes_give_the_same_in_the_same_order(made, rows, wanted, tmp_path, monkeypatch):
    monkeypatch.setattr(stream, "BATCH", 40)
    backward = rows.iloc[::-1]
    frames = list(label_batches(cut(backward, 30), made, memory=tmp_path, workers=2))
    assert [frame.index.tolist() for frame in frames] == [
        frame.index.tolist() for frame in cut(backward, 30)
    ]
    pd.testing.assert_frame_equal(joined(frames), wanted)
    assert (tmp_path / "vectors.sqlite").is_file() == (made.encoder != "none")
    again = label_batches(cut(rows, 60), made, memory=tmp_path, workers=1)
    pd.testing.assert_frame_equal(joined(again), wanted)


def test_a_labeller_that_travelled_labels_alike(made, rows, wanted):
    there = replace(made, labeller=copy.deepcopy(made.labeller))
    assert there.labeller is not made.labeller
    assert there.labeller._regression is not made.labeller._regression
    pd.testing.assert_frame_equal(joined(label_batches([rows], there)), wanted)


class Stub:
    """Labels by the length of a text, and remembers what it was asked."""

    encoder_ = "none"
    vectors_ = NoEncoder()

    def __init__(self):
        self.asked = []

    def label(self, texts, vectors=None):
        self.asked += texts
        return [(("other",), ("other", f"c{len(text) % 5}"), 0.5) for text in texts]


def stub():
    return Labelling(Stub(), NONE, own_taxonomy())


def test_a_text_is_labelled_once_in_whatever_batches_it_stands():
    made = stub()
    texts = [f"text {number % 700}" for number in range(5_000)]
    random.Random(2).shuffle(texts)
    frame = pd.DataFrame({"comment": texts})
    found = pd.concat(label_batches(cut(frame, 90), made, workers=1))
    assert sorted(made.labeller.asked) == sorted(set(texts))
    assert found["comment"].tolist() == texts
    assert found["causes"].tolist() == [f"other;c{len(text) % 5}" for text in texts]


def peak(frames, monkeypatch):
    def of_many():
        for number in range(frames):
            yield pd.DataFrame({"comment": [f"{number} {row} {'x' * 80}" for row in range(500)]})

    monkeypatch.setattr(stream, "REMEMBERED", 3_000)
    made = stub()
    made.labeller.label = lambda texts, vectors=None: Stub.label(Stub(), texts)
    tracemalloc.start()
    rows = sum(len(frame) for frame in label_batches(of_many(), made, workers=1))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 500 * frames
    return most


def test_memory_does_not_grow_with_the_number_of_comments(monkeypatch):
    peak(2, monkeypatch)
    few, many = peak(20, monkeypatch), peak(100, monkeypatch)
    assert many < 1.5 * few
    # All texts of the larger run would take more than this.
    assert many < 100 * 500 * 80


def test_few_texts_are_labelled_here_and_many_in_processes(monkeypatch):
    begun = []

    class Fake(processes.Processes):
        def __init__(self, labeller, memory, count):
            begun.append(count)
            self._labeller = labeller

        def submit(self, texts):
            from concurrent.futures import Future

            done = Future()
            done.set_result(self._labeller.label(texts))
            return done

        def close(self):
            begun.append("closed")

    monkeypatch.setattr(stream, "Processes", Fake)
    monkeypatch.setattr(stream, "cores", lambda: 3)
    few = pd.DataFrame({"comment": [f"t{row}" for row in range(stream.ENOUGH - 1)] * 2})
    list(label_batches(cut(few, 1_000), stub()))
    assert begun == []
    made = stub()
    many = pd.DataFrame({"comment": [f"t{row}" for row in range(stream.ENOUGH + 3_000)]})
    found = pd.concat(label_batches(cut(many, 1_000), made))
    assert begun == [3, "closed"]
    assert found["comment"].tolist() == many["comment"].tolist()
    assert made.labeller.asked == many["comment"].tolist()
    # Who takes no more ends the processes.
    begun.clear()
    frames = label_batches(cut(many, 1_000), stub(), workers=2)
    next(frames)
    frames.close()
    assert begun == [2, "closed"]


def test_what_goes_wrong_in_a_process_is_told(made, monkeypatch):
    broken = copy.deepcopy(made.labeller)
    broken._regression = replace(broken._regression, dual=broken._regression.dual[:, :3])
    with pytest.raises(RuntimeError, match="a process that labels comments failed: ValueError"):
        list(label_batches([pd.DataFrame({"comment": ["late"]})], replace(made, labeller=broken), workers=2))  # fmt: skip  # noqa: E501
    monkeypatch.setattr(processes, "_CHILD", "import sys; sys.exit('no room')")
    with pytest.raises(fa.ReportError, match=r"ended before its time .no room"):
        list(label_batches([pd.DataFrame({"comment": ["late"]})], made, workers=2))


def test_what_people_said_goes_before(made):
    table = pd.DataFrame({"comment": ["Came  late", ""], "order_key": ["", "k7"], "causes": ["damaged_in_transit", "expired"]})  # fmt: skip  # noqa: E501
    said = replace(made, corrections=corrections_of(table, made.taxonomy))
    given = pd.DataFrame({"order_key": ["k1", None, "k7"], "comment": ["came", "Came late", "Came late"]})  # fmt: skip  # noqa: E501
    (found,) = label_batches([given], said)
    assert found["causes"].tolist()[1:] == ["damaged_in_transit", "expired"]
    assert found["confidence"].tolist()[1:] == [1.0, 1.0]


def test_a_batch_that_cannot_be_labelled_is_refused():
    with pytest.raises(fa.ReportError, match=r"no column .comment.\. Did you mean .coment."):
        list(label_batches([pd.DataFrame({"coment": ["late"]})], stub()))
    with pytest.raises(fa.ReportError, match="a column 'causes' already"):
        list(label_batches([pd.DataFrame({"comment": ["late"], "causes": [""]})], stub()))
    (found,) = label_batches([pd.DataFrame({"text": pd.Series(dtype=object)})], stub(), column="text")  # fmt: skip  # noqa: E501
    assert found.columns.tolist() == ["text", "questions", "causes", "confidence"]


def test_what_are_no_batches_is_refused():
    frame = pd.DataFrame({"comment": ["never came"]})
    relation = duckdb.from_df(frame, connection=duckdb.connect())
    polars = pytest.importorskip("polars").from_pandas(frame)
    wrong = (frame, polars, pa.Table.from_pandas(frame), relation, None, [frame["comment"]],
             ["never came"], [{"comment": ["never came"]}])  # fmt: skip
    for given in wrong:
        with pytest.raises(ReportError, match="in batches"):
            list(label_batches(given, stub()))
    twice = pd.concat([frame, frame], axis=1)
    with pytest.raises(ReportError, match="several columns 'comment'"):
        list(label_batches([twice], stub()))


def test_half_a_sign_is_no_trouble(made):
    frame = pd.DataFrame({"comment": pd.Series(["\ud83d never came"], dtype=object)})
    (found,) = label_batches([frame], made, workers=1)
    assert found["causes"].iloc[0]
