"""A stream of bytes on its way from a download to one upload after another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.work.transfers.attempt import Attempt
from cloud import Download
from cloud.errors import Corrupt, Unavailable

if TYPE_CHECKING:
    from hashlib import _Hash


class Flow:
    """A download, cut into pieces, hashed if it is read from its first byte on."""

    def __init__(self, turn: Attempt, download: Download, size: int, algorithm: str) -> None:
        """
        Args:
            size: bytes that the whole source has to have.

            algorithm: "" to hash nothing.

        Raises:
            cloud.errors.Corrupt: it has not.
        """
        if download.size not in (None, size):
            raise Corrupt(f"{download.size} bytes are there, and not {size}")
        self._turn = turn
        self._total = size
        self._chunks = iter(download)
        self._rest = b""
        self.offset = download.offset
        """Bytes of the source that were read, now or before."""
        self._hash: _Hash | None = None
        if algorithm and self.offset == 0:
            self._hash = hashlib.new(algorithm, usedforsecurity=False)

    @property
    def digest(self) -> str | None:
        """Of all that was read; None if it was not from the first byte on."""
        return self._hash.hexdigest() if self._hash else None

    def piece(self, size: int) -> Iterator[bytes]:
        """
        The next *size* bytes.

        Raises:
            cloud.errors.Unavailable: they end early.
        """
        while size:
            chunk = self._rest or next(self._chunks, b"")
            if not chunk:
                raise Unavailable("the data ended early")
            chunk, self._rest = chunk[:size], chunk[size:]
            size -= len(chunk)
            self.offset += len(chunk)
            if self._hash:
                self._hash.update(chunk)
            yield chunk
            self._turn.beat(self.offset, self._total)
