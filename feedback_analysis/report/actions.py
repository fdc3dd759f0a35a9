"""Do this first: at most five things to do, each true on the data and with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from feedback_analysis.periods import Period
from feedback_analysis.report.action_texts import action_texts
from feedback_analysis.report.case_figures import due_cases, older_text
from feedback_analysis.report.feedback_figures import Ratings, ratings
from feedback_analysis.report.review_figures import review_list
from feedback_analysis.report.service_view import ServiceView, find_service
from feedback_analysis.report.trouble import trouble
from feedback_analysis.report.wording import GLUE, day, interval, known, plain, thousands
from feedback_analysis.shares import target_percent
from feedback_analysis.texts import listing, several

AT_MOST = 5
STALE_DAYS = 7
# So many cases the page of the cases names to begin with.
PAGE_NAMES = 5


@dataclass(frozen=True)
class Action:
    """Something to do.

    Attributes
    ----------
    id : str
        The rule that found it.
    text : str
        What to do, in one or two sentences.
    evidence : str
        The numbers, one or more lines: count, n and interval where it is a rate.
    page : str
        Notebook whose page shows more.
    heading : str
        The page's section that shows it; empty for the top.
    """

    id: str
    text: str
    evidence: str
    page: str
    heading: str = ""


@dataclass(frozen=True)
class Actions:
    """What to do first, and what was looked at.

    Attributes
    ----------
    found : tuple of Action
        At most five, the weightiest first.
    text : str
        Says so when nothing stands out; else empty.
    looked_at : str
        What the rules could look at with these files, in a sentence.
    over : str
        What stood out and may be over, where it is no step any more; else empty.
    """

    found: tuple[Action, ...]
    text: str
    looked_at: str
    over: str = ""


class _Search:
    """Collects what the rules find and what they could look at."""

    def __init__(
        self, shop: Any, period: Period, ratings: Ratings | None, service: ServiceView | None
    ) -> None:
        self.shop, self.period, self.ratings, self.service = shop, period, ratings, service
        self.checks: dict[str, int] = {}

    def run(self) -> Iterator[tuple[str, dict[str, Any]]]:
        yield from self.totals()
        yield from self.targets()
        yield from self.groups()
        yield from self.causes()
        yield from self.open_ends()
        yield from self.cases_due()
        yield from self.stale()
        yield from self.reviews()

    def totals(self) -> Iterator[tuple[str, dict[str, Any]]]:
        feedback = self.shop.tallies.feedback
        rates = self.ratings
        rated = set() if rates is None else set(rates.windows_by_marketplace["marketplace"])
        # Daily counts alone, which do not tell neutral from positive, rate nothing either.
        if feedback.empty and not rated:
            yield "no_feedback", {}
            return
        # Struck feedback counts no more, neither here nor in Amazon's totals.
        unrated = feedback[~feedback["marketplace"].isin(rated) & ~feedback["gone"]]
        if self.ratings is not None and rated == {"not stated"}:
            return
        if len(unrated):
            names = sorted(set(unrated["marketplace"]) - {"not stated"}) or ["the shop"]
            count = several(int(unrated["n"].sum()), "feedback")
            yield "no_totals", {"marketplaces": listing(names), "known": count}

    def targets(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Name each marketplace that misses a target, by the shortest time that shows it."""
        if self.ratings is None:
            return
        month = self.ratings.by_marketplace.assign(window=self.period.label)
        windows = self.ratings.windows_by_marketplace.query("window != 'lifetime'")
        # Totals of a window tell of a year whose newest month nobody knows by itself.
        rated = [each for each in (month, windows) if len(each)]
        if not rated:
            return
        self.checks["targets"] = 1
        every = pd.concat(rated, ignore_index=True)
        goals = self.shop.settings.targets
        named: set[str] = set()
        for kind, target, columns, unit in (
            ("share", goals.positive_share, ("share", "low", "high"), "share"),
            ("average", goals.average, ("average", "average_low", "average_high"), "stars"),
        ):
            missed = every[every[f"{kind}_verdict"] == "not met"].drop_duplicates("marketplace")
            # Who misses the share misses the average for the same reasons: one thing to do.
            missed = missed[~missed["marketplace"].isin(named)]
            missed = missed.sort_values(["n", "marketplace"], ascending=[False, True])
            named |= set(missed["marketplace"])
            if len(missed):
                yield (
                    f"{kind}_not_met",
                    {
                        "marketplaces": listing(
                            [self._place(name) for name in missed["marketplace"]]
                        ),
                        "target": target_percent(target) if unit == "share" else f"{target:g}",
                        "evidence": "\n".join(
                            self._missed(row, columns, unit) for row in missed.to_dict("records")
                        ),
                        "look": self._look(),
                    },
                )

    def _look(self) -> str:
        """Say what to look at to find why buyers are unhappy: comments, or orders without one."""
        if comments := int(self._low()["comment"].ne("").sum()):
            return f"Read the {several(comments, 'comment')} of 1 to 3 stars of {self.period.label}"
        return f"Look up the orders of unhappy buyers in {self.period.label}"

    def _low(self) -> pd.DataFrame:
        """Return the period's feedback of 1 to 3 stars."""
        rows, period = self.shop.feedback, self.period
        inside = rows["date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
        return rows[inside & rows["rating"].le(3) & ~rows["gone"]]

    def _missed(self, row: dict[str, Any], columns: tuple[str, ...], unit: str) -> str:
        value, low, high = (row[name] for name in columns)
        number, likely = plain(value, unit), interval(low, high, unit)
        number = f"{number} ({likely})" if known(value) else likely
        window = "" if row["window"] == self.period.label else f" in {row['window']}"
        of = f"of{GLUE}{thousands(int(row['n']))}"
        return f"{self._place(row['marketplace'])} {number} {of}{window}"

    @staticmethod
    def _place(marketplace: str) -> str:
        return "the shop" if marketplace == "not stated" else marketplace

    def groups(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Name carriers, products and channels that draw negatives beyond chance."""
        found, compared = trouble(self.shop, self.period)
        self.checks |= compared
        yield from found

    def causes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Name the commonest cause that the seller can fix, with its first remedy."""
        if self.service is None:
            return
        self.checks["top_cause"] = 1
        if self.service.top:
            yield "top_cause", self.service.top

    def open_ends(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Count negatives of the period without a case or a public reply."""
        low = self._low()
        # Those whose time runs out are told by the step of the cases due.
        due = [] if self.shop.cases.empty else due_cases(self.shop, self.period)[0]["order_key"]
        for kind, wanted, what, done in (
            (
                "no_case",
                low[low["order_key"].notna()] if len(self.shop.cases) else low.head(0),
                "feedback of 1 to 3 stars",
                lambda part: part["order_key"].isin(self.shop.cases["order_key"]),
            ),
            (
                "no_reply",
                low[low["rating"].le(2)],
                "negative feedback",
                lambda part: part["response"].str.strip().ne(""),
            ),
        ):
            if wanted.empty:
                continue
            self.checks[kind] = len(wanted)
            handled = done(wanted)
            finished = int(handled.sum())
            left = len(wanted) - finished
            due_text = action_texts()["cases"]["due"]
            told = int((wanted["order_key"].isin(due) & ~handled).sum()) * (kind == "no_case")
            what = f"more {what}" if told else what
            if left := left - told:
                yield (
                    kind,
                    {
                        "count": several(left, what, what.replace("feedback", "feedbacks", 1)),
                        "each": "" if left == 1 else "each of ",
                        "have": "has" if left == 1 else "have",
                        "due": due_text.format(count=thousands(told)) if told else "",
                        "done": thousands(finished),
                        "n": thousands(len(wanted)),
                        "period": self.period.label,
                    },
                )

    def cases_due(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Count the cases whose time runs out."""
        due, found = due_cases(self.shop, self.period)
        if found.table.empty or self.shop.cases.empty:
            return
        self.checks["cases_due"] = len(found.table)
        if len(due):
            overdue = int(due["overdue_days"].gt(0).sum())
            what = "feedback{} of 1 to 3 stars"
            unlisted, texts = int((~due["listed"]).sum()), action_texts()["cases"]
            unlisted = unlisted and texts["unlisted"].format(count=thousands(unlisted))
            yield (
                "cases_due",
                {
                    "count": several(len(due), what.format(""), what.format("s")),
                    "begin": texts["begin"] if len(due) > PAGE_NAMES else "",
                    "unlisted": unlisted or "",
                    "overdue": thousands(overdue),
                    "soon": thousands(len(due) - overdue),
                    "investigated": thousands(int(found.table["investigated"].sum())),
                    "n": thousands(len(found.table)),
                    "older": older_text(due, found.table),
                },
            )

    def stale(self) -> Iterator[tuple[str, dict[str, Any]]]:
        feedback = self.shop.tallies.feedback
        others = [
            frame[column].max()
            for frame, column in (
                (self.shop.daily, "date"),
                (self.shop.tallies.orders, "date"),
                (self.shop.traffic, "end"),
            )
            if len(frame)
        ]
        if feedback.empty or not others:
            return
        self.checks["stale_feedback"] = 1
        last, other = feedback[["date", "last_seen"]].max().max(), max(others)
        if (days := (other - last).days) > STALE_DAYS:
            yield (
                "stale_feedback",
                {
                    "days": several(days, "day"),
                    "feedback_day": day(last),
                    "other_day": day(other),
                },
            )

    def reviews(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Name the products that a first review would help most, where an effect was found."""
        found = review_list(self.shop)
        if found is None:
            return
        self.checks["reviews"] = len(found.table)
        first = found.table.head(10)
        yield (
            "ask_for_reviews",
            {
                "products": several(len(first), "product"),
                "names": listing(first["family"].head(3).tolist()),
                "among": " first among them" if len(first) > 3 else "",
                "extra": f"{first['extra_items'].sum():,.0f}",
                "all_extra": f"{found.total[0]:,.0f}",
                "interval": f"{found.total[1]:,.0f} to {found.total[2]:,.0f}",
                "n": f"{'the' if len(found.table) == 1 else 'all'} "
                f"{several(len(found.table), 'product')}",
            },
        )


def find_actions(
    shop: Any, period: Period, ratings: Ratings | None, service: ServiceView | None = None
) -> Actions:
    """Find what to do first.

    Parameters
    ----------
    shop : Shop
        With rows up to the period's last day only.
    period : Period
        The month or week.
    ratings : Ratings or None
        Its ratings.
    service : ServiceView, optional
        What its comments are about.

    Returns
    -------
    Actions
        At most five, and what was looked at. A false alarm among carriers, products and channels
        is expected in at most one of twenty reports.
    """
    texts = action_texts()
    rules = {rule["id"]: (weight, rule) for weight, rule in enumerate(texts["action"])}
    search, found = _Search(shop, period, ratings, service), []
    for name, values in search.run():
        weight, rule = rules[name]
        text, evidence = (rule[part].format_map(values) for part in ("text", "evidence"))
        if values.get("over"):
            text += f" {rule['over']}"
        # What may be over already comes after what goes on.
        weight += len(rules) * bool(values.get("over"))
        action = Action(name, text, evidence, rule["page"], rule.get("heading", ""))
        found.append((weight, action, values))
    found.sort(key=lambda each: each[0])
    words = texts["checks"]
    checks = [
        words.get(f"{name}_one" if n == 1 else name, words[name]).format(count=thousands(n))
        for name, n in search.checks.items()
    ]
    return Actions(
        tuple(action for _, action, _ in found[:AT_MOST]),
        "" if found else texts["nothing"]["text"].format(period=period.label),
        texts["nothing"]["looked_at"].format(checks=listing(checks)) if checks else "",
        _over([(each.id, values) for _, each, values in found[AT_MOST:] if values.get("over")]),
    )


def _over(left_out: list[tuple[str, dict[str, Any]]]) -> str:
    """Say what is no step because it may be over: it was one before, and must not just vanish."""
    if not left_out:
        return ""
    texts = action_texts()["over"]
    named = [texts["one"].format(kind=texts[kind], **values) for kind, values in left_out]
    return texts["text"].format(groups=listing(named))


def what_to_do(shop: Any, period: Period) -> list[str]:
    """Say what to do first, as the first page does, for a notebook.

    Parameters
    ----------
    shop : Shop
        With rows up to the period's last day only.
    period : Period
        The month or week.

    Returns
    -------
    list of str
        What to do with its evidence, at most five; empty when nothing stands out.
    """
    service = find_service(shop, period)
    found = find_actions(shop, period, ratings(shop, period), service).found
    evidence = ["; ".join(action.evidence.rstrip(".").split("\n")) for action in found]
    return [f"{action.text} ({shown})" for action, shown in zip(found, evidence, strict=True)]
