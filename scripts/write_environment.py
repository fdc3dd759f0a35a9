"""Write environment.yml, for people who use conda, from pyproject.toml.

Run as ``python scripts/write_environment.py [--check]``; ``make environment`` does.
"""

import argparse
import itertools
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
# What conda-forge calls a package that it calls something else.
CONDA_NAMES = {
    "jupyter-server": "jupyter_server",
    "matplotlib": "matplotlib-base",
    "tzdata": "python-tzdata",
}


# Extras that are installed by hand where they are wanted: `make browser`, `make spark`.
BY_HAND = {"browser", "spark"}


def locked_extras(project):
    """Return the requirements of each extra that everybody gets."""
    extras = project["optional-dependencies"]
    return [lines for name, lines in extras.items() if name not in BY_HAND]


def conda_requirements(project):
    """Return name to specifier, in conda's names, for every dependency of a project.

    Its extras too, save those that are installed by hand.
    """
    lines = itertools.chain(project["dependencies"], *locked_extras(project))
    requirements = sorted(map(Requirement, lines), key=lambda requirement: requirement.name)
    return {CONDA_NAMES.get(r.name, r.name): r.specifier for r in requirements}


def environment(project):
    """Return the text of environment.yml for the ``[project]`` table of pyproject.toml."""
    lines = [
        "# Generated from pyproject.toml by `make environment`; change it there.",
        f"name: {project['name']}",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python {project['requires-python']}",
    ]
    for name, specifier in conda_requirements(project).items():
        # A set of specifiers has no order of its own; the lower bound first reads best.
        bounds = ",".join(sorted(map(str, specifier), reverse=True))
        lines.append(f"  - {name} {bounds}")
    return "\n".join([*lines, "  - pip", "  - pip:", "      - -e .", ""])


def main(arguments=None):
    """Write environment.yml, or only say whether it is up to date."""
    parser = argparse.ArgumentParser(description="Write environment.yml from pyproject.toml.")
    parser.add_argument("--check", action="store_true", help="change nothing, only look")
    options = parser.parse_args(arguments)
    text = environment(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"])
    path = ROOT / "environment.yml"
    if not options.check:
        path.write_text(text, encoding="utf-8", newline="\n")
    elif not path.is_file() or path.read_text("utf-8") != text:
        print("environment.yml does not follow pyproject.toml: run make environment")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
