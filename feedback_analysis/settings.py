"""shop.toml: what a seller states about the shop, checked, with a suggestion for a misspelt key."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from feedback_analysis.data_settings import Data
from feedback_analysis.data_settings import Strict as _Table
from feedback_analysis.errors import ReportError, did_you_mean
from feedback_analysis.marketplaces import marketplace
from feedback_analysis.periods import EARLIEST, LATEST
from feedback_analysis.settings_trouble import (
    PLAIN,
    line_of,
    refuse_other_names,
    unreadable,
)

Share = Annotated[float, Field(ge=0, le=1)]
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
Count = Annotated[int, Field(ge=0, strict=True)]
# The id of a comment that states no cause, as a question and as a cause.
UNCLEAR = "unclear"
MinimumN = Annotated[int, Field(ge=1, le=1000)]
QUESTIONS = (
    "shipping_speed", "packaging", "tracking", "email_response", "cancel_return", "service_reach",
    "as_described", "other", UNCLEAR,
)  # fmt: skip
WINDOWS = ("30 days", "90 days", "365 days", "lifetime")


# An e-mail in the name of a shop. Masks for texts lie on a floor above.
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.\w+")


def _code(name: str | None) -> str | None:
    # A ReportError is no ValueError, so pydantic would let it through without the file's name.
    try:
        return None if name is None else marketplace(name).code
    except ReportError as error:
        raise ValueError(f"{error.message} Known: {error.expected}") from None


class Targets(_Table):
    """What the shop aims at: Amazon's advice is 95 % positive and an average of 4.5."""

    positive_share: Share = 0.95
    average: Annotated[float, Field(ge=1, le=5)] = 4.5


class Alarm(_Table):
    """How often the weekly alarm may be wrong: one false alarm a page in so many weeks."""

    weeks_between_false_alarms: Annotated[float, Field(ge=4, le=5200)] = 104


class Tolerance(_Table):
    """How large a share of all feedback may complain about each question before the answer is No.

    Two feedbacks in a hundred by default: a target of 95 % positive leaves five for all questions.
    """

    shipping_speed: Share = 0.02
    packaging: Share = 0.02
    tracking: Share = 0.02
    email_response: Share = 0.02
    cancel_return: Share = 0.02
    service_reach: Share = 0.02
    as_described: Share = 0.02


class FileEntry(_Table):
    """What the seller states about files that do not say it themselves.

    ``path`` is a file or a pattern (``2026/*.csv``) below ``amazon/``; ``columns`` maps our column
    names to the file's own headers; ``ignore`` leaves the files out, and the ledger says so.
    """

    path: str
    report: str | None = None
    marketplace: str | None = None
    start: Day | None = None
    end: Day | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    ignore: bool = False

    _marketplace = field_validator("marketplace")(_code)

    @model_validator(mode="after")
    def _window(self) -> FileEntry:
        if (self.start is None) != (self.end is None):
            raise ValueError("state both start and end, or neither")
        if self.start and self.end < self.start:
            raise ValueError("the window ends before it starts")
        return self


class Totals(_Table):
    """Feedback Manager's counts for one window, typed in by hand."""

    as_of: Day
    window: Literal["30 days", "90 days", "365 days", "lifetime"]
    marketplace: str | None = None
    positive: Count
    neutral: Count
    negative: Count

    _marketplace = field_validator("marketplace")(_code)


class Cases(_Table):
    """What the shop promises itself about cases, in days from the feedback.

    ``answer_days``: somebody looks into it; ``close_days``: it is closed; ``tolerance_days``: so
    much later is not yet overdue. ``buy_shipping``: labels of orders that the shop ships are bought
    through Amazon's Buy Shipping.
    """

    answer_days: Annotated[int, Field(ge=0, le=365)] = 2
    close_days: Annotated[int, Field(ge=0, le=365)] = 14
    tolerance_days: Annotated[int, Field(ge=0, le=90)] = 0
    owners: tuple[str, ...] = ()
    buy_shipping: bool = False


class Causes(_Table):
    """How comments are labelled: ``auto`` takes the sentence encoder where it is installed."""

    encoder: Literal["auto", "use", "none"] = "auto"


class Action(_Table):
    """A dated change that should lower a complaint, such as new boxes from 1 June.

    ``question`` or ``cause`` is the complaint's id; ``products`` are SKUs, ASINs or patterns of
    them (``AF-MUG-*``), and none means all.
    """

    what: Annotated[str, Field(min_length=1, max_length=120)]
    since: Day
    question: str | None = None
    cause: str | None = None
    products: tuple[str, ...] = ()

    @field_validator("question")
    @classmethod
    def _known_question(cls, name: str | None) -> str | None:
        if name is not None and name not in QUESTIONS:
            hint = did_you_mean(name, QUESTIONS) or f" Known: {', '.join(QUESTIONS)}"
            raise ValueError(f"'{name}' is no service question.{hint}")
        return name

    @model_validator(mode="after")
    def _aim(self) -> Action:
        if self.question is None and self.cause is None:
            raise ValueError("state the complaint it should lower: question or cause")
        return self


class Template(_Table):
    """A text that the shop sends to buyers or puts into parcels, to be checked against the rules.

    ``use``: what it is for: asking for feedback, answering a complaint, or a slip in the parcel.
    """

    name: Annotated[str, Field(min_length=1, max_length=80)]
    text: str
    use: Literal["request", "answer", "slip"] = "answer"


class Settings(_Table):
    """A shop's settings: ``shop.toml`` with defaults filled in.

    Attributes
    ----------
    name : str
        The shop's name, shown on the report.
    marketplaces : tuple of str
        Codes such as ``US``; empty when the shop did not state them.
    targets : Targets
        Positive share (0-1) and average stars (1-5) aimed at.
    minimum_n : int
        Below this number of feedbacks no rate is given: too few to say.
    alarm : Alarm
        How often the weekly alarm may be wrong.
    tolerance : Tolerance
        Share of all feedback (0-1) that may complain about each of the seven questions.
    salt : str or None
        Fixed salt for order keys; only for samples. A shop of its own draws one.
    not_names : tuple of str
        Words that a buyer is called by too, but that say nothing of a buyer: they are not masked.
    files, totals : tuple
        Statements about files, and totals typed in by hand.
    cases : Cases
        What the shop promises itself about cases.
    causes : Causes
        How comments are labelled.
    actions : tuple of Action
        Dated changes whose effect is to be looked at.
    templates : tuple of Template
        The shop's own texts, to be checked against Amazon's rules.
    data : Data
        Tables that lie elsewhere than in Amazon's files.
    """

    name: str = "Shop"
    marketplaces: tuple[str, ...] = ()
    targets: Targets = Targets()
    minimum_n: MinimumN = 10
    alarm: Alarm = Alarm()
    tolerance: Tolerance = Tolerance()
    salt: str | None = None
    not_names: tuple[str, ...] = ()
    files: tuple[FileEntry, ...] = ()
    totals: tuple[Totals, ...] = ()
    cases: Cases = Cases()
    causes: Causes = Causes()
    actions: tuple[Action, ...] = ()
    templates: tuple[Template, ...] = ()
    data: Data = Data()


class _Shop(_Table):
    name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    marketplaces: tuple[str, ...] = ()

    _codes = field_validator("marketplaces")(lambda codes: tuple(_code(code) for code in codes))

    @field_validator("name")
    @classmethod
    def _may_be_shown(cls, name: str | None) -> str | None:
        if name is not None and _ADDRESS.search(name):
            raise ValueError("every page shows it, and no page may show an e-mail address")
        return name


class _Report(_Table):
    minimum_n: MinimumN = 10


class _Privacy(_Table):
    salt: Annotated[str, Field(min_length=4)] | None = None
    not_names: tuple[Annotated[str, Field(min_length=1, max_length=80)], ...] = ()


class _ShopFile(_Table):
    shop: _Shop = _Shop()
    targets: Targets = Targets()
    report: _Report = _Report()
    alarm: Alarm = Alarm()
    tolerance: Tolerance = Tolerance()
    privacy: _Privacy = _Privacy()
    files: tuple[FileEntry, ...] = ()
    totals: tuple[Totals, ...] = ()
    cases: Cases = Cases()
    causes: Causes = Causes()
    actions: tuple[Action, ...] = ()
    templates: tuple[Template, ...] = ()
    data: Data = Data()


def _name_of(folder: str | Path) -> str:
    """Return what a shop is called that does not say so: as its folder, which every page shows."""
    return _ADDRESS.sub("[e-mail]", Path(folder).resolve().name)


def load_settings(folder: str | Path) -> Settings:
    """Read ``shop.toml`` of a shop's folder; without one, the defaults and the folder's name.

    Parameters
    ----------
    folder : str or Path
        The shop's folder.

    Returns
    -------
    Settings

    Raises
    ------
    ReportError
        If the file is no TOML, or holds an unknown key or a value out of range; if settings lie
        there under another name.
    """
    path = Path(folder) / "shop.toml"
    if not path.is_file():
        refuse_other_names(path, _ShopFile.model_fields)
        return Settings(name=_name_of(folder))
    try:
        text = path.read_bytes().decode("utf-8-sig")
        raw = tomllib.loads(text)
    except UnicodeDecodeError:
        raise ReportError(
            "shop.toml is not UTF-8 text",
            file=path,
            remedy="save it as UTF-8 in a text editor",
        ) from None
    except (ValueError, RecursionError) as error:
        raise unreadable(error, path, text) from None
    try:
        parsed = _ShopFile.model_validate(raw)
    except ValidationError as error:
        raise _explained(error, path, text) from None
    return Settings(
        name=parsed.shop.name or _name_of(folder),
        marketplaces=parsed.shop.marketplaces,
        minimum_n=parsed.report.minimum_n,
        salt=parsed.privacy.salt,
        not_names=parsed.privacy.not_names,
        # The other tables of shop.toml are parts of the settings under the same names.
        **{name: value for name, value in parsed if name in Settings.model_fields},
    )


def _explained(error: ValidationError, path: Path, text: str) -> ReportError:
    """Turn pydantic's first complaint into one a shop owner can act on."""
    # A misspelt key also leaves the right one missing: the misspelling is what to tell.
    first = min(error.errors(), key=lambda entry: entry["type"] != "extra_forbidden")
    where = [part for part in first["loc"] if isinstance(part, str)]
    key = where[-1] if where else ""
    known = _known_keys(where[:-1])
    found = first.get("input")
    if first["type"] == "extra_forbidden":
        message = f"'{key}' is not a setting.{did_you_mean(key, known)}"
        expected, found = "one of " + ", ".join(known), None
    elif first["type"] == "missing":
        message, found = f"'{'.'.join(where)}' is missing", None
        expected = f"a line for {key}"
    else:
        message = f"'{'.'.join(where)}' does not fit"
        expected = PLAIN.get(first["type"], first["msg"].removeprefix("Value error, "))
        expected = expected.removeprefix("Input should be ")
        if first["type"] == "less_than_equal" and first["ctx"]["le"] == 1:
            expected += "; 95 % is written 0.95"
    return ReportError(
        message,
        file=path,
        line=line_of(first["loc"], text),
        column=".".join(where) or None,
        expected=expected,
        found=None if found is None or isinstance(found, dict) else repr(found),
        remedy="correct shop.toml; README.md shows every setting",
    )


def _known_keys(tables: list[str]) -> list[str]:
    model: type[BaseModel] = _ShopFile
    for table in tables:
        kind = model.model_fields[table].annotation if table in model.model_fields else None
        # A list of tables has its kind inside.
        kinds = (kind, *get_args(kind))
        model = next((each for each in kinds if isinstance(each, type(BaseModel))), model)
    return list(model.model_fields)
