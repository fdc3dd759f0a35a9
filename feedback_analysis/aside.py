"""Write a file aside and swap it in whole; hold a folder's lock; clear up after a killed run.

Whatever moment a run is killed at, a file is as it was before or as it is after, never half. What
a killed run left aside is removed by the next one that writes in the same place.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from feedback_analysis.errors import ReportError

# Longest wait for another run in the same place, in seconds.
PATIENCE = 60.0
# ``name.<number of the process>.tmp``, with a dot before it where the name shall not be seen.
_ASIDE = re.compile(r"\.?(?P<name>.+)\.(?P<process>\d+)\.tmp")


def is_aside(name: str) -> bool:
    """Tell whether a file's name is one of those that are written aside."""
    return _ASIDE.fullmatch(name) is not None


@contextmanager
def aside(path: Path, *, mode: int = 0o600, keep_mode: bool = False) -> Iterator[Path]:
    """Give a file to write to, and put it in place of ``path`` if nothing went wrong.

    Parameters
    ----------
    path : Path
        The file. It stays as it was when the block fails or the process is killed.
    mode : int, default=0o600
        Rights of a new file: its owner's alone, save where it is meant for others.
    keep_mode : bool, default=False
        A file that is there already keeps its own rights.

    Yields
    ------
    Path
        An empty file beside it.
    """
    clear_stale(path)
    if keep_mode and path.exists():
        mode = path.stat().st_mode & 0o777
    new = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        yield new
        _on_the_disk(new)
        if mode != 0o600:
            os.chmod(new, mode)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def _on_the_disk(path: Path) -> None:
    """Make sure that the content is on the disk before the name points to it."""
    # Not every file system can; then the swap alone has to do.
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def clear_stale(path: Path) -> None:
    """Remove what runs that were killed while writing a file left beside it.

    Parameters
    ----------
    path : Path
        The file itself.
    """
    with suppress(OSError):
        for name in os.listdir(path.parent):
            found = _ASIDE.fullmatch(name)
            if found and found["name"] == path.name and not _runs(int(found["process"])):
                path.with_name(name).unlink(missing_ok=True)


def _runs(process: int) -> bool:
    if process == os.getpid() or os.name == "nt":
        # Windows has no harmless way to ask.
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


@contextmanager
def locked(
    folder: Path, *, shared: bool = False, patience: float = PATIENCE, busy: str = ""
) -> Iterator[None]:
    """Hold a folder's lock: one at a time, or many that only must not meet the one.

    Parameters
    ----------
    folder : Path
        Must be there. Its lock is free again when its holder ends, however it ends.
    shared : bool, default=False
        Others may share it.
    patience : float, default=60
        Longest wait for those who hold it, in seconds.
    busy : str, optional
        What to say when they do not let go.

    Raises
    ------
    ReportError
        If it stays taken.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        # Windows opens no folders, and one that cannot be read has nothing to be locked.
        yield
        return
    try:
        _wait(descriptor, folder, shared, patience, busy)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, folder: Path, shared: bool, patience: float, busy: str) -> None:
    import fcntl

    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES):
                # A file system without locks: better unlocked than not at all.
                return
            if time.monotonic() > end:
                raise ReportError(
                    busy or "another run of feedback_analysis is at work here",
                    file=folder,
                    remedy="wait until it has ended, then try again",
                ) from None
            time.sleep(0.02)


def clear_folders(place: Path, pattern: str) -> None:
    """Remove folders that killed runs left; only while holding the lock of ``place``.

    Parameters
    ----------
    place : Path
        Where they lie.
    pattern : str
        Their names.
    """
    for folder in place.glob(pattern):
        shutil.rmtree(folder, ignore_errors=True)


def swap_folders(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, where the system can.

    Parameters
    ----------
    one, other : Path
        Both must be there.

    Returns
    -------
    bool
        Whether it was done.
    """
    import ctypes
    import sys

    try:
        library = ctypes.CDLL(None, use_errno=True)
        names = os.fsencode(one), os.fsencode(other)
        if sys.platform == "darwin":
            return library.renamex_np(*names, 2) == 0
        # AT_FDCWD for both, and RENAME_EXCHANGE.
        return library.renameat2(-100, names[0], -100, names[1], 2) == 0
    except (OSError, AttributeError, TypeError):
        return False
