"""Business reports: traffic and sales by child, parent or SKU for a stated period, or by date."""

from __future__ import annotations

import pandas as pd

from feedback_analysis.amazon.batch import Batch
from feedback_analysis.amazon.facts import need_period, settle_marketplace
from feedback_analysis.tables import TEXT
from feedback_analysis.texts import several

_COUNTS = ["sessions", "page_views", "units", "order_items"]


def tidy_by_product(batch: Batch) -> pd.DataFrame:
    """Turn a report by child ASIN, parent ASIN or SKU into the columns of ``traffic``.

    A child under two parents becomes one row. By SKU, sessions, page views and the featured offer
    share are repeated on every SKU of a product, so they count once; products without a sale are
    not there at all, which is noted and kept in ``basis``.
    """
    start, end = need_period(batch)
    marketplace, currency = settle_marketplace(batch)
    basis = batch.report.id.removeprefix("business_report_by_")
    frame = pd.DataFrame(
        {
            "parent_asin": batch.texts("parent_asin"),
            "child_asin": batch.texts("child_asin"),
            **{name: _counts(batch, name) for name in _COUNTS},
            "featured_offer_share": _shares(batch),
            "sales": batch.frame["sales"] if batch.has("sales") else float("nan"),
        }
    )
    product = "parent_asin" if basis == "parent" or not batch.has("child_asin") else "child_asin"
    needed = {product: "no ASIN", "sessions": "no sessions", "units": "no units"}
    for name, reason in needed.items():
        bad = frame[name].isna()
        if bad.any():
            batch.reject(bad, reason)
            frame = frame[~bad].reset_index(drop=True)
    if basis == "sku":
        frame = one_row_a_product(frame, batch.notes)
    if more := int((frame["units"] > frame["sessions"]).sum()):
        batch.notes.append(
            f"{several(more, 'product')} with more units than sessions (bulk orders, or orders "
            "from a cart filled earlier); kept as they are"
        )
    frame = one_row_a_child(frame, product, batch.notes)
    return frame.assign(
        start=pd.Timestamp(start),
        end=pd.Timestamp(end),
        marketplace=marketplace,
        currency=currency,
        basis=basis,
    )


def _shares(batch: Batch) -> pd.Series:
    if not batch.has("featured_offer_share"):
        return pd.Series(float("nan"), index=batch.frame.index)
    shares = batch.frame["featured_offer_share"]
    # Rounding shows 100.01 % at times; more than that is another column under this header.
    return shares.where(shares.isna() | (shares > 1.005), shares.clip(upper=1))


def _counts(batch: Batch, name: str) -> pd.Series:
    if batch.has(name):
        return batch.frame[name]
    return pd.Series(pd.NA, index=batch.frame.index, dtype="Int64")


def one_row_a_product(frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Return one row a (parent, child): units added up, the traffic that every SKU repeats once.

    Parameters
    ----------
    frame : DataFrame
        Rows by SKU, without the SKU.
    notes : list of str
        What was done is added here.
    """
    notes.append(
        "by SKU: traffic is repeated on every SKU of a product and counted once; "
        + (
            "products without a sale are missing, so it is not used for conversion"
            if len(frame) == 0 or frame["units"].min() >= 1
            else "not used for conversion"
        )
    )
    keys = ["parent_asin", "child_asin"]
    rules = dict.fromkeys(("sessions", "page_views", "featured_offer_share"), "max")
    rules |= dict.fromkeys(("units", "order_items", "sales"), _total)
    return frame.groupby(keys, dropna=False, sort=False, as_index=False).agg(rules)


def _total(values: pd.Series) -> object:
    return values.sum(min_count=1)


def one_row_a_child(frame: pd.DataFrame, product: str, notes: list[str]) -> pd.DataFrame:
    """Add up a child that moved between two parents inside the period.

    Parameters
    ----------
    frame : DataFrame
    product : str
        ``child_asin``, or ``parent_asin`` in a report by parent.
    notes : list of str
        What was done is added here.
    """
    repeated = frame[product].duplicated(keep=False)
    if not repeated.any():
        return frame
    moved = frame.loc[repeated, product].nunique()
    why = " (moved between parents)" if product == "child_asin" else ""
    notes.append(f"{several(moved, 'product')} stood in several rows{why}: added up")
    # The share of page views is weighted by page views where there are any, else by sessions.
    weight = frame["page_views"].fillna(frame["sessions"]).astype("float64")
    shares = frame["featured_offer_share"]
    work = frame.assign(
        weight=weight.where(shares.notna(), 0), weighted=(shares * weight).fillna(0),
        order=-frame["sessions"],
    )  # fmt: skip
    # The parent that had most of the visits speaks for the product.
    parents = work.sort_values("order", kind="stable").drop_duplicates(product)
    rules = dict.fromkeys((*_COUNTS, "sales", "weight", "weighted"), _total)
    total = work.groupby(product, sort=False, as_index=False).agg(rules)
    if product == "child_asin":
        total["parent_asin"] = total[product].map(parents.set_index(product)["parent_asin"])
    else:
        total["child_asin"] = pd.Series(pd.NA, index=total.index, dtype=TEXT)
    share = total["weighted"] / total["weight"].where(total["weight"] > 0)
    return total.assign(featured_offer_share=share).drop(columns=["weight", "weighted"])


def tidy_by_date(batch: Batch) -> pd.DataFrame:
    """Turn a report by date into the columns of ``daily``."""
    marketplace, currency = settle_marketplace(batch)
    batch.read_days("date", market=marketplace, pattern=batch.facts.pattern)
    batch.reject(batch.frame["day"].duplicated(), "the same day again")
    return pd.DataFrame(
        {
            "date": batch.frame["day"],
            "marketplace": marketplace,
            **{name: _counts(batch, name) for name in (*_COUNTS, "units_refunded")},
            "sales": batch.frame["sales"] if batch.has("sales") else float("nan"),
            "currency": currency,
        }
    )
