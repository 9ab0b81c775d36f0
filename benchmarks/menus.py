"""
Typing into the menu of images, over 10,000 images of a real Glance.

Cold is the first letter, with nothing kept; warm are the letters after it. Beside that, the
least that such a search can cost: the same words over a dictionary, kept for ever.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import handlers
from benchmarks.lab import Lab, lab
from benchmarks.report import at_most, table
from bot import linking
from cloud import Clouds
from handlers import Option, Person, Search, Services
from handlers.ui.typeahead import TIMEOUT_S
from handlers.ui.typeahead_options import IMAGE
from storage import Store, new_key
from storage.clock import utc_now

IMAGES = 10_000
PERSON = Person("T1", "U1")
TYPED = ("", "b", "build", "build-09", "debian", "deb 012", "dfw", "a1b2c3", "nothing like it")
OURS, BARE, COLD = "the bot, warm", "bare dictionary filter", "the bot, cold"
MOST_MS = 300
"""What a warm menu may take at most."""


@dataclass(frozen=True)
class Times:
    p50_ms: float
    p99_ms: float


def main(rounds: int) -> None:
    with lab(IMAGES) as running, _linked(running) as (store, clouds):
        _find(Services(store, clouds, utc_now), "")  # logs in
        first = [_cold(store, clouds) for _ in range(rounds)]
        services = Services(store, clouds, utc_now)
        _fill(services)
        ours, bare = _letters(services, _kept(services), rounds)
    rows = {COLD: _times(first), OURS: ours, BARE: bare}
    print(f"\nTyping into the menu of {IMAGES:,} images, {rounds * 20} times {len(TYPED)} words")
    shown = [[name, f"{t.p50_ms:.2f}", f"{t.p99_ms:.2f}"] for name, t in rows.items()]
    print(table(["", "p50 ms", "p99 ms"], shown))
    print(at_most("warm p99", ours.p99_ms, MOST_MS, "ms"))
    print(f"- warm p50, bot / bare filter: {ours.p50_ms / bare.p50_ms:.1f}")
    print(f"- cold: answered after {TIMEOUT_S:.0f} s with what was there, if not all was")


@contextmanager
def _linked(running: Lab) -> Iterator[tuple[Store, Clouds]]:
    os.environ["OS_CLIENT_CONFIG_FILE"] = str(running.folder / "state/clouds.yaml")
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{Path(folder) / 'bot.db'}", [new_key()])
        store.migrate()
        clouds = Clouds()
        linking.link(
            store, clouds, team=PERSON.team_id, user=PERSON.user_id, cloud="producer", region="DFW"
        )
        yield store, clouds
        clouds.close()
        store.close()


def _cold(store: Store, clouds: Clouds) -> float:
    """Milliseconds until the first answer of a bot that has kept nothing, but is logged in."""
    return _timed(partial(_find, Services(store, clouds, utc_now), ""))


def _fill(services: Services) -> None:
    """Until the last image can be found."""
    until = time.monotonic() + 120
    while not _find(services, f"build-{IMAGES - 1:05}") or not _find(services, "build-00000"):
        assert time.monotonic() < until, "never read to its end"
        time.sleep(0.2)


def _kept(services: Services) -> Mapping[str, str]:
    """What the bot has kept, as plainly as can be: the words of each value."""
    account = services.current_account(PERSON)
    reading = services.menus.read((account.id, "DFW", "images"), lambda: ())
    kept = {item.option.value: item.search_text for item in reading.so_far()}
    assert len(kept) == IMAGES, len(kept)
    return kept


def _letters(services: Services, kept: Mapping[str, str], rounds: int) -> tuple[Times, Times]:
    """Word by word, the one and the other in turn."""
    ours, bare = [], []
    for _ in range(rounds * 20):
        for words in TYPED:
            ours.append(_timed(partial(_find, services, words)))
            bare.append(_timed(partial(_filter, kept, words)))
    return _times(ours), _times(bare)


def _find(services: Services, words: str) -> Sequence[Option]:
    return handlers.DISPATCHER.find_options(Search(PERSON, IMAGE, words), services)


def _filter(kept: Mapping[str, str], words: str) -> Sequence[str]:
    typed = words.split()
    return [value for value, text in kept.items() if all(word in text for word in typed)][:100]


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def _times(each_ms: Sequence[float]) -> Times:
    p99 = statistics.quantiles(each_ms, n=100, method="inclusive")[98]
    return Times(statistics.median(each_ms), p99)
