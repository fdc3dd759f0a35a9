"""What the labels get wrong: by the shop's own audit, else by the makers' own measurement."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from feedback_analysis.causes.audit import doubt_of, read_audit
from feedback_analysis.causes.encoder import installed
from feedback_analysis.causes.measures import Pairs
from feedback_analysis.causes.taxonomy import own_taxonomy
from feedback_analysis.memory.form import shop_folder
from feedback_analysis.service.corrected import Measured

# How many comments the makers' measurement weighs beside a shop's audit: of those with the label,
# and of those without, which are many more.
PRIOR = (4.0, 8.0)
STRENGTHS = (1, 2, 4, 8, 16)


@dataclass(frozen=True, eq=False)
class Confusion:
    """What the labels get wrong.

    Attributes
    ----------
    text : str
        One sentence: that rates are corrected, and by whose measurement.
    comments : int
        Comments in the measurement; 0 where none was made.
    audited : bool
        Whether the measurement is the shop's own.
    by_id : mapping of str to Measured
        By question or cause id. An id that is missing is taken at its word.
    doubt : str
        What speaks against the measurement, in a sentence that ``text`` ends with; or empty.
    """

    text: str
    comments: int
    audited: bool
    by_id: Mapping[str, Measured] = field(default_factory=dict)
    doubt: str = ""

    @property
    def brief(self) -> str:
        """The sentence in few words, and what speaks against the measurement."""
        return f"{self.text.partition(';')[0].rstrip('.')}. {self.doubt}".rstrip()

    def of(self, name: str) -> Measured | None:
        """Return what was measured of a question or cause; None where it is taken at its word."""
        return self.by_id.get(name)


def confusion_of(shop: Any) -> Confusion:
    """Return what the labels of a shop get wrong.

    Parameters
    ----------
    shop : Shop
        Whose audit, if there is one, lies in its private folder.

    Returns
    -------
    Confusion
        The audit's, leaning on the makers' where it saw few comments with a label; else the
        makers'.
    """
    pairs, chosen = audit_of(shop), shop.settings.causes.encoder
    return of_makers(chosen) if pairs is None else of_audit(pairs, chosen)


def audit_of(shop: Any) -> Pairs | None:
    """Return a shop's own audit; None where there is none."""
    folder = getattr(shop, "folder", None)
    return None if folder is None else read_audit(shop_folder(folder))


def of_audit(pairs: Pairs, chosen: str = "auto") -> Confusion:
    """Return what an audit found.

    Parameters
    ----------
    pairs : Pairs
        At the level of causes.
    chosen : {"auto", "use", "none"}
        The shop's encoder.

    Returns
    -------
    Confusion
    """
    taxonomy = own_taxonomy()
    before = of_makers(chosen).by_id
    found: dict[str, Measured] = {}
    for each, ids in ((pairs.by_question(taxonomy), taxonomy.questions), (pairs, taxonomy.ids)):
        for name in ids:
            found[name] = _leaning(*_seen(each, name), before.get(name))
    n = len(pairs.true)
    text = (
        f"Rates are corrected for what the labels get wrong, by this shop's own audit of {n:,} "
        "comments; the intervals hold chance and the uncertainty of the audit. Counts are as found."
    )
    doubt = doubt_of(pairs, taxonomy)
    return Confusion(f"{text} {doubt}".rstrip(), n, True, found, doubt)


@cache
def of_makers(chosen: str = "auto") -> Confusion:
    """Return what the makers measured on comments of their own, held apart from the seeds.

    Parameters
    ----------
    chosen : {"auto", "use", "none"}
        The encoder.

    Returns
    -------
    Confusion
    """
    held = measured(chosen)
    found: dict[str, Measured] = {}
    for level in ("questions", "causes"):
        table = held.get(level, {})
        rows = np.array([[row["n"], row["both"], row["found"]] for row in table.values()], float)
        if not len(rows):
            continue
        n, both, said = rows.T
        right = _pooled(both, n)
        wrong = _pooled(said - both, held["comments"] - n)
        for place, name in enumerate(table):
            miss, spare = n[place] - both[place], said[place] - both[place]
            silent = held["comments"] - n[place] - spare
            found[name] = Measured(
                (right[0] + both[place], right[1] + miss),
                (wrong[0] + spare, wrong[1] + silent),
                int(n[place]),
            )
    text = (
        "Rates are corrected for what the labels get wrong, as the makers measured it on "
        f"{held['comments']:,} comments of their own; the intervals hold chance and the "
        "uncertainty of that measurement, but not that your buyers may write otherwise: the "
        "command feedback-analysis audit measures that. Counts are as found."
    )
    return Confusion(text, held["comments"], False, found)


@cache
def measured(chosen: str = "auto") -> dict[str, Any]:
    """Return what measured.toml says of an encoder; of ``auto``, of the one that is installed here.

    Parameters
    ----------
    chosen : {"auto", "use", "none"}
        The encoder.

    Returns
    -------
    dict
    """
    text = files("feedback_analysis.service").joinpath("measured.toml").read_text("utf-8")
    wanted = chosen == "use" or (chosen == "auto" and installed("use"))
    entries = tomllib.loads(text)["encoder"]
    return next(entry for entry in entries if (entry["name"] != "none") == wanted)


def _seen(pairs: Pairs, name: str) -> tuple[tuple[float, float], tuple[float, float], int]:
    """Return found and missed, wrong and rightly silent, as comments of even weight would be."""
    true = np.array([name in each for each in pairs.true], bool)
    said = np.array([name in each for each in pairs.found], bool)
    return _even(said[true], pairs.weight[true]), _even(said[~true], pairs.weight[~true]), \
        int(true.sum())  # fmt: skip


def _even(said: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    total = weight.sum()
    if not total:
        return 0.0, 0.0
    # Kish's number: a sample with uneven weights tells less than its size.
    size = total**2 / (weight**2).sum()
    share = float(weight @ said / total)
    return share * size, (1 - share) * size


def _leaning(
    right: tuple[float, float], wrong: tuple[float, float], n: int, before: Measured | None
) -> Measured:
    """Add a few of the makers' comments to what an audit saw."""
    means = [(0.5, 0.5), (0.02, 0.98)]
    if before is not None:
        means = [tuple(part / sum(pair) for part in pair) for pair in (before.found, before.wrong)]
    parts = [
        (seen[0] + weight * mean[0], seen[1] + weight * mean[1])
        for seen, mean, weight in zip((right, wrong), means, PRIOR, strict=True)
    ]
    return Measured(parts[0], parts[1], n)


def _pooled(hits: Sequence[float], of: Sequence[float]) -> tuple[float, float]:
    """Return the beta distribution that labels' shares come from: few comments lean on it."""
    from scipy.special import betaln

    hits, of = np.asarray(hits, float), np.asarray(of, float)
    mean = float((hits.sum() + 0.5) / (of.sum() + 1))

    def likelihood(strength: float) -> float:
        a, b = mean * strength, (1 - mean) * strength
        return float((betaln(a + hits, b + of - hits) - betaln(a, b)).sum())

    # Shares near 0 need more comments to be told apart than shares near a half.
    scale = 0.25 / max(mean * (1 - mean), 1e-3)
    best = max((strength * scale for strength in STRENGTHS), key=likelihood)
    return mean * best, (1 - mean) * best
