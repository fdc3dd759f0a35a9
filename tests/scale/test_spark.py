"""A real Spark cluster on this machine: a worker dies in the middle, and the results are the same.

And the tallies' SQL on Spark by itself.

Needs Java and PySpark (``make spark``); skipped elsewhere.
"""

import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from feedback_analysis.causes.processes import cores
from tests.project_files import ROOT

JOB = Path(__file__).with_name("spark_job.py")
# Tasks from this number on wait in the middle until a worker is killed.
PROMPT = 2
# Seconds for all of it, which is enough for two busy cores.
STATED = os.environ.get("SPARK_TEST_SECONDS")
LONGEST = int(STATED or 230)
# A Java that starts quickly, and uses no port that is not asked for.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dspark.master.rest.enabled=false"


def missing():
    """Say what is not there."""
    if sys.platform == "win32":
        return "the cluster's scripts are for Linux and macOS"
    if importlib.util.find_spec("pyspark") is None:
        return "PySpark is not installed: make spark"
    if STATED is None and os.getloadavg()[0] > 4 * cores():
        return "the machine has too much to do for it: SPARK_TEST_SECONDS=1200 gives it more time"
    java = shutil.which("java", path=f"{os.environ.get('JAVA_HOME', '')}/bin:{os.environ['PATH']}")
    found = java and subprocess.run([java, "-version"], capture_output=True, check=False)
    return (
        None if found and found.returncode == 0 else "Java is not there: install Java 17 or newer"
    )


reason = missing()
pytestmark = [pytest.mark.spark, pytest.mark.skipif(reason is not None, reason=str(reason))]


class Cluster:
    """One master and two workers, each with one core, each a process of its own group."""

    def __init__(self, folder):
        self.folder, self._all = folder, []
        self.until = time.monotonic() + LONGEST
        home = Path(importlib.util.find_spec("pyspark").origin).parent
        self._command = str(home / "bin" / "spark-class")
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("SPARK_", "PYSPARK_"))},
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_HOSTNAME": "127.0.0.1",
            "SPARK_LOCAL_DIRS": str(folder / "local"),
            "SPARK_WORKER_DIR": str(folder / "work"),
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": JAVA,
            "PYSPARK_PYTHON": sys.executable,
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
        }
        self.master = f"spark://127.0.0.1:{_free()}"

    def start(self):
        host, port = self.master.removeprefix("spark://").split(":")
        room = "org.apache.spark.deploy"
        at = ["--host", host, "--webui-port", "0"]
        self.run("master", self._command, f"{room}.master.Master", *at, "--port", port)
        self.wait(lambda: "New state: ALIVE" in self.log("master"))
        size = ["--cores", "1", "--memory", "1g"]
        worker = (self._command, f"{room}.worker.Worker", *at, *size, self.master)
        self.workers = [self.run(name, *worker) for name in ("one", "two")]
        # One that had no answer for long may come twice.
        registered = re.compile(r"Registering worker (\S+)")
        self.wait(lambda: len(set(registered.findall(self.log("master")))) == 2)

    def run(self, name, *command):
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if name == "job" else log, stderr=log,
            )  # fmt: skip
        self._all.append(process)
        return process

    def log(self, name):
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")

    def wait(self, ready):
        """Wait until something is so, as long as nothing has ended."""
        while not ready():
            ended = [each.args[:3] for each in self._all if each.poll() is not None]
            if ended or time.monotonic() > self.until:
                logs = "\n".join(self.log(each.stem)[-900:] for each in self.folder.glob("*.log"))
                pytest.fail(f"{f'{ended} ended' if ended else 'it took too long'}\n{logs}")
            time.sleep(0.1)

    def stop(self):
        for process in self._all:
            if process.poll() is None:
                kill(process.pid)
        for process in self._all:
            process.wait(10)
            if process.stdout:
                process.stdout.close()


def kill(process):
    """End a process and all that it started, at once; tell how many they were."""
    listed = subprocess.run(
        ["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    parent = dict(map(int, line.split()) for line in listed.stdout.splitlines())
    doomed = [process]
    for each in doomed:
        doomed += [child for child, of in parent.items() if of == each]
    for each in doomed:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    return len(doomed)


def _free():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


@contextmanager
def running(folder, marks):
    cluster = Cluster(folder)
    try:
        job = cluster.run("job", sys.executable, str(JOB), cluster.master, str(marks))
        cluster.start()
        (marks / "standing").touch()
        yield cluster, job
    finally:
        cluster.stop()


def test_a_cluster_gives_the_same_while_a_worker_dies(tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    with running(tmp_path, marks) as (cluster, job):
        # Both workers have finished a task, and both are in the middle of another.
        cluster.wait(lambda: len(late(marks)) >= 2)
        # The daemon, its executor, and Python below it.
        assert kill(cluster.workers[0].pid) >= 3
        (marks / "killed").touch()
        said, _ = job.communicate(timeout=max(cluster.until - time.monotonic(), 1))
        assert job.returncode == 0, cluster.log("job")[-3000:]
        assert [worker.poll() is None for worker in cluster.workers] == [False, True]
    found = json.loads(said.decode().splitlines()[-1])
    assert found["there"] == found["here"]
    # What the dead worker was doing was done again by the other.
    tasks = [each.name.split("-") for each in marks.iterdir() if "-" in each.name]
    assert any(len({place for each, place in tasks if each == number}) > 1 for number, _ in tasks)


def test_the_sql_of_every_tally_says_the_same_on_spark(tmp_path):
    done = subprocess.run(
        [sys.executable, str(JOB.with_name("spark_sql.py")), str(tmp_path)], cwd=tmp_path,
        env=Cluster(tmp_path).environment, timeout=LONGEST, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert len(found["here"]) > 10
    assert found["there"] == found["here"]


def late(marks):
    """Return the processes that wait in the middle of a task."""
    tasks = [each.name.split("-") for each in marks.iterdir() if "-" in each.name]
    return {place for number, place in tasks if int(number) >= PROMPT}
