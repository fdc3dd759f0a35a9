"""Shops whose files are read as large ones, however small they are."""

from feedback_analysis.amazon import kept
from feedback_analysis.amazon.folder import inspect_folder
from tests.amazon import files

TOML = '[shop]\nname = "Large"\nmarketplaces = ["US"]\n[privacy]\nsalt = "tests"\n'
RELAY = "x@marketplace.amazon.com"


def feedback_rows(number=40):
    """Rows of the current form: every rating, comments that a careless parser would spoil."""
    said = ['"late', 'not "good', "NA", "null", "None", "", "  ", "ok??", '""', "très bien", "'"]
    return [
        [f"10/{1 + place % 28}/26", 1 + place % 5, said[place % len(said)], "",
         files.ORDER(place), RELAY]
        for place in range(number)
    ]  # fmt: skip


def text_of(rows, header=files.FEEDBACK, **options):
    return files.lines_of(header, rows, **options)


def write_shop(folder, contents):
    (folder / "amazon").mkdir(parents=True)
    (folder / "shop.toml").write_text(TOML)
    for name, content in contents.items():
        (folder / "amazon" / name).write_bytes(content)
    return folder


def read_large(folder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(kept, "LARGE", 0)
        return inspect_folder(folder).shop


def monthly(rows):
    return text_of(rows).encode()


def orders_of(rows):
    made = [
        files.row_of(
            files.ORDERS, amazon_order_id=row[4], purchase_date="2026-09-15T10:00:00+00:00",
            last_updated_date="2026-09-16T10:00:00+00:00", order_status="Shipped",
            fulfillment_channel="Amazon", sales_channel="Amazon.com", sku=f"S{row[1]}",
            asin="B000000001", quantity=1, currency="USD", item_price="9.99",
        )
        for row in rows
    ]  # fmt: skip
    return text_of(made, files.ORDERS).encode()


SHOP = {
    "a.txt": monthly(feedback_rows(30)),
    # The later download no longer holds the first rows, and repeats the others.
    "b.txt": monthly([*feedback_rows(45)[4:], ["11/2/26", 2, "twice", "", files.ORDER(7), RELAY]]),
    "copy of a.txt": monthly(feedback_rows(30)),
    "orders 1.txt": orders_of(feedback_rows(30)),
    "orders 2.txt": orders_of([*feedback_rows(50)[20:], feedback_rows(50)[49]]),
}
