"""A look for digests that are due, of 10,000 people, while none is: on both databases."""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.engines import databases
from benchmarks.report import table
from storage import Store, new_key
from storage.db.columns import to_text

PEOPLE = 10_000
LOOKS = 200
GOAL_MS = 100


def main() -> None:
    with databases.server() as server, tempfile.TemporaryDirectory() as folder:
        rows = []
        for kind in ("sqlite", "postgres"):
            url = databases.create(server, Path(folder), kind, "digests")
            rows.append([kind, f"{_measure(url):.2f}"])
    print(f"\nA look for digests that are due, {PEOPLE:,} people, nobody's is\n")
    print(table(["", "ms"], rows))
    worst = max(float(ms) for _, ms in rows)
    print(f"- at most {GOAL_MS} ms: {'met' if worst <= GOAL_MS else 'MISSED'}")


def _measure(url: str) -> float:
    """In ms, the median of what a worker does when it wakes: it looks when, and claims."""
    store = Store.open(url, [new_key()])
    store.migrate()
    _fill(store)
    claims, taken = store.digest_schedules.claims, []
    for _ in range(LOOKS):
        began = time.perf_counter()
        claims.next_due()
        assert claims.claim(2) == []
        taken.append(1000 * (time.perf_counter() - began))
    store.close()
    return statistics.median(taken)


def _fill(store: Store) -> None:
    now = datetime.now(UTC)
    db = store._db
    with db.transaction():
        db.execute_many(
            """insert into digest_schedules (team_id, user_id, number, since, slot, slot_at,
                                             due_at, error, attempts, claim)
               values (:team, :user, '', :since, '', null, :due, '', 0, '')""",
            [
                {
                    "team": f"T{n % 100}",
                    "user": f"U{n}",
                    "since": to_text(now),
                    "due": to_text(now + timedelta(hours=1, seconds=n)),
                }
                for n in range(PEOPLE)
            ],
        )


if __name__ == "__main__":
    main()
