"""The generator: same bytes for the same seed, any size, flat memory."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tracemalloc
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from feedback_analysis.sample import write_sample
from feedback_analysis.sample.catalogue import make_asins
from feedback_analysis.sample.comments import split_clauses
from feedback_analysis.sample.orders import order_ids
from feedback_analysis.sample.stock import day_of_year, load_stock, named_dates

ROOT = Path(__file__).parents[2]


def digest(folder):
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(folder).as_posix().encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def written_elsewhere(folder, hash_seed):
    code = (
        "import sys; from feedback_analysis.sample import write_sample;"
        "write_sample(sys.argv[1], scale=0.1)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, env=environment)
    return digest(folder)


def test_the_same_seed_gives_the_same_bytes_in_another_process(tmp_path):
    assert written_elsewhere(tmp_path / "a", "1") == written_elsewhere(tmp_path / "b", "2")


def test_another_seed_gives_another_shop(tmp_path):
    one = write_sample(tmp_path / "a", scale=0.1, only={"feedback"})
    two = write_sample(tmp_path / "b", scale=0.1, only={"feedback"}, seed=7)
    assert digest(one) != digest(two)


def test_writing_over_an_earlier_sample_leaves_nothing_of_it(tmp_path):
    write_sample(tmp_path / "a", scale=0.1)
    over = write_sample(tmp_path / "a", scale=0.1, only={"reviews"})
    fresh = write_sample(tmp_path / "b", scale=0.1, only={"reviews"})
    assert digest(over) == digest(fresh)


def test_leaving_kinds_out_does_not_change_the_others(sample, tmp_path):
    alone = write_sample(tmp_path / "a", only=["feedback", "cases"])
    files = [path.relative_to(alone) for path in alone.rglob("*") if path.is_file()]
    assert len(files) == 9
    for path in files:
        assert (alone / path).read_bytes() == (sample.folder / path).read_bytes()


def test_a_shop_of_several_blocks_has_other_products_and_mostly_distinct_comments(tmp_path):
    folder = write_sample(tmp_path / "a", scale=2.5, only={"feedback", "truth"})
    effect = (folder / "truth/effect.csv").read_text(encoding="utf-8").splitlines()[1:]
    parents = [line.split(",")[1] for line in effect]
    assert len(set(parents)) == len(parents) == 120 + 120 + 60
    log = (folder / "amazon/US/feedback/seller-feedback-log.csv").read_text(encoding="utf-8-sig")
    rows = log.splitlines()[1:]
    assert len({row.split('","')[-2] for row in rows}) == len(rows)
    low = [row.split('","')[2] for row in rows if row.split('","')[1] in "123"]
    words = [comment for comment in low if comment]
    assert len(set(words)) > 0.9 * len(words)


def test_memory_does_not_grow_with_the_scale(tmp_path):
    peaks = []
    write_sample(tmp_path / "first", scale=0.1, only={"feedback"})  # loads modules and comments
    for scale in (1, 4):
        tracemalloc.start()
        write_sample(tmp_path / str(scale), scale=scale, only={"feedback"})
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_a_short_span_can_be_written(tmp_path):
    folder = write_sample(tmp_path / "a", scale=0.1, start=date(2026, 1, 5), end=date(2026, 2, 1))
    weeks = sorted(path.name for path in (folder / "amazon/US/business-reports").iterdir())
    assert weeks[0] == "2026-01-05_2026-01-11"
    assert weeks[-1] == "2026-01-26_2026-02-01"
    assert len(weeks) == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scale": 0}, "scale must be above 0, got 0"),
        ({"scale": float("nan")}, "scale must be above 0, got nan"),
        ({"only": {"feedbacks"}}, "only must name kinds of files among feedback"),
        ({"start": date(2026, 2, 1), "end": date(2026, 1, 1)}, "must not end"),
    ],
)
def test_wrong_arguments_are_refused(tmp_path, arguments, message):
    with pytest.raises(ValueError, match=message):
        write_sample(tmp_path / "a", **arguments)


def test_order_ids_do_not_repeat():
    ids = np.concatenate([order_ids(block, np.arange(60_000)) for block in (0, 1, 4_000)])
    assert len(np.unique(ids)) == len(ids)
    assert all(len(order_id) == 19 and order_id.startswith("000-") for order_id in ids[:50])


def test_asins_do_not_repeat():
    asins = make_asins(np.arange(50_000))
    assert len(set(asins)) == 50_000
    assert {len(asin) for asin in asins} == {10}


def test_clauses_end_with_sentences_and_before_conjunctions():
    comment = "Came late, but the box was fine. Nobody wrote back, and I asked twice! Sad"
    assert split_clauses(comment) == [
        "Came late", "but the box was fine.", "Nobody wrote back", "and I asked twice!",
    ]  # fmt: skip


def test_a_dated_comment_is_only_used_after_its_date():
    assert named_dates("sent 4/11, then again April 14th", american=True) == [104, 101]
    assert named_dates("Fotos am 22.4. geschickt", american=False) == [112]
    assert named_dates("sent 4/11", american=False) == []
    stock = load_stock()
    row = stock.negative.index[
        stock.negative["comment"].str.contains("Question I sent December 10")
    ]
    days = np.array(["2026-01-05", "2026-01-08", "2026-03-30"], dtype="datetime64[D]")
    assert stock.seasons[row[0], day_of_year(days)].tolist() == [False, True, False]


def test_comments_that_name_a_currency_stay_in_its_marketplace():
    stock = load_stock()
    pounds = stock.negative["comment"].str.contains("£").to_numpy()
    assert pounds.any()
    assert not stock.markets[0, pounds].any()
    assert not stock.markets[2, pounds].any()
