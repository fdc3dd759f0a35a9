"""How often the weekly alarm is false, and how soon it is right, beside two rules in common use."""

from __future__ import annotations

import argparse
import time

import numpy as np
from _quiet_shops import days_of_kinds, plus_half, quiet_weeks, three_of_a_kind

from feedback_analysis.health.change_point import change_point
from feedback_analysis.health.cusum import Level, course, thresholds
from feedback_analysis.health.run_length import average_run_length
from feedback_analysis.health.watch import FACTOR, first_watched, watches

PAGE, CHART = 104, 208
MEANS = (1, 4, 16, 64)
BASELINE, WATCHED, CHANGE, AFTER = 52, 52, 26, 60
RULES = ("ours", "+50 % on last week", "3 of a kind in 7 days")


def main() -> None:
    """Run the studies and print one table each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shops", type=int, default=2000, help="shops a volume")
    options.add_argument("--pages", type=int, default=800, help="shops for the whole page")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    began = time.process_time()
    rules(chosen.shops, chosen.seed)
    swinging(chosen.shops // 4, chosen.seed)
    pages(chosen.pages, chosen.seed)
    print(f"{time.process_time() - began:.0f} s of processor")


def rules(shops: int, seed: int) -> None:
    """Compare the rules on the same negatives, baseline estimated from 52 weeks."""
    print(
        f"negatives per order, {shops:,} shops a volume: {BASELINE} weeks before, {WATCHED} "
        f"watched for false alarms; a doubling after {CHANGE}; ours states one false alarm in "
        f"{CHART} weeks"
    )
    print(
        f"{'a week':>6}  {'rule':<22} {'false a year':>14} {'of stated':>14}  "
        f"{'weeks to see a doubling':>24}  {'in 60 weeks':>11}"
    )
    covered = []
    for mean in MEANS:
        rng = np.random.default_rng([seed, mean])
        quiet, delay, found = _one_volume(mean, shops, rng)
        for rule in RULES:
            per_year = quiet[rule] / WATCHED * 52
            error = per_year.std() / np.sqrt(shops)
            ratio = ""
            if rule == "ours":
                ratio = f"{per_year.mean() / 52 * CHART:.2f} +- {error / 52 * CHART:.2f}"
            weeks = delay[rule]
            seen = np.isfinite(weeks)
            spread = weeks[seen].std() / np.sqrt(seen.sum())
            print(
                f"{mean:>6}  {rule:<22} {per_year.mean():7.2f} +- {error:.2f} {ratio:>14}  "
                f"{weeks[seen].mean():9.1f} +- {spread:.1f}, half {np.median(weeks):3.0f}  "
                f"{100 * seen.mean():9.0f} %"
            )
        covered.append((mean, found, delay["promised"]))
    print("+50 %: the week before not 0. Kinds: 8 stated causes, a week counts once.")
    print()
    print("beginning of the doubling (ours): weeks given as possible hold the true one")
    for mean, found, promised in covered:
        held, width, near = (found[:, column] for column in range(3))
        error = np.sqrt(held.mean() * (1 - held.mean()) / len(held))
        print(
            f"{mean:>6} a week: {100 * held.mean():3.0f} +- {100 * error:.0f} %, "
            f"{width.mean():.1f} weeks wide, likeliest within 2 weeks {100 * near.mean():.0f} %; "
            f"weeks to see it as the page says {promised:.1f}"
        )
    print()


def _one_volume(mean: int, shops: int, rng: np.random.Generator):
    """Run every rule on the same shops of one volume."""
    weeks = CHANGE + AFTER
    exposure = np.ones(weeks)
    quiet = {rule: np.zeros(shops) for rule in RULES}
    delay = {rule: np.full(shops, np.inf) for rule in RULES}
    bases = rng.poisson(mean, (shops, BASELINE)).astype(float)
    levels = [Level.of_weeks("poisson", base, np.ones(BASELINE)) for base in bases]
    limits = {
        level: thresholds(level, exposure, factor=FACTOR, weeks_between_false_alarms=CHART)
        for level in set(levels)
    }
    found = []
    for shop, level in enumerate(levels):
        for change in (None, CHANGE):
            rate = np.full(weeks, float(mean))
            rate[CHANGE if change else weeks :] *= 2
            daily = days_of_kinds(rate, rng)
            weekly = daily.sum(axis=1).reshape(-1, 7).sum(axis=1)
            statistic, ours = course(level, weekly, exposure, limits[level], factor=FACTOR)
            alarms = dict(
                zip(RULES, (ours, plus_half(weekly), three_of_a_kind(daily)), strict=True)
            )
            for rule, alarm in alarms.items():
                if change is None:
                    quiet[rule][shop] = alarm[:WATCHED].sum()
                elif alarm[CHANGE:].any():
                    delay[rule][shop] = np.argmax(alarm[CHANGE:]) + 1
            if change and ours[CHANGE:].any():
                found.append(_beginning(level, weekly, exposure, statistic, ours))
    level = min((one for one in limits if not one.spread), key=lambda one: abs(one.value - mean))
    threshold = float(np.median(limits[level][-13:]))
    delay["promised"] = average_run_length(level.scores(FACTOR, 1.0, 2 * level.value), threshold)
    return quiet, delay, np.array(found, dtype=float)


def _beginning(level, weekly, exposure, statistic, alarms) -> tuple[bool, int, bool]:
    alarm = CHANGE + int(np.argmax(alarms[CHANGE:]))
    earlier = np.flatnonzero(alarms[:alarm])
    restart = int(earlier[-1]) + 1 if len(earlier) else 0
    zeros = np.flatnonzero(statistic[restart:alarm] == 0)
    zero = restart + (int(zeros[-1]) + 1 if len(zeros) else 0)
    best, low, high = change_point(level, weekly, exposure, alarm=alarm, zero=zero, restart=restart)
    return low <= CHANGE <= high, high - low + 1, abs(best - CHANGE) <= 2


def swinging(shops: int, seed: int) -> None:
    """Count ours on shops whose weeks swing more than Poisson weeks do, though nothing changes."""
    print(
        f"weeks that swing beyond chance, {shops} shops a line: the rate of each week is drawn "
        "anew around the same level"
    )
    print(f"{'a week':>6} {'spread of the rate':>19} {'variance / mean':>16} {'of stated':>14}")
    for mean in MEANS[1:]:
        for spread in (0.0, 0.2, 0.4):
            rng = np.random.default_rng([seed, mean, int(10 * spread)])
            counts = np.array([_swinging_alarms(rng, mean, spread) for _ in range(shops)])
            ratio = counts / WATCHED * CHART
            print(
                f"{mean:>6} {spread:>18.0%} {1 + mean * spread**2:>17.1f} {ratio.mean():>8.2f} +- "
                f"{ratio.std() / np.sqrt(shops):.2f}",
                flush=True,
            )
    print()


def _swinging_alarms(rng: np.random.Generator, mean: float, spread: float) -> int:
    weeks = BASELINE + WATCHED
    rate = rng.gamma(1 / spread**2, mean * spread**2, weeks) if spread else np.full(weeks, mean)
    counts = rng.poisson(rate)
    level = Level.of_weeks("poisson", counts[:BASELINE].astype(float), np.ones(BASELINE))
    exposure = np.ones(WATCHED)
    limits = thresholds(level, exposure, factor=FACTOR, weeks_between_false_alarms=CHART)
    return int(course(level, counts[BASELINE:], exposure, limits, factor=FACTOR)[1].sum())


def pages(shops: int, seed: int) -> None:
    """Count the alarms of whole pages of shops in which nothing changes, volumes as in life."""
    print(
        f"whole page, both charts, {shops} shops with growth and seasons in which nothing changes"
    )
    print(f"{'feedbacks a week':>16} {'alarms':>7} {'expected':>9} {'of stated':>14}")
    every = []
    for size in (10, 40, 160, 640):
        rng = np.random.default_rng([seed, size])
        counts, expected = [], 0.0
        for _ in range(shops // 4):
            alarms, weeks = page_alarms(quiet_weeks(rng, feedbacks=size, missed=0.06))
            counts.append(alarms)
            expected += weeks / PAGE
        every.append((np.array(counts), expected))
        _page_line(f"{size}", *every[-1])
    _page_line("all", np.concatenate([c for c, _ in every]), sum(e for _, e in every))


def page_alarms(counts) -> tuple[int, int]:
    """Return the alarms of both charts of a shop's page, and the weeks watched."""
    first, own = first_watched(counts["start"], 52)
    made = watches("", counts, first, own=own, target=0.95, delay=np.array([1.0]))
    alarms = sum(len(watch.run(weeks_between=PAGE * len(made), seed=20260)[1]) for watch in made)
    return alarms, len(counts) - first


def _page_line(name: str, counts: np.ndarray, expected: float) -> None:
    error = counts.std() * np.sqrt(len(counts)) / expected
    total = counts.sum()
    print(
        f"{name:>16} {total:>7} {expected:>9.1f} {total / expected:>6.2f} +- {error:.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
