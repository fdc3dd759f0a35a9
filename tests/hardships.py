"""What a disk, a folder, another run or a clock can do to a command, and what must be left."""

import os
import resource
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

from tests.crashing import leftovers, run, said

NOBODY = 65534


def full_disk(bench, limit):
    """Let no file grow beyond so many bytes, as a disk does that is nearly full."""
    work = bench.case.work(bench.place)

    def limited():
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return work()

    bench._restore(bench.before)
    code, _, _ = run(limited, bench.place)
    return _told(bench, code, refused=None)


@contextmanager
def small_disk(place, size):
    """Mount a disk of so many bytes, as the administrator may."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)],
        check=True, capture_output=True,
    )  # fmt: skip
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)


def on_a_full_disk(bench, room):
    """Run on a disk with so many bytes left, then again when there is room."""
    shutil.rmtree(bench.place, ignore_errors=True)
    used = sum(p.stat().st_size + 8192 for p in bench.before.rglob("*"))
    with small_disk(bench.place, used + 64 * 2**20):
        shutil.copytree(bench.before, bench.place, dirs_exist_ok=True)
        filler = bench.place / "filler"
        left = shutil.disk_usage(bench.place).free
        filler.write_bytes(b"\0" * max(left - room, 0))
        code, _, _ = run(bench.case.work(bench.place), bench.place)
        wrong = _judged(bench, code, refused=None)
        filler.unlink(missing_ok=True)
        again, _, _ = run(bench.case.work(bench.place), bench.place)
        if again:
            wrong.append(f"the next run fails: {said(bench.place)[-300:]}")
        wrong += bench._look("with room again", done=True)
        wrong += [f"left behind: {name}" for name in leftovers(bench.place)]
    return code, wrong


def read_only(bench):
    """Run as somebody who may read everything and write nothing."""
    work = bench.case.work(bench.place)

    def as_nobody():
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        os.environ["HOME"] = "/nonexistent"
        return work()

    bench._restore(bench.before)
    for path in [bench.place, *bench.place.rglob("*")]:
        if ".private" in path.parts:
            os.chown(path, NOBODY, NOBODY)
        os.chmod(path, 0o555 if path.is_dir() else 0o444)
    code, _, _ = run(as_nobody, bench.place)
    return _told(bench, code, refused=None)


def two_at_once(bench):
    """Run the command twice at the same time: both end well, or one says that it must wait."""
    bench._restore(bench.before)
    work = bench.case.work(bench.place)

    def both():
        children = []
        for _ in range(2):
            child = os.fork()
            if not child:
                code = 1
                try:
                    code = work() or 0
                except SystemExit as error:
                    code = error.code or 0
                finally:
                    sys.stdout.flush()
                    os._exit(code)
            children.append(child)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        return max(codes)

    code, _, _ = run(both, bench.place)
    return _told(bench, code, refused=False, once=bench.name != "corrections")


def clock_back(bench, years=3):
    """Let every file be of the future, as it is when the clock was set back."""
    bench._restore(bench.before)
    then = time.time() + years * 365 * 86_400
    for path in bench.place.rglob("*"):
        os.utime(path, (then, then))
    code, _, _ = run(bench.case.work(bench.place), bench.place)
    return _told(bench, code, refused=False)


def _judged(bench, code, *, refused):
    words = said(bench.place)
    wrong = [] if "Traceback" not in words else [f"a traceback: {words[-600:]}"]
    if code not in (0, 1) or (refused is False and code):
        wrong.append(f"it ends with {code}: {words[-300:]}")
    if code and not words.strip():
        wrong.append("it fails without a word")
    return wrong + bench._look("under hardship")


def _told(bench, code, *, refused, once=True):
    wrong = _judged(bench, code, refused=refused)
    if once:
        for path in [bench.place, *bench.place.rglob("*")]:
            os.chmod(path, 0o755 if path.is_dir() else 0o600)
            os.chown(path, os.getuid(), os.getgid())
        again, _, _ = run(bench.case.work(bench.place), bench.place)
        if again:
            wrong.append(f"the next run fails: {said(bench.place)[-300:]}")
        wrong += bench._look("afterwards", done=bench.name != "corrections")
        wrong += [f"left behind: {name}" for name in leftovers(bench.place)]
    return code, wrong
