"""Runs a command and measures all of its processes together."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

# Asking costs a hundredth of a second for each gigabyte that a process holds.
EVERY = 2.0


@dataclass(frozen=True)
class TreeCost:
    """What a command cost, with every process that it started.

    Attributes
    ----------
    wall, seconds : float
        Seconds by the clock, and of the processor.
    memory : int
        Bytes at the peak, pages that processes share counted once; 0 where the system does not
        tell (it is Linux that does).
    """

    wall: float
    seconds: float
    memory: int


def run_tree(command: list[str]) -> TreeCost:
    """Run a command to its end.

    Parameters
    ----------
    command : list of str

    Raises
    ------
    CalledProcessError
        If it fails.
    """
    before, begin, peak = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(_held, _family(process.pid))))
            time.sleep(EVERY)
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return TreeCost(wall, used, peak)


def _family(process: int) -> list[int]:
    found = [process]
    try:
        for thread in os.listdir(f"/proc/{process}/task"):
            children = Path(f"/proc/{process}/task/{thread}/children").read_text()
            found += [one for child in children.split() for one in _family(int(child))]
    except OSError:
        pass
    return found


def _held(process: int) -> int:
    """Return a process's share of the memory: a page that two hold counts half for each."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    sizes = dict(line.split(":", 1) for line in rollup.splitlines()[1:])
    return int(sizes["Pss"].split()[0]) * 1024
