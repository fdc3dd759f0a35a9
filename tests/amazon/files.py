"""Hand-made files as Amazon writes them: headers in full, rows by hand, in the real encoding."""

from feedback_analysis import read_folder
from feedback_analysis.amazon.folder import inspect_folder

FEEDBACK = ["Date", "Rating", "Comments", "Your Response", "Order ID", "Rater Email"]
LEGACY = [
    "Date", "Rating", "Comments", "Your Response", "Arrived on Time", "Item as Described",
    "Customer Service", "Order ID", "Rater Email", "Rater Role",
]  # fmt: skip
ORDERS = (
    "amazon-order-id merchant-order-id purchase-date last-updated-date order-status "
    "fulfillment-channel sales-channel order-channel ship-service-level product-name sku asin "
    "item-status quantity currency item-price item-tax shipping-price shipping-tax gift-wrap-price "
    "gift-wrap-tax item-promotion-discount ship-promotion-discount ship-city ship-state "
    "ship-postal-code ship-country promotion-ids cpf is-business-order purchase-order-number "
    "price-designation"
).split()
SHIPMENTS = (
    "amazon-order-id merchant-order-id shipment-id shipment-item-id amazon-order-item-id "
    "merchant-order-item-id purchase-date payments-date shipment-date reporting-date buyer-email "
    "buyer-name buyer-phone-number sku product-name quantity-shipped currency item-price item-tax "
    "shipping-price shipping-tax gift-wrap-price gift-wrap-tax ship-service-level recipient-name "
    "ship-address-1 ship-address-2 ship-address-3 ship-city ship-state ship-postal-code "
    "ship-country ship-phone-number bill-address-1 bill-address-2 bill-address-3 bill-city "
    "bill-state bill-postal-code bill-country item-promotion-discount ship-promotion-discount "
    "carrier tracking-number estimated-arrival-date fulfillment-center-id fulfillment-channel "
    "sales-channel"
).split()
CONFIRMATIONS = (
    "order-id order-item-id quantity ship-date carrier-code carrier-name tracking-number "
    "ship-method"
).split()
FBA_RETURNS = (
    "return-date order-id sku asin fnsku product-name quantity fulfillment-center-id "
    "detailed-disposition reason status license-plate-number customer-comments"
).split()
SELLER_RETURNS = [
    "Order ID", "Order date", "Return request date", "Return request status", "Amazon RMA ID",
    "Merchant RMA ID", "Label type", "Label cost", "Currency code", "Return carrier", "Tracking ID",
    "Label to be paid by", "A-to-Z Claim", "Is prime", "ASIN", "Merchant SKU", "Item Name",
    "Return quantity", "Return Reason", "In policy", "Return type", "Resolution", "Invoice number",
    "Return delivery date", "Order Amount", "Order quantity", "SafeT Action reason",
    "SafeT claim id", "SafeT claim state", "SafeT claim creation time",
    "SafeT claim reimbursement amount", "Refunded Amount",
]  # fmt: skip
UK_SLIM = (
    "(Parent) ASIN,(Child) ASIN,Title,SKU,Sessions – Total,Sessions – Total – B2B,"
    "Session percentage – Total,Session percentage – Total – B2B,Page views – Total,"
    "Page views – Total – B2B,Page views percentage – Total,Page views percentage – Total – B2B,"
    "Featured Offer (Buy Box) percentage,Featured Offer (Buy Box) percentage – B2B,Units ordered,"
    "Units ordered – B2B,Unit Session Percentage,Unit session percentage – B2B,"
    "Ordered Product Sales,Ordered product sales – B2B,Total order items,Total order items – B2B"
).split(",")
US_SLIM = [
    header.replace("–", "-").title().replace("Asin", "ASIN").replace("Sku", "SKU")
    for header in UK_SLIM
]


def ORDER(number):
    """Return the order id of the tests' order number so and so."""
    return f"000-{number:07d}-{number:07d}"


def row_of(header, **cells):
    """Return one row under a header, cells named by header (``_`` for what is no letter)."""
    named = {"".join(c if c.isalnum() else "_" for c in name.casefold()): name for name in header}
    unknown = set(cells) - set(named)
    assert not unknown, unknown
    by_name = {named[key]: str(value) for key, value in cells.items()}
    return [by_name.get(name, "") for name in header]


def lines_of(header, rows, *, separator="\t", end="\n"):
    """Return a delimited text without any quoting."""
    return end.join(separator.join(map(str, cells)) for cells in [header, *rows]) + end


def commas(header, rows, *, separator=",", end="\n", all_quoted=False):
    """Return a CSV, quoted as Amazon does: only a cell that holds the separator, or every cell."""

    def cell(value):
        text = str(value)
        wanted = all_quoted or separator in text or "\n" in text
        return '"' + text.replace('"', '""') + '"' if wanted else text

    return end.join(separator.join(map(cell, cells)) for cells in [header, *rows]) + end


def put(folder, name, content, encoding="utf-8"):
    """Write a file of a text or of bytes and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def feedback(*rows, header=FEEDBACK, **keywords):
    """Return a feedback file; a short row ends with empty cells."""
    width = len(header)
    return lines_of(header, [(list(row) + [""] * width)[:width] for row in rows], **keywords)


def make_shop(folder, files, toml=""):
    """Write a shop: files below amazon/ by name, and shop.toml where there is one."""
    (folder / "amazon").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        put(folder / "amazon", name, content)
    if toml:
        put(folder, "shop.toml", toml)
    return folder


def read_shop(folder, files, toml=""):
    """Write a shop and read it; its ledger must add up."""
    shop = read_folder(make_shop(folder, files, toml))
    assert_adds_up(shop)
    return shop


def inspect(folder, files, toml=""):
    """Write a shop and read it as far as possible; the ledger must add up."""
    found = inspect_folder(make_shop(folder, files, toml))
    assert_adds_up(found.shop)
    return found


def assert_adds_up(shop):
    """Rows read are rows kept and rows set aside, and every row set aside has its reason."""
    ledger = shop.ledger.dropna(subset="rows_read")
    assert (ledger["rows_read"] == ledger["rows_kept"] + ledger["rows_set_aside"]).all()
    reasons = shop.set_aside.groupby("file")["rows"].sum() if len(shop.set_aside) else {}
    for _, row in ledger.iterrows():
        assert dict(reasons).get(row["file"], 0) == row["rows_set_aside"], row["file"]


def ledger_of(shop, name):
    """Return the ledger's line of one file."""
    return shop.ledger[shop.ledger["file"] == name].iloc[0]
