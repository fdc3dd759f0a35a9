"""How a page's checks are run: each returns the differences it saw, and all together a coverage."""

import pytest

from tests.honesty.drawn import AXIS
from tests.honesty.pages import Page
from tests.honesty.reasons import LEFT_OUT, WHY

REST = "left"
# Neither figures of the shop: days and targets, and marks of axes, which are held to be a scale.
ASIDE = ("stated", AXIS)
CHANGED = 4
HELP = (
    "Each number before a colon stands on the page, and nothing here works it out from the raw "
    "files: add a function to the checks of that page, or, where no script can know it, its kind "
    "to tests/honesty/reasons.py."
)
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
    figures = sum(found.values()) - sum(found[kind] for kind in ASIDE)
    share = (found["recomputed"] + found[AGAIN]) / figures
    done = ("recomputed", AGAIN, REST, *ASIDE)
    excused = {key: n for key, n in found.items() if key not in done}
    print(
        f"\n{name}: {found['recomputed']} of {figures} figures recomputed, {found[AGAIN]} "
        f"simulated again ({share:.1%}), "
        f"{found[REST]} left, {found['stated']} dates and targets, {found[AXIS]} marks of axes; "
        f"not recomputed: {excused}"
    )
    left = [f"{block.left()}: {block.text[:120]}" for block in page.everything() if block.left()]
    wanted = {WHY[kind]: n for kind, n in LEFT_OUT[name].items()}
    seen = {WHY[kind]: n for kind, n in excused.items()}
    if seen != wanted:
        left.append(f"{seen} cannot be recomputed; reasons.py says {wanted}")
    return share, left


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
        assert not left, "\n".join([*left, HELP])
        assert share >= reached

    def test_a_changed_number_is_seen(sample_report):
        """What counts as recomputed is held against something: a digit more is noticed."""
        first = read(sample_report, name)
        for check in checks:
            check(first)
        places = [
            (number, token)
            for number, block in enumerate(first.everything())
            for token, kind in block.marks.items()
            if kind == "recomputed"
        ]
        for number, (_, end) in places[:: max(1, len(places) // CHANGED)]:
            page = read(sample_report, name)
            block = list(page.everything())[number]
            digit = str((int(block.text[end - 1]) + 4) % 10)
            block.text = block.text[: end - 1] + digit + block.text[end:]
            assert any(differs(check, page) for check in checks), block.text

    return test_figures, test_coverage, test_a_changed_number_is_seen


def differs(check, page):
    """Tell whether a check finds something wrong, or cannot even find what it looks for."""
    try:
        return bool(check(page))
    except (AssertionError, KeyError, StopIteration, ValueError, IndexError, AttributeError):
        return True
