"""What holds for the project as a whole: its dependencies, its files, its Makefile."""

import importlib.metadata
import itertools
import os
import re
import subprocess
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.write_environment import CONDA_NAMES, environment, locked_extras
from tests.project_files import (
    PACKAGE,
    ROOT,
    content,
    is_code,
    makefile_verbs,
    named,
    package_modules,
    tracked_files,
)

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = locked_extras(PROJECT)
DECLARED = [Requirement(line) for line in itertools.chain(PROJECT["dependencies"], *EXTRAS)]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")

# --- dependencies ---------------------------------------------------------------------------


def test_environment_yml_asks_for_what_pyproject_asks_for():
    found = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    lines = [line for line in found["dependencies"] if isinstance(line, str) and line != "pip"]
    specifiers = {r.name: r.specifier for r in map(Requirement, lines)}
    assert str(specifiers.pop("python")) == PROJECT["requires-python"]
    assert specifiers == {CONDA_NAMES.get(r.name, r.name): r.specifier for r in DECLARED}
    assert found["channels"] == ["conda-forge"]


def test_environment_yml_is_what_make_environment_writes():
    assert (ROOT / "environment.yml").read_text("utf-8") == environment(PROJECT)


def test_installed_versions_satisfy_every_requirement():
    installed = {r.name: importlib.metadata.version(r.name) for r in DECLARED}
    wrong = {
        r.name: installed[r.name]
        for r in DECLARED
        if not r.specifier.contains(installed[r.name], prereleases=True)
    }
    assert wrong == {}


def test_lock_names_no_host_and_no_option_but_hashes():
    assert "://" not in LOCK
    assert set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", LOCK)) == {"--hash"}


def test_lock_holds_every_requirement_at_a_version_that_satisfies_it():
    pins = re.findall(r"^([\w.-]+)==([^\s;\\]+)", LOCK, flags=re.MULTILINE)
    locked = {}
    for name, version in pins:
        locked.setdefault(canonicalize_name(name), []).append(version)
    assert all(
        r.specifier.contains(version)
        for r in DECLARED
        for version in locked[canonicalize_name(r.name)]
    )


def test_every_locked_package_has_a_hash():
    entries = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) > 50
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


# --- what may not be committed --------------------------------------------------------------

INDEX = re.compile(
    r"://[^\s\"']*(?:py(?:pi|thonhosted)|/simple\b)|--(?:extra-)?index[-]url|--find[-]links"
)
MACHINE = re.compile(
    r"(?<![\w.~-])/(?:work|root|tmp/w|opt/\w+|home/\w+|Users/\w+)/|[A-Z]:\\+Users\\|\.library/"
    r"|\bshared/(?:data|design|hooks|mock|reference)\b"
)
EMAIL = re.compile(r"(?<=[\w.%+-])@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})")
INVENTED = re.compile(r"(?:[\w-]+\.)*example\.com|marketplace\.amazon\.[a-z.]+", re.IGNORECASE)
ORDER_ID = re.compile(r"(?<![\w-])(?!000)\d{3}-\d{7}-\d{7}(?![\w-])")
# These lines state the patterns themselves.
OWN = {ROOT / "tests" / "test_project.py"}


def found_in_tracked_files(pattern, *, accept=None, skip=frozenset()):
    """Return ``file: text`` for every match that is not accepted."""
    return [
        f"{named(path)}: {match[0]}"
        for path in tracked_files()
        if path not in skip and path.suffix != ".png"
        for match in pattern.finditer(content(path))
        if accept is None or not accept.fullmatch(match[1])
    ]


def test_no_tracked_file_names_a_package_index():
    assert found_in_tracked_files(INDEX, skip=OWN) == []


def test_no_tracked_file_names_a_path_of_somebodys_machine():
    assert found_in_tracked_files(MACHINE, skip=OWN) == []


def test_every_email_in_a_tracked_file_is_invented():
    assert found_in_tracked_files(EMAIL, accept=INVENTED) == []


def test_every_order_id_in_a_tracked_file_is_invented():
    assert found_in_tracked_files(ORDER_ID) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (INDEX, "https://host.example.com" + "/simple/pandas"),
        (INDEX, "--extra-" + "index-url x"),
        (MACHINE, "open('/home/" + "anna/file.csv')"),
        (MACHINE, "C:\\Users\\" + "anna"),
        (ORDER_ID, "order 11" + "4-1234567-7654321."),
    ],
)
def test_what_may_not_be_committed_is_recognised(pattern, text):
    assert pattern.search(text)


@pytest.mark.parametrize(
    ("domain", "is_invented"),
    [
        ("example.com", True),
        ("marketplace.amazon.co.uk", True),
        ("gmail" + ".com", False),
        ("notexample" + ".com", False),
    ],
)
def test_only_invented_domains_pass(domain, is_invented):
    match = EMAIL.search(f"write to buyer@{domain}, please")
    assert (INVENTED.fullmatch(match[1]) is not None) == is_invented


def test_no_sellers_own_file_is_tracked():
    tops = {path.relative_to(ROOT).parts[:2] for path in tracked_files()}
    shops = {parts[1] for parts in tops if parts[0] == "data"}
    assert shops <= {"README.md", "sample", "sample-new-shop"}
    private = [named(path) for path in tracked_files() if ".private" in path.parts]
    assert private == []


# --- the code -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [p for p in tracked_files() if is_code(p)], ids=named)
def test_a_module_is_short_enough_to_read(path):
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= 400, f"{lines} lines, of 400 at most: move one of its ideas to a module beside"


def test_every_data_file_of_the_package_is_installed_with_it():
    packages = {path.parent for path in package_modules() if path.stem == "__init__"}
    patterns = PYPROJECT["tool"]["setuptools"]["package-data"]["*"]
    installed = {
        path for package in packages for pattern in patterns for path in package.glob(pattern)
    }
    data = {path for path in tracked_files() if path.is_relative_to(PACKAGE) and not is_code(path)}
    assert data - installed == set()


def test_every_folder_with_code_is_a_package():
    folders = {path.parent for path in package_modules()}
    assert [named(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


# --- make -----------------------------------------------------------------------------------


def test_every_make_verb_has_help_and_is_phony():
    verbs = makefile_verbs()
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert [verb for verb, text in verbs.items() if not text] == []
    assert set(phony[1].split()) == set(verbs)


def test_make_alone_lists_every_verb():
    # A make that runs this test hands its own settings down; this one starts afresh.
    clean = {k: v for k, v in os.environ.items() if k not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    shown = subprocess.run(
        ["make"], cwd=ROOT, env=clean, capture_output=True, text=True, check=True
    ).stdout
    listed = re.findall(r"^  ([a-z-]+) ", shown, flags=re.MULTILINE)
    assert set(listed) == set(makefile_verbs())


def test_ci_runs_make_test():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text("utf-8").rstrip().endswith("make test")


def test_the_changelog_begins_with_this_version():
    heading = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert heading[1] == PROJECT["version"]
