"""
The least code of our own: a table, one statement that claims, and a heartbeat.

The claim is the same statement on both databases. Claims come one after another (SQLite's write
lock, an advisory lock on PostgreSQL): of two that count beside each other, both would find room
in a lane for its last item.
"""

from __future__ import annotations

import queue
import secrets
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from benchmarks.engines.adapters.own_databases import Postgres, Sqlite
from benchmarks.engines.items import Item, do

LEASE_S = 60.0
BEAT_S = 20.0
PAUSE_S = 1.0
"""Between two tries to say that something is done, while the database is away."""
ANY = 1_000_000

TABLE = """
    create table if not exists work (
        id text primary key, lane text not null, seconds double precision not null,
        due_at double precision not null, claim text not null default '',
        claimed_until double precision not null default 0,
        attempts integer not null default 0)"""
INDEXES = (
    "create index if not exists work_claimed on work (lane, claimed_until)",
    "create index if not exists work_in_lane on work (lane, due_at, id)",
    "create index if not exists work_due on work (due_at)",
)
PUT = "insert into work (id, lane, seconds, due_at) values (:id, :lane, :seconds, :now)"
CLAIM = """
    with recursive lanes(lane) as (
        select min(lane) from work where lane > :after
        and exists (select 1 from work due where due.due_at <= :now and due.claimed_until <= :now)
        union all
        select (select min(work.lane) from work where work.lane > lanes.lane)
        from lanes where lanes.lane is not null),
    heads(id) as (
        select (select due.id from work due where due.lane = lanes.lane
                and due.due_at <= :now and due.claimed_until <= :now
                order by due.due_at, due.id limit 1)
        from lanes
        where :bound > (select count(*) from work held
                        where held.lane = lanes.lane and held.claimed_until > :now))
    update work set claim = :claim, claimed_until = :until, attempts = attempts + 1
    where id in (select id from heads where id is not null limit :free)
    returning id, lane, seconds, due_at"""
"""
Walks the lanes from the one after the last that was served, a step of the index each, and takes
the first item of each lane that has room; whoever still has free hands walks again.
"""
RENEW = "update work set claimed_until = :until where id = :id and claim = :claim"
DONE = "delete from work where id = :id and claim = :claim"


class Ours:
    def __init__(self, url: str) -> None:
        self.database = Sqlite(url) if url.startswith("sqlite") else Postgres(url)
        self._ours: Any = None

    def prepare(self) -> None:
        for statement in (TABLE, *INDEXES):
            self.database.run(statement)

    def bind(self, connection: Any) -> None:
        self._ours = connection

    def put(self, items: Sequence[Item]) -> None:
        now = time.time()
        self.database.put(
            self._ours, PUT, [{**vars(item), "now": now + n / 1e6} for n, item in enumerate(items)]
        )

    def work(self, hands: int, bound: int) -> None:
        _Worker(self.database, hands, bound or ANY).run()


class _Worker:
    def __init__(self, database: Sqlite | Postgres, hands: int, bound: int) -> None:
        self.database = database
        self._hands = hands
        self._bound = bound
        self._after = ""
        self._given: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._held: dict[str, str] = {}

    def run(self) -> None:
        for serve in [self._serve] * self._hands + [self._beat]:
            threading.Thread(target=serve, daemon=True).start()
        for _ in self.database.wakes():
            with suppress(*self.database.troubles):
                while self._claim():
                    pass

    def _claim(self) -> bool:
        """Take as much as there are free hands. True if there may be more to take."""
        free = self._hands - len(self._held)
        if not free:
            return False
        now, claim = time.time(), secrets.token_hex(8)
        values = {"bound": self._bound, "free": free, "after": self._after, "claim": claim}
        rows = self.database.claim(CLAIM, {**values, "now": now, "until": now + LEASE_S})
        for row in sorted(rows, key=lambda row: (row["due_at"], row["id"])):
            self._held[row["id"]] = claim
            self._given.put({**row, "claim": claim})
        begun, self._after = self._after, max((row["lane"] for row in rows), default="")
        return bool(rows or begun)

    def _serve(self) -> None:
        while True:
            row = self._given.get()
            do(row["id"], row["lane"], row["seconds"])
            self._finish(row)

    def _finish(self, row: dict[str, Any]) -> None:
        while not self._done(row):
            time.sleep(PAUSE_S)
        del self._held[row["id"]]
        self.database.woken.set()

    def _done(self, row: dict[str, Any]) -> bool:
        """False while the database is away."""
        with suppress(*self.database.troubles):
            self.database.run(DONE, {"id": row["id"], "claim": row["claim"]})
            return True
        return False

    def _beat(self) -> None:
        while True:
            time.sleep(BEAT_S)
            rows = [
                {"id": item, "claim": claim, "until": time.time() + LEASE_S}
                for item, claim in list(self._held.items())
            ]
            with suppress(*self.database.troubles):
                self.database.run_all(RENEW, rows)
