"""What a figure says: its alternative text, its title, and every word that is drawn in it.

A number beside a bar is a number of the page. The marks of an axis are no figures of the shop, but
they can be wrong as well: they are held to be a scale, each where its value belongs.
"""

import math
import re
from dataclasses import dataclass, field
from datetime import date

AXIS = "a mark of an axis, where its value belongs"
PLAIN = re.compile(r"[−+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\s%)?")
DAY = re.compile(r"(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?: (\d{4}))?")
YEAR = re.compile(r"20\d\d")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
LARGEST = 10
# A drawing's places are rounded to a tenth.
NEAR = 0.35


@dataclass
class Drawn:
    """A piece of text in a drawing, and where it stands."""

    x: float
    y: float
    title: bool
    words: list = field(default_factory=list)

    @property
    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words)).strip()


def placed(attrs):
    """Return an empty text where the attributes of its element place it."""
    x, y = float(attrs.get("x", 0)), float(attrs.get("y", 0))
    moved = re.match(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)", attrs.get("transform") or "")
    if moved:
        x, y = x + float(moved[1]), y + float(moved[2])
    # What stands out in a grid is bold as well, and smaller.
    size = float((attrs.get("font-size") or "0").removesuffix("px"))
    return Drawn(x, y, attrs.get("font-weight") == "700" and size > LARGEST)


def value(text):
    """Return the number that a text is and nothing else, or None."""
    if not PLAIN.fullmatch(text):
        return None
    return float(re.sub(r"[\s%,]", "", text).replace("−", "-"))


def fits(places, values):
    """Tell whether every value stands where a straight scale puts it."""
    (a, p), (b, q) = (min(zip(values, places, strict=True)), max(zip(values, places, strict=True)))
    if a == b:
        return False
    step = (q - p) / (b - a)
    return all(
        abs(p + step * (each - a) - place) <= NEAR
        for each, place in zip(values, places, strict=True)
    )


def marks_of_axes(texts):
    """Return the texts that mark an axis: plain numbers in a line, on a straight or a log scale."""
    found = []
    numbers = [each for each in texts if value(each.text) is not None]
    for along, across in (("x", "y"), ("y", "x")):
        lines = {}
        for each in numbers:
            lines.setdefault(getattr(each, across), []).append(each)
        for line in lines.values():
            # Columns and rows of a table of counts stand in lines as well; two of them always
            # fit, three of a scale differ all.
            values = [value(each.text) for each in line]
            if len(line) < 3 or len(set(values)) < len(values):
                continue
            places = [getattr(each, along) for each in line]
            log = min(values) > 0 and fits(places, [math.log(each) for each in values])
            if log or fits(places, values):
                found += line
    return found


def days_of_axes(texts):
    """Return the days that mark an axis, each where its day belongs, and the years below them."""
    found = []
    for line in {round(each.y / 4) for each in texts}:
        days = [each for each in texts if round(each.y / 4) == line and DAY.fullmatch(each.text)]
        days.sort(key=lambda each: each.x)
        if len(days) < 2:
            continue
        # A year is named where it changes; which one it is moves no mark against another.
        year, last, values = 2025, 0, []
        for each in days:
            day, month, _ = DAY.fullmatch(each.text).groups()
            number = MONTHS.index(month)
            year += number < last
            last = number
            values.append(date(year, number + 1, int(day)).toordinal())
        if len(days) == 2 or fits([each.x for each in days], values):
            found += days
    below = {each.x for each in found}
    return found + [
        each
        for each in texts
        if YEAR.fullmatch(each.text) and (not below or any(abs(each.x - x) < NEAR for x in below))
    ]
