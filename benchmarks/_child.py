"""Runs a few lines of Python in a fresh process and measures what they cost it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# What the child asks itself, before and after: seconds of processor, and resident memory now and at
# its peak. The peak of the status file is the process's own; that of getrusage may be its parent's.
_SCRIPT = """
import json, resource, sys

def _memory():
    try:
        with open("/proc/self/status") as status:
            sizes = dict(line.split(":", 1) for line in status)
        return [int(sizes[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM")]
    except OSError:
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return [size * (1 if sys.platform == "darwin" else 1024)] * 2

def _seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

{imports}
{values}
answer = None
_memory_before, _seconds_before = _memory()[0], _seconds()
{code}
print(json.dumps([_seconds() - _seconds_before, _memory_before, _memory()[1], answer]))
"""


@dataclass(frozen=True)
class Cost:
    """What some lines of Python cost, without the imports before them.

    Attributes
    ----------
    seconds : float
        Seconds of the processor, user and system together, all threads.
    memory : int
        Bytes of resident memory at the peak, beyond what there was after the imports.
    answer : object
        What the code left in the variable ``answer``; None when nothing.
    """

    seconds: float
    memory: int
    answer: object = None


def run(imports: str, code: str, **values: object) -> Cost:
    """Run code in a fresh process.

    Parameters
    ----------
    imports : str
        Import statements; nothing is counted before they are done.
    code : str
        What to measure; it may leave an ``answer`` that JSON can hold.
    **values : object
        Variables that the code may use.
    """
    given = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    script = _SCRIPT
    for name, text in (("imports", imports), ("values", given), ("code", code)):
        script = script.replace(f"{{{name}}}", text)
    root = Path(__file__).resolve().parent.parent
    path = os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])])
    child = subprocess.run(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        text=True,
        check=True,
    )
    seconds, before, peak, answer = json.loads(child.stdout.splitlines()[-1])
    return Cost(seconds, peak - before, answer)
