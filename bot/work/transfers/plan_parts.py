"""Where a transfer takes from and brings to. A copy is an export and an import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from bot.work.transfers.attempt import Attempt
from handlers.transfers.plans import CopyPlan, ExportPlan, ImportPlan


@dataclass(frozen=True)
class Export:
    """An image, and the object that it becomes."""

    region: str
    image_id: str
    container: str
    object: str
    size: int
    """Bytes."""
    checksum: str
    hash_algo: str
    hash_value: str

    @classmethod
    def of(cls, turn: Attempt) -> Self:
        plan: ExportPlan | CopyPlan
        if isinstance(turn.plan, CopyPlan):
            plan, region = turn.plan, turn.plan.source_region
        else:
            plan, region = turn.planned(ExportPlan), turn.transfer.region
        return cls(
            region=region,
            image_id=plan.image_id,
            container=plan.container,
            object=plan.object,
            size=plan.size,
            checksum=plan.checksum,
            hash_algo=plan.hash_algo,
            hash_value=plan.hash_value,
        )


@dataclass(frozen=True)
class Import:
    """An object, and the image that it becomes."""

    region: str
    """Of the image."""
    object_region: str
    """Where the object is read: for a copy by download it never leaves its own region."""
    container: str
    object: str
    name: str
    image_id: str
    """Chosen beforehand; "" where the provider chooses it."""
    disk_format: str
    container_format: str

    @classmethod
    def of(cls, turn: Attempt) -> Self:
        if isinstance(turn.plan, CopyPlan):
            plan = turn.plan
            return cls(
                region=plan.target_region,
                object_region=plan.source_region,
                container=plan.container,
                object=turn.recall("exported", plan.object),
                name=plan.image_name,
                image_id=plan.new_image_id,
                disk_format=plan.disk_format,
                container_format=plan.container_format,
            )
        asked = turn.planned(ImportPlan)
        return cls(
            region=turn.transfer.region,
            object_region=turn.transfer.region,
            container=asked.container,
            object=asked.object,
            name=asked.name,
            image_id=asked.image_id,
            disk_format=asked.disk_format,
            container_format=asked.container_format,
        )

    def result(self, image_id: str) -> dict[str, Any]:
        return {"image_id": image_id, "region": self.region, "name": self.name}
