"""The statements that claim rows, alike on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.db.database import Database


@dataclass(frozen=True)
class Statements:
    """What a table's claims are made of; every word is our own."""

    db: Database
    table: str
    key: Sequence[str]
    lane: str
    waiting: str

    def first(self, where: str) -> str:
        """Take those that are longest due."""
        return f"""
            with free as materialized (
                select {self.db.row_id} as id from {self.table} where {self._free(where)}
                order by due_at, {", ".join(self.key)} limit :limit {self.db.free_rows})
            {self._take()} returning *"""  # noqa: S608 - our own words

    def of_each_lane(
        self,
        where: str,
        lanes: Sequence[str],
        without: Sequence[str],
        *,
        bounded: bool,
        shared: bool,
    ) -> str:
        """Walk from lane to lane, a step of the index each, and take the first row of each."""
        rows = f"from {self.table} where {self.waiting}"
        step = f"select min({self.lane}) {rows} and {self.lane} >"
        onward = f"select ({step} lanes.lane) from lanes where lanes.lane is not null"  # noqa: S608
        walk = f"{step} :after union all {onward}"
        given = " union all ".join(f"select {lane}" for lane in lanes)
        held = f"{rows} and {self.lane} = lanes.lane and claim <> '' and claimed_until > :now"
        room = f":per_lane > (select count(*) {held})" if bounded else "true"
        mine = f":share > (select count(*) {held} and claim like :mine)" if shared else "true"
        allowed = f"lanes.lane not in ({', '.join(without)})" if without else "true"
        return f"""
            with recursive lanes (lane) as ({given or walk}),
            heads (id) as (
                select (select {self.db.row_id} from {self.table}
                        where {self._free(where)} and {self.lane} = lanes.lane
                        order by due_at, {", ".join(self.key)} limit 1 {self.db.free_rows})
                from lanes where lanes.lane is not null and {allowed} and {room} and {mine}),
            free as {self.db.materialized} (
                select id from heads where id is not null limit :limit)
            {self._take()} returning *, {self.lane} as lane_served"""  # noqa: S608

    def _free(self, where: str) -> str:
        free = "due_at <= :due and (claim = '' or claimed_until <= :now)"
        return f"{self.waiting} and {free} and {where}"

    def _take(self) -> str:
        return f"""update {self.table}
                   set claim = :claim, claimed_until = :until, attempts = attempts + 1
                   where {self.db.row_id} in (select id from free)"""  # noqa: S608
