"""Business reports: Detail Page Sales and Traffic by Child Item, a file a week and marketplace."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .block import Block
from .model import MARKETS, ONE_DAY, texts
from .output import Output, days_as, quoted

RECENT = 13  # weeks that lie unpacked; the seller packs older files to save room
FULL = (2, 40, 41, 80, 101)  # weeks in which the US seller ticked every column
AGAIN = 99  # the US week that was downloaded twice
NBSP = "\u00a0"
DOWNLOADED = {"US": "{m}-{d}-{yy}", "UK": "{dd}-{mm}-{y}", "DE": "{dd}.{mm}.{yy}"}


def write_business(out: Output, block: Block, *, blocks: int) -> None:
    """Append a block's products to the weekly reports of each marketplace.

    Shares of all visits need the whole shop's total, which no block knows: a block counts as one
    of ``blocks`` equal ones, so with several of them the shares are close, not exact.
    """
    weekly = {name: block.traffic.by_week(name) for name in block.traffic.counts}
    market = block.catalogue.cells["market"].to_numpy()
    recent = block.span.weeks - RECENT
    for position, code in enumerate(MARKETS):
        cells = np.flatnonzero(market == position)
        for week in block.span.whole_weeks:
            rows = cells[weekly["sessions"][cells, week] > 0]
            rows = rows[np.argsort(-weekly["sessions"][rows, week], kind="stable")]
            if not len(rows):
                continue
            counts = {name: values[rows, week] for name, values in weekly.items()}
            full = code == "US" and week in FULL
            columns = _columns(block, code, rows, week, counts, blocks)
            layout = texts()["business"][f"{code}_{'full' if full else 'slim'}"]
            table = zip(*(columns[key] for key, _ in layout), strict=True)
            _write(out, block, code, week, list(table), [header for _, header in layout], recent)


def _write(
    out: Output,
    block: Block,
    code: str,
    week: int,
    rows: list[tuple[str, ...]],
    header: list[str],
    recent: int,
) -> None:
    monday = block.span.monday + week * 7 * ONE_DAY
    sunday = monday + 6 * ONE_DAY
    day_of_download = days_as(np.array([sunday + 2 * ONE_DAY]), DOWNLOADED[code])[0]
    name = f"BusinessReport-{day_of_download}.csv" + ("" if week >= recent else ".gz")
    # A spreadsheet that saved the file again dropped the BOM and wrote Windows line ends.
    saved_again = code == "UK" and week % 9 == 4
    end = "\r\n" if saved_again else "\n"
    if code == "DE":
        path = f"amazon/Deutschland/Statistiken/{name}"
        out.period(path, monday, sunday, code)
    else:
        path = f"amazon/{code}/business-reports/{monday}_{sunday}/{name}"
    text, top = quoted(rows, end=end), quoted([header], end=end)
    out.append(path, text, header=top, bom=not saved_again)
    if code == "US" and week == AGAIN:
        out.append(path.replace(".csv", " (1).csv"), text, header=top, bom=True)


def _columns(
    block: Block,
    code: str,
    rows: np.ndarray,
    week: int,
    counts: dict[str, np.ndarray],
    blocks: int,
) -> dict[str, list[str]]:
    cells = block.catalogue.cells.iloc[rows]
    children = block.catalogue.children.iloc[cells["child"]]
    family = cells["family"].to_numpy()
    money = _euros if code == "DE" else _pounds if code == "UK" else _dollars
    offer = block.demand.featured[family, week] * 100
    for name in ("sessions", "views"):
        counts[f"{name}_browser"] = counts[name] - counts[f"{name}_app"]
    columns: dict[str, list[str]] = {
        "parent": block.catalogue.families["parent_asin"].to_numpy()[family].tolist(),
        "asin": children["asin"].tolist(),
        "title": children["title_de" if code == "DE" else "title"].tolist(),
        "offer": _percents(offer),
        "offer_b2b": _percents(np.where(counts["views_b2b"] > 0, offer, 0)),
    }
    for twin in ("", "_b2b"):
        sessions, views = counts[f"sessions{twin}"], counts[f"views{twin}"]
        columns[f"sessions{twin}"], columns[f"views{twin}"] = _whole(sessions), _whole(views)
        columns[f"session_share{twin}"] = _percents(_share(sessions, blocks))
        columns[f"view_share{twin}"] = _percents(_share(views, blocks))
        units = counts[f"units{twin}"]
        columns[f"units{twin}"], columns[f"items{twin}"] = (
            _whole(units), _whole(counts[f"items{twin}"]),
        )  # fmt: skip
        columns[f"unit_rate{twin}"] = _percents(100 * units / np.maximum(sessions, 1))
        columns[f"sales{twin}"] = _each(money, counts[f"sales{twin}"])
    for device in ("app", "browser"):
        for name, share in (("sessions", "session_share"), ("views", "view_share")):
            values = counts[f"{name}_{device}"]
            # Business buyers mostly sit at a desk.
            twin = counts[f"{name}_b2b"]
            part = np.minimum(twin * 2 // 5, counts[f"{name}_app"])
            twin = part if device == "app" else twin - part
            columns[f"{name}_{device}"], columns[f"{name}_{device}_b2b"] = (
                _whole(values), _whole(twin),
            )  # fmt: skip
            columns[f"{share}_{device}"] = _percents(_share(values, blocks))
            columns[f"{share}_{device}_b2b"] = _percents(_share(twin, blocks))
    return columns


def _share(values: np.ndarray, blocks: int) -> np.ndarray:
    return 100 * values / max(1, int(values.sum()) * blocks)


def _each(form: Callable[[float], str], values: np.ndarray) -> list[str]:
    return [form(value) for value in values.tolist()]


def _whole(values: np.ndarray) -> list[str]:
    return _each("{:,}".format, values)


def _percents(values: np.ndarray) -> list[str]:
    return _each("{:,.2f}%".format, values)


def _dollars(value: float) -> str:
    return f"${value:,.2f}"


def _pounds(value: float) -> str:
    return f"£{value:,.2f}"


def _euros(value: float) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,")) + NBSP + "€"
