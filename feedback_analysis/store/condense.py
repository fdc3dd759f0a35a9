"""A shop of any size to one that fits: complaints as rows, what divides them as tallies.

Whatever engine holds the tables, the SQL is the same; the tallies are counted by that engine too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from feedback_analysis import tables
from feedback_analysis.privacy import OrderKeys, scrub
from feedback_analysis.store.engines import Engine
from feedback_analysis.store.sources import LARGE
from feedback_analysis.tables import TEXT
from feedback_analysis.tallies import Tallies

# Orders that can still be asked for feedback as the last whole period ends: up to a month of a
# begun period, two weeks to the delivery, and thirty days from there.
RECENT_DAYS = 75
# Products are counted by weeks for so many months, the begun one included, and by months before:
# enough for a year that ends with the last period, and for the same week of the year before.
WEEKLY_MONTHS = 15
UNHAPPY = "rating <= 3"
_SEVERAL = (
    "SELECT order_key FROM {} WHERE order_key IS NOT NULL GROUP BY order_key HAVING count(*) > 1"
)
_OWN_KEY = "o[0-9a-f]{16}"


@dataclass(frozen=True)
class Condensed:
    """The rows that are looked at one by one, and the counts of all.

    Attributes
    ----------
    tables : dict of DataFrame
        ``feedback``, ``orders``, ``shipments`` and ``returns``, in their declared form.
    tallies : Tallies
    """

    tables: dict[str, pd.DataFrame]
    tallies: Tallies


def condense(
    engine: Engine,
    *,
    keys: OrderKeys,
    raw: bool = False,
    asks: pd.DataFrame | None = None,
    also: pd.Series | None = None,
    changes: Sequence[tuple[str, ...]] = (),
) -> Condensed:
    """Take the rows that are looked at one by one, and count all.

    Parameters
    ----------
    engine : Engine
        Holds views named ``feedback``, ``orders``, ``shipments`` and ``returns``, with the columns
        of the tidy tables.
    keys : OrderKeys
        Turns order ids into keys, where the views hold ids.
    raw : bool, default=False
        Whether ``order_key`` is an order id in the views, in ``asks`` and in ``also``.
    asks : DataFrame, optional
        The log of requests for feedback, which the tallies need.
    also : Series of str, optional
        Orders whose rows are wanted whatever the stars, such as those of cases.
    changes : sequence of tuple of str
        Products of each dated change of shop.toml, which the tallies need.

    Returns
    -------
    Condensed
    """
    engine.put("asks", tables.empty("asks") if asks is None else asks)
    engine.put("case_keys", _keys_frame(also))
    last = _last_day(engine)
    recent = _recent(last)
    named = (
        "order_key IN (SELECT order_key FROM case_keys) OR "
        f"order_key IN (SELECT order_key FROM orders WHERE {recent})"
    )
    found = {"feedback": _rows(engine, "feedback", f"{UNHAPPY} OR gone OR {named}")}
    engine.put("wanted_keys", _keys_frame(found["feedback"]["order_key"]))
    wanted = f"order_key IN (SELECT order_key FROM wanted_keys) OR {named}"
    for name in LARGE[1:]:
        found[name] = _rows(engine, name, wanted)
    engine.keep("several", " UNION ".join(map(_SEVERAL.format, ("orders", "shipments"))))
    tallies = Tallies.of(
        *map(engine.frame, LARGE),
        engine.frame("asks"),
        changes=changes,
        months_before=None if last is None else months_before(last),
        several=engine.frame("several"),
    )
    # Counted now: the engine is gone when they are first asked for.
    counted = Tallies(**tallies.tables())
    engine.forget("several")
    return Condensed(
        {name: finished(name, frame, keys if raw else None) for name, frame in found.items()},
        counted,
    )


def _keys_frame(keys: pd.Series | None) -> pd.DataFrame:
    given = pd.Series(dtype=TEXT) if keys is None else keys
    return pd.DataFrame({"order_key": given.dropna().drop_duplicates().astype(TEXT)})


def _last_day(engine: Engine) -> pd.Timestamp | None:
    days = engine.query(
        "SELECT (SELECT max(purchase_date) FROM orders) AS placed, "
        "(SELECT max(date) FROM feedback) AS told"
    ).iloc[0]
    return max((pd.Timestamp(day) for day in days if not pd.isna(day)), default=None)


def months_before(last: pd.Timestamp) -> pd.Timestamp:
    """Return the first day from which on products are counted by weeks, given the last day."""
    return last.normalize().replace(day=1) - pd.DateOffset(months=WEEKLY_MONTHS - 1)


def _recent(last: pd.Timestamp | None) -> str:
    if last is None:
        return "1 = 0"
    return f"purchase_date > CAST('{last - pd.Timedelta(days=RECENT_DAYS):%Y-%m-%d}' AS DATE)"


def _rows(engine: Engine, table: str, where: str) -> pd.DataFrame:
    columns = ", ".join(tables.SCHEMAS[table].columns)
    return engine.query(f"SELECT {columns} FROM {table} WHERE {where}")


def finished(name: str, frame: pd.DataFrame, keys: OrderKeys | None) -> pd.DataFrame:
    """Return a table in its declared form, masked, in the order of what its rows say."""
    shaped = tables.shape(name, frame)
    masked: Mapping[str, pd.Series] = {
        column: scrub(shaped[column], strip=True)
        for column in ("comment", "response")
        if column in shaped
    }
    if keys is not None:
        masked = {**masked, "order_key": keys(shaped["order_key"])}
    shaped = shaped.assign(**masked)
    # Rows that say the same come in any order from an engine; only then the key decides.
    columns = [column for column in shaped if column != "order_key"]
    last = [column for column in shaped if column == "order_key"]
    ordered = shaped.sort_values([*columns, *last], kind="stable", na_position="last")
    return tables.validate(name, ordered.reset_index(drop=True))


def holds_ids(engine: Engine, table: str) -> bool | None:
    """Tell whether a table's order keys are ids of orders, not our own; None without any key."""
    found = engine.query(f"SELECT order_key FROM {table} WHERE order_key IS NOT NULL LIMIT 100")[
        "order_key"
    ]
    return not found.astype(TEXT).str.fullmatch(_OWN_KEY).all() if len(found) else None
