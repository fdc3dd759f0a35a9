"""Column headers made comparable: dashes, spaces, width and case are Amazon's whims."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=4096)
def normalise(header: str) -> str:
    """Return a header in the one form that the alias tables are compared in.

    NFKC (full-width brackets become plain), no-break spaces and runs of spaces to one space, every
    dash to a hyphen, case folded. This alone makes the UK English headers equal the US ones.

    Examples
    --------
    >>> normalise("Sessions – Mobile APP")
    'sessions - mobile app'
    """
    text = unicodedata.normalize("NFKC", header)
    text = _DASHES.sub("-", text)
    return _SPACES.sub(" ", text).strip().casefold()
