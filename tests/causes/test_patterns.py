"""Patterns keep their names; a new cause is found, and nothing is found where there is none."""

import math

import numpy as np
import pytest

from feedback_analysis.causes.discovery import new_causes
from feedback_analysis.causes.patterns import fit_patterns, read_patterns
from feedback_analysis.causes.seeds import seeds
from feedback_analysis.causes.words_of import growth, named_by, telling_words
from feedback_analysis.errors import ReportError


@pytest.fixture(scope="module")
def labelled():
    rows = seeds()[lambda rows: rows["language"] == "en"]
    return rows["comment"].tolist(), rows["causes"].str.split(";").str[0].tolist()


@pytest.fixture(scope="module")
def patterns(labelled):
    comments, causes = labelled
    return fit_patterns(comments[::2], causes[::2])


def test_patterns_lie_inside_causes(labelled, patterns):
    comments, causes = labelled
    assert len(patterns.names) > 10
    told = patterns.assign(comments, causes)
    assert all(not name or name.rsplit(".", 1)[0] == cause for name, cause in zip(told, causes, strict=True))  # fmt: skip  # noqa: E501
    assert np.mean([bool(name) for name in told]) > 0.5


def test_a_name_is_kept_from_month_to_month(labelled, patterns):
    comments, causes = labelled
    before = np.array(patterns.assign(comments, causes))
    later = patterns.extended(comments[1::2], causes[1::2])
    assert later.names[: len(patterns.names)] == patterns.names
    after = np.array(later.assign(comments, causes))
    known = before != ""
    assert (before[known] == after[known]).mean() >= 0.95


def test_the_order_does_not_count(labelled, patterns):
    comments, causes = labelled
    order = np.random.default_rng(1).permutation(len(comments[::2]))
    again = fit_patterns([comments[::2][at] for at in order], [causes[::2][at] for at in order])
    assert again.names == patterns.names
    assert np.allclose(again.centres, patterns.centres, atol=1e-5)


def test_they_are_kept_as_json(tmp_path, patterns, labelled):
    path = tmp_path / "patterns.json"
    path.write_text(patterns.to_json(), encoding="utf-8")
    comments, causes = labelled
    assert read_patterns(path).assign(comments[:80], causes[:80]) == patterns.assign(comments[:80], causes[:80])  # fmt: skip  # noqa: E501
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ReportError, match="cannot be read"):
        read_patterns(path)


def test_a_pattern_is_told_in_words(labelled, patterns):
    comments, causes = labelled
    latest = np.arange(len(comments)) % 3 == 0
    table = patterns.table(comments, causes, latest)
    assert table["pattern"].tolist() == list(patterns.names)
    full = table[table["n"] >= 10]
    assert full["words"].map(len).min() >= 1
    assert all(set(row.comments) <= set(comments) for row in full.itertuples())


def simulated(planted):
    """Months of unsure comments, and in the last a new complaint that no cause covers."""
    rows = seeds()
    old = rows[rows["language"] == "en"].sample(900, random_state=2)["comment"].tolist()
    new = [f"the drone was grounded by a firmware lock {ending}" for ending in
           "today again already yesterday somehow twice at_home outdoors sadly now".split()]  # fmt: skip  # noqa: E501
    comments = old + new * planted
    latest = np.arange(len(comments)) >= int(0.75 * len(old))
    return comments, [("unclear",)] * len(comments), [0.5] * len(comments), latest


def test_a_new_cause_is_a_candidate():
    found = new_causes(*simulated(planted=3))
    assert len(found) >= 1
    assert {"drone", "firmware"} & set(" ".join(found["words"].iloc[0]).split())
    assert found["n_latest"].iloc[0] >= 25


def test_a_language_that_grows_as_a_whole_is_no_new_cause():
    rows = seeds()
    german = rows[rows["language"] == "de"].sample(240, random_state=3)["comment"].tolist()
    english = rows[rows["language"] == "en"].sample(600, random_state=3)["comment"].tolist()
    # Germany opened: nearly all that is German is of the latest period.
    comments = english[:450] + german[:20] + english[450:] + german[20:]
    latest = [False] * 470 + [True] * 370
    found = new_causes(comments, [("unclear",)] * 840, [0.5] * 840, latest)
    assert len(found) == 0


def test_no_group_is_named_by_words_that_say_nothing():
    assert telling_words("Das Paket ist nie angekommen", "de") == ["paket", "angekommen"]
    assert "duty paid" in telling_words("duty paid twice", "en")
    assert telling_words("配送が遅いダンボール", "ja") == ["配送", "ダンボール"]
    assert named_by([], ["a comment in the middle of them"]) == "“a comment in the middle of them”"
    assert named_by(["one", "two", "three", "four"], []) == "one / two / three"


def test_where_nothing_grows_nothing_is_found():
    assert len(new_causes(*simulated(planted=0))) == 0
    assert len(new_causes([], [], [], [])) == 0


def test_a_small_shops_patterns_are_read_again_though_there_are_none(tmp_path):
    path = tmp_path / "patterns.json"
    path.write_text('{"encoder": "none", "patterns": [], "until": "2026-10-30"}', "utf-8")
    kept = read_patterns(path)
    assert kept.names == ()
    assert kept.assign(["late"], ["late_delivery"]) == [""]


def test_growth_is_the_share_now_over_the_share_before_and_nothing_is_added():
    assert growth(3, 104, 2, 269) == pytest.approx(3 / 104 / (2 / 269))
    assert growth(0, 104, 2, 269) == 0
    assert math.isinf(growth(1, 104, 0, 269))
    nothing = (0, 104, 0, 269), (1, 104, 0, 0), (0, 0, 1, 9)
    assert all(math.isnan(growth(*each)) for each in nothing)
