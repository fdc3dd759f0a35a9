"""A drawing loses whatever could run or fetch, however it is spelled."""

from feedback_analysis.report.drawings import _clean


def test_what_runs_or_fetches_is_taken_out_in_capitals_too():
    drawing = (
        '<svg><rect ONLOAD="a()" onclick="b()" style="fill:URL(https://c)" width="3"/>'
        '<use HREF="https://d" href="#e"/></svg>'
    )
    assert _clean(drawing, "x") == '<svg><rect width="3" /><use href="#e" /></svg>'
