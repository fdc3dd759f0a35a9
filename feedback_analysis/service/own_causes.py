"""A shop's own causes: what was found among its comments, and got a name from a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedback_analysis.aside import aside
from feedback_analysis.causes.language import guesser
from feedback_analysis.causes.taxonomy import Taxonomy, extended_taxonomy, own_taxonomy
from feedback_analysis.errors import ReportError
from feedback_analysis.memory.form import shop_folder

if TYPE_CHECKING:
    from feedback_analysis.service.findings import Findings

FILE = "causes.toml"
HEAD = """\
# Causes of this shop's own, beside those of the package. An id is never used for another meaning.
# The examples are comments of buyers: keep this file to yourself.
"""
# So many comments of a group teach the labeller: more of the same teach no more.
EXAMPLES = 30


def causes_file(shop: Any) -> Path | None:
    """Return where a shop's own causes stand; None when it has none."""
    folder = getattr(shop, "folder", None)
    path = None if folder is None else shop_folder(folder) / FILE
    return path if path is not None and path.is_file() else None


def taxonomy_of(shop: Any) -> Taxonomy:
    """Return the causes that a shop's comments are labelled with.

    Parameters
    ----------
    shop : Shop
        Its own causes, if any, stand in ``causes.toml`` of its folder.

    Returns
    -------
    Taxonomy
    """
    folder = getattr(shop, "folder", None)
    return own_taxonomy() if folder is None else taxonomy_at(shop_folder(folder))


def taxonomy_at(home: Path) -> Taxonomy:
    """Return the causes of the shop in a folder.

    Parameters
    ----------
    home : Path

    Returns
    -------
    Taxonomy
    """
    path = home / FILE
    return extended_taxonomy(path) if path.is_file() else own_taxonomy()


def name_cause(
    shop: Any, found: Findings, row: int, *, id: str, label: str, question: str = "other"
) -> Path:
    """Give a group of comments a name: from then on it is a cause like any other.

    Parameters
    ----------
    shop : Shop
        Its ``causes.toml`` is written; labels are made anew at the next run.
    found : Findings
        What :func:`cause_candidates` returned.
    row : int
        The group, counted from 0.
    id : str
        Small letters, digits and ``_``; for good.
    label : str
        What people call it.
    question : str, default="other"
        The question it belongs to.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ReportError
        If there is no such group, or the id or the question will not do.
    """
    if not 0 <= row < len(found.members):
        raise ReportError(
            f"there is no group {row}", expected=f"0 to {len(found.members) - 1}"
            if found.members else "a candidate; there is none",
        )  # fmt: skip
    path = shop_folder(shop.folder) / FILE
    old = path.read_text("utf-8") if path.is_file() else HEAD
    entry = _entry(found.members[row], id=id, label=label, question=question)
    # Read it before it is kept: what cannot be read must not stand there.
    try:
        with aside(path) as trial:
            trial.write_bytes(f"{old.rstrip()}\n\n{entry}".encode())
            extended_taxonomy(trial)
    except ReportError as error:
        error.file = str(path)
        raise
    return path


def _entry(comments: Sequence[str], *, id: str, label: str, question: str) -> str:
    comments = list(comments)[:EXAMPLES]
    by_language: dict[str, list[str]] = {}
    for text, language in zip(comments, guesser()(comments), strict=True):
        by_language.setdefault(language, []).append(text)
    lines = [f"[[cause]]\nid = {_quoted(id)}\nlabel = {_quoted(label)}"]
    lines.append(f"question = {_quoted(question)}\n\n[cause.examples]")
    for language, texts in sorted(by_language.items()):
        listed = "".join(f"  {_quoted(text)},\n" for text in texts)
        lines.append(f"{language} = [\n{listed}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A JSON string is a TOML string too, save for the sign that deletes.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
