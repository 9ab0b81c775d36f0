"""What is asked of each engine on each database."""

from __future__ import annotations

import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.engines import databases
from benchmarks.engines.crew import HANDS, Crew, items
from benchmarks.engines.items import Event, Item

HELD_S = 20
PATIENCE_S = 100
"""For a killed worker's work to be taken up."""
LONG_S = 85
"""Longer than any lease: work that is alive is not to be taken up by another."""
STARTED_S = 6


def together(crew: Crew) -> str:
    """Whether "noted as told" and "queued" are one transaction of our connection."""
    gone = crew.put([Item("gone-1", "a", 0)], "--join", "--rollback")
    if gone.returncode:
        return "no"
    if databases.count(crew.url, "gone-1"):
        return "no"
    kept = crew.put([Item("kept-1", "a", 0)], "--join")
    return "yes" if not kept.returncode and databases.count(crew.url, "kept-1") > 1 else "no"


def killed(crew: Crew) -> tuple[float | None, int]:
    """
    Seconds from the `kill -9` of a worker until another begins what it held, and how often
    an item was begun that takes longer than any lease and whose worker lives.
    """
    crew.start()
    crew.put([Item("held", "a", HELD_S)])
    assert crew.until(_begun("held"), 60), crew.errors()
    crew.start()
    time.sleep(STARTED_S)
    crew.kill(crew.workers[0].pid)
    since = time.time()
    crew.put([Item("long", "b", LONG_S)])
    crew.until(_begun("held", times=2), PATIENCE_S)
    crew.until(lambda events: _ended(events, "long"), LONG_S + 10)
    begun = [event.at for event in crew.events() if (event.what, event.item) == ("begin", "held")]
    long = sum((event.what, event.item) == ("begin", "long") for event in crew.events())
    return (begun[1] - since if len(begun) > 1 else None), long


def away(
    crew: Crew, take_away: Callable[[], None], together: Callable[[], None]
) -> tuple[float | None, str]:
    """Seconds from the database's return until work goes on, and what became of the items."""
    given = items("away", HANDS * 6, HANDS * 2, 6.0)
    crew.start(2)
    time.sleep(STARTED_S)
    together()
    crew.put(given)
    crew.until(lambda events: len(events) >= HANDS, 30)
    take_away()
    back = time.time()
    ended = crew.until(lambda events: len(_all(events, "end")) == len(given), 100)
    resumed = [event.at - back for event in crew.events() if event.what == "begin"]
    later = [seconds for seconds in resumed if seconds > 0]
    again = Counter(event.item for event in crew.events() if event.what == "begin")
    twice = sum(number > 1 for number in again.values())
    alive = sum(worker.poll() is None for worker in crew.workers)
    lost = len(given) - len(_all(crew.events(), "end"))
    words = "all done" if ended else f"{lost} of {len(given)} not done"
    words += f", {twice} twice" if twice else ""
    return (min(later) if later else None), words + ("" if alive == 2 else f", {2 - alive} died")


@dataclass(frozen=True)
class Speed:
    rate: float
    """Items a second."""
    cpu_ms: float
    """Of all workers, an item."""
    transactions: float | None


def speed(crew: Crew, workers: int, given: Sequence[Item]) -> Speed:
    """While there is enough to do for all of them."""
    done = crew.put(given)
    assert not done.returncode, done.stderr
    before = databases.transactions(crew.url)
    crew.start(workers)
    crew.until(lambda events: len({event.pid for event in events}) == workers, 30)
    begun, used, since = len(_all(crew.events(), "end")), crew.cpu_s(), time.time()
    enough = len(given) - HANDS * workers
    crew.until(lambda events: len(_all(events, "begin")) >= enough, 60)
    now, used = time.time(), crew.cpu_s() - used
    number = len(_all(crew.events(), "end")) - begun
    crew.until(lambda events: len(_all(events, "end")) == len(given), 30)
    after = databases.transactions(crew.url)
    each = None if before is None or after is None else (after - before) / len(given)
    return Speed(number / (now - since), 1000 * used / number, each)


def most_in_a_lane(events: Sequence[Event]) -> int:
    """How many of one lane were ever in flight at once."""
    now: Counter[str] = Counter()
    most = 0
    for event in events:
        now[event.lane] += 1 if event.what == "begin" else -1
        most = max(most, now[event.lane])
    return most


def in_order(events: Sequence[Event]) -> bool:
    """Whether each lane's items were begun in the order in which they were put."""
    lanes = defaultdict(list)
    for event in _all(events, "begin"):
        lanes[event.lane].append(int(event.item.rpartition("-")[2]))
    return all(numbers == sorted(numbers) for numbers in lanes.values())


@dataclass(frozen=True)
class Idle:
    latency_ms: float
    """From the end of the transaction that queues until the work is begun, the median."""
    cpu_ms: float
    """Of a worker with nothing to do, a second."""
    transactions: float | None
    """Likewise."""
    threads: int
    memory_mb: float
    tables: int


def idle(crew: Crew) -> Idle:
    """One worker that has nothing to do, and then one item."""
    crew.start()
    time.sleep(STARTED_S)
    before, used, since = databases.transactions(crew.url), crew.cpu_s(), time.time()
    time.sleep(5)
    after, seconds = databases.transactions(crew.url), time.time() - since
    rest = crew.cpu_s() - used
    told = crew.put(items("one", 12, 1, 0.0), *crew.joining, "--every=0.37")
    put = {name: float(at) for name, at in map(str.split, told.stdout.splitlines())}
    crew.until(lambda events: len(_all(events, "begin")) == len(put), 5)
    waits = [max(0.0, e.at - put[e.item]) for e in _all(crew.events(), "begin")]
    return Idle(
        latency_ms=1000 * statistics.median(waits),
        cpu_ms=1000 * rest / seconds,
        transactions=None if before is None or after is None else (after - before) / seconds,
        threads=crew.status("Threads"),
        memory_mb=crew.status("VmRSS") / 1024,
        tables=databases.tables(crew.url) - 1,  # not our notes
    )


def _all(events: Sequence[Event], what: str) -> list[Event]:
    return [event for event in events if event.what == what]


def _begun(item: str, times: int = 1) -> Callable[[list[Event]], bool]:
    return lambda events: sum(e.item == item for e in _all(events, "begin")) >= times


def _ended(events: Sequence[Event], item: str) -> bool:
    return any(event.item == item for event in _all(events, "end"))
