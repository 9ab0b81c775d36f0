"""Exports that the provider does not do itself: the image's data, streamed into the container."""

from __future__ import annotations

import hashlib

from bot.work.transfers import streaming
from bot.work.transfers.attempt import Attempt, Wait
from bot.work.transfers.plan_parts import Export
from bot.work.transfers.streaming import Stream


def prepare(turn: Attempt) -> Wait | None:
    streaming.prepare(turn, _stream(turn))
    return None


def upload_segments(turn: Attempt) -> Wait | None:
    algorithm, _ = _digest(Export.of(turn))
    return streaming.upload_segments(turn, _stream(turn), algorithm)


def write_manifest(turn: Attempt) -> Wait | None:
    streaming.write_manifest(turn, _stream(turn))
    return None


def verify(turn: Attempt) -> Wait | None:
    """Let nobody have an object that is not the image."""
    export = Export.of(turn)
    streaming.verify(turn, _stream(turn), *_digest(export))
    place = {"container": export.container, "object": export.object}
    turn.remember(result={**place, "size": export.size}, exported=export.object)
    return None


def discard(turn: Attempt) -> None:
    """Remove the object, whole or in pieces."""
    streaming.discard(turn, _stream(turn))


def _stream(turn: Attempt) -> Stream:
    export = Export.of(turn)
    images = turn.images(export.region)
    return Stream(
        phase="export",
        source=lambda offset: images.data(export.image_id, offset),
        store=turn.object_store(export.region),
        container=export.container,
        name=export.object,
        size=export.size,
    )


def _digest(export: Export) -> tuple[str, str]:
    """The strongest hash of the image that the cloud tells and we can make: its name, its value."""
    if export.hash_value and export.hash_algo in hashlib.algorithms_available:
        return export.hash_algo, export.hash_value
    return ("md5", export.checksum) if export.checksum else ("", "")
