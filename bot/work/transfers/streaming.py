"""
Bytes from one place of the cloud into an object, through our hands.

They go in segments. Each whole one is compared by its etag and kept in the transfer's memory,
so that a process that died is followed by one that reads on from there. What is held in
memory is a chunk or two, whatever the size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any

from bot.work.transfers.attempt import Attempt, Wait
from bot.work.transfers.reader import Flow
from cloud import Download, ObjectStore, Segment
from cloud.errors import Corrupt, NotFound
from handlers.transfers.errors import ObjectExists

NO_STREAM_FREE_S = 20.0
"""How soon a stream for which no hand was free asks again."""


@dataclass(frozen=True)
class Stream:
    """What is to flow, and where to."""

    phase: str
    """`export` or `carry`: what is learnt is remembered under it."""
    source: Callable[[int], AbstractContextManager[Download]]
    """The bytes, from this one on or from an earlier one."""
    store: ObjectStore
    container: str
    name: str
    size: int
    """Bytes."""

    @property
    def segments_container(self) -> str:
        """Beside the container, so that a listing of that shows whole objects."""
        return f"{self.container}_segments"


def prepare(turn: Attempt, stream: Stream) -> None:
    """
    Have a place to write to. From here on what stands there is ours, and cleaned up as such.

    Raises:
        handlers.core.errors.ObjectExists: somebody else's object would be overwritten.
    """
    with turn.on_record(stream.container):
        stream.store.create_container(stream.container)
        if stream.size > turn.runtime.segment_bytes:
            stream.store.create_container(stream.segments_container)
    with suppress(NotFound):
        stream.store.object(stream.container, stream.name)
        raise ObjectExists(stream.container, stream.name)
    _remember(turn, stream, segment_bytes=turn.runtime.segment_bytes, segments=[])


def upload_segments(turn: Attempt, stream: Stream, algorithm: str = "") -> Wait | None:
    """
    Write what is not written yet, a segment after the other.

    Args:
        algorithm: what to hash the whole with on its way, which only an uninterrupted flow can.
    """
    with turn.runtime.transfer_pool.streaming() as may:
        if not may:
            return Wait(NO_STREAM_FREE_S)
        offset = sum(segment.size for segment in segments_of(turn, stream))
        if offset < stream.size or not segments_of(turn, stream):
            with turn.on_record(f"from byte {offset}"), stream.source(offset) as download:
                _flow(turn, stream, Flow(turn, download, stream.size, algorithm))
    return None


def write_manifest(turn: Attempt, stream: Stream) -> None:
    """Make one object of the segments. The object store compares their etags once more."""
    if not _whole(turn, stream):
        with turn.on_record():
            stream.store.write_manifest(stream.container, stream.name, segments_of(turn, stream))


def verify(turn: Attempt, stream: Stream, algorithm: str, expected: str) -> None:
    """
    Compare the object as a whole with its source; read it back if it was not hashed on its way.

    Raises:
        cloud.errors.Corrupt: it is another, or has another length.
    """
    there = stream.store.object(stream.container, stream.name)
    if there.size != stream.size:
        raise Corrupt(f"{there.size} bytes arrived of {stream.size}")
    if algorithm and _digest(turn, stream, algorithm) != expected:
        raise Corrupt(f"its {algorithm} is not the image's")


def discard(turn: Attempt, stream: Stream) -> None:
    """Remove what was written so far, and nothing that stood there before."""
    if _learnt(turn, stream):
        with turn.on_record("clean up"):
            remove(stream.store, stream.container, stream.name)
            delete_orphans(stream.store, stream.segments_container, _prefix(turn, stream))


def remove(store: ObjectStore, container: str, name: str) -> None:
    """Delete an object and its segments, if they are there."""
    with suppress(NotFound):
        store.delete(container, name, segments=True)


def delete_orphans(store: ObjectStore, container: str, prefix: str) -> None:
    """Delete segments whose object is gone, or was never made."""
    with suppress(NotFound):
        for each in list(store.objects(container, prefix)):
            remove(store, container, each.name)


def segments_of(turn: Attempt, stream: Stream) -> list[Segment]:
    """Those that are whole."""
    container = stream.container if _whole(turn, stream) else stream.segments_container
    return [
        Segment(container, each["name"], each["size"], each["etag"])
        for each in _learnt(turn, stream)["segments"]
    ]


def _flow(turn: Attempt, stream: Stream, flow: Flow) -> None:
    segments = list(_learnt(turn, stream)["segments"])
    while flow.offset < stream.size or not segments:
        turn.must_go_on()
        segments.append(_write(turn, stream, flow, len(segments) + 1))
        done = flow.offset == stream.size
        _remember(
            turn, stream, flow.offset, segments=segments, digest=flow.digest if done else None
        )


def _write(turn: Attempt, stream: Stream, flow: Flow, number: int) -> dict[str, Any]:
    """One segment; the whole object if that is no longer than one."""
    size = min(_learnt(turn, stream)["segment_bytes"], stream.size - flow.offset)
    if _whole(turn, stream):
        container, name = stream.container, stream.name
    else:
        container, name = stream.segments_container, f"{_prefix(turn, stream)}{number:08d}"
    etag = stream.store.write(container, name, flow.piece(size), size)
    return {"name": name, "size": size, "etag": etag}


def _digest(turn: Attempt, stream: Stream, algorithm: str) -> str:
    """Of the whole, as it went its way, or as it is stored."""
    return _learnt(turn, stream).get("digest") or _read_back(turn, stream, algorithm)


def _read_back(turn: Attempt, stream: Stream, algorithm: str) -> str:
    """The digest of the object as it is stored now."""
    digest = hashlib.new(algorithm, usedforsecurity=False)
    done = 0
    with stream.store.read(stream.container, stream.name) as download:
        for chunk in download:
            turn.must_go_on()
            digest.update(chunk)
            done += len(chunk)
            turn.beat(done, stream.size)
    return digest.hexdigest()


def _whole(turn: Attempt, stream: Stream) -> bool:
    """Whether it is written as one plain object. Decided once: settings may change meanwhile."""
    return bool(stream.size <= _learnt(turn, stream)["segment_bytes"])


def _prefix(turn: Attempt, stream: Stream) -> str:
    return f"{stream.name}/{turn.transfer.id}/"


def _learnt(turn: Attempt, stream: Stream) -> dict[str, Any]:
    return dict(turn.recall(f"{stream.phase}_stream", {}))


def _remember(turn: Attempt, stream: Stream, done: int = 0, **learnt: Any) -> None:
    known = {**_learnt(turn, stream), **learnt}
    turn.progress(done, stream.size, **{f"{stream.phase}_stream": known})
