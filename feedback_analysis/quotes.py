"""Whether buyers' words are shown: the one place that every table of comments asks.

``report --quotes none`` sets it for the run, through the environment of the kernels that the
notebooks run on; in a notebook opened by hand, :func:`use` sets it.
"""

from __future__ import annotations

import os

from feedback_analysis.errors import ReportError, did_you_mean

CHOICES = ("masked", "none")
# Kernels inherit it from the run that starts them.
VARIABLE = "FEEDBACK_ANALYSIS_QUOTES"
LEFT_OUT = "Quotes are left out of this report: nothing that a buyer wrote is shown."


def checked(choice: str) -> str:
    """Return a choice, or say which there are.

    Raises
    ------
    ReportError
        If it is neither ``masked`` nor ``none``.
    """
    if choice in CHOICES:
        return choice
    raise ReportError(
        f"'{choice}' is no way to show quotes.{did_you_mean(choice, CHOICES)}",
        expected="masked (comments without personal data) or none (no comment at all)",
        remedy="write --quotes masked or --quotes none",
    )


def use(choice: str) -> None:
    """Show quotes from here on, or leave them out.

    Parameters
    ----------
    choice : {"masked", "none"}
        ``masked`` shows comments without personal data; ``none`` shows no buyer's words at all.
    """
    os.environ[VARIABLE] = checked(choice)


def shown() -> bool:
    """Tell whether buyers' words may be shown, masked."""
    return checked(os.environ.get(VARIABLE) or CHOICES[0]) != "none"
