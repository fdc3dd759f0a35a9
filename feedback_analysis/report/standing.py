"""What stands beside the two targets: order defects, the distance, the weekly alarm."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pandas as pd

from feedback_analysis.channels import channel_names
from feedback_analysis.health.amazon_defects import held_against, place_name
from feedback_analysis.periods import Period
from feedback_analysis.report.feedback_figures import FEEDBACK_REMEDY, NONE_READ
from feedback_analysis.report.figures import Figure, Missing, Value
from feedback_analysis.report.sales_figures import ORDERS_REMEDY
from feedback_analysis.report.wording import GLUE, day, known, plain
from feedback_analysis.texts import sentence_case, several

DEFECTS = "order_defect_rate_60_days"
EXPECTED = "order_defect_rate_expected_60_days"
BY_AMAZON = "order_defect_rate_by_amazon_60_days"
LABELS = {
    DEFECTS: "Order defect rate, last 60 days",
    EXPECTED: "Order defect rate when all feedback is in, last 60 days",
    BY_AMAZON: "Order defect rate by Amazon's own count, highest, 60 days",
}
UNIT = "small share"
ACCOUNT_REMEDY = "download the account health file (Performance > Account Health)"


@dataclass(frozen=True, eq=False)
class Standing:
    """What the first page tells beside the two targets.

    Attributes
    ----------
    figures : tuple of Figure
        The order defect rate so far, when all feedback is in, and by Amazon's own count.
    channels : tuple
        Label and value of each channel of orders.
    amazon : str
        Amazon's own figures in a sentence, or empty.
    distance : str
        How far the positive share is from its target, in a line, or empty.
    alarm : str
        The change that the weekly alarm told of in the period, or empty.
    """

    figures: tuple[Figure, ...]
    channels: tuple[tuple[str, Value], ...] = field(default=())
    amazon: str = ""
    distance: str = ""
    alarm: str = ""


def find_standing(shop: Any, period: Period) -> Standing:
    """Work out what stands beside the two targets.

    Parameters
    ----------
    shop : Shop
        With rows up to the period's last day only.
    period : Period
        The month or week.

    Returns
    -------
    Standing
    """
    from feedback_analysis.health import order_defect_rate

    found = order_defect_rate(
        shop,
        as_of=period.end,
        account_health=shop.account_health,
        minimum_n=shop.settings.minimum_n,
        on_missing="say",
    )
    stated = found.compared[found.compared["amazon_rate"].notna()]
    if shop.tallies.feedback.empty:
        # Orders without any feedback file would look like orders without a defect. What Amazon
        # counted itself stands in its own file.
        reasons = {name: Missing(NONE_READ, FEEDBACK_REMEDY) for name in (DEFECTS, EXPECTED)}
        return Standing(
            _figures(reasons | {BY_AMAZON: _by_amazon(stated)}, found.target),
            amazon=_amazon_sentence(stated, found.target),
            distance=_distance(shop, period),
        )
    values = _counted(found.table, period) | {BY_AMAZON: _by_amazon(stated)}
    rows = found.table.to_dict("records")
    return Standing(
        _figures(values, found.target),
        tuple(
            (sentence_case(channel_names("fulfilled")[row["channel"]]), _so_far(row, ""))
            for row in rows
            if row["channel"] in ("seller", "amazon") and row["orders"]
        ),
        _amazon_sentence(stated, found.target),
        _distance(shop, period),
        _alarm(shop, period),
    )


def _figures(values: dict[str, Value | Missing], target: float) -> tuple[Figure, ...]:
    return tuple(
        Figure(name, label, UNIT, "orders", target, values[name]) for name, label in LABELS.items()
    )


def _counted(table: pd.DataFrame, period: Period) -> dict[str, Value | Missing]:
    row = None if table.empty else table[table["channel"] == "all"].iloc[0].to_dict()
    if row is None or not row["orders"]:
        first = day(period.end - timedelta(days=59))
        none = Missing(f"no orders of {first} to {day(period.end)} in the files", ORDERS_REMEDY)
        return {DEFECTS: none, EXPECTED: none}
    source = "Orders of the last 60 days with feedback of 1 or 2 stars so far"
    source += "." if known(_number(row["claims"])) else "; claims and chargebacks are not known."
    expected: Value | Missing = Missing("too little is known of how late feedback comes")
    if known(_number(row["expected_rate"])):
        expected = Value(
            row["expected_rate"],
            n=int(row["orders"]),
            low=row["expected_rate_low"],
            high=row["expected_rate_high"],
            verdict=row["verdict"],
            source="What has come so far, and what the shop's own delays let expect.",
        )
    return {DEFECTS: _so_far(row, source), EXPECTED: expected}


def _so_far(row: dict[str, Any], source: str) -> Value:
    return Value(
        row["rate"],
        n=int(row["orders"]),
        low=row["low"],
        high=row["high"],
        verdict=row["verdict"],
        source=source,
    )


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _by_amazon(stated: pd.DataFrame) -> Value | Missing:
    if stated.empty:
        return Missing("no account health file tells Amazon's own figure", ACCOUNT_REMEDY)
    row = stated.loc[stated["amazon_rate"].idxmax()].to_dict()
    orders = _number(row["amazon_orders"])
    return Value(
        row["amazon_rate"],
        n=None if orders is None else int(orders),
        verdict="met" if row["amazon_rate"] < row["target"] else "not met",
        source=(
            f"Account health file, {place_name(row)}, orders of {day(row['start'].date())} to "
            f"{day(row['end'].date())}."
        ),
    )


def _amazon_sentence(stated: pd.DataFrame, target: float) -> str:
    if stated.empty:
        return ""
    row = stated.loc[stated["amazon_rate"].idxmax()].to_dict()
    over = int((stated["amazon_rate"] >= stated["target"]).sum())
    orders = _number(row["amazon_orders"])
    of = "" if orders is None else f" of {several(int(orders), 'order')}"
    count = held_against(over, len(stated), f"{100 * target:g}{GLUE}%")
    number = f"{plain(row['amazon_rate'], UNIT)}{of} ({place_name(row)})"
    own, number = (
        ("figure", number) if len(stated) == 1 else ("figures", f"the highest is {number}")
    )
    return f"Amazon's own {own}, orders to {day(row['end'].date())}: {count}; {number}."


def _distance(shop: Any, period: Period) -> str:
    from feedback_analysis.health import distance_to_target, options
    from feedback_analysis.health.distance_words import distance_line
    from feedback_analysis.health.rating import public_figure

    if shop.tallies.feedback.empty and shop.feedback_totals.empty:
        return ""
    tables = (shop, shop.feedback_totals)
    found = distance_to_target(*tables, as_of=period.end, **options(shop.settings))
    rows = public_figure(found.table)
    return (
        distance_line(rows.iloc[0].to_dict(), target=found.target, as_of=found.as_of)
        if len(rows)
        else ""
    )


def _alarm(shop: Any, period: Period) -> str:
    from feedback_analysis.health import alarm_options, weekly_alarm
    from feedback_analysis.health.alarm_words import change_line

    found = weekly_alarm(
        shop,
        shop.feedback_totals,
        until=period.end,
        **alarm_options(shop.settings),
    ).alarms
    # A week belongs to the period when any of its days does.
    first = pd.Timestamp(period.start) - pd.Timedelta(days=6)
    lately = found[pd.to_datetime(found["start"]) >= first]
    if lately.empty:
        return ""
    return change_line(found[found["change"] == lately["change"].iloc[-1]])
