"""What masks and the sharing gate find, what they take too much of, and what the gate costs.

Items are invented and spelt in the ten ways of tests/report/planted.py. Reports are made of
simulated shops in which nothing is planted beyond what their hand-written comments hold: a finding
there is a false alarm. `--shops 0` leaves these out; each takes minutes.
"""

from __future__ import annotations

import argparse
import html
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from feedback_analysis.amazon.folder import read_with_names
from feedback_analysis.errors import ReportError
from feedback_analysis.names import Names
from feedback_analysis.privacy import scrub_text
from feedback_analysis.report.build import build_report
from feedback_analysis.report.gate import find_all, find_in, read_back
from feedback_analysis.report.known import Known, know
from feedback_analysis.report.pieces import html_pieces
from feedback_analysis.sample import write_sample
from tests.report.planted import KINDS, WAYS, core, item, spelt, squashed

ITEMS = 1000
SAID = "Please write to {} as soon as you can"
WHERE = {
    "a comment": "<table><tr><th>Comment</th></tr><tr><td>{}</td></tr></table>",
    "a sentence": "<p>{}</p>",
    "a cell": "<table><tr><th>Carrier</th></tr><tr><td>{}</td></tr></table>",
    "a link": '<p><a href="{}">x</a></p>',
}


def detection() -> None:
    """Print the share of items that masks take out, and that the gate finds where they are off."""
    names = Names()
    names.add(item("name", number) for number in range(ITEMS))
    known = Known(names=names)
    print(f"{ITEMS:,} items a kind, in {len(WAYS)} spellings: masked in a comment, found in ...")
    for kind in KINDS:
        spelt_items = [
            (number, spelt(item(kind, number), WAYS[number % len(WAYS)])) for number in range(ITEMS)
        ]
        left = sum(
            core(kind, number) in squashed(names.mask(scrub_text(SAID.format(said))))
            for number, said in spelt_items
        )
        line = [f"masked {1 - left / ITEMS:.1%}"]
        for place, page in WHERE.items():
            bare = place in ("a cell", "a link")
            pages = (
                page.format(html.escape(said if bare else SAID.format(said)))
                for _, said in spelt_items
            )
            hits = sum(
                bool(find_in("a.html", html_pieces(text), known, keys_allowed=True))
                for text in pages
            )
            line.append(f"{place} {hits / ITEMS:.1%}")
        print(f"  {kind:<9}", "; ".join(line))


def report(folder: Path, shop: Path) -> None:
    """Print whether a report passes the gate, and what the gate cost of it."""
    start = time.process_time()
    began = time.perf_counter()
    try:
        index = build_report(shop, output=folder, progress=False)
    except ReportError as error:
        print(f"  {shop.name}: {error}")
        return
    whole, own = time.perf_counter() - began, time.process_time() - start
    read, names = read_with_names(shop)
    known = know(read, names)
    start = time.process_time()
    pages = {path.name: read_back(path) for path in sorted(index.parent.iterdir())}
    found = find_all(pages, known, closed=())
    cost = time.process_time() - start
    pieces = sum(len(page.pieces) for page in pages.values())
    print(
        f"  {shop.name}: passes; {pieces:,} pieces of text, "
        f"{len(found)} findings, {len(names):,} names known; the gate takes {cost:.2f} CPU seconds "
        f"of {own:.1f} outside of the notebooks ({whole:.0f} s in all)"
    )


def main() -> None:
    """Run all of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shops", type=int, default=2, help="simulated shops to make reports of")
    options.add_argument("--scale", type=float, default=0.1)
    given = options.parse_args()
    detection()
    print(f"Reports of {given.shops} simulated shops, scale {given.scale:g}:")
    with tempfile.TemporaryDirectory() as place:
        for seed in range(1, given.shops + 1):
            shop = write_sample(Path(place) / f"shop-{seed}", seed=seed, scale=given.scale)
            report(Path(place) / f"report-{seed}", shop)


if __name__ == "__main__":
    main()
