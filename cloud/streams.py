"""Stream bytes, holding only a piece of them in memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import requests
from urllib3.exceptions import HTTPError

from cloud.errors import Corrupt, Unavailable, UnexpectedAnswer

PIECE = 1024 * 1024
"""Bytes in one piece at most."""
PLAIN = {"Accept-Encoding": "identity"}
"""What a request for bytes says: those that are compressed on the way have another length."""
_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\*)")


class Download:
    """The bytes of an answer, piece by piece, to be read once."""

    def __init__(self, answer: requests.Response, offset: int, *, stored: bool = False) -> None:
        """
        Args:
            stored: whether what is stored may be compressed itself, and is to be read so.

        Raises:
            cloud.errors.UnexpectedAnswer: bytes that begin too late, or from the midst of what
                is compressed.
        """
        self._answer = answer
        self.offset = offset
        """Where the pieces begin."""
        coded = answer.headers.get("Content-Encoding", "identity").lower() not in ("", "identity")
        self._decode = coded and not (stored and "Content-Length" in answer.headers)
        begins, total = _range(answer, offset)
        if begins > offset or (begins and self._decode):
            raise UnexpectedAnswer("the data begin elsewhere than they were asked for")
        self._begins = begins
        self.size = None if self._decode else total
        """Bytes of the whole; None if it is not told."""

    def __iter__(self) -> Iterator[bytes]:
        """
        Raises:
            cloud.errors.Unavailable: the connection broke, or ended too soon.
        """
        came, skip = self._begins, self.offset - self._begins
        try:
            for piece in self._answer.raw.stream(PIECE, decode_content=self._decode):
                came += len(piece)
                if skip < len(piece):
                    yield piece[skip:]
                skip = max(0, skip - len(piece))
        except (HTTPError, OSError) as error:
            raise Unavailable("the data broke off") from error
        if self.size is not None and came < self.size:
            raise Unavailable("the data ended too soon")


def _range(answer: requests.Response, offset: int) -> tuple[int, int | None]:
    """Where the bytes begin, and how many the whole has. Some services know no ranges."""
    length = answer.headers.get("Content-Length", "")
    given = int(length) if re.fullmatch("[0-9]{1,18}", length) else None
    if answer.status_code != 206:
        return 0, given
    told = _RANGE.fullmatch(answer.headers.get("Content-Range", "").strip().lower())
    if told is None:
        return offset, None if given is None else given + offset
    begins, total = told.groups()
    return int(begins), int(total) if total != "*" else None


class Upload:
    """Pieces with a known length, which makes requests send them without chunked encoding."""

    def __init__(self, pieces: Iterable[bytes], size: int) -> None:
        self._pieces = pieces
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        """
        Raises:
            cloud.errors.Corrupt: there are fewer bytes than that. The service would wait for the
                rest, and take the next request for it; raised here, it breaks the connection.
        """
        sent = 0
        for piece in self._pieces:
            sent += len(piece)
            yield piece
        if sent < self._size:
            raise Corrupt(f"{sent} of {self._size} bytes were there to send")
