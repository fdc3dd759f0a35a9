"""The files of a shop with what is stated about each, before any of them is read."""

from __future__ import annotations

from pathlib import Path

from feedback_analysis.amazon.batch import Facts
from feedback_analysis.amazon.facts import file_facts
from feedback_analysis.amazon.folder import downloads_of, files_of, periods_of
from feedback_analysis.errors import ReportError
from feedback_analysis.settings import load_settings


def list_files(folder: Path) -> list[tuple[Path, str, Facts]]:
    """Return every file below ``amazon/`` that is no list of the seller's own.

    Parameters
    ----------
    folder : Path
        The shop's folder.

    Returns
    -------
    list of tuple
        Path, path below ``amazon/``, and what is stated about the file.

    Raises
    ------
    ReportError
        If the folder is no shop, or shop.toml cannot be read.
    """
    settings = load_settings(folder)
    root = downloads_of(folder, settings)
    # What is wrong with one is told when the shop is read.
    periods = periods_of(root, [])
    # What a run leaves out may hold an order all the same.
    left_out: list[tuple[str, str]] = []
    paths = files_of(root, settings, left_out)
    paths += [root / name for name, _ in left_out if (root / name).is_file()]
    anywhere = settings.model_copy(update={"marketplaces": ()})
    listed = []
    for path in sorted(paths):
        name = path.relative_to(root).as_posix()
        try:
            facts = file_facts(path, root, settings, periods)
        except ReportError:
            # A file of another shop's marketplace may hold an order too.
            facts = file_facts(path, root, anywhere, periods)
        listed.append((path, name, facts))
    return listed
