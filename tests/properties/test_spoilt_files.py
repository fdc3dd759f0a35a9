"""Whatever is done to a file: every row is accounted for, or there is one clear error."""

import os
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings

from feedback_analysis import ReportError, tables
from feedback_analysis.amazon import readers
from feedback_analysis.amazon.folder import inspect_folder
from tests.amazon.files import assert_adds_up
from tests.properties.files import PLANTED, SOUND
from tests.properties.mutations import mutations

TOML = '[shop]\nname = "Spoilt"\nmarketplaces = ["US"]\n[privacy]\nsalt = "tests"\n'
READERS = {
    "feedback": readers.read_feedback,
    "by": lambda path: readers.read_business_report(path, start="2026-10-01", end="2026-10-31"),
    "sales": readers.read_sales_and_traffic,
    "orders": readers.read_orders,
    "shipments": readers.read_shipments,
    "confirmations": readers.read_shipments,
    "FBA": readers.read_returns,
    "seller": readers.read_returns,
    "account": readers.read_account_health,
    "reviews": readers.read_reviews,
    "keepa": lambda path: readers.read_reviews(path, day="2026-10-31"),
}
EXAMPLES = int(os.environ.get("SPOILT_EXAMPLES", "10"))


@pytest.fixture(autouse=True, scope="module")
def own_configuration(tmp_path_factory):
    """Keep the salt for bare files out of the user's configuration folder."""
    with pytest.MonkeyPatch.context() as patch:
        folder = str(tmp_path_factory.mktemp("configuration"))
        patch.setenv("XDG_CONFIG_HOME", folder)
        patch.setenv("APPDATA", folder)
        yield


def assert_private(*texts):
    for text in texts:
        found = [planted for planted in PLANTED if planted in text]
        assert not found, text


def texts_of(frame):
    """Every text of a table, one below the other."""
    columns = [frame[name].dropna() for name in frame if pd.api.types.is_string_dtype(frame[name])]
    return [str(text) for column in columns for text in column]


def read_as_a_shop(name, content):
    """Read a spoilt file in a shop of its own: the ledger adds up and nothing personal is told."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "shop", SOUND[name][0])
        path.parent.mkdir(parents=True)
        (Path(folder, "shop", "amazon")).mkdir(exist_ok=True)
        path.write_bytes(content)
        path.parents[len(Path(SOUND[name][0]).parts) - 1].joinpath("shop.toml").write_text(TOML)
        found = inspect_folder(Path(folder, "shop"))
    assert_adds_up(found.shop)
    for table, frame in found.shop.tables().items():
        if len(frame):
            tables.validate(table, frame)
    assert len(found.problems) <= 1
    kept = len(found.shop.ledger.dropna(subset="rows_read"))
    assert kept + len(found.problems) == (1 if name != "cases" else len(found.problems))
    assert_private(*map(str, found.problems))
    assert_private(*texts_of(found.shop.ledger), *texts_of(found.shop.set_aside))


def read_alone(name, content):
    """Read a spoilt file by its public reader: a table as declared, or a ReportError."""
    reader = next((reader for key, reader in READERS.items() if name.startswith(key)), None)
    if reader is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, Path(SOUND[name][0]).name)
        path.write_bytes(content)
        try:
            result = reader(path)
        except ReportError as error:
            assert_private(str(error))
            return
    for frame in [result] if isinstance(result, pd.DataFrame) else [result.by_asin]:
        table = next(
            known for known, schema in tables.SCHEMAS.items() if list(schema.columns) == list(frame)
        )
        tables.validate(table, frame)


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_is_read_whole(name):
    content = SOUND[name][1]
    read_alone(name, content)
    read_as_a_shop(name, content)


@pytest.mark.parametrize("name", SOUND)
def test_a_spoilt_file_is_read_and_accounted_for_or_refused_with_one_clear_error(name):
    @settings(max_examples=EXAMPLES)
    @given(spoilers=mutations)
    def check(spoilers):
        content = SOUND[name][1]
        for spoil in spoilers:
            content = spoil(content)
        read_alone(name, content)
        read_as_a_shop(name, content)

    check()
