"""The taxonomy: the questions, the causes below them, and what is known of each."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from feedback_analysis.errors import ReportError, did_you_mean, toml_trouble
from feedback_analysis.settings import UNCLEAR

OTHER = "other"
Words = dict[str, tuple[str, ...]]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]


@dataclass(frozen=True)
class Cause:
    """A cause of complaints.

    Attributes
    ----------
    id, label : str
        What programs and people call it. An id is never used for another meaning.
    question : str
        Id of the question it belongs to; empty when it belongs to none.
    covers, excludes : str
        What counts as this cause, and what does not.
    fixed_by : str
        Who can put it right: ``seller``, ``amazon`` (when it ships the order) or ``nobody``.
    remedy : str
        What to try first.
    words, examples : dict of str to tuple of str
        By language: words that speak for it (``*`` at the end stands for any ending), sentences.
    """

    id: str
    label: str
    question: str = ""
    covers: str = ""
    excludes: str = ""
    fixed_by: str = ""
    remedy: str = ""
    words: Words = field(default_factory=dict)
    examples: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Taxonomy:
    """Questions, and the causes below them, in the order they are shown.

    Attributes
    ----------
    causes : tuple of Cause
    questions : dict of str to str
        Label by question id.
    own : bool
        Whether it is ours, for which there are seed comments, and not a user's.
    """

    causes: tuple[Cause, ...]
    questions: dict[str, str]
    own: bool = False

    def __getitem__(self, cause: str) -> Cause:
        return next(each for each in self.causes if each.id == cause)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the cause ids in order."""
        return tuple(cause.id for cause in self.causes)

    @cached_property
    def question_of(self) -> dict[str, str]:
        """Return the question id by cause id."""
        return {cause.id: cause.question for cause in self.causes}

    def questions_of(self, causes: Iterable[str]) -> tuple[str, ...]:
        """Return the questions that causes belong to, each once; a cause may belong to none."""
        asked = (self.question_of.get(cause) for cause in causes)
        return tuple(dict.fromkeys(filter(None, asked)))

    def known(self, causes: Iterable[str], **place: Any) -> tuple[str, ...]:
        """Return cause ids as a tuple, each once.

        Parameters
        ----------
        causes : iterable of str
        **place
            Where they stand, for the error: file, line, column.

        Raises
        ------
        ReportError
            If one is none of this taxonomy's.
        """
        given = tuple(dict.fromkeys(filter(None, (cause.strip() for cause in causes))))
        for cause in given:
            if cause not in self.question_of:
                raise ReportError(
                    f"'{cause}' is no cause.{did_you_mean(cause, self.ids)}",
                    expected="ids joined by ;, of: " + ", ".join(self.ids),
                    **place,
                )
        return given


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _CauseEntry(_Strict):
    id: Id
    label: Annotated[str, Field(min_length=1, max_length=200)]
    question: Annotated[str, Field(max_length=60)] = ""
    covers: str = ""
    excludes: str = ""
    fixed_by: str = ""
    remedy: str = ""
    words: dict[str, tuple[str, ...]] = {}
    examples: dict[str, tuple[str, ...]] = {}


class _QuestionEntry(_Strict):
    id: Id
    label: Annotated[str, Field(min_length=1)]


class _File(_Strict):
    question: tuple[_QuestionEntry, ...] = ()
    cause: Annotated[tuple[_CauseEntry, ...], Field(min_length=2)]


@cache
def own_taxonomy() -> Taxonomy:
    """Return the package's own taxonomy: the seven questions, other and unclear."""
    room = files(__package__)
    parsed = _File.model_validate(tomllib.loads(room.joinpath("taxonomy.toml").read_text("utf-8")))
    words: dict[str, Words] = {cause.id: {} for cause in parsed.cause}
    for path in sorted(room.joinpath("words").iterdir(), key=lambda each: each.name):
        for cause, found in tomllib.loads(path.read_text("utf-8")).items():
            words[cause][path.name.removesuffix(".toml")] = tuple(found)
    causes = tuple(
        Cause(**{**entry.model_dump(), "words": words[entry.id]}) for entry in parsed.cause
    )
    return Taxonomy(causes, {entry.id: entry.label for entry in parsed.question}, own=True)


def read_taxonomy(path: str | Path) -> Taxonomy:
    """Read a user's taxonomy.

    Parameters
    ----------
    path : str or Path
        A TOML file: ``[[cause]] id, label, question (optional), words, examples``.

    Returns
    -------
    Taxonomy

    Raises
    ------
    ReportError
        If it is no such file, or names a cause twice, an unknown key, or too few words.
    """
    path = Path(path)
    parsed = _parsed(path, _File)
    _check_causes(parsed, path)
    causes = tuple(Cause(**entry.model_dump()) for entry in parsed.cause)
    named = {entry.id: entry.label for entry in parsed.question}
    asked = dict.fromkeys(cause.question for cause in causes if cause.question)
    return Taxonomy(causes, {question: named.get(question, question) for question in asked})


def _parsed(path: Path, shape: type[_Strict]) -> Any:
    """Return a file's content in its shape."""
    try:
        raw = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ReportError(f"cannot be read: {error.strerror}", file=path) from None
    except UnicodeDecodeError:
        raise ReportError(
            "it is not UTF-8 text", file=path, remedy="save it as UTF-8 in a text editor"
        ) from None
    except (ValueError, RecursionError) as error:
        raise ReportError(f"it is no valid TOML: {toml_trouble(error)}", file=path) from None
    try:
        return shape.model_validate(raw)
    except ValidationError as error:
        raise _explained(error, path) from None


class _More(_Strict):
    cause: Annotated[tuple[_CauseEntry, ...], Field(min_length=1)]


def extended_taxonomy(path: str | Path) -> Taxonomy:
    """Return our taxonomy with a shop's own causes behind it.

    Parameters
    ----------
    path : str or Path
        A TOML file: ``[[cause]] id, label, question, words, examples``. Each needs an example, and
        ``question`` is one of ours; without, it is ``other``.

    Returns
    -------
    Taxonomy

    Raises
    ------
    ReportError
        If it is no such file, takes an id of ours, or names a question that there is not.
    """
    path = Path(path)
    ours = own_taxonomy()
    parsed = _parsed(path, _More)
    _check_causes(parsed, path)
    more = []
    for entry in parsed.cause:
        question = entry.question or OTHER
        if entry.id in ours.question_of:
            raise ReportError(
                f"'{entry.id}' is a cause already", file=path, remedy="give it an id of its own"
            )
        if question not in ours.questions:
            raise ReportError(
                f"cause '{entry.id}': '{question}' is no question."
                f"{did_you_mean(question, list(ours.questions))}",
                file=path,
                expected="one of " + ", ".join(ours.questions),
            )
        if not any(text.strip() for texts in entry.examples.values() for text in texts):
            raise ReportError(
                f"cause '{entry.id}' has no example",
                file=path,
                remedy='add comments: examples = { en = ["...", "..."] }',
            )
        more.append(Cause(**{**entry.model_dump(), "question": question}))
    return Taxonomy((*ours.causes, *more), ours.questions, own=True)


def _check_causes(parsed: _File | _More, path: Path) -> None:
    seen: set[str] = set()
    for number, entry in enumerate(parsed.cause, 1):
        if entry.id in seen:
            raise ReportError(
                f"cause {number} has the id '{entry.id}', which another has too",
                file=path,
                remedy="give every cause an id of its own",
            )
        seen.add(entry.id)
        given = [text for texts in (entry.words, entry.examples) for text in texts.values()]
        if entry.id != UNCLEAR and not any(text.strip() for texts in given for text in texts):
            raise ReportError(
                f"cause '{entry.id}' has neither words nor examples",
                file=path,
                expected='words = { en = ["late", ...] } and examples = { en = ["...", "..."] }',
                remedy="give about ten words and two examples",
            )


def _explained(error: ValidationError, path: Path) -> ReportError:
    first = min(error.errors(), key=lambda entry: entry["type"] != "extra_forbidden")
    place = list(first["loc"])
    numbers = [part for part in place if isinstance(part, int)]
    where = f"cause {numbers[0] + 1}: " if numbers and place[0] == "cause" else ""
    key = str(next((part for part in reversed(place) if isinstance(part, str)), ""))
    known = [*(_CauseEntry if numbers else _File).model_fields]
    if first["type"] == "extra_forbidden":
        message = f"{where}'{key}' is no key.{did_you_mean(key, known)}"
        return ReportError(message, file=path, expected="one of " + ", ".join(known))
    if first["type"] == "missing":
        remedy = "begin each cause with [[cause]]" if key == "cause" else None
        return ReportError(f"{where}'{key}' is missing", file=path, remedy=remedy)
    text = first["msg"].removeprefix("Value error, ")
    shape = {
        "id": "small letters, digits, _ and -",
        "words": '{ en = ["late", "slow"], de = [...] }',
        "examples": '{ en = ["It came a week late.", "..."] }',
        "cause": "at least two [[cause]] tables",
    }
    return ReportError(f"{where}'{key}' does not fit: {text}", file=path, expected=shape.get(key))
