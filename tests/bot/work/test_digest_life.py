"""
Weeks of the real job, with whatever comes between: no slot is lost, none comes twice or at night.

What is due is found by walking through the minutes with a calendar, and not by the bot's own sums.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

import handlers
from bot.settings import Settings
from bot.wiring import Runtime
from bot.work import jobs
from handlers import Person
from handlers.core import zones
from sandbox.slack import TEAM_ID
from storage import ALL_ACCOUNTS, Invitation, Preference, SlotRow, SlotState
from tests.storage.fixtures import HandClock

SEED = 20260302
MINUTE = timedelta(minutes=1)
LATE = timedelta(hours=12)
DAYS = 28
PEOPLE = 10
STARTS = ("2026-03-01", "2026-03-20", "2026-10-20")
"""About when clocks change, in the north and in the south."""
CITIES = [name for name in sorted(available_timezones()) if zones.zone(name) == name]
CLOCK = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45, 59)]


@dataclass
class Life:
    """A person, and what they have wanted since when."""

    person: Person
    number: str
    wishes: list[tuple[datetime, Preference]] = field(default_factory=list)

    def wish(self, now: datetime, dice: random.Random, runtime: Runtime) -> None:
        """Say in Slack what they want from now on."""
        line = _line(dice, CITIES)
        runtime.store.people.seen(TEAM_ID, self.person.user_id)
        handlers.answer(handlers.parse(self.person, line, "C1"), runtime.services)
        known = runtime.store.preferences.of(TEAM_ID, self.person.user_id)
        self.wishes.append((now, known[ALL_ACCOUNTS]))

    def due(self, end: datetime) -> dict[str, datetime]:
        """Every slot until *end*, by its name: the first of each name, and of each moment."""
        found: dict[str, datetime] = {}
        ends = [since for since, _ in self.wishes[1:]] + [end]
        for (since, preference), until in zip(self.wishes, ends, strict=True):
            for name, at in _walked(preference, since, until):
                if name not in found:
                    found[name] = at
        return found

    def wanted_at(self, moment: datetime) -> Preference:
        return next(wish for since, wish in reversed(self.wishes) if since <= moment)


def _line(dice: random.Random, zones: list[str]) -> str:
    times = ",".join(sorted(dice.sample(CLOCK, dice.randint(1, 3))))
    days = dice.choice(["daily", "weekdays", "weekly tue,sat,sun"])
    quiet = "-".join(dice.sample(CLOCK, 2)) if dice.random() < 0.6 else "off"
    return f"digest {days} {times} --zone {dice.choice(zones)} --quiet {quiet}"


def _walked(
    preference: Preference, since: datetime, until: datetime
) -> Iterator[tuple[str, datetime]]:
    """The first minute that shows a time or a later one, and then the first that is not quiet."""
    where = ZoneInfo(preference.zone)
    minute = (since - timedelta(days=3)).replace(second=0, microsecond=0)
    waiting = [
        (datetime.combine(day, time.fromisoformat(word)), f"{day} {word}")
        for n in range((until - minute).days + 3)
        if (day := (minute + timedelta(days=n)).date()).weekday() in preference.days
        for word in preference.times
    ]
    latest, held = datetime.min, ""  # noqa: DTZ901 - the wall clock
    while minute <= until:
        shown = minute.astimezone(where).replace(tzinfo=None)
        while waiting and waiting[0][0] <= shown:
            wall, name = waiting.pop(0)
            if wall > latest and not held:
                held = name
        latest = max(latest, shown)
        if held and not _quiet(preference, minute):
            if since <= minute:
                yield held, minute
            held = ""
        minute += MINUTE


def _quiet(preference: Preference, moment: datetime) -> bool:
    begin, end = preference.quiet_from, preference.quiet_to
    shown = f"{moment.astimezone(ZoneInfo(preference.zone)):%H:%M}"
    return begin <= shown < end if begin <= end else not end <= shown < begin


@pytest.fixture
def second(environ: Mapping[str, str], clock: HandClock, runtime: Runtime) -> Iterator[Runtime]:
    """Another scheduler on the same database."""
    with closing(Runtime.build(Settings.from_env(environ), clock=clock)) as other:
        yield other


def _live(
    lives: list[Life],
    runtimes: tuple[Runtime, Runtime],
    clock: HandClock,
    dice: random.Random,
    days: int,
) -> list[datetime]:
    """Ticks, with outages, jumps back, two at once, and changes of mind; when each tick was."""
    runtime, ticks, images = runtimes[0], [], 0
    end = clock.now + timedelta(days=days)
    with ThreadPoolExecutor(2) as pool:
        while clock.now < end:
            if dice.random() < 0.02:
                dice.choice(lives).wish(clock.now, dice, runtime)
            if dice.random() < 0.2:
                images += 1
                _invite(dice.choice(lives), f"image-{images}", runtime, clock)
            ticks.append(clock.now)
            at_once = dice.random() < 0.1
            list(pool.map(jobs.digests, runtimes if at_once else runtimes[:1]))
            clock.now += _step(dice)
    return ticks


def _step(dice: random.Random) -> timedelta:
    what = dice.random()
    if what < 0.01:
        return timedelta(hours=dice.randint(2, 40))
    return timedelta(minutes=dice.randint(1, 45))


def _invite(life: Life, image_id: str, runtime: Runtime, clock: HandClock) -> None:
    [account] = runtime.store.accounts.of(TEAM_ID, life.person.user_id)
    runtime.store.invitations.begin(
        Invitation(
            account_id=account.id,
            region="DFW",
            image_id=image_id,
            image_name=image_id,
            owner="9900999",
            size=1,
            first_seen=clock.now,
            invited_at=clock.now,
        )
    )


@pytest.fixture
def lives(runtime: Runtime, clock: HandClock) -> Callable[[random.Random], list[Life]]:
    def _lives(dice: random.Random) -> list[Life]:
        found = []
        for n in range(PEOPLE):
            life = Life(Person(TEAM_ID, f"U{n}"), str(1000 + n))
            runtime.store.accounts.link(
                TEAM_ID,
                life.person.user_id,
                cloud="http://127.0.0.1:9/v3",
                project_id=life.number,
                project_name="",
                user_name="user",
                regions=("DFW",),
                region="DFW",
                credentials={},
            )
            life.wish(clock.now, dice, runtime)
            found.append(life)
        return found

    return _lives


@pytest.mark.parametrize("start", STARTS)
def test_each_slot_is_served_once_or_known_to_be_too_late_and_never_in_quiet_hours(
    start: str,
    runtime: Runtime,
    second: Runtime,
    clock: HandClock,
    lives: Callable[[random.Random], list[Life]],
) -> None:
    dice = random.Random(f"{SEED} {start}")  # noqa: S311 - no secret
    clock.now = datetime.fromisoformat(start).replace(tzinfo=UTC)
    everyone = lives(dice)
    ticks = _live(everyone, (runtime, second), clock, dice, DAYS)
    last = ticks[-1]

    counted = dict.fromkeys(SlotState, 0)
    for life in everyone:
        due = life.due(last)
        rows = _rows(runtime, life)
        settled = set(rows)
        awake = [tick for tick in ticks if not _quiet(life.wanted_at(tick), tick)]
        expected = {name for name, at in due.items() if bisect_left(awake, at) < len(awake)}
        assert settled - expected == set(), life
        assert expected - settled == set(), life
        assert {name: rows[name].due_at for name in settled} == {n: due[n] for n in settled}
        for row in (rows[name] for name in settled):
            _as_it_should_be(row, life, awake, sorted(due.values()))
            counted[row.state] += 1
    print({state.value: count for state, count in counted.items() if count})  # noqa: T201 - asked for
    assert counted[SlotState.SENT] > 50
    assert counted[SlotState.SKIPPED] > 0
    assert runtime.store.outbox.waiting() == counted[SlotState.SENT]


def _as_it_should_be(
    row: SlotRow, life: Life, awake: list[datetime], moments: list[datetime]
) -> None:
    first = awake[bisect_left(awake, row.due_at)]
    overtaken = any(row.due_at < at <= first for at in moments)
    too_late = first > _latest(row, life.wanted_at(first))
    if row.state == SlotState.SKIPPED:
        assert overtaken or too_late, row
    else:
        assert row.at == first, row
        assert not overtaken, row
        assert not too_late, row


def _latest(row: SlotRow, preference: Preference) -> datetime:
    """Half a day later, or an hour after the quiet hours in which that is."""
    latest = row.due_at + LATE
    while _quiet(preference, latest):
        latest += MINUTE
    return latest + timedelta(hours=1) if latest > row.due_at + LATE else latest


def _rows(runtime: Runtime, life: Life) -> dict[str, SlotRow]:
    rows = runtime.store.digests._table.find(user_id=life.person.user_id)
    return {row.slot: row for row in rows}
