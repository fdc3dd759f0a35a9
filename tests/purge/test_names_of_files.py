"""Names of files that hold a buyer's data, and files that a purge cannot open."""

import os

import pytest
from typer.testing import CliRunner

from feedback_analysis.cli import app
from feedback_analysis.purge import purge_shop
from feedback_analysis.purge.words import in_words
from tests.purge.shops import ID, SAID, write_shop

TOLD = "its name holds the order id: rename it"


def told(done):
    return "\n".join(in_words(done, dry_run=False, what="it", command=lambda *_: ""))


@pytest.mark.parametrize("name", [f"feedback {ID}.txt", f"{ID.replace('-', '')}.txt"])
def test_a_file_named_by_the_order_is_told_without_its_name(tmp_path, name):
    shop = write_shop(tmp_path / "shop")
    (shop / "amazon" / "US" / "feedback.txt").rename(shop / "amazon" / "US" / name)
    done = purge_shop(shop, order_id=ID, downloads=True)
    assert done.left == [(f"amazon/US/{name}", TOLD)]
    said = told(done)
    assert ID not in said
    assert name not in said
    assert "[order id].txt: 1 row (download)" in said
    assert f"[order id].txt: {TOLD}" in said


def test_the_shop_s_own_path_stays_as_it_is_and_names_below_it_are_masked(tmp_path):
    shop = write_shop(tmp_path / "Drive-jo@example.com" / "shop")
    source = shop / "amazon" / "US" / "returns.txt"
    source.rename(source.with_name("ann@example.com returns.txt"))
    run = CliRunner().invoke(app, ["purge", str(shop), "--order-id", ID, "--yes"])
    assert "ann@" not in run.output
    assert "amazon/US/[e-mail] returns.txt: line 2" in run.output


@pytest.mark.skipif(os.name == "nt", reason="Windows needs a right to make links")
def test_a_link_that_leads_nowhere_stops_no_purge_and_is_told(tmp_path):
    shop = write_shop(tmp_path / "shop")
    (shop / "amazon" / "US" / "gone.txt").symlink_to(tmp_path / "nowhere")
    done = purge_shop(shop, order_id=ID, downloads=True)
    assert done.unopened == ["amazon/US/gone.txt"]
    assert SAID not in (shop / "amazon" / "US" / "feedback.txt").read_text()
    assert "it cannot be opened:\n  amazon/US/gone.txt" in told(done)


def test_a_file_of_another_marketplace_stops_no_purge(tmp_path):
    shop = write_shop(tmp_path / "shop")
    (shop / "amazon" / "US").rename(shop / "amazon" / "UK")
    done = purge_shop(shop, order_id=ID)
    assert "amazon/UK/returns.txt" in dict(done.downloads)
