"""
How much the adaptive looking saves, and what it delays: `python -m benchmarks scale looking`.

Nothing runs here but a simulation with virtual time, of the rule in `storage/access/places.py`.
Invitations come as they come to accounts: most places get none for weeks, a few get most of them
(a Pareto distribution of rates), on working days and in working hours of the producer's zone, and
in bursts, for whoever builds images shares several within the hour.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.report import table
from storage.access.places import SLOWER

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
PLACES = 1500
DAYS = 14
SEED = 20260302
A_WEEK = 1.0
"""Bursts of invitations at a place in a week, in the mean."""
SHAPE = 1.16
"""Of Pareto's distribution: a fifth of the places gets four fifths of the bursts."""
LARGEST_RATE = 30.0
"""Of the mean, so that a place has no more than some bursts a day."""
WORKING = (8 * HOUR, 18 * HOUR)
AT_WORK = 0.9
"""Of the bursts come then, on working days."""
WAIT_S = 15 * MINUTE
"""Within which 95 of 100 invitations are to be found where nothing else tells of them."""


@dataclass(frozen=True)
class Rule:
    """Seconds between two looks: after news, and at most; they grow by *slower* in between."""

    every: float
    seldom: float
    slower: float = SLOWER

    def __str__(self) -> str:
        if self.every == self.seldom:
            return f"every {self.every / MINUTE:g} min"
        return f"{self.every / MINUTE:g} to {self.seldom / MINUTE:g} min"


@dataclass(frozen=True)
class Outcome:
    looks: float
    """At a place in a day."""
    delays: Sequence[float]
    """Seconds from each invitation to the look that finds it, sorted."""

    @property
    def mean(self) -> float:
        return sum(self.delays) / len(self.delays)

    def percentile(self, part: float) -> float:
        return self.delays[min(int(part * len(self.delays)), len(self.delays) - 1)]


RULES = (
    Rule(300, 300),
    Rule(900, 900),
    Rule(300, 900),
    Rule(300, 1800),
    Rule(300, 3600),
    Rule(900, 3600),
    Rule(3600, 3600),
    Rule(300, 4 * HOUR),
)


def main() -> None:
    traffic = list(places(random.Random(SEED)))  # noqa: S311 - the same traffic each time
    outcomes = {rule: simulate(rule, traffic) for rule in RULES}
    most = outcomes[RULES[0]].looks
    print(f"\n{PLACES} places, {DAYS} days, {sum(map(len, traffic))} invitations\n")
    print(
        table(
            ["rule", "looks a day", "saved", "delay, mean min", "p50", "p95"],
            [_row(rule, each, most) for rule, each in outcomes.items()],
        )
    )
    print(f"\nchosen: {choice(outcomes)} (p95 within 15 min; of these the fewest looks)")


def choice(outcomes: dict[Rule, Outcome]) -> Rule:
    """The rule with the fewest looks of those that find nearly all in time."""
    bearable = [rule for rule, each in outcomes.items() if each.percentile(0.95) <= WAIT_S]
    return min(bearable, key=lambda rule: (round(outcomes[rule].looks), outcomes[rule].mean))


def _row(rule: Rule, outcome: Outcome, most: float) -> list[str]:
    minutes = [outcome.mean, outcome.percentile(0.5), outcome.percentile(0.95)]
    return [
        str(rule),
        f"{outcome.looks:.1f}",
        f"{1 - outcome.looks / most:.0%}",
        *(f"{each / MINUTE:.1f}" for each in minutes),
    ]


def places(chance: random.Random) -> Iterator[list[float]]:
    """When the invitations of each place come, in seconds from a Monday's midnight."""
    for _ in range(PLACES):
        rate = min(chance.paretovariate(SHAPE) * (SHAPE - 1) / SHAPE, LARGEST_RATE) * A_WEEK / 7
        yield sorted(_arrivals(rate, chance))


def _arrivals(bursts_a_day: float, chance: random.Random) -> Iterator[float]:
    zone = chance.choice([-8, -6, -5, 0, 1, 5.5, 8]) * HOUR
    at = chance.expovariate(bursts_a_day) * DAY
    while at < DAYS * DAY:
        begin = _at_work(at, chance) - zone
        for _ in range(1 + int(chance.expovariate(0.5))):
            if 0 <= begin < DAYS * DAY:
                yield begin
            begin += chance.expovariate(1 / (12 * MINUTE))
        at += chance.expovariate(bursts_a_day) * DAY


def _at_work(at: float, chance: random.Random) -> float:
    """Mostly within working hours of that day, or of the Monday after."""
    if chance.random() > AT_WORK:
        return at
    day = at // DAY
    day += {5: 2, 6: 1}.get(int(day % 7), 0)
    return day * DAY + chance.uniform(*WORKING)


def simulate(rule: Rule, traffic: Sequence[Sequence[float]]) -> Outcome:
    chance = random.Random(SEED)  # noqa: S311
    looks, delays = 0, list[float]()
    for arrivals in traffic:
        times = list(_looks(rule, arrivals, chance))
        looks += len(times)
        for before, at in pairwise([0.0, *times]):
            found = arrivals[bisect_right(arrivals, before) : bisect_right(arrivals, at)]
            delays += [at - each for each in found]
    return Outcome(looks / PLACES / DAYS, sorted(delays))


def _looks(rule: Rule, arrivals: Sequence[float], chance: random.Random) -> Iterator[float]:
    """As `Places.looked` puts them: spread a little, so that not all are due together."""
    at, seen, interval = chance.uniform(0, rule.seldom), 0, rule.seldom
    while at < DAYS * DAY:
        yield at
        found = bisect_right(arrivals, at)
        interval = rule.every if found > seen else min(rule.seldom, interval * rule.slower)
        seen = found
        at += interval * chance.uniform(0.9, 1.0)
