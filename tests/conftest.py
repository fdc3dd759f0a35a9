"""What every test shares: no clock, no chance, no screen."""

import contextlib
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.project_files import ROOT

# Figures are drawn without a screen, also in the children that some tests start.
os.environ.setdefault("MPLBACKEND", "Agg")

# Every run tries the same examples, however slow the machine.
settings.register_profile(
    "project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")


def pytest_make_parametrize_id(val):
    """Name bytes by their number: what holds the time of day would differ between two workers."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


@contextlib.contextmanager
def _alone(path):
    """Hold a lock that the workers of one run share."""
    import fcntl

    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def sample_report(request, tmp_path_factory):
    """Return the folder of the sample shop's report, made once however many workers there are.

    That takes a minute or two. ``SAMPLE_REPORT=reports/sample/2026-10`` takes one that is there.
    """
    if given := os.environ.get("SAMPLE_REPORT"):
        return Path(given).resolve()
    base = tmp_path_factory.getbasetemp()
    # Of several workers each has a folder of its own inside the run's.
    base = base.parent if hasattr(request.config, "workerinput") else base
    folder, done = base / "sample-report", base / "sample-report.done"
    with _alone(base / "sample-report.lock"):
        if not done.exists():
            from feedback_analysis.report import build_report

            shutil.rmtree(folder, ignore_errors=True)
            # A copy: what a report keeps must not depend on who ran the tests before.
            kept = shutil.ignore_patterns(".private")
            shop = shutil.copytree(ROOT / "data" / "sample", folder / "sample", ignore=kept)
            made = build_report(shop, output=folder / "report", progress=False).parent
            done.write_text(str(made), encoding="utf-8")
    return Path(done.read_text("utf-8"))


@pytest.fixture(scope="module")
def browser():
    """Return a running Chromium, or skip with the reason.

    It goes with its module: a thread of its driver would keep later tests from forking.
    """
    from feedback_analysis.errors import ReportError
    from feedback_analysis.report.pdf import find_browser

    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: make browser"
    )
    try:
        path = find_browser()
    except ReportError:
        pytest.skip("no Chromium, Chrome or Edge is installed here")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()
