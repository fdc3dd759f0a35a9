"""Kernels that are copies of this process, with all that it imported and worked out.

A kernel that starts afresh takes seconds to import the same libraries once more, and then reads and
works out what the report has worked out already. Where the system can copy a process (Linux), the
kernels are copied before any thread starts, and wait until they are told what to run. Elsewhere, in
a process with threads, and where a copy fails, kernels start as they always do.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import importlib
import json
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
from jupyter_client.provisioning import LocalProvisioner

from feedback_analysis.absent import absent

# "0" starts every kernel afresh.
VARIABLE = "FEEDBACK_ANALYSIS_FORK"
# What the notebooks use; imported once, before the copies are made.
NEEDED = (
    "ipykernel.debugger", "ipykernel.kernelapp", "ipykernel.zmqshell", "IPython.core.completerlib",
    "IPython.extensions.storemagic", "encodings.idna", "tornado.platform.asyncio", "pandas",
    "scipy.stats", "sklearn.feature_extraction.text", "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg", "matplotlib.figure",
    "feedback_analysis.cases", "feedback_analysis.charts", "feedback_analysis.conversion",
    "feedback_analysis.coverage", "feedback_analysis.health", "feedback_analysis.memory",
    "feedback_analysis.report", "feedback_analysis.service",
)  # fmt: skip


# How often to look for objects that nobody holds any more. A report takes seconds and is over then;
# by Python's own measure it spends a tenth of them looking.
SELDOM = (50_000, 50, 50)


class Copy:
    """A copy of this process that waits for its orders, and then is a kernel.

    It answers as ``subprocess.Popen`` does, so that Jupyter can look after it.

    Attributes
    ----------
    pid : int
    returncode : int or None
        None while it runs.
    """

    stdin = stdout = stderr = None

    def __init__(self, others: list[Copy]) -> None:
        orders, self._orders = os.pipe()
        self.returncode: int | None = None
        self._lock = threading.Lock()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                # Only while this end is open elsewhere in nobody's hands does a wait end with us.
                for descriptor in (self._orders, *(other._orders for other in others)):
                    os.close(descriptor)
                _wait_and_run(orders)
            finally:
                os._exit(1)
        os.close(orders)

    def start(
        self,
        command: list[str],
        *,
        env: Mapping[str, str],
        cwd: str | None = None,
        stderr: Any = None,
        **_others: Any,
    ) -> bool:
        """Tell the copy what to run; False when it is not there any more."""
        told = {
            "command": list(map(str, command)),
            "environment": {**env, "JPY_PARENT_PID": str(os.getpid())},
            "folder": str(cwd or Path.cwd()),
            "messages": getattr(stderr, "name", os.devnull),
        }
        try:
            with os.fdopen(self._orders, "w", encoding="utf-8") as orders:
                json.dump(told, orders)
        except OSError:
            return False
        return self.poll() is None

    def poll(self) -> int | None:
        """Return how it ended, None while it runs."""
        with self._lock:
            if self.returncode is None:
                self._reap(os.WNOHANG)
            return self.returncode

    def wait(self) -> int | None:
        """Wait until it has ended."""
        with self._lock:
            if self.returncode is None:
                self._reap(0)
            return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal while it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def release(self) -> None:
        """End it without having been used."""
        with suppress(OSError):
            os.close(self._orders)
        self.kill()
        self.wait()

    def _reap(self, options: int) -> None:
        try:
            pid, status = os.waitpid(self.pid, options)
        except ChildProcessError:
            # Somebody else waited for it, and knows how it ended.
            self.returncode = 1
            return
        if pid:
            self.returncode = os.waitstatus_to_exitcode(status)


class Copies:
    """The copies that wait for work, and those at work."""

    def __init__(self, count: int) -> None:
        self._waiting: list[Copy] = []
        self._working: list[Copy] = []
        self._lock = threading.Lock()
        # What is there now is in use for good: not to be looked at is not to be written to.
        gc.collect()
        _give_back()
        gc.freeze()
        try:
            for _ in range(count):
                self._waiting.append(Copy(self._waiting))
        except OSError:
            # No more processes, or no memory for them: the rest start as they always do.
            pass
        finally:
            gc.unfreeze()

    def start(self, command: list[str], options: Mapping[str, Any]) -> Copy | None:
        """Start a kernel on a waiting copy; None when there is none."""
        while True:
            with self._lock:
                if not self._waiting:
                    return None
                copy = self._waiting.pop()
                self._working.append(copy)
            if copy.start(command, **options):
                return copy

    def close(self) -> None:
        """End all that are left."""
        with self._lock:
            left, self._waiting = self._waiting, []
        for copy in left:
            copy.release()
        for copy in self._working:
            copy.kill()
            copy.wait()


def _give_back() -> None:
    """Return memory that is free to the system: else every copy fills it once more for itself."""
    pa.default_memory_pool().release_unused()
    # Only where the C library has it; elsewhere it is as it was.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


class OnCopy(LocalProvisioner):
    """Starts a kernel on a waiting copy of this process, or as always where there is none."""

    copies: Copies | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel and tell where it listens."""
        copy = None if self.copies is None else self.copies.start(cmd, self._scrub_kwargs(kwargs))
        if copy is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pid, self.pgid = copy, copy.pid, copy.pid
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info


@contextmanager
def seldom_tidied() -> Iterator[None]:
    """Look for objects that nobody holds any more only now and then, until the end of this."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def copies(count: int) -> Iterator[Copies | None]:
    """Make copies of this process for kernels to run on; all have ended afterwards.

    Parameters
    ----------
    count : int
        How many kernels will be started.

    Yields
    ------
    Copies or None
        None where a process cannot be copied safely; then kernels start as they always do.
    """
    if not _is_safe():
        yield None
        return
    with absent("debugpy"):
        for name in NEEDED:
            importlib.import_module(name)
    # An import may have started a thread, which a copy would not have.
    if not _is_safe():
        yield None
        return
    with warnings.catch_warnings():
        # From Python 3.12 on, of threads inside libraries, which look after themselves.
        warnings.simplefilter("ignore", DeprecationWarning)
        made = Copies(count)
    try:
        yield made
    finally:
        made.close()


def _is_safe() -> bool:
    """Tell whether a copy of this process would be whole."""
    if sys.platform != "linux" or os.environ.get(VARIABLE) == "0":
        return False
    shell = sys.modules.get("IPython.core.interactiveshell")
    if shell is not None and shell.InteractiveShell.initialized():
        return False
    return threading.active_count() == 1 and threading.current_thread() is threading.main_thread()


def _wait_and_run(orders: int) -> NoReturn:
    """Be a kernel once told so; end when nobody is left to tell."""
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What the original does at its end, such as removing its folders, is not for us to do.
    atexit._clear()
    with os.fdopen(orders, "r", encoding="utf-8") as told:
        words = told.read()
    if not words:
        os._exit(0)
    told = json.loads(words)
    _as_if_fresh(**told)
    _run_kernel(told["command"])
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(0)


def _as_if_fresh(
    command: list[str], environment: dict[str, str], folder: str, messages: str
) -> None:
    """Take over what a new process would be given: environment, folder, streams, warnings."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = os.open(messages, os.O_WRONLY | os.O_APPEND)
    for source, target in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(source, target)
    sys.stdin = os.fdopen(0, "r", encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    here = os.getcwd()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    first = environment.get("PYTHONPATH", "").split(os.pathsep)
    rest = [path for path in sys.path if path not in ("", here, *first)]
    sys.path[:] = [*filter(None, first), *rest]
    sys.argv = command[command.index("-m") + 1 :]
    _forget_warnings()
    _one_thread()
    gc.set_threshold(*SELDOM)


def _forget_warnings() -> None:
    """Let each warning be told again, and none be an error because the original had it so."""
    for module in list(sys.modules.values()):
        registry = getattr(module, "__dict__", {}).get("__warningregistry__")
        if registry:
            registry.clear()
    for found in [each for each in warnings.filters if each[0] == "error"]:
        warnings.filters.remove(found)
    # Who listened to the original's warnings hears nothing of ours.
    warnings.showwarning = _show_warning


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,
    line: str | None = None,
) -> None:
    words = warnings.formatwarning(message, category, filename, lineno, line)
    (file or sys.stderr).write(words)


def _one_thread() -> None:
    """Keep to one thread where the original's are gone: OpenMP would wait for them for ever."""
    import matplotlib
    import numpy as np
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="openmp")
    matplotlib.use(os.environ.get("MPLBACKEND", "Agg"))
    np.random.seed()  # noqa: NPY002


def _run_kernel(command: list[str]) -> None:
    """Run a kernel as ``python -m ipykernel_launcher`` does, until it is shut down."""
    from ipykernel.kernelapp import IPKernelApp

    parent = f"--IPKernelApp.parent_handle={os.environ['JPY_PARENT_PID']}"
    app = IPKernelApp.instance()
    app.initialize([*command[command.index("-m") + 2 :], parent])
    app.start()
