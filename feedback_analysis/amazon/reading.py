"""The last reading of a shop's folder, kept so that unchanged files need not be read again.

It lies in ``.private/reading/`` of the shop, in the form of ``memory``, with the codes of private
names beside it. Its name is a hash of everything that a reading depends on: the content of every
file, the shop's salt, this package and the libraries that read. Only one is kept; what is damaged,
or of other files, is made anew without a word.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from contextlib import suppress
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from feedback_analysis.amazon.folder import read_with_names
from feedback_analysis.amazon.kept import is_large
from feedback_analysis.amazon.own_lists import OWN_LISTS, own_lists
from feedback_analysis.aside import locked
from feedback_analysis.errors import ReportError
from feedback_analysis.memory import is_snapshot, open_snapshot
from feedback_analysis.memory.form import frames_of, keep_frames
from feedback_analysis.names import Names
from feedback_analysis.privacy import KEY_MAP, make_private, shop_salt
from feedback_analysis.purged import FILE as PURGED
from feedback_analysis.settings import load_settings
from feedback_analysis.shop import Shop

FOLDER, CODES = "reading", "names.npz"
TOOLS = ("pandas", "numpy", "pyarrow", "openpyxl")


def read_unless_kept(folder: str | Path) -> tuple[Shop, Names]:
    """Read a shop's folder, or open what was read of the very same files.

    Parameters
    ----------
    folder : str or Path
        The shop's folder, or a kept reading's.

    Returns
    -------
    tuple
        The shop, as ``fa.read_folder`` gives it but for e-mails and order ids in names of files,
        which are masked; and the private names that the files tell.

    Raises
    ------
    ReportError
        If a file cannot be read or used.
    """
    folder = Path(folder)
    if is_snapshot(folder) or not (folder / "amazon").is_dir():
        return read_with_names(folder)
    settings = load_settings(folder)
    if settings.data.sources or is_large((folder / "amazon").rglob("*")):
        # Large files are kept by month already, and of tables elsewhere nobody knows the content.
        return read_with_names(folder)
    place = folder / ".private" / FOLDER / _digest(folder)
    with suppress(ReportError, OSError, ValueError, KeyError, EOFError, BadZipFile):
        if is_snapshot(place) and (folder / ".private" / KEY_MAP).is_file():
            names = Names(settings.not_names, key=shop_salt(folder, settings.salt))
            # Read whole, so that no damaged file stays open.
            content = io.BytesIO((place / CODES).read_bytes())
            with np.load(content, allow_pickle=False) as held:
                names.remember(held)
            return replace(open_snapshot(place), settings=settings, folder=folder), names
    shop, names = read_with_names(folder)
    # A folder that cannot be written to is read anew each time. What changed while it was read
    # is not what the hash says.
    with suppress(OSError):
        if place.name == _digest(folder):
            _keep(shop, names, place)
    return replace(shop, **frames_of(shop)), names


def _digest(folder: Path) -> str:
    """Return a hash of all that a reading depends on."""
    settings = load_settings(folder)
    state = blake2b(_package(), digest_size=16)
    state.update(shop_salt(folder, settings.salt))
    root = folder / "amazon"
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    lists = [path for kind in OWN_LISTS for path, _ in own_lists(folder, settings, kind)]
    purged = folder / ".private" / PURGED
    for path in [folder / "shop.toml", purged, *lists, *paths]:
        name = os.path.relpath(path, folder).encode("utf-8", "surrogatepass")
        content = path.read_bytes() if path.is_file() else b""
        state.update(b"%d %d " % (len(name), len(content)) + name)
        state.update(content)
    # Without shop.toml the folder's own name is the shop's.
    state.update(folder.resolve().name.encode("utf-8", "surrogatepass"))
    return state.hexdigest()


@cache
def _package() -> bytes:
    """Return a hash of the package and the libraries, which may read otherwise some day."""
    state = blake2b(repr([sys.version_info[:2], *map(version, TOOLS)]).encode())
    for path in sorted(Path(str(files("feedback_analysis"))).rglob("*")):
        # How pages and pictures look changes nothing of what was read.
        if path.suffix in (".py", ".toml"):
            state.update(path.read_bytes())
    return state.digest()


def _keep(shop: Shop, names: Names, place: Path) -> None:
    """Keep a reading in place of the one before."""
    make_private(place.parent)
    with locked(place.parent):
        keep_frames(shop, place, {CODES: _packed(names)})
        for older in place.parent.iterdir():
            if older != place:
                shutil.rmtree(older, ignore_errors=True)


def _packed(names: Names) -> bytes:
    content = io.BytesIO()
    np.savez(content, **names.codes())
    return content.getvalue()
