"""The bytes of images and objects: kept, or for large ones made up while they are read."""

from __future__ import annotations

import hashlib
import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import IO, Protocol

PIECE = 1024 * 1024
KEPT = 8 * PIECE
"""Bytes of an upload that are held in memory; the rest goes into a file without a name."""


class BrokenOff(ConnectionError):
    """The bytes end before they should: a segment of a large object is gone, or is another."""


class Content(Protocol):
    """Bytes that can be read from anywhere, by several at once."""

    @property
    def size(self) -> int: ...

    @property
    def md5(self) -> str: ...

    @property
    def sha512(self) -> str: ...

    @property
    def etag(self) -> str:
        """What an object store tells of them."""

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """
        From *start* to before *stop*, a piece at a time.

        Raises:
            BrokenOff
        """


class _Digests:
    """Digests of all bytes, made when first asked for."""

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        raise NotImplementedError

    @cached_property
    def md5(self) -> str:
        return self._hash("md5")

    @cached_property
    def sha512(self) -> str:
        return self._hash("sha512")

    @property
    def etag(self) -> str:
        return self.md5

    def _hash(self, name: str) -> str:
        digest = hashlib.new(name, usedforsecurity=False)
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()


class Pattern(_Digests):
    """*size* bytes, of the pattern again and again."""

    def __init__(self, size: int, pattern: bytes = b"image data. ") -> None:
        self.size = size
        self._pattern = pattern

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        two = _twice(self._pattern)
        block = len(two) // 2
        end = self.size if stop is None else min(stop, self.size)
        while start < end:
            begin = start % block
            length = min(block, end - start)
            yield two[begin : begin + length]
            start += length


@lru_cache
def _twice(pattern: bytes) -> bytes:
    """Two pieces of it, one after the other: thousands of images may hold the same."""
    return pattern * (PIECE // len(pattern)) * 2


class Kept(_Digests):
    """Bytes that were sent, in memory or in a file. They are hashed as they come."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=KEPT)  # noqa: SIM115 - as long as we
        weakref.finalize(self, self._file.close)
        self._lock = threading.Lock()
        self.size, digest = 0, hashlib.md5(usedforsecurity=False)
        for piece in pieces:
            digest.update(piece)
            self.size += self._file.write(piece)
        self.md5 = digest.hexdigest()

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        end = self.size if stop is None else min(stop, self.size)
        while start < end:
            with self._lock:
                self._file.seek(start)
                piece = self._file.read(min(PIECE, end - start))
            yield piece
            start += len(piece)


class Slice(_Digests):
    """A part of other bytes."""

    def __init__(self, whole: Content, start: int, stop: int) -> None:
        self._whole, self._start = whole, start
        self.size = min(stop, whole.size) - start

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        end = self.size if stop is None else min(stop, self.size)
        yield from self._whole.pieces(self._start + start, self._start + end)


class Gone(_Digests):
    """A segment that is no longer what a manifest says of it."""

    def __init__(self, size: int, etag: str) -> None:
        self.size, self.md5 = size, etag

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        raise BrokenOff(f"no bytes from {start} to {stop}: the segment is gone, or is another")


class Joined(_Digests):
    """Several, one after the other: the bytes of a large object."""

    def __init__(self, parts: Sequence[Content]) -> None:
        self._parts = tuple(parts)
        self.size = sum(part.size for part in self._parts)

    @property
    def etag(self) -> str:
        """What Swift tells of a large object: the MD5 of the etags of its parts."""
        text = "".join(part.etag for part in self._parts)
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        end = self.size if stop is None else min(stop, self.size)
        begun = 0
        for part in self._parts:
            first, last = max(start - begun, 0), min(end - begun, part.size)
            if first < last:
                yield from part.pieces(first, last)
            begun += part.size


def kept(data: bytes) -> Kept:
    return Kept([data])
