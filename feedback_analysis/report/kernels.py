"""The kernel that runs a notebook: this very Python, whatever kernels are installed."""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from nbclient import NotebookClient
from traitlets.config import Config

from feedback_analysis.report.forked import Copies, OnCopy

# The longest path of a socket is 104 bytes on macOS and 108 on Linux; a name is added to this.
LONGEST_SOCKET_FOLDER = 80


class OwnPython(KernelSpecManager):
    """Answers every request for a kernel with the interpreter that is running now.

    A kernel called ``python3`` that was installed for the user may belong to another environment,
    in which this package is missing or older.
    """

    # A profile of the user's own could change what the notebooks show.
    profile_folder: Path
    # What the kernel is told beside that.
    environment: Mapping[str, str] = MappingProxyType({})

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the running interpreter as a kernel."""
        package_parent = str(Path(__file__).resolve().parents[2])
        paths = [package_parent, *filter(None, [os.environ.get("PYTHONPATH")])]
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            name=kernel_name,
            display_name="Python",
            language="python",
            env={
                "PYTHONPATH": os.pathsep.join(paths),
                "MPLBACKEND": "Agg",
                "IPYTHONDIR": str(self.profile_folder),
                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
                **self.environment,
            },
            metadata={"debugger": False},
        )


class Client(NotebookClient):
    """nbclient's client with our kernel and its files in a folder of their own."""

    folder: Path
    environment: Mapping[str, str] = MappingProxyType({})
    copies: Copies | None = None

    def create_kernel_manager(self) -> Any:
        """Return a manager for a kernel of the running Python."""
        manager = super().create_kernel_manager()
        manager.kernel_spec_manager = OwnPython()
        manager.kernel_spec_manager.profile_folder = self.folder / "profile"
        manager.kernel_spec_manager.environment = self.environment
        manager.connection_file = str(self.folder / "kernel.json")
        if self.copies is not None:
            manager.provisioner = OnCopy(kernel_spec=manager.kernel_spec, parent=manager)
            manager.provisioner.copies = self.copies
        return manager

    def run(self) -> None:
        """Run every cell; what Python itself writes outside the cells is kept in a file."""
        with (self.folder / "messages").open("wb") as messages:
            self.execute(stdout=messages, stderr=messages)

    async def async_execute_cell(self, cell: Any, *given: Any, **named: Any) -> Any:
        """Run a cell; what it prints in one go is one output, however slowly it came."""
        done = await super().async_execute_cell(cell, *given, **named)
        if "outputs" in done:
            done.outputs = joined(done.outputs)
        return done

    def last_message(self) -> str:
        """Return the last line that Python wrote outside the cells."""
        lines = (self.folder / "messages").read_text("utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def kill(self) -> None:
        """End the kernel at once; used when the user interrupts the run."""
        process = getattr(getattr(self.km, "provisioner", None), "process", None)
        if process is not None:
            process.kill()


def joined(outputs: Iterable[Any]) -> list[Any]:
    """Join what was printed and came in pieces: a kernel cuts it by the time that passes.

    Parameters
    ----------
    outputs : iterable of NotebookNode
        A cell's outputs.

    Returns
    -------
    list of NotebookNode
        Neighbours that went to the same stream are one.
    """
    whole: list[Any] = []
    for output in outputs:
        last = whole[-1] if whole else {}
        stream = output["output_type"] == "stream" and output["name"]
        if stream and last.get("output_type") == "stream" and last["name"] == stream:
            last["text"] += output["text"]
        else:
            whole.append(output)
    return whole


@contextmanager
def client(
    notebook: Any,
    *,
    working_folder: Path,
    timeout: int,
    environment: Mapping[str, str] = MappingProxyType({}),
    copies: Copies | None = None,
) -> Iterator[Client]:
    """Give a client for one notebook; its private files are gone afterwards.

    Parameters
    ----------
    notebook : NotebookNode
        What to run.
    working_folder : Path
        The folder that the notebook's code starts in.
    timeout : int
        Longest time a cell may take, in seconds.
    environment : mapping, optional
        Variables of the kernel's environment.
    copies : Copies, optional
        Copies of this process for kernels to run on; without, a new Python is started.

    Yields
    ------
    Client
        Not yet started.
    """
    with tempfile.TemporaryDirectory(prefix="feedback-", ignore_cleanup_errors=True) as name:
        config = Config()
        # Sockets in a private folder close the port that other users of the machine could reach.
        if os.name != "nt" and len(os.fsencode(name)) < LONGEST_SOCKET_FOLDER:
            config.KernelManager.transport = "ipc"
        made = Client(
            notebook,
            timeout=timeout,
            kernel_name="python3",
            config=config,
            resources={"metadata": {"path": str(working_folder)}},
        )
        made.folder, made.environment, made.copies = Path(name), environment, copies
        try:
            yield made
        finally:
            # nbclient registers this for the end of the program and never takes it back when the
            # start fails.
            atexit.unregister(made._cleanup_kernel)
