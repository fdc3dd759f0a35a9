"""Print the report to PDF with a browser that is installed here."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from feedback_analysis.aside import aside
from feedback_analysis.errors import ReportError

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
    "microsoft-edge",
)  # fmt: skip
PATIENCE = 120


def find_browser() -> str:
    """Return the path of a Chromium, Chrome or Edge.

    Returns
    -------
    str
        The program.

    Raises
    ------
    ReportError
        If none is installed.
    """
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise ReportError(
        "no browser that can print to PDF was found",
        expected=f"one of these programs: {', '.join(BROWSERS)}",
        remedy=(
            "install Chromium, or open report.html in any browser and print it to a file; it is "
            "laid out for A4"
        ),
    )


def write_pdf(page: Path, *, browser: str | None = None) -> Path:
    """Print a page to a PDF file beside it.

    Parameters
    ----------
    page : Path
        The single-file report.
    browser : str, optional
        The program; by default the first one found.

    Returns
    -------
    Path
        The PDF, under the page's name.

    Raises
    ------
    ReportError
        If there is no browser, or it fails or takes longer than two minutes.
    """
    browser = browser or find_browser()
    target = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory(prefix="feedback-", ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "report.pdf"
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-sync",
            f"--user-data-dir={Path(folder) / 'profile'}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={made}",
            page.resolve().as_uri(),
        ]
        # Chromium refuses to start for the administrator of a container otherwise.
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
        if not made.is_file() or made.stat().st_size == 0:
            raise ReportError(
                "the browser did not print the report",
                file=browser,
                remedy="open report.html in a browser and print it to a file",
            )
        with aside(target, mode=0o644) as new:
            shutil.copyfile(made, new)
    return target
