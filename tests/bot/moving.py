"""Transfers in a test: begun as a handler begins them, moved, and looked at from outside."""

from __future__ import annotations

import hashlib
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.wiring import Runtime
from bot.work import transfers as job
from cloud import Compute, Images, ObjectStore, Tasks, Way
from handlers import Person
from handlers.transfers import transfers
from handlers.transfers.plans import CopyPlan, ExportPlan, ImportPlan, Plan
from sandbox.slack import TEAM_ID
from storage import Account, Kind, Transfer, TransferState
from tests import taking

CLICKS = itertools.count(1)


@dataclass(frozen=True)
class Scene:
    """One person with an account, and the bot."""

    runtime: Runtime
    account: Account

    def begin(self, kind: Kind, plan: Plan, region: str = "DFW", title: str = "web-1") -> Transfer:
        click = f"click {next(CLICKS)}"
        transfer, new = transfers.begin(
            Person(TEAM_ID, self.account.user_id),
            self.account,
            region,
            kind,
            click=click,
            key=click,
            title=title,
            plan=plan,
            services=self.runtime.services,
        )
        assert new
        return transfer

    def look(self) -> None:
        """One turn of every transfer."""
        job.run(self.runtime, now=True)

    def ended(self, transfer: Transfer, most: int = 20) -> Transfer:
        """As it ends, after *most* turns at most."""
        for _ in range(most):
            self.look()
            now = self.now(transfer)
            if now.state != TransferState.RUNNING:
                return now
        raise AssertionError(f"it did not end: {self.now(transfer)}")

    def now(self, transfer: Transfer) -> Transfer:
        found = self.runtime.store.transfers.get(transfer.id)
        assert found is not None
        return found

    def notices(self) -> list[str]:
        """What waits to be told, but for the welcome of who has linked."""
        texts = [notice.text for notice in taking.notices(self.runtime.store, 100)]
        return [text for text in texts if not text.startswith("Your first account is linked")]

    def images(self, region: str = "DFW") -> Images:
        return self.runtime.services.images(self.account, region)

    def objects(self, region: str = "DFW") -> ObjectStore:
        return self.runtime.services.connection(self.account).object_store(region)

    def tasks(self, region: str = "DFW") -> Tasks:
        return self.runtime.services.connection(self.account).tasks(region)

    def compute(self, region: str = "DFW") -> Compute:
        return self.runtime.services.connection(self.account).compute(region)

    def put(self, container: str, name: str, data: bytes, region: str = "DFW") -> None:
        store = self.objects(region)
        store.create_container(container)
        store.write(container, name, iter([data]), len(data))

    def read(self, container: str, name: str, region: str = "DFW") -> bytes:
        with self.objects(region).read(container, name) as download:
            return b"".join(download)

    def data(self, image_id: str, region: str = "DFW") -> bytes:
        with self.images(region).data(image_id) as download:
            return b"".join(download)

    def names(self, region: str = "DFW") -> set[str]:
        """Every object of the account there, as `container/name`."""
        return set(self._names(self.objects(region)))

    def _names(self, store: ObjectStore) -> Iterator[str]:
        for container in store.containers():
            for each in store.objects(container.name):
                yield f"{container.name}/{each.name}"


def export_plan(image_id: str, data: bytes, way: Way = Way.STREAM, **other: str) -> ExportPlan:
    """Of an image that holds *data*, as the API tells of it."""
    return ExportPlan(
        image_id=image_id,
        image_name="web-1",
        size=len(data),
        container="exports",
        way=way,
        object=f"{image_id}.vhd" if way == Way.TASK else "web-1.raw",
        checksum=other.get("checksum", hashlib.md5(data, usedforsecurity=False).hexdigest()),
        hash_algo="sha512",
        hash_value=other.get("hash_value", hashlib.sha512(data).hexdigest()),
    )


def import_plan(way: Way, **other: str) -> ImportPlan:
    """Of the object `exports/web-1.vhd`."""
    download = way == Way.DOWNLOAD
    return ImportPlan(
        container="exports",
        object="web-1.vhd",
        name="web-2",
        way=way,
        image_id=str(uuid.uuid4()) if download else "",
        disk_format="raw" if download else "vhd",
        container_format="bare" if download else "ovf",
        **other,  # type: ignore[arg-type] # texts
    )


def copy_plan(image_id: str, data: bytes, way: Way, **other: Any) -> CopyPlan:
    """From DFW to ORD: by tasks, or else by stream and download."""
    stream = way == Way.STREAM
    values = {
        "image_id": image_id,
        "image_name": "web-1",
        "size": len(data),
        "source_region": "DFW",
        "target_region": "ORD",
        "container": "imagebot",
        "exports": way,
        "imports": Way.DOWNLOAD if stream else Way.TASK,
        "new_image_id": str(uuid.uuid4()) if stream else "",
        "object": "web-1.raw" if stream else f"{image_id}.vhd",
        "fields": {"os_distro": "debian", "tags": ["a", "b"], "min_disk": 20},
        "disk_format": "raw" if stream else "vhd",
        "container_format": "bare" if stream else "ovf",
        "checksum": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "hash_algo": "sha512",
        "hash_value": hashlib.sha512(data).hexdigest(),
    }
    return CopyPlan(**{**values, **other})
