"""The house: data flows one way, imports stay light, and nothing unsafe is used."""

import ast
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project_files import PACKAGE, ROOT, named, package_modules

# A room imports only from the floors below it. A new room needs a floor here.
FLOORS = (
    {"absent"},
    {"_pandera"},
    {"channels", "columns", "errors", "formulas", "once", "results", "shares", "spelling"},
    {
        "aside",
        "data_settings",
        "fits",
        "marketplaces",
        "periods",
        "quotes",
        "settings",
        "settings_trouble",
        "workbooks",
    },
    {"tables"},
    {"tallies"},
    {"shop", "texts"},
    {"coverage", "names", "privacy", "small_groups"},
    {"memory", "purged", "sheets", "store", "written"},
    {"amazon", "health", "causes", "cases", "conversion", "dictionary"},
    {"service"},
    {"charts", "sample", "scale"},
    {"explore", "report"},
    {"purge"},
    {"cli_tables"},
    {"cli_purge"},
    {"cli"},
    {"__main__"},
)
# These rooms are leaves: small, without data of their own, and free to use each other.
LEAVES = FLOORS[3]
FLOOR_OF = {room: number for number, floor in enumerate(FLOORS) for room in floor}


def imports_of(path):
    """Every module that a file imports, at the top or inside a function."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module or ""]))
            # `from package import module` hides its target among the names.
            yield from (f"{module}.{alias.name}" for alias in node.names)


def room_of(dotted):
    """Return the room that ``feedback_analysis.health.windows`` lies in: ``health``."""
    parts = dotted.split(".")
    inside = parts[0] == PACKAGE.name and len(parts) > 1 and parts[1] != "__version__"
    return parts[1] if inside else None


def module_name(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def rooms():
    """Return every module of the package, save its front door, with its room."""
    return [
        (path, room_of(module_name(path)))
        for path in package_modules()
        if path.parent != PACKAGE or path.stem != "__init__"
    ]


def test_every_room_has_a_floor():
    lacking = {room for _, room in rooms()} - set(FLOOR_OF)
    assert not lacking, f"put {sorted(lacking)} on a floor of FLOORS, and run make house"


def test_rooms_import_only_from_the_floors_below():
    upward = []
    for path, room in rooms():
        for target in filter(None, map(room_of, imports_of(path))):
            below = FLOOR_OF.get(target, len(FLOORS)) < FLOOR_OF.get(room, 0)
            # A name of the front door (`from feedback_analysis import read_folder`) hides its room.
            if not below and target != room and not {room, target} <= LEAVES:
                upward.append(f"{named(path)} imports {target}")
    assert upward == []


@pytest.mark.parametrize(
    ("packages", "homes"),
    [
        ({"matplotlib", "seaborn"}, {"charts", "report"}),
        ({"jinja2"}, {"dictionary", "report"}),
        ({"nbclient", "nbconvert", "nbformat"}, {"report"}),
        ({"typer"}, {"cli", "cli_purge"}),
        ({"narwhals"}, {"conversion", "scale", "tallies"}),
        ({"duckdb", "pyspark"}, {"amazon", "scale", "store"}),
        ({"anywidget", "ipywidgets", "itables"}, {"explore"}),
    ],
)
def test_a_package_is_imported_only_in_its_room(packages, homes):
    strays = [
        f"{named(path)} imports {name}"
        for path, room in rooms()
        for name in imports_of(path)
        if name.split(".")[0] in packages and room not in homes
    ]
    assert strays == []


@pytest.mark.parametrize("module", ["feedback_analysis", "feedback_analysis.cli"])
def test_import_stays_light(module):
    heavy = [
        "ipywidgets",
        "itables",
        "matplotlib",
        "nbclient",
        "nbconvert",
        "pandera",
        "pyspark",
        "scipy.stats",
        "seaborn",
        "sklearn",
    ]
    code = f"import sys, {module}; print(*[name for name in {heavy} if name in sys.modules])"
    child = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (child.returncode, child.stdout.strip()) == (0, ""), child.stderr


def test_every_package_that_is_imported_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = project["dependencies"] + project["optional-dependencies"].get("spark", [])
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    providers = importlib.metadata.packages_distributions()
    imported = {name.split(".")[0] for path in package_modules() for name in imports_of(path)}
    foreign = imported - set(sys.stdlib_module_names) - {PACKAGE.name}
    missing = {
        name
        for name in foreign
        if declared.isdisjoint(map(canonicalize_name, providers.get(name, [name])))
    }
    assert missing == set()


def test_spark_is_neither_imported_nor_bound_to_this_machine():
    code = (
        "import os, sys; from feedback_analysis import tables; tables.SCHEMAS['orders'].schema; "
        "print('SPARK_LOCAL_IP' in os.environ, *sys.modules)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "SPARK_LOCAL_IP"}
    child = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    assert child.stdout.startswith("False ")
    assert {"pyspark", "pyspark.pandas"}.isdisjoint(child.stdout.split())
    assert "PySpark" not in child.stderr


def test_nothing_unsafe_is_used():
    unsafe = []
    for path, room in rooms():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                # Styler escapes nothing of what a buyer wrote; rich's styles in the cli are safe.
                case ast.Attribute(value=owner, attr="style") if room != "cli":
                    if getattr(owner, "id", "") != "matplotlib":
                        unsafe.append(f"{named(path)}:{node.lineno} .style")
                case ast.keyword(arg="escape", value=ast.Constant(value=False)):
                    unsafe.append(f"{named(path)}:{node.value.lineno} escape=False")
                case ast.Call(func=ast.Name(id="eval" | "exec")):
                    unsafe.append(f"{named(path)}:{node.lineno} {node.func.id}")
    assert unsafe == []


PICKLING = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve", "torch"}


def test_no_program_can_load_a_pickle():
    """A pickle runs what its writer likes. numpy refuses one unless it is told otherwise."""
    loaded = []
    folders = (PACKAGE, ROOT / "benchmarks", ROOT / "scripts")
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Attribute(attr="read_pickle" | "to_pickle"):
                    loaded.append(f"{named(path)}:{node.lineno} {node.attr}")
                case ast.keyword(arg="allow_pickle", value=value) if not (
                    isinstance(value, ast.Constant) and value.value is False
                ):
                    loaded.append(f"{named(path)}:{value.lineno} allow_pickle")
        loaded += [
            f"{named(path)} imports {name}"
            for name in imports_of(path)
            if name.split(".")[0] in PICKLING
        ]
    assert loaded == []


def test_a_kept_labeller_and_a_kept_reading_are_opened_without_a_pickle(tmp_path):
    """Python tells of every object that a pickle names, whoever opens it."""
    code = (
        "import sys\n"
        "said = []\n"
        "sys.addaudithook(lambda event, args: said.append(args)"
        " if event == 'pickle.find_class' else None)\n"
        "import feedback_analysis as fa\n"
        "from feedback_analysis.amazon.reading import read_unless_kept\n"
        "shop, _ = read_unless_kept(sys.argv[1])\n"
        "fa.label_comments(shop.feedback['comment'].head(50))\n"
        "print(len(shop.feedback), said)\n"
    )
    folder = tmp_path / "shop"
    (folder / "amazon").mkdir(parents=True)
    feedback = next((ROOT / "data/sample/amazon/US/feedback").glob("*"))
    shutil.copy(feedback, folder / "amazon")
    told = [
        subprocess.run(
            [sys.executable, "-c", code, str(folder)],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout
        for _ in range(2)
    ]  # fmt: skip
    assert (folder / ".private" / "reading").is_dir()
    assert told[0] == told[1]
    assert told[0].endswith(" []\n")


LONGEST = 60


def code_lines(function):
    """How many lines a function takes, its docstring left out."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is not None:
        lines -= function.body[0].end_lineno - function.body[0].lineno + 1
    return lines


def test_no_function_is_long():
    folders = (PACKAGE, ROOT / "tests", ROOT / "benchmarks", ROOT / "scripts")
    long = [
        f"{named(path)}:{node.lineno} {node.name} has {code_lines(node)} lines"
        for path in sorted(path for folder in folders for path in folder.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and code_lines(node) > LONGEST
    ]
    assert long == []
