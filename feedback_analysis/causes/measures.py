"""How good labels are: accuracy, F1 and kappa with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback_analysis.causes.taxonomy import Taxonomy

REPEATS = 400
SEED = 20_261
# A label with fewer true and found comments gets no line of its own.
FEWEST = 3


@dataclass(frozen=True)
class Pairs:
    """Labels that people gave beside labels that were found.

    Attributes
    ----------
    true, found : list of tuple of str
        Cause ids, most important first.
    language : list of str
    weight : array
        How many comments of the shop each stands for.
    """

    true: list[tuple[str, ...]]
    found: list[tuple[str, ...]]
    language: list[str]
    weight: np.ndarray

    def by_question(self, taxonomy: Taxonomy) -> Pairs:
        """Return the same with question ids."""
        asked = taxonomy.questions_of
        true, found = ([asked(each) for each in side] for side in (self.true, self.found))
        return Pairs(true, found, self.language, self.weight)


def f1_scores(
    true: Sequence[tuple[str, ...]],
    found: Sequence[tuple[str, ...]],
    labels: Sequence[str],
    weight: np.ndarray | None = None,
) -> tuple[float, float, pd.DataFrame]:
    """Return micro-F1, macro-F1 and a table of labels for comments with several labels.

    Parameters
    ----------
    true, found : sequence of tuple of str
    labels : sequence of str
        Labels that occur in neither count for nothing.
    weight : array, optional

    Returns
    -------
    tuple
        Micro-F1, macro-F1, and label, n, precision, recall, f1.
    """
    is_true, is_found = _matrix(true, labels), _matrix(found, labels)
    table = _table(is_true, is_found, np.ones(len(true)) if weight is None else weight)
    table.insert(0, "label", list(labels))
    hits, said, meant = (table[name].sum() for name in ("_hits", "_found", "_true"))
    micro = float(2 * hits / (said + meant)) if said + meant else np.nan
    seen = table[table["_found"] + table["_true"] > 0]
    return micro, float(seen["f1"].mean()), table.drop(columns=["_hits", "_found", "_true"])


def _matrix(rows: Sequence[tuple[str, ...]], labels: Sequence[str]) -> np.ndarray:
    places = {label: place for place, label in enumerate(labels)}
    made = np.zeros((len(rows), len(labels)), dtype=bool)
    for row, each in enumerate(rows):
        made[row, [places[label] for label in each if label in places]] = True
    return made


def _f1(is_true: np.ndarray, is_found: np.ndarray, weight: np.ndarray) -> np.ndarray:
    both = weight @ is_true + weight @ is_found
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(both > 0, 2 * (weight @ (is_true & is_found)) / both, np.nan)


def _table(is_true: np.ndarray, is_found: np.ndarray, weight: np.ndarray) -> pd.DataFrame:
    hits = weight @ (is_true & is_found)
    said, meant = weight @ is_found, weight @ is_true
    with np.errstate(invalid="ignore", divide="ignore"):
        return pd.DataFrame(
            {
                "n": is_true.sum(axis=0),
                "precision": hits / said,
                "recall": hits / meant,
                "f1": _f1(is_true, is_found, weight),
                "_hits": hits,
                "_found": said,
                "_true": meant,
            }
        )


def scored(pairs: Pairs, taxonomy: Taxonomy) -> pd.DataFrame:
    """Return accuracy, macro-F1 and kappa, and F1 a label and language, with 95 % intervals.

    Parameters
    ----------
    pairs : Pairs
    taxonomy : Taxonomy

    Returns
    -------
    DataFrame
        level (question or cause), group, n, measure, value, low, high. Accuracy and kappa are of
        the first label, F1 of all.
    """
    rows: list[dict] = []
    for level, each, labels in _levels(pairs, taxonomy):
        rows += _of_level(level, each, labels)
    return pd.DataFrame(rows)


def agrees_by_chance(pairs: Pairs, taxonomy: Taxonomy) -> bool:
    """Tell whether the first labels may agree with the person's no more than chance would have it.

    Parameters
    ----------
    pairs : Pairs
    taxonomy : Taxonomy

    Returns
    -------
    bool
        True when the 95 % interval of kappa, by question where there are any, reaches zero.
    """
    _, each, labels = _levels(pairs, taxonomy)[0]
    first = np.array([_first(ids, labels) for ids in each.true])
    told = np.array([_first(ids, labels) for ids in each.found])

    def kappa(rows: np.ndarray) -> float:
        return _kappa(first[rows], told[rows], each.weight[rows], len(labels))

    # A missing interval, where all comments have one label, tells nothing against the audit.
    return _line("", "all", np.arange(len(first)), "kappa", kappa)["low"] <= 0


def _levels(pairs: Pairs, taxonomy: Taxonomy) -> list[tuple[str, Pairs, Sequence[str]]]:
    """Return name, pairs and labels of each level: the questions first, where there are any."""
    levels: list[tuple[str, Pairs, Sequence[str]]] = [("cause", pairs, tuple(taxonomy.ids))]
    if taxonomy.questions:
        levels.insert(0, ("question", pairs.by_question(taxonomy), tuple(taxonomy.questions)))
    return levels


def _of_level(level: str, pairs: Pairs, labels: Sequence[str]) -> list[dict]:
    is_true, is_found = _matrix(pairs.true, labels), _matrix(pairs.found, labels)
    first = np.array([_first(each, labels) for each in pairs.true])
    told = np.array([_first(each, labels) for each in pairs.found])

    def accuracy(rows: np.ndarray) -> float:
        return float(np.average(first[rows] == told[rows], weights=pairs.weight[rows]))

    def macro(rows: np.ndarray) -> float:
        return float(np.nanmean(_f1(is_true[rows], is_found[rows], pairs.weight[rows])))

    def kappa(rows: np.ndarray) -> float:
        return _kappa(first[rows], told[rows], pairs.weight[rows], len(labels))

    every = np.arange(len(first))
    measures = (("accuracy", accuracy), ("macro-F1", macro), ("kappa", kappa))
    made = [_line(level, "all", every, name, measure) for name, measure in measures]
    for place, label in enumerate(labels):
        if (is_true | is_found)[:, place].sum() >= FEWEST:

            def one(rows: np.ndarray, place: int = place) -> float:
                one_label = rows, place
                return float(_f1(is_true[one_label], is_found[one_label], pairs.weight[rows]))

            made.append(_line(level, label, every, "F1", one, n=int(is_true[:, place].sum())))
    for language in sorted(set(pairs.language)):
        rows = np.flatnonzero(np.array(pairs.language) == language)
        if len(rows) >= FEWEST:
            made.append(_line(level, f"language {language}", rows, "accuracy", accuracy))
    return made


def _first(labels: tuple[str, ...], among: Sequence[str]) -> int:
    return among.index(labels[0]) if labels and labels[0] in among else -1


def _kappa(first: np.ndarray, told: np.ndarray, weight: np.ndarray, labels: int) -> float:
    table = np.zeros((labels + 1, labels + 1))
    np.add.at(table, (first, told), weight)
    table /= table.sum()
    by_chance = float(table.sum(axis=1) @ table.sum(axis=0))
    return float((np.trace(table) - by_chance) / (1 - by_chance)) if by_chance < 1 else np.nan


def _line(
    level: str,
    group: str,
    rows: np.ndarray,
    name: str,
    measure: Callable[[np.ndarray], float],
    n: int | None = None,
) -> dict:
    random = np.random.default_rng(SEED)
    again = [measure(random.choice(rows, len(rows))) for _ in range(REPEATS)]
    known = [value for value in again if np.isfinite(value)]
    low, high = np.quantile(known, [0.025, 0.975]) if known else (np.nan, np.nan)
    return {
        "level": level,
        "group": group,
        "n": len(rows) if n is None else n,
        "measure": name,
        "value": measure(rows),
        "low": float(low),
        "high": float(high),
    }
