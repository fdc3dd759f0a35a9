"""The project's own files, found rather than listed, for the tests that look at all of them."""

import gzip
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "feedback_analysis"
# Where the project's files lie, for a copy that came without its git history.
FOLDERS = (".ci", "benchmarks", "docs", "feedback_analysis", "notebooks", "scripts", "tests")


@cache
def tracked_files():
    """Return every file that is, or is about to be, committed, in the order of its name."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        paths = {ROOT / name for name in listed.stdout.split("\0") if name}
    else:
        paths = {path for folder in FOLDERS for path in (ROOT / folder).rglob("*")}
        paths |= {*ROOT.glob("*.*"), *(ROOT / "data").glob("sample*/**/*")}
        paths = {path for path in paths if "__pycache__" not in path.parts}
    return sorted(path for path in paths if path.is_file())


def package_modules():
    """Return every Python file of the package."""
    return sorted(
        path for path in tracked_files() if path.is_relative_to(PACKAGE) and is_code(path)
    )


def is_code(path):
    """Whether a file is Python source."""
    return path.suffix == ".py"


def content(path):
    """Return a file's text, unpacked; its letters may be wrong, its ASCII characters never are."""
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw) if len(raw) > 2 else b""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    return raw.decode("latin-1")


def named(path):
    """Return a file's name as a test shows it."""
    return path.relative_to(ROOT).as_posix()


def makefile_verbs():
    """Return each verb of the Makefile with its help, or None."""
    text = (ROOT / "Makefile").read_text("utf-8")
    found = re.findall(r"^([a-z][a-z-]*):(?!=)[^#\n]*(?:## (.*))?$", text, flags=re.MULTILINE)
    return {verb: help_text or None for verb, help_text in found}
