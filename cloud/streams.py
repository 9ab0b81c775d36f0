"""Bytes on their way: whatever their number, only a piece of them is held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import requests
from urllib3.exceptions import HTTPError

from cloud.errors import Unavailable

PIECE = 1024 * 1024
"""Bytes in one piece at most."""


class Download:
    """The bytes of an answer, piece by piece, to be read once."""

    def __init__(self, answer: requests.Response, offset: int) -> None:
        self._answer = answer
        self._skip = 0 if answer.status_code == 206 else offset
        """A service that knows no ranges begins at the beginning."""
        self.offset = offset
        """Where the pieces begin."""
        length = answer.headers.get("Content-Length")
        begun = 0 if self._skip else offset
        self.size = int(length) + begun if length else None
        """Bytes of the whole; None if it is not told."""

    def __iter__(self) -> Iterator[bytes]:
        """
        Raises:
            cloud.errors.Unavailable: the connection broke, or ended too soon.
        """
        skip, came = self._skip, self.offset - self._skip
        try:
            for piece in self._answer.iter_content(PIECE):
                came += len(piece)
                if skip < len(piece):
                    yield piece[skip:]
                skip = max(0, skip - len(piece))
        except (requests.RequestException, HTTPError, OSError) as error:
            raise Unavailable("the data broke off") from error
        if self.size is not None and came < self.size:
            raise Unavailable("the data ended too soon")


class Upload:
    """Pieces with a known length, which makes requests send them without chunked encoding."""

    def __init__(self, pieces: Iterable[bytes], size: int) -> None:
        self._pieces = pieces
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)
