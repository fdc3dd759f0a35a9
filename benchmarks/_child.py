"""Runs a few lines of Python in a fresh process and measures what they cost it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# Printed by the child as its last line: resident memory after the imports, and the peak at the end.
_MEMORY = """
def _resident(peak):
    try:
        with open("/proc/self/status") as status:
            name = "VmHWM:" if peak else "VmRSS:"
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith(name))
    except OSError:
        import resource, sys
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return size if sys.platform == "darwin" else size * 1024
"""


@dataclass(frozen=True)
class Cost:
    """What a process cost.

    Attributes
    ----------
    cpu : float
        Seconds of the processor, user and system together, all threads.
    after_imports, peak : int
        Bytes of resident memory.
    answer : object
        What the code left in the variable ``answer``; None when nothing.
    """

    cpu: float
    after_imports: int
    peak: int
    answer: object = None

    @property
    def memory(self) -> int:
        """Bytes at the peak beyond what the imports already took."""
        return self.peak - self.after_imports


def run(imports: str, code: str = "", **values: object) -> Cost:
    """Run code in a fresh process.

    Parameters
    ----------
    imports : str
        Import statements; memory is counted from after them.
    code : str, optional
        What to measure; it may leave an ``answer`` that JSON can hold.
    **values : object
        Variables that the code may use.
    """
    given = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    script = (
        f"import json\n{_MEMORY}\n{imports}\n{given}answer = None\nbefore = _resident(False)\n{code}\n"
        "print(json.dumps([before, _resident(True), answer]))\n"
    )
    root = Path(__file__).resolve().parent.parent
    path = os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])])
    child = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        text=True,
    )
    output = child.stdout.read() if child.stdout else ""
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"the measured code ended with exit code {child.returncode}")
    before, peak, answer = json.loads(output.splitlines()[-1])
    return Cost(used.ru_utime + used.ru_stime, before, peak, answer)
