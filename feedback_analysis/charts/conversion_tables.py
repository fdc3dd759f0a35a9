"""Columns of the tables about reviews and conversion."""

from __future__ import annotations

import html
from collections.abc import Callable

import pandas as pd

from feedback_analysis.charts.writers import GLUE, Columns, Row, fitting, glued
from feedback_analysis.conversion.effect_words import lift_words, range_words
from feedback_analysis.health.words import missing

# What the columns of revenue are called by, with a currency behind it.
MONEY = "revenue_"


class Link(str):
    """The address of a page, shown as a link with a short name."""

    name: str

    def __new__(cls, address: str, name: str) -> Link:
        link = super().__new__(cls, address)
        link.name = name
        return link


def written(cell: object) -> str:
    """Return a cell of a table as HTML, everything escaped, a :class:`Link` as a link.

    Parameters
    ----------
    cell : object
        Text, or a link.

    Returns
    -------
    str
        Only addresses that the package made become links: a buyer's words stay words.
    """
    if not isinstance(cell, Link):
        return html.escape(str(cell))
    address = html.escape(str(cell), quote=True)
    return f'<a href="{address}" rel="noopener noreferrer">{html.escape(cell.name)}</a>'


def conversion_columns(frame: pd.DataFrame) -> Columns | None:
    """Return headings and writers for one of these tables, or None for any other.

    Parameters
    ----------
    frame : DataFrame
        A result's table.

    Returns
    -------
    dict or None
        Heading -> function of a row.
    """
    codes = [name.removeprefix(MONEY) for name in frame.columns if _is_money(name)]
    return fitting(
        frame,
        (
            (ESTIMATES, {"estimator", "misleads"}),
            (DIAGNOSTICS, {"diagnostic", "warns"}),
            (DOSES, {"reviews", "naive", "estimand"}),
            (RATES, {"group", "conversion", "families"}),
            (_ranked(codes), {"extra_items", "top_ten"}),
            (BY_TRAFFIC, {"product_page", "write_a_review", "sessions_a_week"}),
            (APART, {"family", "reason", "sessions_a_week"}),
            (PUBLISHED, {"study", "randomised", "finding"}),
        ),
    )


def _lift(row: Row) -> str:
    return glued(lift_words(row["lift"]))


def _range(low: str, high: str) -> Callable[[Row], str]:
    return lambda row: range_words(row[low], row[high]).replace(" ", GLUE)


def _items(low: str, high: str, digits: int = 1) -> Callable[[Row], str]:
    def write(row: Row) -> str:
        if missing(row[low]) or missing(row[high]):
            return "not known"
        return f"{row[low]:,.{digits}f}{GLUE}to{GLUE}{row[high]:,.{digits}f}"

    return write


def _per_100(name: str) -> Callable[[Row], str]:
    return lambda row: "not known" if missing(row[name]) else f"{100 * row[name]:.1f}"


def _check(row: Row) -> str:
    if row["diagnostic"] == "single families":
        return glued(f"{100 * row['value']:.0f} % at most")
    if row["diagnostic"] == "impossible weeks":
        return glued(f"{100 * row['value']:.0f} % of order items")
    if row["diagnostic"] == "vanished reviews":
        return glued(f"{100 * row['value']:.0f} % of families")
    span = row["high"] > row["low"]
    value = lift_words(row["value"])
    return glued(f"{value} ({range_words(row['low'], row['high'])})" if span else value)


def _is_money(name: object) -> bool:
    return str(name).startswith(MONEY) and not str(name).endswith("_95")


def _revenue(code: str) -> Callable[[Row], str]:
    name = f"{MONEY}{code}"
    span = _items(f"{name}_low_95", f"{name}_high_95", 0)

    def write(row: Row) -> str:
        if missing(row[name]):
            return "not known"
        # No visitor of the product pays in this currency: nothing, and no range of it.
        return f"{row[name]:,.0f}{GLUE}({span(row)})" if row[name] else "0"

    return write


def _ranked(codes: list[str]) -> Columns:
    """Return the columns of the ranked list: each currency has one of its own."""
    money = {f"Extra revenue, {code.upper()} (95{GLUE}%)": _revenue(code) for code in codes}
    return {**GAINS, **money, **CHANCES}


def _top(row: Row) -> str:
    share = 100 * row["top_ten"]
    return f"over{GLUE}99{GLUE}%" if share > 99.5 else f"{share:.0f}{GLUE}%"


def _page(row: Row) -> str:
    return Link(row["product_page"], row["family"])


def _write(row: Row) -> str:
    return Link(row["write_a_review"], "write a review")


def _sessions(row: Row) -> str:
    return f"{row['sessions_a_week']:,.0f}"


ESTIMATES: Columns = {
    "Estimate": lambda row: row["estimator"] + (" (misleads)" if row["misleads"] else ""),
    "Of what": lambda row: row["estimand"],
    "Lift": _lift,
    "95 % interval": _range("low", "high"),
    "90 % interval": _range("low_90", "high_90"),
    "Families": lambda row: f"{row['families']:,}",
}
DIAGNOSTICS: Columns = {
    "Check": lambda row: row["diagnostic"].capitalize(),
    "Found": _check,
    "Warns": lambda row: "yes" if row["warns"] else "no",
    "Meaning": lambda row: row["meaning"],
}
DOSES: Columns = {
    "Reviews": lambda row: row["reviews"],
    "Lift within families": _lift,
    "95 % interval": _range("low", "high"),
    "Families": lambda row: f"{row['families']:,}",
    "Called": lambda row: row["estimand"],
    "Naive (misleads)": lambda row: glued(lift_words(row["naive"])),
}
RATES: Columns = {
    "Group": lambda row: row["group"],
    "Families": lambda row: f"{row['families']:,}",
    "Sessions": lambda row: f"{row['sessions']:,}",
    "Order items": lambda row: f"{row['units']:,}",
    "Per 100 sessions": _per_100("conversion"),
    "95 % interval": lambda row: f"{100 * row['low']:.1f} to {100 * row['high']:.1f}",
}
GAINS: Columns = {
    "Product page": _page,
    "Sessions a week": _sessions,
    "Order items per 100 sessions": _per_100("conversion"),
    "Extra order items in 8 weeks": lambda row: f"{row['extra_items']:,.1f}",
    "80 %": _items("low_80", "high_80"),
    "95 %": _items("low_95", "high_95"),
}
CHANCES: Columns = {
    "Among the ten that gain most": _top,
    "For buyers": _write,
}
BY_TRAFFIC: Columns = {
    "Product page": _page,
    "Sessions a week": _sessions,
    "Order items per 100 sessions": _per_100("conversion"),
    "For buyers": _write,
}
APART: Columns = {
    "Product": lambda row: row["family"],
    "Sessions a week": _sessions,
    "Why apart": lambda row: row["reason"],
}
PUBLISHED: Columns = {
    "Study": lambda row: row["study"],
    "How": lambda row: row["design"],
    "Randomised or as good": lambda row: "yes" if row["randomised"] else "no",
    "About": lambda row: row["about"],
    "Found": lambda row: row["finding"],
}
