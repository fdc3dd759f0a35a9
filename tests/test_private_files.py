"""What becomes of a shop's files beside the report: its owner's alone, and never committed."""

import os
import stat
import subprocess

import pytest

from feedback_analysis.amazon.folder import read_folder
from feedback_analysis.causes.audit import audit_shop
from feedback_analysis.causes.files import label_file
from feedback_analysis.report.build import build_report
from feedback_analysis.report.case_work import write_cases
from tests.project_files import ROOT
from tests.report.hand_made import write_notebook

HEADER = "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n"
READS = "import feedback_analysis as fa\nprint(len(fa.read_folder(SHOP).feedback))"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_every_file_that_holds_private_content_is_its_owners_alone(tmp_path):
    shop = tmp_path / "shop"
    (shop / "amazon" / "US").mkdir(parents=True)
    rows = [
        f"10/{day}/26\t{1 + day % 2}\tit never arrived {day}\t\t000-0000001-00000{day}\t"
        for day in range(10, 32)
    ]
    (shop / "amazon" / "US" / "feedback.txt").write_text(HEADER + "\n".join(rows) + "\n")
    given = {path for path in shop.rglob("*") if path.is_file()}
    write_notebook(tmp_path / "notebooks" / "00_all.ipynb", "## Read", READS)
    build_report(shop, notebooks=tmp_path / "notebooks", output=tmp_path / "out", progress=False)
    write_cases(shop, shop / "cases.xlsx")
    write_cases(shop, shop / "list.csv")
    audit_shop(read_folder(shop).feedback, shop, encoder="none")
    (tmp_path / "in.csv").write_text("comment\nit never arrived\n")
    label_file(tmp_path / "in.csv", shop / "labelled.csv", encoder="none")
    made = {
        path for path in shop.rglob("*") if path.is_file() and path.name != ".gitignore"
    } - given
    names = {path.name for path in made}
    assert {"salt", "order-keys.csv", "sample.csv", "cases.xlsx", "labelled.csv"} <= names
    assert {"feedback.parquet", "snapshot.json"} <= names
    modes = {str(path.relative_to(shop)): stat.S_IMODE(path.stat().st_mode) for path in made}
    assert {name for name, mode in modes.items() if mode != 0o600} == set()
    assert (shop / ".private" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    "name",
    [
        "data/mine/amazon/US/feedback.txt", "data/mine/cases.csv", "data/mine/.private/salt",
        "data/sample/.private/order-keys.csv", "cases.xlsx", "data/sample/cases.xlsx", "cases.csv",
        "labelled.csv", "reports/mine/2026-10/index.html", "elsewhere/.private/order-keys.csv",
    ],
)  # fmt: skip
def test_git_ignores_what_is_private(name):
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    done = subprocess.run(["git", "check-ignore", "-q", "--no-index", name], cwd=ROOT, check=False)
    assert done.returncode == 0
