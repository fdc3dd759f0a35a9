"""Whether a page repeats what a buyer wrote: a stretch of a comment, or a whole short one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from feedback_analysis.names import is_page_phrase
from feedback_analysis.spelling import plain_spelling

# So many words in a row are taken from a comment, and not by chance the same as a sentence of ours.
RUN = 6
# Signs in a row, where words are not parted by blanks.
SIGNS = 10
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# What a sentence puts in quotation marks, of any country.
_SPOKEN = re.compile('[“„”"«»‹›‘‚「『]([^“„”"«»‹›’‘」』]{2,200})[“”"«»‹›’‘」』]')
# What a column called "Comments" may answer of them; nobody is quoted so.
_ANSWERS = frozenset(("yes", "no", "fine", "none", "too few to say", "not known"))


def as_words(text: str) -> str:
    """Return a text's words without case, one blank before and after each."""
    return f" {' '.join(_WORD.findall(plain_spelling(text)[0].casefold()))} "


def quoted_places(
    comments: Iterable[str],
    texts: Sequence[str],
    *,
    quotes: Sequence[bool] | None = None,
    spared: Callable[[str], bool] = lambda _: False,
    fewest: int = 1,
) -> np.ndarray:
    """Find the texts that repeat a comment, or a stretch of one.

    Parameters
    ----------
    comments : iterable of str
        What buyers wrote.
    texts : sequence of str
        What a page shows, piece by piece.
    quotes : sequence of bool, optional
        Which texts stand where buyers are quoted, such as a cell of a column of comments. There a
        whole comment is one whatever its words; elsewhere words of the package's pages are none.
    spared : callable, optional
        Tells of a short text whether somebody else than a buyer says it, such as the shop.
    fewest : int, default=1
        Comments of fewer words are looked for nowhere.

    Returns
    -------
    ndarray of int
        Places of the texts that repeat at least six words in a row (ten signs where words are not
        parted), or are a whole comment of up to five words, by themselves or in quotation marks.
    """
    stretches: dict[int, list[int]] = {}
    wholes: dict[int, list[int]] = {}
    for place, text in enumerate(texts):
        words, signs = _parted(text)
        for stretch in {*_runs(words, RUN), *_runs(signs, SIGNS)}:
            stretches.setdefault(stretch, []).append(place)
        if len(words) < RUN:
            wholes.setdefault(hash(" ".join(words)), []).append(place)
        for said in _SPOKEN.findall(text):
            wholes.setdefault(hash(as_words(said)[1:-1]), []).append(place)
    found: set[int] = set()
    for comment in comments:
        words, signs = _parted(comment)
        for at, stretch in enumerate(_runs(words, RUN)):
            if stretch in stretches and not is_page_phrase(" ".join(words[at : at + RUN])):
                found.update(stretches[stretch])
        for at, stretch in enumerate(_runs(signs, SIGNS)):
            if stretch in stretches and not is_page_phrase("".join(signs[at : at + SIGNS])):
                found.update(stretches[stretch])
        whole = " ".join(words)
        if fewest <= len(words) < RUN and _says(whole) and (places := wholes.get(hash(whole))):
            own = _is_ours(whole) or spared(comment)
            found.update(at for at in places if not own or (quotes is not None and quotes[at]))
    return np.array(sorted(found), dtype=int)


def _says(whole: str) -> bool:
    """Tell whether a short comment says anything: a number alone and an answer do not."""
    return whole not in _ANSWERS and any(map(str.isalpha, whole))


def _is_ours(whole: str) -> bool:
    """Tell whether a page may say such words itself, with whatever numbers: "5 stars"."""
    bare = " ".join(word for word in whole.split() if not word.isdecimal())
    return is_page_phrase(whole) or is_page_phrase(bare)


def _parted(text: str) -> tuple[list[str], list[str]]:
    plain = plain_spelling(text)[0].casefold()
    return _WORD.findall(plain), _UNSPACED.findall(plain)


def _runs(parts: list[str], length: int) -> list[int]:
    return [hash(tuple(parts[at : at + length])) for at in range(len(parts) - length + 1)]
