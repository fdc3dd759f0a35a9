"""The line of shop.toml that names a file, for messages to copy from."""

from __future__ import annotations

from feedback_analysis.privacy import mask_name


def path_line(pattern: str) -> str:
    """Return the line of shop.toml that names a file, to be copied from a message.

    An e-mail or an order id in the name is not shown, and the line fits the file all the same.

    Parameters
    ----------
    pattern : str
        The file's path below amazon/.

    Examples
    --------
    >>> path_line("US/jo@example.com orders.txt")
    'path = "US/?????????????? orders.txt"  # ? is any letter'
    """
    if mask_name(pattern) == pattern:
        return f"path = {_quoted(pattern)}"
    shown = mask_name(pattern.replace("[", "[[]"), lambda part, _: "?" * len(part))
    return f"path = {_quoted(shown)}  # ? is any letter"


def _quoted(text: str) -> str:
    """Return a text in quotation marks, as TOML has it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
