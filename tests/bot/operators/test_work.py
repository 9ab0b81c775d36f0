"""`work list` and `check`: an operator sees what is due, in hand, late, stuck and given up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot import lateness
from sandbox.slack import TEAM_ID
from storage import KINDS, Backlog, Store
from tests import taking
from tests.bot.people import CONSUMER_A
from tests.bot.program import Program
from tests.storage.fixtures import HandClock

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
EVERY = timedelta(minutes=5)
AGO = timedelta(days=3, hours=12)
NO_WORKER = (
    "BAD  work: no worker has done anything for 3 days; start `python -m bot worker`, or `all`"
)


@pytest.fixture
def ago() -> HandClock:
    """Days ago, by the machine's own clock; half a day more than is said, for slow machines."""
    return HandClock(datetime.now(UTC) - AGO)


@pytest.fixture
def kept(sqlite_url: str, keys: list[str], ago: HandClock) -> Iterator[Store]:
    with closing(Store.open(sqlite_url, keys, ago)) as store:
        store.migrate()
        yield store


def _put(store: Store, *texts: str) -> None:
    for text in texts:
        store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text=text)


def _checked(program: Program) -> list[str]:
    return [line for line in program("check")[1].splitlines() if " work: " in line]


def _worked(store: Store, ago: HandClock) -> None:
    """A worker has done what is done by the clock, just now."""
    ticks = store.ticks.every("notices", EVERY)
    ago.now += AGO
    for tick in ticks.claim(1):
        store.ticks.done(tick, EVERY)


def test_each_kind_is_counted_and_what_is_late_says_so(program: Program, kept: Store) -> None:
    _put(kept, "one", "two")

    code, said, _ = program("work", "list")

    lines = dict(line.split(maxsplit=1) for line in said.splitlines())
    assert code == 0
    assert set(lines) == {"KIND", *KINDS} - {"ticks"}
    assert re.fullmatch(r"2 +0 +0  late: oldest due for 3 days", lines["messages"])
    assert re.fullmatch(r"0 +0 +0  on time", lines["looks"])


def test_rows_of_a_kind_are_listed_with_what_becomes_of_them(
    program: Program, kept: Store, ago: HandClock
) -> None:
    _put(kept, "failed", "tried again", "late")
    failed, again = taking.notices(kept, 2)
    kept.outbox.fail(failed.id, "invalid_blocks")
    ago.now += AGO
    kept.outbox.retry(again.id, ago() + timedelta(hours=9), "internal_error")
    _put(kept, "in hand")

    said = program("work", "list", "messages")[1].splitlines()

    assert said[0] == f"{failed.id} {TEAM_ID} {CONSUMER_A}  failed: invalid_blocks"
    assert said[1].endswith("late for 3 days")
    assert "  due for " in said[2]
    assert said[3].startswith(again.id)
    assert "due in 8 h" in said[3]
    assert said[4] == "4 rows."
    assert not any("tried again" in line for line in said)


def test_no_such_kind_is_refused_with_those_that_there_are(program: Program) -> None:
    code, _, complaint = program("work", "list", "made-up")

    assert code == 2
    assert "looks" in complaint


def test_check_says_that_no_worker_runs(program: Program, kept: Store) -> None:
    """Killed in the middle of the night, say, with another that is healthy nowhere."""
    _put(kept, "late, too")
    kept.ticks.every("notices", EVERY)

    code = program("check")[0]

    assert _checked(program) == [NO_WORKER]
    assert code == 1


def test_check_says_what_is_late_though_a_worker_runs(
    program: Program, kept: Store, ago: HandClock
) -> None:
    _put(kept, "late")
    _worked(kept, ago)

    assert _checked(program) == [
        "BAD  work: messages: 1 due, the oldest for 3 days; start more workers, or see "
        "`python -m bot work list messages`"
    ]


def test_check_names_what_was_given_up_and_how_to_send_it(
    program: Program, kept: Store, ago: HandClock
) -> None:
    _put(kept, "failed")
    [failed] = taking.notices(kept, 1)
    kept.outbox.fail(failed.id, "invalid_blocks")
    _worked(kept, ago)

    assert _checked(program) == [
        "WARN work: messages: 1 given up; see `python -m bot outbox list --failed`, then "
        "`outbox retry` or `outbox drop`"
    ]
    assert program("check")[0] == 0


def test_check_says_that_work_is_on_time(program: Program, kept: Store, ago: HandClock) -> None:
    _worked(kept, ago)

    assert _checked(program) == [f"ok   work: {len(KINDS)} kinds, nothing late, stuck or given up"]


@pytest.mark.parametrize(
    ("backlog", "words"),
    [
        (Backlog("looks", due=3, oldest_due_at=NOW - timedelta(minutes=14)), ""),
        (Backlog("looks", due=3, oldest_due_at=NOW - timedelta(minutes=16)), "3 due"),
        (Backlog("looks", due=3, oldest_due_at=NOW + timedelta(minutes=5)), ""),
        (Backlog("looks", due=3, oldest_due_at=None), ""),
        (Backlog("looks", held=1, stalest_held_at=NOW - timedelta(minutes=16)), "restart"),
        (Backlog("ticks/x", held=1, stalest_held_at=NOW - timedelta(minutes=16)), ""),
        (Backlog("looks", repeated=2), "2 tried again and again"),
        (Backlog("cards", failed=1), "python -m bot work list cards"),
    ],
)
def test_trouble_is_named_from_its_bound_on(backlog: Backlog, words: str) -> None:
    found = [each.text for each in lateness.troubles([backlog], NOW)]

    assert len(found) == bool(words)
    assert all(words in each for each in found)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_spans_are_said_in_their_largest_units(span: timedelta, words: str) -> None:
    assert lateness.words(span) == words
