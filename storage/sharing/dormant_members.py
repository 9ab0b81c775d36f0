"""
Members of images that are not shared at the moment.

A cloud keeps the member rows of an image that is made private, and lists them to nobody. When the
image is shared again, they have access again. So whom it was shared with is noted before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.clock import Clock
from storage.db.database import Database
from storage.db.table import Table


@dataclass(frozen=True)
class Dormant:
    number: str
    since: datetime


class DormantMembers:
    def __init__(self, db: Database, clock: Clock) -> None:
        key = ("cloud", "region", "image_id", "number")
        self._table = Table(db, "dormant_members", Dormant, key=key)
        self._clock = clock

    def note(self, cloud: str, region: str, image_id: str, numbers: Iterable[str]) -> None:
        """Note whom an image was shared with when it was made private."""
        place = {"cloud": cloud, "region": region, "image_id": image_id}
        for number in numbers:
            self._table.insert_or_ignore(**place, number=number, since=self._clock())

    def of_image(self, cloud: str, region: str, image_id: str) -> list[str]:
        """Give the account numbers, in order."""
        return [
            each.number for each in self._table.find(cloud=cloud, region=region, image_id=image_id)
        ]

    def forget(self, cloud: str, region: str, image_id: str) -> None:
        """Forget those of an image that is shared again, or gone."""
        self._table.delete(cloud=cloud, region=region, image_id=image_id)
