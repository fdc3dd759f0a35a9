"""What is wrong with a shop.toml: its name, its line, and what belongs there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

from feedback_analysis.errors import ReportError, toml_trouble

# Quotes that word processors write, and phones.
CURVED = set("\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
              "\N{DOUBLE LOW-9 QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}"
              "\N{RIGHT SINGLE QUOTATION MARK}")  # fmt: skip
# pydantic's kinds of complaint, where its own words would not tell a shop owner what to write.
PLAIN = {
    "tuple_type": 'a list in square brackets, such as ["US", "UK"]',
    "float_type": "a number without quotes, such as 0.95",
    "float_parsing": "a number without quotes, such as 0.95",
    "int_type": "a whole number without quotes, such as 10",
    "int_parsing": "a whole number without quotes, such as 10",
    "bool_type": "true or false, without quotes",
    "bool_parsing": "true or false, without quotes",
    "string_type": "a text in quotes",
    "date_type": "a day without quotes, such as 2026-10-31",
}


def refuse_other_names(path: Path, known: Collection[str]) -> None:
    """Refuse settings under a name that would go unread: Windows hides the end of a name.

    Parameters
    ----------
    path : Path
        Where shop.toml belongs, and is no file.
    known : collection of str
        Names of the tables that settings have.

    Raises
    ------
    ReportError
        If shop.toml is a folder, or settings lie beside it under another name.
    """
    if path.is_dir():
        raise ReportError(
            "shop.toml is a folder, and a file is expected",
            file=path,
            remedy="rename the folder, and write the settings into a text file shop.toml",
        )
    with suppress(OSError):
        for near in sorted(path.parent.iterdir()):
            if near.is_file() and _holds_settings(near, known):
                raise ReportError(
                    f"settings are read from shop.toml only, not from {near.name}",
                    file=near,
                    remedy="rename it to shop.toml; Windows shows the end of a name once View > "
                    "File name extensions is ticked in the Explorer",
                )


def _holds_settings(near: Path, known: Collection[str]) -> bool:
    """Tell whether a file is one of settings by its name; shop.txt by what is in it too."""
    name = near.name.casefold()
    if name != "shop.txt":
        return name in ("shop.toml", "shop.toml.txt")
    # A seller may keep notes under that name.
    with suppress(OSError, ValueError, RecursionError):
        held = tomllib.loads(near.read_bytes().decode("utf-8-sig"))
        return any(key in known and _is_table(value) for key, value in held.items())
    return False


def _is_table(value: object) -> bool:
    several = value if isinstance(value, list) else [value]
    return any(isinstance(each, dict) for each in several)


def unreadable(error: Exception, path: Path, text: str) -> ReportError:
    """Show the line that is no TOML, and what such lines look like."""
    # The place ends the message; before it may stand a key, and a key may read like a place.
    place = re.search(r"\(at line (\d+), column \d+\)\Z", str(error))
    line = int(place[1]) if place else None
    shown = "".join(text.split("\n")[line - 1 : line]).strip() if line else ""
    remedy = "correct the line: texts stand in quotes, numbers and days do not"
    if CURVED.intersection(shown):
        remedy = 'put straight quotes (") in place of the curved ones'
    return ReportError(
        f"shop.toml cannot be read: {toml_trouble(error)}",
        file=path,
        line=line,
        expected='lines such as: name = "My shop", positive_share = 0.95, since = 2026-06-01',
        # A salt is secret, also on the owner's screen.
        found=None if not shown or "salt" in shown else shown[:80],
        remedy=remedy,
    )


def line_of(place: Sequence[str | int], text: str) -> int | None:
    """Return the line of a setting: of its key, else of its table, in the right one of several."""
    names = [part for part in place if isinstance(part, str)]
    number = next((part for part in place if isinstance(part, int)), 0)
    header, key = (names[0], names[-1]) if len(names) > 1 or len(place) > 1 else (None, names[0])
    inside, seen, table = header is None, -1, None
    for line, content in enumerate(text.split("\n"), 1):
        if match := re.match(r"\s*\[+\s*[\"']?([\w-]+)", content):
            seen += match[1] == header
            inside = match[1] == header and seen == number
            table = line if inside or (header is None and match[1] == key) else table
        elif inside and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", content):
            return line
    return table
