"""The one exception for everything a user can put right."""

from __future__ import annotations

# Signs of one part of a message. A cell or a setting of a hundred thousand fills no screen.
_LONGEST = 3_000


class ReportError(Exception):
    """An input that cannot be read or used, said so that its owner can put it right.

    Parameters
    ----------
    message : str
        What is wrong, in one sentence.
    file : str or path, optional
        The file it was found in.
    line : int, optional
        Line of the file, counted from 1.
    column : str, optional
        Column, field or key.
    expected, found : str, optional
        What was allowed and what came instead. Never a buyer's comment or an order id.
    remedy : str, optional
        What to do about it.

    Examples
    --------
    >>> print(ReportError("the file is empty", file="a.txt", remedy="download it again"))
    a.txt: the file is empty.
      What to do: download it again
    """

    def __init__(
        self,
        message: str,
        *,
        file: object | None = None,
        line: int | None = None,
        column: str | None = None,
        expected: str | None = None,
        found: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.message = _both_ends(message)
        super().__init__(self.message)
        self.file = None if file is None else str(file)
        self.line = line
        self.column = _both_ends(column)
        self.expected = _both_ends(expected)
        self.found = _both_ends(found)
        self.remedy = remedy

    def __str__(self) -> str:
        place = self.file or ""
        if self.line is not None:
            place += f"{', ' if place else ''}line {self.line}"
        if self.column is not None:
            place += f"{', ' if place else ''}column '{self.column}'"
        # A message of several lines ends with lines to copy.
        whole = self.message.endswith((".", "?")) or "\n" in self.message
        message = self.message if whole else f"{self.message}."
        lines = [f"{place}: {message}" if place else message]
        for title, text in (
            ("Expected", self.expected),
            ("Found", self.found),
            ("What to do", self.remedy),
        ):
            if text:
                lines.append(f"  {title}: " + str(text).replace("\n", "\n    "))
        return "\n".join(lines)

    def in_file(self, file: object) -> ReportError:
        """Return the same error with the file's name, where it has none yet.

        Parameters
        ----------
        file : str or path
            The file.

        Returns
        -------
        ReportError
            This error.
        """
        if self.file is None:
            self.file = str(file)
        return self


def _both_ends(text: str | None) -> str | None:
    """Return a text, of a long one its beginning and its end."""
    if text is None or len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]} ... {text[-_LONGEST // 4 :]}"


def toml_trouble(error: Exception) -> str:
    """Say what is wrong with a TOML text that could not be read.

    Parameters
    ----------
    error : Exception
        What ``tomllib`` raised: of its own kind, a ValueError of a number of thousands of digits,
        or a RecursionError of thousands of lists within lists.

    Returns
    -------
    str
        One line.
    """
    import tomllib

    if isinstance(error, tomllib.TOMLDecodeError):
        return str(error)
    return "it holds a number of thousands of digits, or thousands of lists within lists"


def did_you_mean(word: str, known: list[str] | tuple[str, ...]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest known word, or an empty text."""
    import difflib

    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f" Did you mean '{near[0]}'?" if near else ""
