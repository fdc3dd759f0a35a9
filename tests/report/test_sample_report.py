"""The report of the sample shop, whole: its size, its links, its words, and how a browser shows it.

It is made once, which takes a minute or two. ``SAMPLE_REPORT=reports/sample/2026-10`` takes one
that is there already. The tests in a browser need Chromium and ``make browser``; without these they
are skipped and say so.
"""

import re
import shutil
from html.parser import HTMLParser

import pytest

from feedback_analysis.report import build_report
from feedback_analysis.report.archive import write_archive
from tests.project_files import ROOT
from tests.report.test_glossary import VOCABULARY, is_explained

MEGABYTE = 1_000_000
PAGES = (
    "index", "00_data_check", "01_feedback_health", "02_service_questions", "03_root_causes",
    "04_cases", "05_reviews_and_conversion", "glossary", "report",
)  # fmt: skip
# A week is laid out like a month, so one notebook shows it; the list of all periods lies above.
WEEK = ("week/2026-W42/index", "week/2026-W42/02_service_questions", "week/index")
every_page = pytest.mark.parametrize("name", PAGES)
every_page_and_the_week = pytest.mark.parametrize("name", PAGES + WEEK)


@pytest.fixture(scope="module")
def report(sample_report):
    """Return the folder of the sample shop's report."""
    return sample_report


def copied(folder):
    kept = shutil.ignore_patterns(".private")
    return shutil.copytree(ROOT / "data" / "sample", folder / "sample", ignore=kept)


@pytest.fixture(scope="module")
def week(report, tmp_path_factory):
    """Return a folder with the reports of a week and of a month, and the list of both."""
    folder = tmp_path_factory.mktemp("periods")
    (notebook := folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "02_service_questions.ipynb", notebook)
    home = folder / "week"
    options = {"notebooks": notebook, "progress": False}
    build_report(copied(folder), period="2026-W42", output=home / "2026-W42", **options)
    shutil.copytree(report, home / "2026-10")
    write_archive(home, shop="Alder & Finch")
    return home


@pytest.fixture
def page_of(request, report):
    """Return a function from a page's name to its file; the week is made only where it is asked."""

    def find(name):
        inside = name.removeprefix("week/")
        home = report if inside == name else request.getfixturevalue("week")
        return home / f"{inside}.html"

    return find


class Read(HTMLParser):
    """Collects ids, links, text alternatives and the text that is shown, code left out."""

    def __init__(self, page):
        super().__init__()
        self.ids, self.links, self.undescribed, self.words = set(), [], [], []
        self.sources, self._hidden = [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids |= {found["id"]} if "id" in found else set()
        self.links += [found["href"]] if tag == "a" else []
        self.sources += [found[name] for name in ("src", "srcset") if name in found]
        if (tag == "img" and not found.get("alt")) or (
            tag == "svg" and not found.get("aria-label")
        ):
            self.undescribed.append(self.get_starttag_text()[:80])
        if tag == "style" or (tag == "details" and found.get("class") == "code") or self._hidden:
            self._hidden += tag in ("style", "details")

    def handle_endtag(self, tag):
        if self._hidden and tag in ("style", "details"):
            self._hidden -= 1

    def handle_data(self, data):
        if not self._hidden:
            self.words.append(data)


@pytest.fixture(scope="module")
def pages(report):
    return {path.name: Read(path.read_text("utf-8")) for path in sorted(report.glob("*.html"))}


def test_the_single_file_is_small_enough_to_mail(report):
    assert {path.stem for path in report.glob("*.html")} >= set(PAGES)
    assert (report / "report.html").stat().st_size < 3 * MEGABYTE
    assert sum(path.stat().st_size for path in report.iterdir()) < 6 * MEGABYTE


def test_every_link_leads_to_a_place_that_is_there(pages):
    broken = []
    for name, page in pages.items():
        for link in page.links:
            file, _, place = link.partition("#")
            if link.startswith(("https://", "mailto:", "../")):
                continue
            there = pages.get(file or name)
            if there is None or (place and place not in there.ids | {"main"}):
                broken.append(f"{name}: {link}")
    assert broken == []


def test_pages_name_their_pictures_and_ask_nothing_of_the_network(pages):
    for page in pages.values():
        assert page.undescribed == []
        assert [source for source in page.sources if not source.startswith("data:image/")] == []


def test_the_first_page_holds_what_an_owner_needs_in_that_order(report):
    text = (report / "index.html").read_text("utf-8")
    places = [
        text.index(part)
        for part in (
            'class="lead"', "First step:", "target 95", "target 4.5", 'class="questions"',
            "Cause that grew most",
            "Cases due", "What a first review adds", ">Do this first<", ">What changed<",
            ">Key figures<", ">The pages<", ">What this is based on<", ">How to read this<",
        )
    ]  # fmt: skip
    assert places == sorted(places)
    first = text[places[0] : text.index(">Behind the verdict<")]
    assert 1 <= first.count('<span class="what">') <= 5
    # The evidence of every step is one click away.
    assert first.count('<span class="what">') == len(
        re.findall(r'<span class="why"><a href', first)
    )


def test_every_statistical_word_on_the_pages_is_explained_and_the_glossary_near(pages):
    for name, page in pages.items():
        shown = " ".join(" ".join(page.words).split())
        strange = {word for word in VOCABULARY.findall(shown) if not is_explained(word)}
        assert strange == set(), name
        near = "#glossary" if name == "report.html" else "glossary.html"
        assert near in page.links, name


# --- in a browser ---------------------------------------------------------------------------


@pytest.fixture
def opened(browser):
    """Return a function that opens a page and tells every address that was asked for."""
    contexts = []

    def show(path, **options):
        contexts.append(
            browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(240_000)
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()


def violations(page):
    """Return what axe calls serious or critical."""
    module = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed: make browser"
    )

    return [
        f"{found['id']}: {found['nodes'][0]['html'][:120]}"
        for found in module.Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
    ]


@every_page_and_the_week
def test_axe_finds_nothing_serious(page_of, opened, name):
    # axe itself is a script, which the pages' policy would not let run.
    page = opened(page_of(name), bypass_csp=True)
    assert violations(page) == []


@pytest.mark.parametrize("name", ["index", "01_feedback_health", "glossary", "week/index"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious_in_the_dark_or_on_a_phone(page_of, opened, name, width):
    size = {"width": width, "height": 800}
    page = opened(page_of(name), bypass_csp=True, color_scheme="dark", viewport=size)
    assert violations(page) == []


def test_axe_would_find_something(opened, tmp_path):
    bad = tmp_path / "bad.html"
    bad.write_text(
        '<html lang="en"><title>x</title><main><h1>x</h1><img src="data:,">'
        '<p style="color:#bbb;background:#fff">pale</p></main></html>'
    )
    found = " ".join(violations(opened(bad)))
    assert "image-alt" in found
    assert "color-contrast" in found


@every_page_and_the_week
def test_nothing_is_asked_of_the_network_and_no_script_is_there(page_of, opened, name):
    page = opened(page_of(name))
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.scripts.length") == 0


def test_a_script_that_got_into_a_page_would_not_run(report, opened, tmp_path):
    text = (report / "index.html").read_text("utf-8")
    hostile = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
    spoilt = tmp_path / "index.html"
    spoilt.write_text(text.replace("</main>", f"{hostile}</main>"), "utf-8")
    assert opened(spoilt).title() != "run"
    bare = re.sub(
        r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", spoilt.read_text("utf-8")
    )
    spoilt.write_text(bare, "utf-8")
    page = opened(spoilt)
    page.wait_for_function("document.title === 'run'")


@pytest.mark.parametrize("name", ["index", "03_root_causes", "glossary", "week/index"])
def test_the_keyboard_reaches_everything_in_the_order_of_the_page(page_of, opened, name):
    page = opened(page_of(name))
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], summary, [tabindex="0"]')]
        .filter(e => e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}))
        .map((e, i) => { e.dataset.place = i; return i; }).length"""
    )
    assert wanted >= 4
    reached, rings = [], set()
    for _ in range(wanted):
        page.keyboard.press("Tab")
        place, ring = page.evaluate(
            """() => { const e = document.activeElement;
            return [e.dataset.place ?? e.outerHTML.slice(0, 90),
                    getComputedStyle(e).outlineStyle]; }"""
        )
        reached.append(place)
        rings.add(ring)
    assert reached == [str(place) for place in range(wanted)]
    # Whoever uses the keyboard sees where it is.
    assert "none" not in rings


def test_the_keyboard_opens_what_is_folded_away(report, opened):
    page = opened(report / "index.html")
    page.locator("details:not([open]) > summary").first.focus()
    closed = page.locator("details[open]").count()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == closed + 1


@every_page_and_the_week
def test_a_phone_never_scrolls_sideways(page_of, opened, name):
    page = opened(page_of(name), viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def colours(page):
    """Return the page's ground and the colours that its drawings are made of."""
    return page.evaluate(
        """() => [getComputedStyle(document.body).backgroundColor,
        [...new Set(['fill', 'stroke'].flatMap(name =>
            [...document.querySelectorAll(`.drawing [${name}]`)].map(
                e => getComputedStyle(e)[name])))].filter(c => c.startsWith('rgb')).sort()]"""
    )


def test_figures_follow_the_page_into_the_dark_and_back_onto_paper(report, opened):
    path = report / "01_feedback_health.html"
    light, dark = (opened(path, color_scheme=scheme) for scheme in ("light", "dark"))
    (light_ground, light_drawn), (dark_ground, dark_drawn) = colours(light), colours(dark)
    assert (light_ground, dark_ground) == ("rgb(255, 255, 255)", "rgb(20, 24, 28)")
    assert len(light_drawn) > 5
    assert not set(light_drawn) & set(dark_drawn)
    dark.emulate_media(media="print", color_scheme="dark")
    assert colours(dark) == [light_ground, light_drawn]


@pytest.mark.parametrize("name", ["01_feedback_health", "02_service_questions", "03_root_causes"])
def test_figures_keep_letters_to_read_on_a_phone_and_their_finding_in_sight(report, opened, name):
    page = opened(report / f"{name}.html", viewport={"width": 390, "height": 800})
    letters = page.evaluate(
        """[...document.querySelectorAll('.drawing text')].map(text => {
        const to = text.getScreenCTM();
        return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(to.a, to.b); })"""
    )
    assert letters
    assert min(letters) >= 9
    found = """[...document.querySelectorAll('.finding')].map(
        one => [one.dataset.title, one.getBoundingClientRect().right, one.offsetHeight > 0])"""
    shown = page.evaluate(found)
    assert len(shown) == page.locator(".drawing").count()
    assert all(title and right <= 390 and visible for title, right, visible in shown)
    wide = opened(report / f"{name}.html").evaluate(found)
    # Where the whole drawing fits, its own title is enough.
    assert not any(visible for *_, visible in wide)
