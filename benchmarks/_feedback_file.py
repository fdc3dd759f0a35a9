"""Writes a feedback file of any size, as Amazon would, with invented buyers and orders."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

_HEADER = "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n"
_BLOCK = 50_000
_OPENINGS = (
    "Arrived quickly", "Came a week late", "Box was crushed", "Fast shipping", "Still waiting",
    "Exactly as described", "Wrong colour sent", "Seller never replied", "Great service",
    "Not what the pictures show", "Well packed", "Stopped working", "Très bon vendeur",
    "Schnelle Lieferung", "Muy buen producto", "Tracking never moved", "Refund took three weeks",
    "Would buy again", "Disappointed", "Nice people", "Perfect", "Cheap quality", "Spot on",
)  # fmt: skip
_THINGS = (
    "kettle", "phone case", "lamp", "garden hose", "tent", "backpack", "water bottle", "drill set",
    "yoga mat", "desk chair", "cable", "notebook", "toy train", "rain jacket", "coffee grinder",
    "bike light", "cutting board", "dog bed", "storage box", "door mat", "headphones",
)  # fmt: skip
_MIDDLES = (
    "and the {} looks fine", "but the {} had a scratch on one side", "the {} does what it should",
    "my {} leaks a little", "no papers came with the {}", "I wrote twice about the {}",
    "they sent a new {} at once", "the {} was left in the rain", "a present, the {} is loved",
    "the {} smells odd", "this is my second {} from them", "the {} is smaller than I thought",
    "had to fix the {} myself", "the {} came with the wrong plug", "nobody signed for the {}",
    "the lid of the {} was broken", "the {} is worth the money", "they took the {} back",
)  # fmt: skip
_ENDINGS = (
    "thanks!", "would order again", "not again", "5 stars", "ok for 12.99", "see photo", "",
    "since 2019 a happy customer", "my neighbour wants one too", "2 of 3 arrived", "recommended",
    "what a shame", "they should answer mails", "delivery on day 4", "used it 3 times", "A+++",
)  # fmt: skip
_RESPONSES = ("Thank you for telling us.", "We are sorry and have sent a new one.", "Please write.")
_LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz0123456789"))


def write_feedback(path: Path, *, rows: int, personal: float, seed: int = 2026) -> int:
    """Write a feedback file of the current generation and return its size in bytes.

    Parameters
    ----------
    path : Path
    rows : int
        Rows below the header.
    personal : float
        Share of rows whose comment holds an e-mail, a phone number or an order id.
    seed : int, default=2026
        The same seed writes the same file.
    """
    random = np.random.default_rng(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_HEADER)
        for start in range(0, rows, _BLOCK):
            file.write("".join(_rows(random, min(_BLOCK, rows - start), personal)))
    return path.stat().st_size


def _rows(random: np.random.Generator, count: int, personal: float) -> list[str]:
    first = date(2018, 1, 1)
    days = [first + timedelta(int(day)) for day in random.integers(0, 3200, count)]
    stars = random.choice([5, 4, 3, 2, 1], count, p=[0.74, 0.12, 0.04, 0.03, 0.07])
    picks = [
        random.integers(0, len(words), count) for words in (_OPENINGS, _THINGS, _MIDDLES, _ENDINGS)
    ]
    planted = random.random(count) < personal
    answered = random.random(count) < 0.08
    numbers = random.integers(0, 10**7, (count, 4))
    names = ["".join(row) for row in _LETTERS[random.integers(0, len(_LETTERS), (count, 14))]]
    written = []
    for row in range(count):
        opening, thing, middle, ending = (int(pick[row]) for pick in picks)
        text = (
            f"{_OPENINGS[opening]}, {_MIDDLES[middle].format(_THINGS[thing])}, {_ENDINGS[ending]}"
        )
        a, b, c, d = numbers[row].tolist()
        if planted[row]:
            text += (
                f" mail me at {names[row][:6]}@example.com",
                f" call (555) 010-{d % 10_000:04d}",
                f" order 000-{c:07d}-{d:07d}",
            )[d % 3]
        response = _RESPONSES[d % 3] if answered[row] else ""
        day = days[row]
        written.append(
            f"{day.month}/{day.day}/{day:%y}\t{stars[row]}\t{text}\t{response}\t"
            f"000-{a:07d}-{b:07d}\t{names[row]}@marketplace.amazon.com\n"
        )
    return written
