"""Words for each feedback: hand-written comments matched to orders, or clauses put together."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

import numpy as np
import pandas as pd

from .model import MARKETS, QUESTIONS, model
from .stock import Stock, day_of_year, load_stock

# A clause ends with a sentence, or at a comma before a conjunction.
CLAUSE = re.compile(
    r"(?<=[.!?…])\s+"
    r"|,\s+(?=(?:and|but|or|so|because|yet|und|aber|denn|weil|doch|pero|porque|et|mais|car"
    r"|ma|perché|en|maar|want|ale|bo|ve|ama|fakat)\s)"
)
SECOND = 0.7  # share of composed complaints with a second clause
FEW = 24  # clauses below which words that name no cause make up for the missing variety
GRUMBLE = 0.6  # share of composed complaints with words that name no cause
GOOD_CELL = dict[tuple[str, int], tuple[list[int], list[str]]]


def match_negative(
    frame: pd.DataFrame,
    rows: np.ndarray,
    flags: np.ndarray,
    stock: Stock,
    rng: np.random.Generator,
) -> None:
    """Give each row the unused comment that fits its order best, and the comment's stars.

    A comment fits when its language is read in the marketplace, its first question is one that
    went wrong with the order, and product, channel, event and season do not contradict. Rows for
    which none is left keep rating 0.
    """
    pool = stock.negative
    if pool.empty or not len(rows):
        return
    number = {name: position for position, name in enumerate(QUESTIONS)}
    asked = np.zeros((len(pool), len(QUESTIONS)), dtype=bool)
    for position, names in enumerate(pool["questions"]):
        asked[position, [number[name] for name in names]] = True
    primary = np.array([number[names[0]] for names in pool["questions"]])
    product, channel = pool["product"].to_numpy(), pool["channel"].to_numpy()
    event, dated = pool["event"].to_numpy(), pool["dated"].to_numpy()
    # The narrower a comment is, the fewer orders it fits: such ones go first.
    narrow = 0.6 * (product != "") + 0.6 * (channel != "") + 1.0 * dated + 4.0 * (event != "")
    free = np.ones(len(pool), dtype=bool)

    when = day_of_year(frame["day"].to_numpy().astype("datetime64[D]"))
    has_event = (frame["event"] != "").to_numpy()
    order = rng.permutation(len(rows))
    rows = rows[order][np.argsort(~has_event[rows[order]], kind="stable")]
    noise = rng.gumbel(0, 0.35, size=(len(rows), len(pool)))
    chosen = np.full(len(frame), -1)
    for step, row in enumerate(rows):
        name = "seller" if frame["seller"].iat[row] else "amazon"
        category = frame["category"].iat[row]
        fits = free & stock.markets[frame["market"].iat[row]] & flags[row][primary]
        fits &= ((product == "") | (product == category)) & ((channel == "") | (channel == name))
        fits &= (event == "") | (event == frame["event"].iat[row])
        fits &= stock.seasons[:, when[row]]
        if not fits.any():
            continue
        extra = (asked & ~flags[row]).sum(axis=1)
        missed = (~asked & flags[row]).sum(axis=1)
        score = noise[step] + narrow - 0.5 * extra - 0.3 * missed
        best = int(np.argmax(np.where(fits, score, -np.inf)))
        free[best] = False
        chosen[row] = best
    taken = np.flatnonzero(chosen >= 0)
    picked = pool.iloc[chosen[taken]]
    frame.loc[taken, "rating"] = picked["rating"].to_numpy()
    frame.loc[taken, "questions"] = [";".join(names) for names in picked["questions"]]
    for column in ("comment", "language"):
        frame.loc[taken, column] = picked[column].to_numpy()


def split_clauses(comment: str) -> list[str]:
    """Return a comment's clauses: sentences, and parts that a conjunction sets off."""
    parts = [part.strip(" ,;") for part in CLAUSE.split(comment)]
    return [part for part in parts if len(part.split()) >= 2]


@cache
def _negative_cells() -> dict[tuple[int, str, str], tuple[list[tuple[str, int, str]], list[str]]]:
    """Whole comments and clauses by marketplace, language and first question."""
    cells = defaultdict(lambda: ([], []))
    stock = load_stock()
    for position, row in enumerate(stock.negative.itertuples()):
        if row.event or row.dated:
            continue
        for market in np.flatnonzero(stock.markets[:, position]).tolist():
            whole, clauses = cells[market, row.language, row.questions[0]]
            whole.append((row.comment, row.rating, ";".join(row.questions)))
            if len(row.questions) == 1 and not row.product:
                clauses.extend(split_clauses(row.comment))
    return dict(cells)


def compose_negative(
    frame: pd.DataFrame,
    rows: np.ndarray,
    flags: np.ndarray,
    stock: Stock,
    rng: np.random.Generator,
) -> None:
    """Give each row a comment put together from parts of its language and question.

    One part is a whole hand-written comment, so that the row really says what its true
    questions claim; stars and questions are that comment's.
    """
    cells = _negative_cells()
    found_words = model()["feedback"]["found_words"]
    found, values = [], []
    markets = frame["market"].to_numpy()[rows].tolist()
    draws = rng.random((len(rows), 10)).tolist()
    for row, market, draw in zip(rows.tolist(), markets, draws, strict=True):
        questions = np.flatnonzero(flags[row])
        question = QUESTIONS[questions[int(draw[0] * len(questions))]]
        language = draw_language(MARKETS[market], draw[1])
        if (market, language, question) not in cells:
            language = next(iter(model()["markets"][MARKETS[market]]["languages"]))
        if (market, language, question) not in cells or draw[6] >= found_words:
            continue
        whole, clauses = cells[market, language, question]
        anchor, rating, names = whole[int(draw[2] * len(whole))]
        parts = [anchor]
        for chance, wanted in ((draw[3], True), (draw[7], draw[8] < SECOND)):
            clause = clauses[int(chance * len(clauses))] if clauses and wanted else anchor
            if not any(clause in part for part in parts):
                parts.append(clause)
        # What names no cause fits every complaint and leaves its true questions as they are.
        grumbles = cells.get((market, language, "unclear"), ((), ()))[1]
        if grumbles and question != "unclear":
            share = 1.0 if len(clauses) < FEW else GRUMBLE
            if draw[4] < share:
                parts.append(grumbles[int(draw[4] / share * len(grumbles))])
            if share == 1.0 and draw[9] < SECOND:
                parts.append(grumbles[int(draw[9] / SECOND * len(grumbles))])
        if draw[5] < 0.5:
            parts.reverse()
        found.append(row)
        values.append((join_parts(parts), rating, names, language))
    columns = ["comment", "rating", "questions", "language"]
    for column, column_values in zip(columns, zip(*values, strict=True), strict=bool(values)):
        frame.loc[found, column] = list(column_values)


def join_parts(parts: list[str]) -> str:
    """Join clauses to one comment; a clause that came up twice is said once."""
    text = parts[0]
    for part in dict.fromkeys(parts):
        if part != parts[0]:
            text += f" {part}" if text[-1] in ".!?…" else f". {part}"
    return text


def draw_language(market: str, draw: float) -> str:
    """Return the language that a share between 0 and 1 falls on in a marketplace."""
    languages = model()["markets"][market]["languages"]
    for language, share in languages.items():
        draw -= share
        if draw < 0:
            return language
    return next(iter(languages))


@cache
def _positive_cells() -> GOOD_CELL:
    cells: GOOD_CELL = defaultdict(lambda: ([], []))
    for position, row in enumerate(load_stock().positive.itertuples()):
        whole, clauses = cells[row.language, row.rating]
        whole.append(position)
        if not row.product and not row.dated:
            clauses.extend(split_clauses(row.comment))
    return dict(cells)


def write_positive(
    frame: pd.DataFrame, stock: Stock, rng: np.random.Generator, *, compose: bool
) -> None:
    """Give the positive rows that have words a comment.

    The first block uses each hand-written comment once and short praise for the rest, as most
    buyers do; ``compose`` adds clauses of hand-written comments, so that most are distinct.
    """
    rows = rng.permutation(np.flatnonzero(~frame["bad"] & ~frame["stars_only"]))
    cells = _positive_cells()
    unused = {} if compose else {
        key: rng.permutation(whole).tolist() for key, (whole, _) in cells.items()
    }  # fmt: skip
    product = stock.positive["product"].to_numpy()
    comment = stock.positive["comment"].to_numpy()
    when = day_of_year(frame["day"].to_numpy().astype("datetime64[D]"))[rows].tolist()
    words, languages = [], []
    for rating, market, category, day, draw in zip(
        frame["rating"].to_numpy()[rows].tolist(), frame["market"].to_numpy()[rows].tolist(),
        frame["category"].to_numpy()[rows].tolist(), when,
        rng.random((len(rows), 10)).tolist(), strict=True,
    ):  # fmt: skip
        language = draw_language(MARKETS[market], draw[0])
        left = unused.get((language, rating), [])
        fits = (i for i in left if product[i] in ("", category) and stock.good_seasons[i, day])
        position = next(fits, None)
        if position is not None:
            left.remove(position)
            words.append(comment[position])
        else:
            clauses = cells.get((language, rating), ([], []))[1] if compose else []
            words.append(_praise(stock, language, rating, clauses, draw[1:]))
        languages.append(language)
    frame.loc[rows, "comment"] = words
    frame.loc[rows, "language"] = languages


def _praise(stock: Stock, language: str, rating: int, clauses: list[str], draw: list[float]) -> str:
    """Put one to three phrases of different aspects together, in a buyer's own punctuation."""
    phrases = stock.praise.get((language[:2], rating), [])
    if not phrases:
        return ""
    count = 1 + (draw[0] > 0.35) + (draw[0] > 0.75)
    picked = dict(phrases[int(chance * len(phrases))] for chance in draw[1 : 1 + count])
    parts = list(picked.values())
    if clauses and draw[4] < 0.85:
        parts.insert(int(draw[5] * 2), clauses[int(draw[6] * len(clauses))])
    separator = (", ", ". ", "! ", " ", ", ")[int(draw[7] * 5)]
    text = parts[0]
    for part in parts[1:]:
        text += (" " if text[-1] in ".!?…" else separator) + part
    style = draw[5]
    return (
        text.upper()
        if style > 0.97
        else text.lower()
        if style > 0.7
        else text[0].upper() + text[1:]
    )
