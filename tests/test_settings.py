"""shop.toml: defaults, every setting, and errors that name line, key and what was meant."""

import re
from datetime import date

import pytest

from feedback_analysis import ReportError
from feedback_analysis.settings import Settings, load_settings

FULL = """
[shop]
name = "Alder & Finch"
marketplaces = ["US", "GB", "amazon.de"]
[targets]
positive_share = 0.9
average = 4.2
[report]
minimum_n = 20
[alarm]
weeks_between_false_alarms = 52
[privacy]
salt = "a sample's salt"
[[files]]
path = "2026/*.csv"
marketplace = "UK"
start = 2026-10-01
end = 2026-10-31
columns = { sessions = "Besuche" }
[[totals]]
as_of = 2026-10-31
window = "365 days"
positive = 90
neutral = 4
negative = 6
"""


def written(folder, text, encoding="utf-8"):
    (folder / "shop.toml").write_bytes(text.encode(encoding))
    return folder


def test_without_a_file_the_defaults_and_the_folders_name_count(tmp_path):
    settings = load_settings(tmp_path)
    assert settings == Settings(name=tmp_path.name)
    assert (settings.targets.positive_share, settings.targets.average) == (0.95, 4.5)
    assert (settings.minimum_n, settings.marketplaces, settings.salt) == (10, (), None)
    assert settings.alarm.weeks_between_false_alarms == 104


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_every_setting_is_read(tmp_path, encoding):
    settings = load_settings(written(tmp_path, FULL, encoding))
    assert settings.name == "Alder & Finch"
    assert settings.marketplaces == ("US", "UK", "DE")
    assert (settings.targets.positive_share, settings.targets.average) == (0.9, 4.2)
    assert (settings.minimum_n, settings.salt) == (20, "a sample's salt")
    assert settings.alarm.weeks_between_false_alarms == 52
    (entry,) = settings.files
    assert (entry.path, entry.marketplace, entry.ignore) == ("2026/*.csv", "UK", False)
    assert (entry.start, entry.end) == (date(2026, 10, 1), date(2026, 10, 31))
    assert entry.columns == {"sessions": "Besuche"}
    (totals,) = settings.totals
    assert (totals.positive, totals.neutral, totals.negative) == (90, 4, 6)


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("[shop]\nnam = 'x'\n", "'nam' is not a setting. Did you mean 'name'?", 2),
        ("[target]\naverage = 4\n", "'target' is not a setting. Did you mean 'targets'?", 1),
        ("[targets]\npositiv_share = 1\n", "Did you mean 'positive_share'?", 2),
        ("[alarm]\nweeks_between = 5\n", "Did you mean 'weeks_between_false_alarms'?", 2),
        (
            "[alarm]\nweeks_between_false_alarms = 1\n",
            "'alarm.weeks_between_false_alarms' does not fit",
            2,
        ),
        ("[report]\nminimum = 5\n", "Did you mean 'minimum_n'?", 2),
        ("[[files]]\npath = 'a'\nmarktplace = 'US'\n", "Did you mean 'marketplace'?", 3),
        ("[[totals]]\nas_of = 2026-10-31\npositve = 1\n", "Did you mean 'positive'?", 3),
        ("name = 'x'\n", "'name' is not a setting", 1),
        ("[targets]\npositive_share = 95\n", "'targets.positive_share' does not fit", 2),
        ("[report]\nminimum_n = 0\n", "'report.minimum_n' does not fit", 2),
        ("[shop]\nmarketplaces = ['UKK']\n", "is not a marketplace. Did you mean 'UK'?", 2),
        ("[shop]\nmarketplaces = 'UK'\n", "'shop.marketplaces' does not fit", 2),
        ("[shop\nname = 'x'\n", "shop.toml cannot be read", 1),
        ("[shop]\nname = Alder\n", "shop.toml cannot be read", 2),
        ("[[files]]\npath = 'a'\nstart = 2026-10-01\n", "state both start and end", 1),
        (
            "[[files]]\npath = 'a'\nstart = 2026-10-02\nend = 2026-10-01\n",
            "the window ends before it starts",
            1,
        ),
        (
            "[[totals]]\nas_of = 2026-10-31\nwindow = '30 days'\npositive = '9'\nneutral = 0\n"
            "negative = 0\n",
            "'totals.positive' does not fit",
            4,
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, text, message, line):
    with pytest.raises(ReportError, match=r"shop\.toml") as caught:
        load_settings(written(tmp_path, text))
    assert message in str(caught.value)
    assert caught.value.line == line
    assert caught.value.remedy


def test_the_line_is_that_of_the_table_with_the_mistake(tmp_path):
    good = "[[files]]\npath = 'a'\nmarketplace = 'US'\n"
    text = good + "[[files]]\npath = 'b'\nmarketplace = 'QQ'\n"
    with pytest.raises(ReportError, match="'QQ' is not a marketplace") as caught:
        load_settings(written(tmp_path, text))
    assert caught.value.line == 6


def test_a_count_that_is_missing_is_called_missing(tmp_path):
    text = "[[totals]]\nas_of = 2026-10-31\nwindow = '30 days'\npositive = 9\nnegative = 0\n"
    with pytest.raises(ReportError, match=r"'totals\.neutral' is missing"):
        load_settings(written(tmp_path, text))


def test_a_file_that_is_no_utf_8_is_told(tmp_path):
    with pytest.raises(ReportError, match="not UTF-8"):
        load_settings(written(tmp_path, "[shop]\nname = 'Grün'\n", "cp1252"))


CASES = """
[cases]
answer_days = 1
close_days = 7
tolerance_days = 2
owners = ["Kim"]
buy_shipping = true
[[actions]]
what = "New boxes"
since = 2026-06-01
question = "packaging"
products = ["MUG-*"]
[[templates]]
name = "Slip"
use = "slip"
text = "Thank you."
"""


def test_promise_actions_and_templates_are_read(tmp_path):
    settings = load_settings(written(tmp_path, CASES))
    promise = settings.cases
    assert (promise.answer_days, promise.close_days, promise.tolerance_days) == (1, 7, 2)
    assert (promise.owners, promise.buy_shipping) == (("Kim",), True)
    (action,), (template,) = settings.actions, settings.templates
    assert (action.since, action.question, action.products) == (
        date(2026, 6, 1), "packaging", ("MUG-*",),
    )  # fmt: skip
    assert (template.use, template.text) == ("slip", "Thank you.")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[cases]\nclose_day = 7\n", 2, "Did you mean 'close_days'?"),
        ("[cases]\nclose_days = 900\n", 2, "less than or equal to 365"),
        ('[[actions]]\nwhat = "x"\nsince = 2026-06-01\n', 1, "state the complaint"),
        ('[[actions]]\nwhat = "x"\nsince = 2026-06-01\nquestion = "packing"\n', 4, "packaging"),
        ('[[templates]]\nname = "x"\ntext = "y"\nuses = "slip"\n', 4, "Did you mean 'use'?"),
    ],
)
def test_a_wrong_setting_of_cases_is_named_with_its_line(tmp_path, text, line, message):
    with pytest.raises(ReportError, match=re.escape(message)) as caught:
        load_settings(written(tmp_path, text))
    assert caught.value.line == line
