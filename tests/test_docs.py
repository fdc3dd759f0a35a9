"""The documents promise nothing that is not there: links, modules, commands, settings, numbers."""

import dataclasses
import importlib
import re
import tomllib
from functools import cache

import pandas as pd
import pytest

from feedback_analysis.settings import _ShopFile
from feedback_analysis.shop import Shop
from scripts import draw_house
from tests.project_files import PACKAGE, ROOT, makefile_verbs, named, tracked_files

DOCUMENTS = [
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/README.md")),
]
EACH = pytest.mark.parametrize("path", DOCUMENTS, ids=named)
# Where a shorter name in a document may lie.
PLACES = (
    ROOT, PACKAGE, ROOT / "notebooks", ROOT / "docs", PACKAGE / "amazon", ROOT / "benchmarks",
    ROOT / "benchmarks" / "results", ROOT / "data" / "sample", ROOT / "data" / "sample" / "truth",
)  # fmt: skip
# What a worked example makes, and what a shop's or a report's own folder holds.
EXAMPLES = {
    "feedback_analysis/amazon/reports/parcelbook.toml",
    "feedback_analysis/health/replies.py",
    "tests/amazon/test_parcelbook.py",
    "tests/health/test_replies.py",
    "20_my_question.ipynb",
    "sketch.ipynb",
}
SHOP_FILES = {
    "shop.toml", "causes.toml", "corrections.csv", "cases.xlsx", "cases.csv", "asks.csv",
    "asks.xlsx", "periods.csv", "key_figures.json", "report.html", "report.pdf",
    "reports/<shop>/index.html", "reports/<shop>/<period>/index.html", ".private/audit/sample.csv",
    "snapshot.json",
}  # fmt: skip
SHOP_FOLDERS = (
    "data/my-shop/", "data/<shop>/", "2026-", "amazon/", ".private/", "snapshots/", "vectors/",
    "reports/", "US/", "UK/",
)  # fmt: skip
MACHINE = re.compile(r"(?<![\w.])/(?:work|tmp|home|root|Users|mnt|var)/|\b[A-Z]:\\\\")


@cache
def text_of(path):
    return path.read_text("utf-8")


def prose(path):
    """Return a document without its fenced blocks."""
    return re.sub(r"^ *```.*?^ *```$", "", text_of(path), flags=re.MULTILINE | re.DOTALL)


def code_words(path):
    """Return what stands in backticks in the prose of a document."""
    return re.findall(r"`([^`\n]+)`", prose(path))


def anchors(path):
    """Return the anchors that GitHub gives the headings of a document."""
    titles = re.findall(r"^#+ (.+)$", prose(path), flags=re.MULTILINE)
    plain = [re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", title).lower() for title in titles]
    return {re.sub(r"[^\w -]", "", title).replace(" ", "-") for title in plain}


def broken(path):
    """Return every link of a document that leads nowhere."""
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@EACH
def test_every_link_leads_somewhere(path):
    assert list(broken(path)) == []


def test_a_link_that_leads_nowhere_is_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A title\n\n[x](#a-title) [y](#b) [z](page.md#a-title) [w](no.md)\n")
    assert list(broken(page)) == ["#b", "no.md"]


def test_the_index_names_every_document_and_the_readme_the_index():
    index = text_of(ROOT / "docs" / "README.md")
    pages = [path.name for path in (ROOT / "docs").glob("*.md") if path.name != "README.md"]
    assert len(pages) >= 8
    assert [name for name in pages if f"]({name})" not in index] == []
    assert "](docs/README.md)" in text_of(ROOT / "README.md")


def missing_files(path):
    """Return the files and folders named in backticks that are not there."""
    for word in code_words(path):
        name = word.removesuffix("/")
        is_path = re.fullmatch(r"[\w./<>-]*\.(?:py|toml|csv|tsv|md|ipynb|svg|json)", word)
        is_folder = re.fullmatch(r"(?:[\w-]+/)+", word)
        if not (is_path or is_folder) or word in EXAMPLES | SHOP_FILES:
            continue
        if word.startswith(SHOP_FOLDERS):
            continue
        if not any((place / name).exists() for place in PLACES):
            yield word


@EACH
def test_every_file_that_is_named_exists(path):
    if path.name == "CHANGELOG.md":
        return  # it tells of what was, too
    assert list(missing_files(path)) == []


def test_every_module_of_the_methods_is_imported():
    page = text_of(ROOT / "docs" / "methods.md")
    modules = set(re.findall(r"`((?:\w+/)+\w+)\.py`", page))
    modules = {name for name in modules if not name.startswith(("benchmarks", "tests", "scripts"))}
    assert len(modules) >= 40
    for name in modules:
        importlib.import_module(f"feedback_analysis.{name.replace('/', '.')}")
    for folder, module in re.findall(r"python (benchmarks)/(\w+)\.py", page):
        assert (ROOT / folder / f"{module}.py").is_file(), module


def dotted(word):
    """Return the object that a dotted word such as ``service.name_cause`` names, or fail."""
    parts = word.split(".")
    for size in range(len(parts), 0, -1):
        try:
            found = importlib.import_module("feedback_analysis." + ".".join(parts[:size]))
        except ModuleNotFoundError:
            continue
        for name in parts[size:]:
            found = getattr(found, name)
        return found
    raise AttributeError(word)


SHOP = {each.name for each in dataclasses.fields(Shop)} | set(dir(Shop))


@EACH
def test_every_dotted_name_of_ours_exists(path):
    rooms = {each.stem for each in PACKAGE.iterdir() if not each.name.startswith(("_", "."))}
    for word in code_words(path):
        call = re.match(r"((?:fa|[a-z_]+)(?:\.[A-Za-z_]\w*)+)", word)
        if call and not re.search(r"\.(?:py|toml|csv|txt|xlsx|md|json|html|ipynb|svg)\b", word):
            room, *names = call[1].split(".")
            if room == "fa":
                assert hasattr(importlib.import_module("feedback_analysis"), names[0]), word
            elif room == "shop":
                # The object of every notebook, not the module: what it holds is not in its class.
                assert names[0] in SHOP, word
            elif room in rooms and "your_function" not in names:
                dotted(call[1])


@EACH
def test_every_command_that_is_named_exists(path):
    from feedback_analysis.cli import app

    commands = {command.name or command.callback.__name__ for command in app.registered_commands}
    told = re.findall(r"(?:feedback-analysis|python -m feedback_analysis) ([a-z]+)", text_of(path))
    assert set(told) - commands == set()
    verbs = re.findall(r"(?:^|`)make ([a-z-]+)", text_of(path), flags=re.MULTILINE)
    assert set(verbs) - set(makefile_verbs()) == set()


@EACH
def test_every_option_that_is_named_exists(path):
    from typer.main import get_command

    from feedback_analysis.cli import app

    options = {
        option
        for command in get_command(app).commands.values()
        for parameter in command.params
        for option in parameter.opts
    }
    elsewhere = {
        "--foreign",
        "--no-deps",
        "--no-orders",
        "--require-hashes",
        "--part",
        "--scenario",
        "--shops",
        "--write",
    }
    told = {o for word in code_words(path) for o in re.findall(r"(?<![\w-])--[a-z][a-z-]+", word)}
    assert told - options - elsewhere == set()


@EACH
def test_every_toml_example_holds_settings_of_ours_only(path):
    tables = set(_ShopFile.model_fields)
    for found in re.findall(r"^( *)```toml\n(.*?)^ *```$", text_of(path), re.MULTILINE | re.DOTALL):
        indent, body = found
        body = re.sub(rf"^{indent}", "", body, flags=re.MULTILINE)
        content = tomllib.loads(body)
        if "cause" in content or "aliases" in body or set(content).isdisjoint(tables):
            continue  # a taxonomy, or a report type
        _ShopFile.model_validate(content)


def test_settings_named_in_prose_exist():
    for path in DOCUMENTS:
        for word in code_words(path):
            if match := re.fullmatch(r"\[+(\w+)\]+(?: \w+)?", word):
                known = {*_ShopFile.model_fields, "cause", "columns", "sums", "report"}
                assert match[1] in known, (named(path), word)


@EACH
def test_no_machine_is_named(path):
    assert MACHINE.findall(text_of(path)) == []


def test_the_picture_of_the_house_is_current(capsys):
    assert draw_house.main(["--check"]) == 0, capsys.readouterr().err


def test_a_house_with_another_room_is_another_picture():
    stack = draw_house.floors()
    assert draw_house.drawing([stack[0] | {"attic"}, *stack[1:]]) != draw_house.drawing(stack)


def in_one_line(name):
    return " ".join(text_of(ROOT / name).split())


def kept(name):
    return pd.read_csv(ROOT / "benchmarks" / "results" / name)


@pytest.mark.parametrize("name", ["README.md", "docs/methods.md"])
def test_what_the_labels_are_worth_is_quoted_as_measured(name):
    page = in_one_line(name)
    room = PACKAGE / "service" / "measured.toml"
    found = tomllib.loads(room.read_text("utf-8"))["encoder"][0]
    assert f"{found['low']:.2f} to {found['high']:.2f}" in page
    assert f"{found['micro_f1']:.2f} (95 % interval" in page
    rates = kept("corrected_rates.csv")
    low, high = (100 * rates["corrected_holds"].agg([min, max])).round().astype(int)
    assert f"{low} to {high} of 100 corrected intervals" in page
    assert f"as few as {100 * rates['as_found_holds'].min():.0f}" in page


@pytest.mark.parametrize("name", ["README.md", "docs/methods.md", "CHANGELOG.md"])
def test_candidates_for_removal_are_quoted_as_measured(name):
    table = kept("removal_candidates.csv").set_index(["comments", "part", "by", "kind"])
    row = table.loc[("sample", "all", "labels", "delivery")]
    page = in_one_line(name)
    if name == "CHANGELOG.md":
        assert f"now {row['named']} are named, {row['hit']} rightly" in page
        return
    assert f"{row['hit']} of the {row['named']}" in page
    assert f"{row['hit']} of {row['true']}" in page


@pytest.mark.parametrize("name", ["README.md", "docs/methods.md"])
def test_new_causes_are_quoted_as_measured(name):
    means = kept("causes_discovery.csv").groupby("share")[["found", "precision", "recall"]].mean()
    page, hundred = in_one_line(name), (100 * means).round()
    assert f"in {hundred.loc[0.1, 'found']:.0f} of 100 simulated" in page
    assert f"at 5 % in {hundred.loc[0.05, 'found']:.0f}, at 2 % in none" in page
    assert means.loc[0.02, "found"] == 0
    if name != "README.md":
        assert f"comments {hundred.loc[0.1, 'precision']:.0f} % were of it" in page
        assert f"held {hundred.loc[0.1, 'recall']:.0f} % of all" in page


IN_README = ("Parquet to tally", "flat file to tally")


@pytest.mark.parametrize("step", [*IN_README, "Parquet to tally, by who ships", "windows"])
def test_the_cost_of_counting_is_quoted_as_measured(step):
    table = kept("scale.csv")
    table = table[table["step"].eq(step)]
    pages = in_one_line("docs/scale.md"), in_one_line("README.md")
    assert set(table["rows"]) == {1_000_000, 10_000_000, 50_000_000}
    for rows, part in table.groupby("rows"):
        found = part.set_index("who")
        ours, hand = found.loc["ours"], found.loc["DuckDB by hand"]
        seconds = f"{ours['cpu_seconds']:.2f} | {hand['cpu_seconds']:.2f}"
        assert f"| {rows:,} | {step} | {seconds} | {ours['ratio_to_hand']:.2f} |" in pages[0]
        if rows == 10_000_000 and step in IN_README:
            for cost in (ours, hand):
                assert f"{cost['cpu_seconds']:.2f} s" in pages[1]


@pytest.mark.parametrize("step", ["the shop, read", "label"])
def test_the_cost_of_reading_and_labelling_is_quoted_as_measured(step):
    table = kept("scale.csv")
    table = table[table["step"].eq(step)]
    assert len(table) >= 1
    for row in table.to_dict("records"):
        costs = f"{row['cpu_seconds']:,.1f} | {row['peak_mb']:,.0f}"
        assert f"| {row['rows']:,} | {step} | {costs} |" in in_one_line("docs/scale.md")


def test_the_cost_of_a_whole_report_is_quoted_as_measured():
    table = kept("scale.csv")
    page, found = in_one_line("docs/scale.md"), table[table["step"].str.startswith("report")]
    assert len(found) >= 4
    for row in found.to_dict("records"):
        costs = f"{row['cpu_seconds']:,.1f} | {row['wall_seconds']:,.1f} | {row['peak_mb']:,.0f}"
        assert f"| {row['rows']:,} | {row['step']} | {costs} |" in page
        if row["step"] == "report from cold":
            assert f"{row['wall_seconds'] / 60:.0f} minutes" in in_one_line("README.md")


def test_the_documents_are_tracked():
    assert set(DOCUMENTS) <= set(tracked_files())
