"""The export and the import within a plan; a copy is both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from bot.work.transfers.attempt import Attempt
from handlers.transfers.plans import CopyPlan, ExportPlan, ImportPlan


@dataclass(frozen=True)
class Export:
    """An image, and the object to write."""

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
    def of(cls, attempt: Attempt) -> Self:
        plan: ExportPlan | CopyPlan
        if isinstance(attempt.plan, CopyPlan):
            plan, region = attempt.plan, attempt.plan.source_region
        else:
            plan, region = attempt.plan_as(ExportPlan), attempt.transfer.region
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
    """An object, and the image to create."""

    region: str
    """Of the image."""
    object_region: str
    """Of the object: in a copy by download it stays in the source region."""
    container: str
    object: str
    name: str
    image_id: str
    """Chosen beforehand; "" where the provider chooses it."""
    disk_format: str
    container_format: str

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        if isinstance(attempt.plan, CopyPlan):
            plan = attempt.plan
            return cls(
                region=plan.target_region,
                object_region=plan.source_region,
                container=plan.container,
                object=attempt.recall("exported", plan.object),
                name=plan.image_name,
                image_id=plan.new_image_id,
                disk_format=plan.disk_format,
                container_format=plan.container_format,
            )
        asked = attempt.plan_as(ImportPlan)
        return cls(
            region=attempt.transfer.region,
            object_region=attempt.transfer.region,
            container=asked.container,
            object=asked.object,
            name=asked.name,
            image_id=asked.image_id,
            disk_format=asked.disk_format,
            container_format=asked.container_format,
        )

    def result(self, image_id: str) -> dict[str, Any]:
        return {"image_id": image_id, "region": self.region, "name": self.name}
