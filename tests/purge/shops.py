"""A shop with one buyer's data in every place where the product keeps or writes any."""

import gzip
import io
import json
import sqlite3

import nbformat
import numpy as np
import pandas as pd
from openpyxl import Workbook

from feedback_analysis.amazon.folder import read_folder
from feedback_analysis.causes.corrections_log import add_correction
from feedback_analysis.causes.sentences import UniversalSentenceEncoder
from feedback_analysis.causes.units import units
from feedback_analysis.causes.vectors import key_of
from feedback_analysis.privacy import OrderKeys, shop_salt, write_private
from feedback_analysis.report.build import build_report
from feedback_analysis.report.case_work import write_cases
from feedback_analysis.service.labels import hash_of
from tests.amazon.files import FBA_RETURNS, ORDER, ORDERS, feedback, lines_of, make_shop, row_of
from tests.report.hand_made import write_notebook

ID, OTHER = ORDER(7), ORDER(8)
# Quotation marks, an ampersand and a letter beyond ASCII: each is spelt differently somewhere.
SAID = 'It "never" arrived & n\u00f3body at all would answer my seventeen letters'
OF_OTHER = "It never arrived and I am still waiting for the parcel in the rain"
RETURNED = "the zip broke on the very first morning in the mountains"
SHOWS = (
    "import pandas as pd, feedback_analysis as fa\n"
    "from IPython.display import HTML, display\n"
    "pd.set_option('display.max_colwidth', None)\n"
    "display(HTML(fa.read_folder(SHOP).feedback[['date', 'comment']].to_html()))"
)


def files():
    """Return the downloads: text, gzip and UTF-16, two of which hold the order twice."""
    rows = [
        (f"10/{n}/26", 1 + n % 5, f"fine parcel number {n} of the autumn", "", ORDER(n))
        for n in range(9, 27)
    ]
    rows.append(("10/7/26", 1, SAID, "Dear buyer, sorry about the letters", ID, "x@example.com"))
    rows.append(("10/8/26", 1, OF_OTHER, "", OTHER))
    later = [("10/30/26", 2, "a later one that is in no other file", "", ORDER(40)), *rows]
    stamp = "2026-10-{:02d}T09:00:00+00:00"
    bought = [
        row_of(ORDERS, amazon_order_id=ORDER(n), purchase_date=stamp.format(n), quantity=1,
               sku="S1", asin="B000000001", fulfillment_channel="Merchant", currency="USD",
               sales_channel="Amazon.com", item_price="9.50", order_status="Shipped",
               last_updated_date=stamp.format(n))
        for n in (7, 7, 8, *range(9, 27))
    ]  # fmt: skip
    back = [
        row_of(FBA_RETURNS, return_date=stamp.format(20), order_id=ORDER(n), sku="S1",
               asin="B000000001", quantity=1, reason="DEFECTIVE", customer_comments=said)
        for n, said in ((7, RETURNED), (8, "too small"))
    ]  # fmt: skip
    return {
        "US/feedback.txt": feedback(*rows),
        "US/feedback-later.txt": feedback(*later).encode("utf-16"),
        "US/orders.txt.gz": gzip.compress(lines_of(ORDERS, bought).encode(), mtime=0),
        "US/returns.txt": lines_of(FBA_RETURNS, back),
    }


def write_shop(folder):
    """Write the downloads and the seller's own lists."""
    toml = '[shop]\nname = "Purged"\nmarketplaces = ["US"]\n[causes]\nencoder = "none"\n'
    make_shop(folder, files(), toml=toml)
    (folder / "asks.csv").write_text(
        f"order_id,asked,how\n{ID},2026-10-05,mail\n{OTHER},2026-10-06,mail\n"
    )
    (folder / "causes.toml").write_text(
        '# Our own.\n[[cause]]\nid = "letters"\nlabel = "Letters"\nquestion = "other"\n'
        f'[cause.examples]\nen = [\n  {json.dumps(SAID)},\n  "no answer to letters",\n]\n'
    )
    return folder


def fill(place):
    """Let every command of the product work on the shop, and lay what it may leave beside it."""
    shop = write_shop(place / "shop")
    write_notebook(place / "notebooks" / "00_all.ipynb", "## All", SHOWS)
    for name, quotes in (("2026-10", "masked"), ("2026-W44", "none")):
        code = SHOWS if quotes == "masked" else "print('nothing')"
        write_notebook(place / "notebooks" / "00_all.ipynb", "## All", code)
        build_report(
            shop, period=name, output=place / "reports" / "shop" / name, progress=False,
            notebooks=place / "notebooks", quotes=quotes,
        )  # fmt: skip
    write_cases(shop, shop / "cases.xlsx")
    write_cases(shop, place / "elsewhere.csv")
    key = key_of_order(shop)
    for number, said in enumerate((SAID, OF_OTHER)):
        add_correction(shop / "corrections.csv", said, ["never_arrived"], ("", key)[number])
    private = shop / ".private"
    codes = {hash_of(said): [0.0, 1.0] for said in (SAID, OF_OTHER)}
    write_private(
        private / "map" / "places.json", json.dumps({"form": 1, "places": codes}).encode()
    )
    write_private(
        private / "audit" / "sample.csv",
        ("\ufeff" + pd.DataFrame({"comment": [SAID, OF_OTHER], "causes": ""}).to_csv()).encode(),
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(SAID)])
    write_private(private / "failed" / "00_all.ipynb", nbformat.writes(notebook).encode())
    write_private(private / "reading" / "feedback.bin", SAID.encode())
    (shop / ".corrections.csv.1.tmp").write_text(SAID)
    _keep_vectors(private / "vectors")
    return shop


def _keep_vectors(folder):
    write_private(folder / "vectors.sqlite", b"")
    with sqlite3.connect(folder / "vectors.sqlite") as held:
        held.execute("create table kept (hash blob primary key, width int, vectors blob)")
        # By their clauses, and as a whole.
        for cut in [*units([SAID, OF_OTHER]).parts, [SAID], [OF_OTHER]]:
            code = key_of(UniversalSentenceEncoder.name, cut)
            held.execute(
                "insert or ignore into kept values (?, 4, ?)", (code, np.zeros(4).tobytes())
            )
    held.close()


def key_of_order(shop, order=ID):
    """Return an order's key."""
    keys = OrderKeys(shop_salt(shop, None))
    return keys(pd.Series([order], dtype="str")).iloc[0]


def book(rows):
    """Return a workbook of rows."""
    made, out = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


def shop_of(folder):
    """Return the shop as it is read now."""
    return read_folder(folder)
