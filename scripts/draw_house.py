"""Draw docs/house.svg, the picture of the house, from the floors that tests/test_house.py holds.

Run as ``python scripts/draw_house.py [--check]``; ``--check`` only tells whether it is current.
"""

import argparse
import html
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "house.svg"
# What a floor is for, by any one of its rooms.
FLOOR_WORDS = {
    "__main__": "python -m",
    "cli": "commands, and nothing else",
    "cli_tables": "what a terminal shows",
    "report": "pages to share, and live views",
    "charts": "figures; the sample shop",
    "service": "the seven questions",
    "amazon": "files in; numbers, by subject",
    "memory": "kept readings; sheets",
    "privacy": "masks; what is covered",
    "shop": "a shop, and fast text",
    "tables": "the tables, declared",
    "settings": "what is stated; periods",
    "errors": "small things that all share",
}
WIDTH, LEFT, TOP, FLOOR, GAP = 760, 236, 46, 40, 8
LETTER, ROOM_HEIGHT, LINE = 7.3, 26, 32
STYLE = """
text { font: 13px ui-monospace, Menlo, Consolas, monospace; fill: #1d2733; }
.words { font: 12.5px system-ui, sans-serif; fill: #51606f; }
.title { font: 600 14px system-ui, sans-serif; }
.floor { fill: #eef2f6; }
.room { fill: #ffffff; stroke: #8796a6; }
.paper { fill: #ffffff; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .words { fill: #a3b1bf; }
  .floor { fill: #1c2733; } .room { fill: #0d1620; stroke: #62748a; }
  .paper { fill: #10171f; }
}
"""


def floors():
    """Return the floors, the lowest first, as the test of the house has them."""
    sys.path.insert(0, str(ROOT))
    from tests.test_house import FLOORS

    return FLOORS


def drawing(stack):
    """Return the SVG of a stack of floors.

    Parameters
    ----------
    stack : sequence of set of str
        Rooms by floor, the lowest first.
    """
    parts, top = [], TOP
    for floor in reversed(stack):
        lines = _lines(sorted(floor))
        height = FLOOR + LINE * (len(lines) - 1)
        parts.append(f'<rect class="floor" x="12" y="{top}" width="736" height="{height}" rx="6"/>')
        words = next((text for room, text in FLOOR_WORDS.items() if room in floor), "")
        parts.append(
            f'<text class="words" x="24" y="{top + height / 2 + 4:.0f}">{html.escape(words)}</text>'
        )
        for row, rooms in enumerate(lines):
            parts += _rooms(rooms, top + 7 + LINE * row)
        top += height + GAP
    height = top + 46
    named = "; ".join(", ".join(sorted(floor)) for floor in reversed(stack))
    title = "A room imports only from the floors below it"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="{title}. From the top: {named}.">\n'
        f"<style>{STYLE}</style>\n"
        f'<rect class="paper" width="{WIDTH}" height="{height}" rx="8"/>\n'
        f'<text class="title" x="24" y="28">{title}</text>\n'
        + "\n".join(parts)
        + f'\n<text class="words" x="24" y="{height - 32}">Data flows upwards: files, tables, '
        "numbers, figures, pages.</text>\n"
        f'<text class="words" x="24" y="{height - 13}">Rooms on one floor do not know each other, '
        "save the small ones beside settings.</text>\n</svg>\n"
    )


def _width(room):
    return round(len(room) * LETTER + 22)


def _lines(rooms):
    """Break a floor's rooms into lines that fit."""
    lines, left = [[]], LEFT + 20
    for room in rooms:
        if lines[-1] and left + _width(room) > WIDTH - 24:
            lines.append([])
            left = LEFT + 20
        lines[-1].append(room)
        left += _width(room) + GAP
    return lines


def _rooms(rooms, top):
    left = LEFT + 20
    for room in rooms:
        width = _width(room)
        yield (
            f'<rect class="room" x="{left}" y="{top}" width="{width}" height="{ROOM_HEIGHT}" '
            f'rx="4"/><text x="{left + 11}" y="{top + 18}">{html.escape(room)}</text>'
        )
        left += width + GAP


def main(arguments=None):
    """Write the picture, or tell whether it is current."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; 1 if it is not current"
    )
    check = parser.parse_args(arguments).check
    made = drawing(floors())
    if check:
        current = TARGET.is_file() and TARGET.read_text("utf-8") == made
        if not current:
            print("docs/house.svg is not current: run make house", file=sys.stderr)
        return 0 if current else 1
    TARGET.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
