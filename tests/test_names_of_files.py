"""E-mails and order ids in the names of files are shown nowhere; the shop's own path stays."""

import pytest
from typer.testing import CliRunner

from feedback_analysis.amazon.path_line import path_line
from feedback_analysis.cli import app
from feedback_analysis.errors import ReportError
from feedback_analysis.privacy import mask_name
from feedback_analysis.settings import load_settings
from tests.amazon.files import ORDER, SHIPMENTS, feedback, inspect, lines_of, make_shop, put, row_of

ID, MAIL = ORDER(7), "ann@example.com"
BAD = f"US/bad {ID} of ann@example.com [1].txt"
FILES = {
    f"US/{ID} feedback.txt": feedback(("10/7/26", 1, "late", "", ID)),
    f"US/{MAIL}.{ID}/feedback.txt": feedback(("10/7/26", 1, "late", "", ID)),
    BAD: "foo\tbar\n1\t2\n",
    f"US/of {MAIL}.pdf": "%PDF-1.4",
    f"US/BusinessReport {MAIL}.csv": "(Child) ASIN,Sessions,Units Ordered\nB1,5,1\n",
}


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        (f"feedback {ID}.txt", "feedback [order id].txt"),
        (f"{ID.replace('-', ' ')}.txt", "[order id].txt"),
        (f"{MAIL}.csv.gz", "[e-mail].csv.gz"),
        ("US/ann%40example.com/x.txt", "US/[e-mail]/x.txt"),
        ("ann\uff20example.com", "[e-mail]"),
        (f"{ID}{MAIL}.txt", "[order id][e-mail].txt"),
        ("2026-10-01_2026-10-31/BusinessReport-11-02-26.csv",) * 2,
        ("a phone 415-555-0199, 2026-10-31.txt", "a phone [phone], 2026-10-31.txt"),
        ("+44 20 7946 0999.txt", "[phone].txt"),
        ("20261031-1234567.txt",) * 2,
        ("export 2026-10-31 10-15-30.csv",) * 2,
    ],
)
def test_e_mails_and_order_ids_and_phones_are_masked_and_days_and_endings_stay(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize("command", ["check", "report", "cases"])
def test_no_command_prints_them(tmp_path, command):
    shop = make_shop(tmp_path / "Drive-jo@example.com" / "shop", FILES)
    more = ["--out", str(tmp_path / "cases.xlsx")] if command == "cases" else []
    run = CliRunner().invoke(app, [command, str(shop), *more])
    assert run.exit_code == 1
    said = run.output + run.stderr
    assert "amazon/US/BusinessReport [e-mail].csv" in said
    for private in ("ann@", ID, ID.replace("-", "")):
        assert private not in said


def test_the_shop_s_own_path_stays_usable(tmp_path):
    shop = tmp_path / "Drive-jo@example.com" / "shop"
    shop.mkdir(parents=True)
    run = CliRunner().invoke(app, ["check", str(shop)])
    assert f"{shop}: the folder holds no shop" in run.stderr.replace("\n", "")


def test_neither_the_tables_nor_the_problems_of_a_folder_hold_them(tmp_path):
    found = inspect(tmp_path, FILES)
    texts = [*map(str, found.problems), found.shop.ledger.to_csv(), found.shop.set_aside.to_csv()]
    assert len(found.problems) == 3
    for text in texts:
        assert "ann@" not in text
        assert ID not in text
    # The other copy's name is told too.
    assert "same content as US/[e-mail].[order id]/feedback.txt" in found.shop.set_aside.to_csv()


def test_the_lines_to_copy_fit_the_file_all_the_same(tmp_path):
    shop = make_shop(tmp_path, {BAD: FILES[BAD]})
    error = str(inspect_problem(shop))
    lines = error[error.index("[[files]]") :].split("\n")[:3]
    assert "?" in lines[1]
    (shop / "shop.toml").write_text("\n".join(line.strip() for line in lines) + "\n")
    put(shop / "amazon", "US/bad and another.txt", "foo\tbar\n")
    assert str(inspect_problem(shop).file) == "amazon/US/bad and another.txt"


def inspect_problem(shop):
    from feedback_analysis.amazon.folder import inspect_folder

    (problem,) = inspect_folder(shop).problems
    assert isinstance(problem, ReportError)
    return problem


def test_a_path_is_quoted_as_toml_has_it():
    assert path_line('a "b".txt') == 'path = "a \\"b\\".txt"'
    assert path_line("a [1].txt") == 'path = "a [1].txt"'


def test_a_buyer_who_is_a_file_s_name_is_masked_there_too(tmp_path):
    row = row_of(SHIPMENTS, amazon_order_id=ID, shipment_date="2026-10-08T09:00:00-07:00",
                 sku="S", quantity_shipped=1, buyer_name="Zelda Quixworth",
                 recipient_name="Zelda Quixworth")  # fmt: skip
    files = {"US/Zelda Quixworth.txt": lines_of(SHIPMENTS, [row]), "US/zelda quixworth.pdf": "%PDF"}
    found = inspect(tmp_path, files)
    assert found.shop.ledger["file"].tolist() == ["US/[name].txt"]
    assert [problem.file for problem in found.problems] == ["amazon/US/[name].pdf"]


def test_a_shop_is_not_called_by_an_e_mail(tmp_path):
    shop = make_shop(tmp_path / MAIL, {})
    assert load_settings(shop).name == "[e-mail]"
    (shop / "shop.toml").write_text(f'[shop]\nname = "of {MAIL}"\n')
    with pytest.raises(ReportError, match="every page shows it"):
        load_settings(shop)
