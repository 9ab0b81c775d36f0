"""
Stream data from the cloud through the worker into an object.

It is written in segments. Each whole one is compared by its etag and kept in the transfer's
memory, so that the next process reads on from there. A chunk or two are held in RAM, whatever
the size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any

from bot.work.transfers.attempt import Attempt, Wait
from bot.work.transfers.reader import Reader
from cloud import Download, ObjectStore, Segment
from cloud.errors import Corrupt, NotFound
from handlers.transfers.errors import ObjectExists

NO_STREAM_FREE_S = 20.0
"""Pause of a stream for which no worker was free."""


@dataclass(frozen=True)
class Stream:
    """The source of the data, and the object to write."""

    phase: str
    """`export` or `carry`: the prefix of its state in the transfer's memory."""
    source: Callable[[int], AbstractContextManager[Download]]
    """Opens the data at an offset in bytes; the download may begin earlier."""
    store: ObjectStore
    container: str
    name: str
    size: int
    """Bytes."""

    @property
    def segments_container(self) -> str:
        """A container beside it, so that a listing of the first shows whole objects."""
        return f"{self.container}_segments"


def prepare(attempt: Attempt, stream: Stream) -> None:
    """
    Create the containers, and make sure that the name is free. From here on the object is ours.

    Raises:
        handlers.transfers.errors.ObjectExists: somebody else's object would be overwritten.
    """
    with attempt.audited(stream.container):
        stream.store.create_container(stream.container)
        if stream.size > attempt.runtime.segment_bytes:
            stream.store.create_container(stream.segments_container)
    with suppress(NotFound):
        stream.store.object(stream.container, stream.name)
        raise ObjectExists(stream.container, stream.name)
    _remember(attempt, stream, segment_bytes=attempt.runtime.segment_bytes, segments=[])


def upload_segments(attempt: Attempt, stream: Stream, algorithm: str = "") -> Wait | None:
    """
    Write the segments that are missing, one after the other.

    Args:
        algorithm: hash of the whole, computed if the stream is not interrupted; "" for none.
    """
    with attempt.runtime.streams.holding() as may:
        if not may:
            return Wait(NO_STREAM_FREE_S)
        offset = sum(segment.size for segment in segments_of(attempt, stream))
        if offset < stream.size or not segments_of(attempt, stream):
            with attempt.audited(f"from byte {offset}"), stream.source(offset) as download:
                _upload(attempt, stream, Reader(attempt, download, stream.size, algorithm))
    return None


def write_manifest(attempt: Attempt, stream: Stream) -> None:
    """Make one object of the segments; the object store compares their etags again."""
    if not _whole(attempt, stream):
        with attempt.audited():
            stream.store.write_manifest(stream.container, stream.name, segments_of(attempt, stream))


def verify(attempt: Attempt, stream: Stream, algorithm: str, expected: str) -> None:
    """
    Compare the whole object with its source; read it back if it was not hashed on its way.

    Raises:
        cloud.errors.Corrupt: its size or digest differs.
    """
    there = stream.store.object(stream.container, stream.name)
    if there.size != stream.size:
        raise Corrupt(f"{there.size} bytes arrived of {stream.size}")
    if algorithm and _digest(attempt, stream, algorithm) != expected:
        raise Corrupt(f"its {algorithm} is not the image's")


def discard(attempt: Attempt, stream: Stream) -> None:
    """Delete what this transfer wrote, and nothing else."""
    if _learnt(attempt, stream):
        with attempt.audited("clean up"):
            remove(stream.store, stream.container, stream.name)
            delete_orphans(stream.store, stream.segments_container, _prefix(attempt, stream))


def remove(store: ObjectStore, container: str, name: str) -> None:
    """Delete an object and its segments, if they are there."""
    with suppress(NotFound):
        store.delete(container, name, segments=True)


def delete_orphans(store: ObjectStore, container: str, prefix: str) -> None:
    """Delete segments whose manifest is gone or was never written."""
    with suppress(NotFound):
        for each in list(store.objects(container, prefix)):
            remove(store, container, each.name)


def segments_of(attempt: Attempt, stream: Stream) -> list[Segment]:
    """List the segments that were written whole."""
    container = stream.container if _whole(attempt, stream) else stream.segments_container
    return [
        Segment(container, each["name"], each["size"], each["etag"])
        for each in _learnt(attempt, stream)["segments"]
    ]


def _upload(attempt: Attempt, stream: Stream, reader: Reader) -> None:
    segments = list(_learnt(attempt, stream)["segments"])
    while reader.offset < stream.size or not segments:
        attempt.raise_if_stopping()
        segments.append(_write(attempt, stream, reader, len(segments) + 1))
        done = reader.offset == stream.size
        _remember(
            attempt,
            stream,
            reader.offset,
            segments=segments,
            digest=reader.digest if done else None,
        )


def _write(attempt: Attempt, stream: Stream, reader: Reader, number: int) -> dict[str, Any]:
    """Write one segment; or the object itself if one segment holds it."""
    size = min(_learnt(attempt, stream)["segment_bytes"], stream.size - reader.offset)
    if _whole(attempt, stream):
        container, name = stream.container, stream.name
    else:
        container, name = stream.segments_container, f"{_prefix(attempt, stream)}{number:08d}"
    etag = stream.store.write(container, name, reader.piece(size), size)
    return {"name": name, "size": size, "etag": etag}


def _digest(attempt: Attempt, stream: Stream, algorithm: str) -> str:
    """Digest of the whole: computed on its way, or else from what is stored."""
    return _learnt(attempt, stream).get("digest") or _read_back(attempt, stream, algorithm)


def _read_back(attempt: Attempt, stream: Stream, algorithm: str) -> str:
    """Download the stored object and digest it."""
    digest = hashlib.new(algorithm, usedforsecurity=False)
    done = 0
    with stream.store.read(stream.container, stream.name) as download:
        for chunk in download:
            attempt.raise_if_stopping()
            digest.update(chunk)
            done += len(chunk)
            attempt.heartbeat(done, stream.size)
    return digest.hexdigest()


def _whole(attempt: Attempt, stream: Stream) -> bool:
    """Whether it is written as one plain object. Decided once: settings may change meanwhile."""
    return bool(stream.size <= _learnt(attempt, stream)["segment_bytes"])


def _prefix(attempt: Attempt, stream: Stream) -> str:
    return f"{stream.name}/{attempt.transfer.id}/"


def _learnt(attempt: Attempt, stream: Stream) -> dict[str, Any]:
    return dict(attempt.recall(f"{stream.phase}_stream", {}))


def _remember(attempt: Attempt, stream: Stream, done: int = 0, **learnt: Any) -> None:
    known = {**_learnt(attempt, stream), **learnt}
    attempt.save_progress(done, stream.size, **{f"{stream.phase}_stream": known})
