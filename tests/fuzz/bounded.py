"""Reads spoilt files in a child process that may use so much time and memory and no more.

``python -m tests.fuzz.bounded KIND FIRST COUNT [KIND FIRST COUNT ...]`` is the child: it writes a
line of JSON for each fault, and one for each kind at its end. :func:`run` starts it, and starts it
again behind an input that ended it.
"""

import contextlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

# Bytes of address space for one input, beyond what the process held after its imports.
MEMORY = 1024**3
# Nothing is heard of a child that hangs where no signal reaches it.
PATIENCE = 300
ROOT = Path(__file__).resolve().parents[2]


class TooLong(BaseException):
    """An input took more than its seconds."""


def _too_long(*_):
    raise TooLong


def _size(name):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    return 0


def _peak_from_now():
    """Forget the peak of the memory so far, as Linux may, and return what is held."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _size("VmRSS")


def _say(**what):
    print(json.dumps(what), flush=True)


def read_all(wanted):
    """Read inputs of several kinds and write down what came of them.

    Parameters
    ----------
    wanted : list of tuple
        Kind, first number and count.
    """
    from tests.fuzz.kinds import KINDS, outcome_of
    from tests.fuzz.mutators import mutated

    # A sound file of each kind first: what Python loads by then is not the inputs' memory.
    for kind in dict.fromkeys(KINDS[name] for name, *_ in wanted):
        for name, data in kind.seeds():
            with tempfile.TemporaryDirectory() as folder:
                assert outcome_of(kind, data, name, Path(folder), 0) == "good", name
            # Causes are learnt from: on a busy machine all of it takes longer than the patience.
            _say(sound=name)
    signal.signal(signal.SIGPROF, _too_long)
    limit = _size("VmSize") + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for name, first, count in wanted:
        kind, tried = KINDS[name], {"good": 0, "refused": 0, "fault": 0}
        longest, worst, memory = 0.0, None, 0
        seeds = [data for _, data in kind.seeds()]
        names = [file for file, _ in kind.seeds()]
        for number in range(first, first + count):
            _say(kind=name, number=number, tried=tried)
            data = mutated(seeds, number, kind.ways)
            file = names[number % len(names)]
            begin, resident = time.process_time(), _peak_from_now()
            tried[_one(kind, data, file, number, outcome_of, name)] += 1
            if (used := time.process_time() - begin) > longest:
                longest, worst = used, number
            memory = max(memory, _size("VmHWM") - resident)
        _say(done=name, **tried, seconds=round(longest, 2), slowest=worst, memory=memory)


def _one(kind, data, file, number, outcome_of, name):
    with tempfile.TemporaryDirectory() as folder:
        try:
            signal.setitimer(signal.ITIMER_PROF, kind.seconds)
            return outcome_of(kind, data, file, Path(folder), number)
        except (Exception, TooLong) as error:
            signal.setitimer(signal.ITIMER_PROF, 0)
            told = "".join(traceback.format_exception(error))[-3_000:]
            _say(fault=name, number=number, what=repr(error)[:300], told=told)
            return "fault"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)


def environment():
    """Return the variables that a child is started with: small, single, and nobody's folders."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        # Arrow's other pools reserve address space by the gigabyte.
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
    }


def run(wanted, *, told=None):
    """Read inputs in children, and return what came of each kind and every fault.

    Parameters
    ----------
    wanted : list of tuple
        Kind, first number and count.
    told : callable, optional
        Told each fault when it happens.

    Returns
    -------
    tuple
        By kind: good, refused, fault, seconds, slowest, memory; and a list of faults.
    """
    done, faults, left = {}, [], [list(part) for part in wanted]
    while left:
        at = _child(left, done, faults, told)
        if at is None:
            break
        # The child died over this input: that is a fault of its own, and the rest goes on.
        name, number = at["kind"], at["number"]
        place = next(place for place, part in enumerate(left) if part[0] == name)
        _, first, count = left[place]
        fault = {"fault": name, "number": number, "what": "the process died", "told": ""}
        faults.append(fault)
        if told:
            told(fault)
        _add(done, {**at["tried"], "done": name, "fault": at["tried"]["fault"] + 1,
                    "seconds": 0, "slowest": None, "memory": 0})  # fmt: skip
        left = [[name, number + 1, first + count - number - 1], *left[place + 1 :]]
    return done, faults


def _add(done, line):
    kept = done.setdefault(
        line["done"],
        {"good": 0, "refused": 0, "fault": 0, "seconds": 0, "slowest": None, "memory": 0},
    )
    for name in ("good", "refused", "fault"):
        kept[name] += line[name]
    if line["seconds"] > kept["seconds"]:
        kept["seconds"], kept["slowest"] = line["seconds"], line["slowest"]
    kept["memory"] = max(kept["memory"], line["memory"])


def _child(left, done, faults, told):
    """Run one child; return the input that it died over, or None."""
    words = [str(word) for part in left for word in part]
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz.bounded", *words],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=environment(),
    )
    at, buffer = None, b""
    with child:
        while True:
            ready = select.select([child.stdout], [], [], PATIENCE)[0]
            chunk = os.read(child.stdout.fileno(), 65536) if ready else b""
            if not chunk:
                if not ready:
                    child.kill()
                break
            *lines, buffer = (buffer + chunk).split(b"\n")
            for line in map(json.loads, lines):
                if "done" in line:
                    _add(done, line)
                elif "fault" in line:
                    faults.append(line)
                    if told:
                        told(line)
                elif "sound" not in line:
                    at = line
    if child.returncode == 0:
        return None
    if at is None:
        ended = f"ended with {child.returncode}"
        raise RuntimeError(f"the child did not begin and {ended}: its message, if any, is above")
    return at


if __name__ == "__main__":
    given = sys.argv[1:]
    read_all([(given[i], int(given[i + 1]), int(given[i + 2])) for i in range(0, len(given), 3)])
