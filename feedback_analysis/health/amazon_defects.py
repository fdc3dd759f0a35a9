"""Amazon's own order defect rate beside ours for the very same orders, and why they differ."""

from __future__ import annotations

from datetime import date

import pandas as pd

from feedback_analysis.channels import channel_names
from feedback_analysis.health.order_tally import OrderTally
from feedback_analysis.health.words import day_in_words, missing, percent
from feedback_analysis.texts import several

MEASURE = "orderDefectRate"
PARTS = {"negativeFeedback": "negatives", "claims": "claims", "chargebacks": "chargebacks"}
COLUMNS = (
    "marketplace", "channel", "start", "end", "amazon_orders", "amazon_defects", "amazon_rate",
    "target", "status", "amazon_negatives", "amazon_claims", "amazon_chargebacks", "orders",
    "negatives", "defects", "rate", "why",
)  # fmt: skip
# What Amazon states and we count too.
STATED = ["amazon_orders", "amazon_defects", "amazon_negatives"]
WHOLE = (
    "amazon_orders", "amazon_defects", "amazon_negatives", "amazon_claims", "amazon_chargebacks",
    "orders", "negatives", "defects",
)  # fmt: skip


def compared(
    account_health: pd.DataFrame | None, tallied: OrderTally, *, last: date
) -> pd.DataFrame:
    """Count our orders and defects in Amazon's own span, beside Amazon's figure.

    Parameters
    ----------
    account_health : DataFrame or None
        The table ``account_health``.
    tallied : OrderTally
        Our counts by order day.
    last : date
        Last day known; figures of a later span are left out.

    Returns
    -------
    DataFrame
        One row a marketplace and channel: Amazon's span ``start``, ``end``; ``amazon_orders``,
        ``amazon_defects``, ``amazon_rate``, ``target``, ``status`` and the parts
        ``amazon_negatives``, ``amazon_claims``, ``amazon_chargebacks`` as the file states them;
        ``orders``, ``negatives``, ``defects``, ``rate`` by our count; ``why`` they differ.
    """
    empty = pd.DataFrame({name: [] for name in COLUMNS})
    if account_health is None or account_health.empty:
        return empty
    stated = account_health[account_health["measure"] == MEASURE].dropna(subset=["start", "end"])
    stated = stated[stated["end"] <= pd.Timestamp(last)]
    if stated.empty:
        return empty
    newest = stated.sort_values("end", kind="stable").groupby(["marketplace", "channel"], sort=True)
    rows = [_row(row, account_health, tallied, last) for row in newest.tail(1).to_dict("records")]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in WHOLE:
        table[name] = table[name].astype("Int64")
    return table.sort_values(["marketplace", "channel"], ignore_index=True)


def _row(
    stated: dict, account_health: pd.DataFrame, tallied: OrderTally, last: date
) -> dict[str, object]:
    same = (account_health["marketplace"] == stated["marketplace"]) & (
        account_health["end"] == stated["end"]
    )
    row = {name: stated[name] for name in ("marketplace", "channel", "start", "end", "target")}
    row |= {
        "amazon_orders": stated["total"],
        "amazon_defects": stated["events"],
        "amazon_rate": stated["rate"],
        "status": stated["status"],
    }
    for key, name in PARTS.items():
        part = account_health[
            same
            & (account_health["measure"] == f"{MEASURE}.{key}")
            & (account_health["channel"] == stated["channel"])
        ]
        row[f"amazon_{name}"] = part["events"].iloc[0] if len(part) else pd.NA
    only = {"marketplace": stated["marketplace"]}
    if stated["channel"] != "all":
        only["channel"] = stated["channel"]
    counted = {
        "orders": _sum(tallied.placed, "orders", stated, only),
        "negatives": _sum(tallied.negatives, "n", stated, only),
    }
    more = 0 if tallied.claimed is None else _sum(tallied.claimed, "only_claims", stated, only)
    row |= counted | {"defects": counted["negatives"] + more}
    row["rate"] = row["defects"] / row["orders"] if row["orders"] else float("nan")
    row["why"] = _why(row, claims_known=tallied.claimed is not None, last=last)
    return row


def _sum(cells: pd.DataFrame, column: str, stated: dict, only: dict) -> int:
    inside = cells["date"].between(stated["start"], stated["end"])
    for name, value in only.items():
        inside &= cells[name] == value
    return int(cells.loc[inside, column].sum())


def _why(row: dict, *, claims_known: bool, last: date) -> str:
    """Explain what is different, as far as the two files tell."""
    reasons = []
    if not missing(row["amazon_orders"]) and row["amazon_orders"] != row["orders"]:
        reasons.append(
            f"Amazon counts {several(int(row['amazon_orders']), 'order')}, the order files hold "
            f"{row['orders']:,}"
        )
    others = sum(
        0 if missing(row[name]) else int(row[name])
        for name in ("amazon_claims", "amazon_chargebacks")
    )
    if others and not claims_known:
        reasons.append(
            f"Amazon counts {others:,} from claims or chargebacks, which no file with orders shows"
        )
    theirs, ours = row["amazon_negatives"], row["negatives"]
    if not missing(theirs) and theirs != ours:
        if ours > theirs:
            cause = "feedback came in or Amazon struck some after its figure was made"
        else:
            cause = (
                f"some came in after {day_in_words(last)}, has been removed since, or is of an "
                "order that the files do not hold"
            )
        reasons.append(
            f"Amazon counts {several(int(theirs), 'order')} with negative feedback, we "
            f"{ours:,}: {cause}"
        )
    if (
        not reasons
        and not missing(row["amazon_defects"])
        and row["amazon_defects"] != row["defects"]
    ):
        reasons.append("the file does not tell which part differs")
    return "; ".join(reasons)


def held_against(over: int, of: int, limit: str) -> str:
    """Say how many of Amazon's figures are at a limit or above it.

    Parameters
    ----------
    over, of : int
        How many are, and of how many.
    limit : str
        Such as ``the target``.

    Returns
    -------
    str
        Such as ``1 of 3 is at or above the target``.
    """
    if of == 1:
        return f"it is at or above {limit}" if over else f"it is below {limit}"
    if not over:
        return f"all are below {limit}"
    return f"{over} of {of} {'is' if over == 1 else 'are'} at or above {limit}"


def comparison_sentences(table: pd.DataFrame) -> list[str]:
    """Say Amazon's figures and why ours differ for the same orders.

    Parameters
    ----------
    table : DataFrame
        What :func:`compared` returns.

    Returns
    -------
    list of str
        One sentence or two; none without a figure.
    """
    if table.empty:
        return []
    known = table[table["amazon_rate"].notna()]
    over = known[known["amazon_rate"] >= known["target"]]
    spans = sorted({(row["start"].date(), row["end"].date()) for row in table.to_dict("records")})
    dates = "; ".join(f"{day_in_words(start)} to {day_in_words(end)}" for start, end in spans)
    listed = [_figure(row) for row in (over if len(over) else known).to_dict("records")]
    if known.empty:
        said = "the file states no rate"
    elif known["target"].isna().all():
        said = f"the file states no target ({'; '.join(listed)})"
    else:
        said = f"{held_against(len(over), len(known), 'the target')} ({'; '.join(listed)})"
    own = "figure covers" if len(table) == 1 else "figures cover"
    sentences = [f"Amazon's own {own} the orders of {dates}: {said}."]
    differ = [row for row in table.to_dict("records") if row["why"]]
    if not differ and table.reindex(columns=STATED).notna().any(axis=None):
        sentences.append("For the same orders our count agrees with Amazon's.")
    for row in differ:
        sentences.append(f"{place_name(row)}, same orders: {row['why']}.")
    return sentences


def _figure(row: dict) -> str:
    count = "" if missing(row["amazon_orders"]) else f" of {row['amazon_orders']:,}"
    return f"{place_name(row)} {percent(row['amazon_rate'], 2)}{count}"


def place_name(row: dict) -> str:
    """Return whose orders a figure of Amazon's is of, in words.

    Parameters
    ----------
    row : dict
        A row of :func:`compared`: ``marketplace`` and ``channel``.

    Returns
    -------
    str
        Such as ``DE seller-fulfilled``; without the marketplace where none is stated.
    """
    channel = channel_names("fulfilled").get(row["channel"], "all orders")
    market = "" if missing(row["marketplace"]) else f"{row['marketplace']} "
    return f"{market}{channel}"
