"""Kill a command of the product at a chosen moment, and see what it leaves.

A moment is a point in time, or the file operation (open to write, rename, remove, link, make a
folder) of so and so great a number, whichever of the command's processes comes to it: so the
narrow gaps between two operations are hit as surely as the long work between them. Children are
forked from a process that has everything imported, killed with SIGKILL, and cannot clean up.
"""

import contextlib
import hashlib
import io
import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path

OPERATIONS = {
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.chmod", "os.truncate",
    "sqlite3.connect",
}  # fmt: skip
# What a kernel runs before anything else: it counts too, and takes the whole command with it.
SITE = """
import os
if os.environ.get("CRASH_LOG"):
    import sys
    sys.path.insert(0, os.environ["CRASH_ROOT"])
    from tests.crashing import count_operations
    count_operations(
        os.environ["CRASH_LOG"], os.environ["CRASH_BELOW"], int(os.environ["CRASH_AT"]),
        int(os.environ["CRASH_MAIN"]),
    )
"""


def count_operations(log, below, at, main):
    """Count this process's file operations below a folder, and die at one of them."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def watch(event, given):
        if event == "open":
            flags = given[2] if isinstance(given[2], int) else 0
            if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                return
        elif event not in OPERATIONS:
            return
        if not any(below in os.fsdecode(each) for each in given if isinstance(each, str | bytes)):
            return
        # One byte an operation, appended in one step, so that all processes share the count.
        with contextlib.suppress(OSError):
            os.write(descriptor, b".")
        if at and os.fstat(descriptor).st_size == at:
            os.kill(main, signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def run(work, place, *, at=0, after=None, patience=600):
    """Run work in a child; kill it at an operation or after some seconds.

    Returns
    -------
    tuple
        Exit code (-9 when killed), number of operations seen, seconds.
    """
    log = place.parent / f"{place.name}.operations"
    log.unlink(missing_ok=True)
    begin = time.monotonic()
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        code = 70
        try:
            os.setsid()
            os.dup2(told, 1)
            os.dup2(told, 2)
            # A test runner has put others in their place.
            sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8")
            sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), "utf-8")
            site = place.parent / "site"
            site.mkdir(exist_ok=True)
            (site / "sitecustomize.py").write_text(SITE)
            root = str(Path(__file__).resolve().parents[1])
            os.environ.update(
                CRASH_LOG=str(log), CRASH_BELOW=str(place), CRASH_AT=str(at), CRASH_ROOT=root,
                CRASH_MAIN=str(os.getpid()),
                PYTHONPATH=os.pathsep.join([str(site), root, os.environ.get("PYTHONPATH", "")]),
            )  # fmt: skip
            count_operations(str(log), str(place), at, os.getpid())
            code = work() or 0
        except SystemExit as error:
            code = error.code or 0
        except BaseException:
            traceback.print_exc()
        finally:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(OSError):
                    stream.flush()
            os._exit(code if isinstance(code, int) else 1)
    status = None
    limit = begin + (patience if after is None else after)
    while status is None:
        done, found = os.waitpid(child, os.WNOHANG)
        if done:
            status = found
        elif time.monotonic() > limit:
            os.kill(child, signal.SIGKILL)
            status = os.waitpid(child, 0)[1]
        else:
            time.sleep(0.002)
    os.close(told)
    _keep_words(heard, place)
    size = log.stat().st_size if log.exists() else 0
    return os.waitstatus_to_exitcode(status), size, time.monotonic() - begin


def _keep_words(heard, place):
    """Keep what was said; through a pipe, because a full disk takes no words either."""
    os.set_blocking(heard, False)
    parts = []
    try:
        while part := os.read(heard, 65_536):
            parts.append(part)
    except BlockingIOError:
        # A kernel that has not noticed yet holds the other end.
        pass
    os.close(heard)
    (place.parent / f"{place.name}.said").write_bytes(b"".join(parts))


def said(place):
    """Return what the last child wrote."""
    return (place.parent / f"{place.name}.said").read_text("utf-8", "replace")


def command(*arguments):
    """Return work that runs a command line."""

    def work():
        from feedback_analysis.cli import app

        app([str(each) for each in arguments], prog_name="feedback-analysis")

    return work


def moments(seed, many, operations, seconds):
    """Return so many moments: half of them operations, half of them points in time."""
    chance = random.Random(seed)
    for number in range(many):
        if number % 2:
            yield {"after": chance.uniform(0.0, seconds)}
        else:
            yield {"at": chance.randint(1, max(operations, 1))}


def tree(folder):
    """Return what lies in a folder: a hash for every file."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def leftovers(folder):
    """Return what a killed run left aside, below a folder."""
    marks = (".tmp", ".previous", ".partial")
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.name.endswith(marks) or ".new-" in path.name or path.name.endswith(".new")
    )
