"""How a page's checks are run: each returns the differences it saw, and all together a coverage."""

import pytest

from tests.honesty.pages import Page

REST = "left"
AGAIN = "simulated again"
# A sentence of a page names its buyers' words, and what is as it is on every page.
COMMON = (
    (r"^feedback_analysis \S+, data to .*", "the program's version"),
    (r"^No buyer's e-mail.*", "no figure"),
)


def read(folder, name):
    """Return a page of a finished report."""
    page = Page((folder / f"{name}.html").read_text("utf-8"))
    for pattern, reason in COMMON:
        page.excuse(pattern, reason)
    return page


def told(page, name):
    """Say how much of a page is recomputed, in a line, and return the share and what is left."""
    found = page.coverage()
    figures = sum(found.values()) - found["stated"]
    share = (found["recomputed"] + found[AGAIN]) / figures
    done = ("recomputed", AGAIN, "stated", REST)
    excused = {key: n for key, n in found.items() if key not in done}
    print(
        f"\n{name}: {found['recomputed']} of {figures} figures recomputed, {found[AGAIN]} "
        f"simulated again ({share:.1%}), "
        f"{found[REST]} left, {found['stated']} dates and targets; not recomputed: {excused}"
    )
    return share, [
        f"{block.left()}: {block.text[:120]}" for block in page.everything() if block.left()
    ]


def page_tests(name, checks, reached):
    """Return a page's tests: one a check, and one that counts what they cover."""

    @pytest.mark.parametrize("check", checks, ids=lambda check: check.__name__)
    def test_figures(sample_report, check):
        wrong = check(read(sample_report, name))
        assert not wrong, "\n".join(wrong)

    def test_coverage(sample_report):
        page = read(sample_report, name)
        for check in checks:
            check(page)
        share, left = told(page, name)
        assert not left, "\n".join(left)
        assert share >= reached

    return test_figures, test_coverage
