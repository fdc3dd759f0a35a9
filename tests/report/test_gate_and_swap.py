"""The last look at a page, and folders that are replaced whole or not at all."""

import pytest

from feedback_analysis.errors import ReportError
from feedback_analysis.report.gate import check_page
from feedback_analysis.report.swap import MARK, check_target, replaced


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("write to jo@example.com", "e-mail addresses"),
        ("order 000-1234567-7654321 came", "order ids"),
        ("order 000-1234567&#45;7654321 came", "order ids"),
    ],
)
def test_a_page_with_personal_data_is_refused_without_repeating_it(text, what):
    with pytest.raises(ReportError, match=f"would show {what}") as caught:
        check_page("a.html", f"<p>{text}</p>", keys_allowed=True)
    assert "example.com" not in str(caught.value)
    assert "7654321" not in str(caught.value)


def test_keys_of_orders_are_allowed_on_notebook_pages_only():
    page = "<td>o0123456789abcdef</td>"
    check_page("01.html", page, keys_allowed=True)
    with pytest.raises(ReportError, match="keys of orders"):
        check_page("index.html", page, keys_allowed=False)


def test_shapes_and_the_bytes_of_pictures_are_not_taken_for_text():
    page = (
        '<style>@media print{p{margin:0}}</style><img src="data:image/png;base64,iVBORw0KGgo=">'
        '<svg viewBox="0 0 123 1234567"><path d="M000 1234567 7654321"></path></svg>'
    )
    check_page("a.html", page, keys_allowed=False)


def test_a_folder_is_replaced_only_when_the_new_one_is_whole(tmp_path):
    target = tmp_path / "shop" / "2026-10"
    with replaced(target) as new:
        (new / "index.html").write_text("first")
    with pytest.raises(RuntimeError, match="half-way"), replaced(target) as new:  # noqa: PT012
        (new / "index.html").write_text("second")
        raise RuntimeError("half-way")
    assert (target / "index.html").read_text() == "first"
    with replaced(target) as new:
        (new / "other.html").write_text("third")
    assert [path.name for path in target.iterdir()] == ["other.html"]
    assert [path.name for path in target.parent.iterdir()] == ["2026-10"]


def test_a_run_that_was_killed_between_the_moves_loses_nothing(tmp_path):
    target = tmp_path / "2026-10"
    kept = tmp_path / ".2026-10.previous"
    kept.mkdir()
    (kept / "index.html").write_text("first")
    with pytest.raises(RuntimeError, match="half-way"), replaced(target):
        raise RuntimeError("half-way")
    assert (target / "index.html").read_text() == "first"


def test_a_folder_that_is_no_report_is_never_replaced(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    check_target(own)
    check_target(tmp_path / "new")
    (own / "thesis.txt").write_text("years of work")
    with pytest.raises(ReportError, match="something else than a report"):
        check_target(own)
    with pytest.raises(ReportError, match="something else than a report"):
        check_target(own / "thesis.txt")
    (own / MARK).write_text("{}")
    check_target(own)
