"""Feedback files: a full log for the US, Amazon's own downloads of 1 to 3 stars for UK and DE."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd

from .block import Block
from .model import MARKETS, ONE_DAY, day, texts
from .output import Output, days_as, lines, quoted

LEGACY_END = day("2025-06-30")  # the UK's oldest file is in the layout of ten columns
FIRST_DOWNLOAD = day("2026-06-30")
OVERLAP = day("2025-11-01")  # the newer download reaches back to here
GONE = 3  # rows of the older download that the newer one no longer holds
# Letters outside windows-1252 that have no base letter to fall back on.
FOLD = str.maketrans("łŁıİđ", "lLiId")


def write_feedback(out: Output, block: Block) -> pd.DataFrame:
    """Append a block's feedback to the files of the three marketplaces.

    Returns
    -------
    DataFrame
        The 1-3 star rows as written: ``file``, ``row`` (1 is the first below the header; later
        blocks go on counting), ``gone`` and the true questions, for ``truth/comments.csv``.
    """
    frame = block.feedback.copy()
    frame["gone"] = removed(block)
    parts = [
        _us(out, frame[frame["market"] == 0]),
        _uk(out, frame[frame["market"] == 1], block),
        _de(out, frame[frame["market"] == 2], block),
    ]
    return pd.concat(parts, ignore_index=True)


def removed(block: Block) -> np.ndarray:
    """Return which feedback of the UK was removed or struck between the two newer downloads.

    Three rows of the first block: the older download holds them, the newer one does not.
    """
    frame = block.feedback
    days = frame["day"].to_numpy().astype("datetime64[D]")
    possible = (frame["market"] == 1) & (frame["rating"] <= 3) & (frame["comment"] != "")
    rows = np.flatnonzero(possible & (days >= OVERLAP) & (days <= FIRST_DOWNLOAD))
    gone = np.zeros(len(frame), dtype=bool)
    if block.number == 0 and len(rows) and block.span.end > FIRST_DOWNLOAD:
        gone[rows[np.linspace(0, len(rows) - 1, GONE + 2).astype(int)[1:-1]]] = True
    return gone


def _emails(frame: pd.DataFrame) -> list[str]:
    # Amazon shows the relay address to some sellers only; a sample has none but example.com's.
    return [f"buyer{order % 9}@example.com" if order % 37 == 5 else "" for order in frame["order"]]


def _rows(frame: pd.DataFrame, dates: np.ndarray) -> list[tuple[str, ...]]:
    return list(
        zip(
            dates, frame["rating"].astype(str), frame["comment"], frame["response"],
            frame["order_id"], _emails(frame), strict=True,
        )
    )  # fmt: skip


def _truth(out: Output, frame: pd.DataFrame, path: str) -> pd.DataFrame:
    """Number the rows within the file and keep those that the truth is about."""
    begun = out.rows.get(path, 0)
    out.rows[path] = begun + len(frame)
    numbered = frame.assign(file=path, row=begun + 1 + np.arange(len(frame)))
    return numbered[numbered["rating"] <= 3]


def _us(out: Output, frame: pd.DataFrame) -> pd.DataFrame:
    path = "amazon/US/feedback/seller-feedback-log.csv"
    rows = _rows(frame, days_as(frame["day"], "{m}/{d}/{yy}"))
    out.append(
        path,
        quoted(rows, every=True),
        header=quoted([texts()["feedback"]["US"]], every=True),
        bom=True,
    )
    return _truth(out, frame, path)


def _to_1252(text: str) -> str:
    """Write letters that windows-1252 lacks without their accents, as many phones do."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        plain = "".join(
            letter if _fits(letter) else unicodedata.normalize("NFKD", letter.translate(FOLD))
            for letter in text
        )
        return "".join(letter for letter in plain if _fits(letter)).strip()
    return text


def _fits(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _uk(out: Output, frame: pd.DataFrame, block: Block) -> pd.DataFrame:
    frame = frame[frame["rating"] <= 3].copy()
    frame["comment"] = [_to_1252(comment) for comment in frame["comment"]]
    days = frame["day"].to_numpy().astype("datetime64[D]")
    folder = "amazon/UK/feedback"
    old, first, second = (
        frame[days <= LEGACY_END],
        frame[(days > LEGACY_END) & (days <= FIRST_DOWNLOAD)],
        frame[(days >= OVERLAP) & ~frame["gone"].to_numpy()],
    )
    header = texts()["feedback"]
    truth = []
    if len(old):
        path = f"{folder}/feedback-older.txt"
        out.append(path, _legacy(old), header=lines([header["legacy"]]), encoding="cp1252")
        truth.append(_truth(out, old, path))
    for part, taken in ((first, FIRST_DOWNLOAD), (second, block.span.end)):
        if not len(part) or (part is second and block.span.end <= FIRST_DOWNLOAD):
            continue
        path = f"{folder}/feedback-{taken}.txt"
        rows = _rows(part, days_as(part["day"], "{d}/{m}/{yy}"))
        if block.number == 0 and taken == block.span.end:
            rows = _stray_quote(rows)
        out.append(path, lines(rows), header=lines([header["UK"]]), encoding="cp1252")
        truth.append(_truth(out, part, path))
    return pd.concat(truth) if truth else frame.assign(file="", row=0)


def _stray_quote(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Put a lone quotation mark before one comment: it must not swallow the rows below."""
    for position in range(len(rows) // 2, len(rows)):
        if rows[position][2] and '"' not in rows[position][2]:
            row = list(rows[position])
            row[2] = '"' + row[2]
            rows[position] = tuple(row)
            break
    return rows


def _legacy(frame: pd.DataFrame) -> str:
    dates = days_as(frame["day"], "{d}/{m}/{yy}")
    late = frame["questions"].str.contains("shipping_speed")
    wrong = frame["questions"].str.contains("as_described|packaging")
    rude = frame["questions"].str.contains("email_response|service_reach|cancel_return")
    rows = [
        (when, str(rating), comment, reply, *answers, order, email, "Buyer")
        for when, rating, comment, reply, order, email, *answers in zip(
            dates, frame["rating"], frame["comment"], frame["response"], frame["order_id"],
            _emails(frame),
            _answers(late, frame["order"], 4), _answers(wrong, frame["order"], 5),
            _answers(rude, frame["order"], 2), strict=True,
        )
    ]  # fmt: skip
    return lines(rows)


def _answers(complaint: pd.Series, order: pd.Series, silent: int) -> list[str]:
    # Every few buyers skipped the question.
    return [
        "-" if number % silent == 0 else "No" if bad else "Yes"
        for bad, number in zip(complaint, order, strict=True)
    ]


def _de(out: Output, frame: pd.DataFrame, block: Block) -> pd.DataFrame:
    frame = frame[frame["rating"] <= 3].copy()
    days = frame["day"].to_numpy().astype("datetime64[D]")
    turn = day("2025-11-01")
    truth = []
    for chosen, encoding, begin, finish in (
        (days < turn, "cp1252", block.span.start, min(turn - ONE_DAY, block.span.end)),
        (days >= turn, "utf-8", max(turn, block.span.start), block.span.end),
    ):
        part = frame[chosen].copy()
        if not len(part):
            continue
        if encoding == "cp1252":
            part["comment"] = [_to_1252(comment) for comment in part["comment"]]
        name = f"Bewertungen-{finish}.txt"
        path = f"amazon/Deutschland/Bewertungen/{name}"
        rows = _rows(part, days_as(part["day"], "{d}.{m}.{yy}"))
        out.append(path, lines(rows), header=lines([texts()["feedback"]["DE"]]), encoding=encoding)
        out.period(path, begin, finish, MARKETS[2])
        truth.append(_truth(out, part, path))
    return pd.concat(truth) if truth else frame.assign(file="", row=0)
