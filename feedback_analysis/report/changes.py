"""What changed, in sentences that say no more than the numbers: clear, perhaps chance, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from feedback_analysis.report.figures import Comparison, Figure, Value
from feedback_analysis.report.wording import (
    GLUE,
    interval,
    known,
    plain,
    signed_interval,
    size,
)
from feedback_analysis.texts import in_sentence, listing

Kind = Literal["clear", "may be chance", "no clear change", "counted", "too few", "only bounded"]
# What has an interval, and so a place in the list that is corrected for its length.
JUDGED = ("clear", "may be chance", "no clear change")

SHARES = ("share", "small share")
NOT_BOTH = "No share and no rate is known here and in {label}, so no change can be judged."


@dataclass(frozen=True)
class Change:
    """How one figure stands to itself in one earlier period.

    Attributes
    ----------
    figure, period : str
        Ids of the figure and of the earlier period.
    kind : str
        ``clear`` (the interval of the difference leaves zero out, and does so beyond what chance
        makes of so many changes), ``may be chance`` (it leaves zero out only by itself),
        ``no clear change`` (it holds zero), ``counted`` (a complete count, which has no interval),
        ``too few`` or ``only bounded``.
    text : str
        A sentence.
    """

    figure: str
    period: str
    kind: Kind
    text: str

    def entry(self) -> dict[str, str]:
        """Return the change as data, for ``key_figures.json``."""
        return {
            "figure": self.figure,
            "period": self.period,
            "kind": self.kind,
            "text": self.text.replace(GLUE, " "),
        }


def find_changes(figures: tuple[Figure, ...]) -> tuple[Change, ...]:
    """Say of every figure how it stands to its earlier periods.

    Parameters
    ----------
    figures : tuple of Figure
        The key figures.

    Returns
    -------
    tuple of Change
        In the order of the figures, the period before first; nothing of a figure that is missing
        now or then.
    """
    return tuple(
        _change(figure, figure.now, comparison)
        for figure in figures
        for comparison in (figure.previous, figure.year_before)
        if comparison is not None and isinstance(figure.now, Value)
    )


def _change(figure: Figure, now: Value, then: Comparison) -> Change:
    kind = _kind(now, then)
    words = {
        "clear": _clear,
        "may be chance": _perhaps,
        "no clear change": _unclear,
        "counted": _counted,
        "too few": _too_few,
        "only bounded": _bounded,
    }[kind](figure, now, then)
    return Change(figure.id, then.period, kind, words)


def _kind(now: Value, then: Comparison) -> Kind:
    if not (known(now.value) and known(then.value)):
        return "only bounded"
    if not known(then.difference):
        return "too few"
    if then.sure is None:
        return "counted"
    if then.sure:
        return "clear"
    return "may be chance" if then.by_itself else "no clear change"


def _clear(figure: Figure, now: Value, then: Comparison) -> str:
    # The earlier value is left out: rounded, it would not always differ by the rounded change.
    verb = "rose" if then.difference > 0 else "fell"
    return (
        f"{figure.label} clearly {verb} since {then.label}, by "
        f"{_by(then.difference, figure.unit)}, to {plain(now.value, figure.unit)}; the true change "
        f"is likely {_likely(figure, then)}."
    )


def _perhaps(figure: Figure, now: Value, then: Comparison) -> str:
    verb = "risen" if then.difference > 0 else "fallen"
    return (
        f"{figure.label} may have {verb} since {then.label}, by "
        f"{_by(then.difference, figure.unit)}, to {plain(now.value, figure.unit)}; by itself the "
        f"true change is likely {_likely(figure, then)}, but among all changes looked at chance "
        "may have made it."
    )


def _unclear(figure: Figure, now: Value, then: Comparison) -> str:
    return (
        f"No clear change in {in_sentence(figure.label)}: {plain(now.value, figure.unit)}, and "
        f"{plain(then.value, figure.unit)} in {then.label}; the true change is likely "
        f"{_likely(figure, then)}."
    )


def _counted(figure: Figure, now: Value, then: Comparison) -> str:
    step = then.difference
    if step:
        than = f"{_by(step, figure.unit)} {'more' if step > 0 else 'fewer'} than in {then.label}"
    else:
        than = f"as many as in {then.label}"
    return f"{figure.label}: {plain(now.value, figure.unit)}, {than}."


def _too_few(figure: Figure, now: Value, then: Comparison) -> str:
    # A rate over days has an interval from a week of days on, however many visits they had.
    spread = known(now.low) and known(then.value_low)
    return (
        f"{figure.label} in {then.label}: too few {figure.n_of if spread else 'days'} to be "
        "compared."
    )


def _bounded(figure: Figure, now: Value, then: Comparison) -> str:
    shown = (
        plain(value, figure.unit) if known(value) else f"between{GLUE}{_between(low, high, figure)}"
        for value, low, high in (
            (now.value, now.low, now.high),
            (then.value, then.value_low, then.value_high),
        )
    )
    this, earlier = shown
    return (
        f"{figure.label} cannot be compared with {then.label}, because only its bounds are known: "
        f"{this} now, {earlier} then."
    )


def _between(low: float | None, high: float | None, figure: Figure) -> str:
    return interval(low, high, figure.unit).replace(f"{GLUE}to{GLUE}", f"{GLUE}and{GLUE}")


def _by(difference: float, unit: str) -> str:
    """Return the size of a change: ``7.6 points`` of a share, ``0.4`` of a rate."""
    shown = size(difference, unit)
    return f"{shown}{GLUE}points" if unit in SHARES else shown


def _likely(figure: Figure, then: Comparison) -> str:
    points = f"{GLUE}points" if figure.unit in SHARES else ""
    return signed_interval(then.low, then.high, figure.unit) + points


def what_changed(figures: tuple[Figure, ...], changes: tuple[Change, ...]) -> list[dict[str, Any]]:
    """Return what the first page says of the changes, a paragraph an earlier period.

    Parameters
    ----------
    figures : tuple of Figure
        The key figures.
    changes : tuple of Change
        Of :func:`find_changes`.

    Returns
    -------
    list of dict
        ``period`` (label), ``certain`` (sentences), ``rest`` (sentences on what shows no clear
        change and what cannot be compared); the period before first.
    """
    by_id = {figure.id: figure for figure in figures}
    found = []
    for name in ("previous", "year_before"):
        labels = {
            comparison.period: comparison.label
            for figure in figures
            if (comparison := getattr(figure, name)) is not None
        }
        for period, label in labels.items():
            mine = [change for change in changes if change.period == period]
            certain = [change.text for change in mine if change.kind == "clear"]
            rest = _rest(mine, by_id, name, label)
            if not certain and not rest:
                rest = [NOT_BOTH.format(label=label)]
            found.append({"period": label, "certain": certain, "rest": rest})
    return found


def _rest(changes: list[Change], figures: dict[str, Figure], name: str, label: str) -> list[str]:
    sentences = []
    compared = [change for change in changes if change.kind in JUDGED]
    if compared and not any(change.kind == "clear" for change in compared):
        sentences.append(f"No key figure changed clearly since {label}.")
    for kind, why in (
        ("may be chance", "May be chance, with so many changes looked at"),
        ("no clear change", "No clear change"),
    ):
        shown = [
            f"{in_sentence(figures[change.figure].label)} "
            f"({_likely(figures[change.figure], getattr(figures[change.figure], name))})"
            for change in compared
            if change.kind == kind
        ]
        if shown:
            sentences.append(f"{why}: {listing(shown)}.")
    for kind, why in (("too few", "too few to compare"), ("only bounded", "only bounds known")):
        labels = [in_sentence(figures[each.figure].label) for each in changes if each.kind == kind]
        if labels:
            sentences.append(f"Cannot be compared, {why}: {listing(labels)}.")
    return sentences


def looks(changes: tuple[Change, ...]) -> str:
    """Say how the number of changes looked at is allowed for; empty without a comparison."""
    count = sum(change.kind in JUDGED for change in changes)
    if not count:
        return ""
    if count == 1:
        return (
            "One change was looked at: without a true change, chance would make it look clear "
            "once in twenty periods."
        )
    return (
        f"{count} changes were looked at, and that is allowed for: with no true change at all, "
        "anything is called clear in 1 of 20 reports at most. Each range stands for itself."
    )
