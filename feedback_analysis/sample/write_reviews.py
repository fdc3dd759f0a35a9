"""Review history: dated counts a family, and a snapshot as a price tracker exports it."""

from __future__ import annotations

import numpy as np

from .block import Block
from .model import ONE_DAY, generator, texts
from .output import Output, quoted

SNAPSHOT = 30  # families of a block that the tracker follows


def write_reviews(out: Output, block: Block) -> None:
    """Append a row for each day on which a family's review count changed.

    The count at the start of a week is the last one dated before its Monday. A family without a
    review has one row with 0, from the day it was first on sale.
    """
    rng = generator(block.seed, block.number, "reviews")
    span, families, demand = block.span, block.catalogue.families, block.demand
    rows, snapshot = [], []
    for position, family in enumerate(families.itertuples()):
        count, mean = int(family.first_reviews), float(family.rating)
        total = count * mean
        launched = span.monday + max(0, int(family.launch)) * 7 * ONE_DAY
        opened = max(span.start, launched)
        rows.append((family.parent_asin, str(opened), str(count), f"{mean:.1f}" if count else ""))
        month_ago = count
        gained = np.repeat(np.arange(span.weeks), demand.gained[position])
        when = np.sort(span.monday + (gained * 7 + rng.integers(0, 7, len(gained))) * ONE_DAY)
        for day, new in zip(*np.unique(when, return_counts=True), strict=True):
            if day > span.end:
                break
            total += np.clip(np.rint(rng.normal(mean, 1.1, new)), 1, 5).sum()
            count += int(new)
            rows.append(
                (
                    family.parent_asin,
                    str(max(day, opened + ONE_DAY)),
                    str(count),
                    f"{total / count:.1f}",
                )
            )
            if day <= span.end - 30 * ONE_DAY:
                month_ago = count
        if position < SNAPSHOT:
            title = block.catalogue.children["title"].to_numpy()[
                np.argmax(block.catalogue.children["family"].to_numpy() == position)
            ]
            snapshot.append(
                ("com", title, family.parent_asin, f"{total / count:.1f}" if count else "",
                 str(count) if count else "", str((count + month_ago) // 2), str(month_ago),
                 str(2_000 + int(np.exp(12 - family.log_sessions / 2))), "")
            )  # fmt: skip
    header = quoted([("asin", "date", "review_count", "average_rating")])
    out.append("amazon/reviews/reviews.csv", quoted(rows), header=header)
    out.append(
        f"amazon/keepa/{span.end}_{span.end}/KeepaExport-{span.end}.csv",
        quoted(snapshot, every=True),
        header=quoted([texts()["keepa"]["header"]], every=True),
        bom=True,
    )
