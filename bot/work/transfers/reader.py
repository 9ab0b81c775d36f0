"""Read a download in pieces, for one upload after another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.work.transfers.attempt import Attempt
from cloud import Download
from cloud.errors import Corrupt, Unavailable

if TYPE_CHECKING:
    from hashlib import _Hash


class Reader:
    """A download that is read piece by piece, and hashed if read from its first byte."""

    def __init__(self, attempt: Attempt, download: Download, size: int, algorithm: str) -> None:
        """
        Args:
            size: bytes of the whole source.

            algorithm: "" to hash nothing.

        Raises:
            cloud.errors.Corrupt: the source has another size.
        """
        if download.size not in (None, size):
            raise Corrupt(f"{download.size} bytes are there, and not {size}")
        self._attempt = attempt
        self._total = size
        self._chunks = iter(download)
        self._rest = b""
        self.offset = download.offset
        """Bytes of the source read so far, in this attempt and before."""
        self._hash: _Hash | None = None
        if algorithm and self.offset == 0:
            self._hash = hashlib.new(algorithm, usedforsecurity=False)

    @property
    def digest(self) -> str | None:
        """Hex digest of the whole; None if it was not read from its first byte."""
        return self._hash.hexdigest() if self._hash else None

    def piece(self, size: int) -> Iterator[bytes]:
        """
        Yield the next *size* bytes in chunks.

        Raises:
            cloud.errors.Unavailable: the download ended early.
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
            self._attempt.heartbeat(self.offset, self._total)
