"""Exports that the provider does not run: the image's data is streamed into the container."""

from __future__ import annotations

import hashlib

from bot.work.transfers import streaming
from bot.work.transfers.attempt import Attempt, Wait
from bot.work.transfers.plan_parts import Export
from bot.work.transfers.streaming import Stream


def prepare(attempt: Attempt) -> Wait | None:
    streaming.prepare(attempt, _stream(attempt))
    return None


def upload_segments(attempt: Attempt) -> Wait | None:
    algorithm, _ = _digest(Export.of(attempt))
    return streaming.upload_segments(attempt, _stream(attempt), algorithm)


def write_manifest(attempt: Attempt) -> Wait | None:
    streaming.write_manifest(attempt, _stream(attempt))
    return None


def verify(attempt: Attempt) -> Wait | None:
    """
    Compare the object with the image, and keep the result.

    Raises:
        cloud.errors.Corrupt: it is not the image.
    """
    export = Export.of(attempt)
    streaming.verify(attempt, _stream(attempt), *_digest(export))
    place = {"container": export.container, "object": export.object}
    attempt.remember(result={**place, "size": export.size}, exported=export.object)
    return None


def discard(attempt: Attempt) -> None:
    """Delete the object, or the segments written so far."""
    streaming.discard(attempt, _stream(attempt))


def _stream(attempt: Attempt) -> Stream:
    export = Export.of(attempt)
    images = attempt.images(export.region)
    return Stream(
        phase="export",
        source=lambda offset: images.data(export.image_id, offset),
        store=attempt.object_store(export.region),
        container=export.container,
        name=export.object,
        size=export.size,
    )


def _digest(export: Export) -> tuple[str, str]:
    """Name and value of the strongest hash that the cloud gives and we can compute; "" for none."""
    if export.hash_value and export.hash_algo in hashlib.algorithms_available:
        return export.hash_algo, export.hash_value
    return ("md5", export.checksum) if export.checksum else ("", "")
