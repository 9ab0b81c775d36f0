"""
The least that can be done: a real Glance's image into a real Swift, a GB at a time.

No checksum is compared, nothing is kept to go on from, and nobody is told. Reads, as JSON from
its input, the entry of clouds.yaml, the image's id and its size.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import requests

from benchmarks.clients.login import base_and_token

CHUNK, SEGMENT = 1024**2, 1024**3


def main() -> None:
    wanted = json.load(sys.stdin)
    glance, token = base_and_token(wanted["cloud"])
    swift, _ = base_and_token(wanted["cloud"], "object-store")
    with requests.Session() as session:
        session.headers["X-Auth-Token"] = token
        url = f"{glance}/v2/images/{wanted['image']}/file"
        for container in ("bare", "bare_segments"):
            session.put(f"{swift}/{container}", timeout=60).raise_for_status()
        with session.get(url, stream=True, timeout=60) as image:
            _write(session, swift, image.iter_content(CHUNK), wanted["size"])


def _write(session: requests.Session, swift: str, chunks: Iterator[bytes], size: int) -> None:
    manifest = []
    for start in range(0, size, SEGMENT):
        path = f"/bare_segments/image/{start:012d}"
        length = min(SEGMENT, size - start)
        put = session.put(swift + path, data=_piece(chunks, length), timeout=600)
        put.raise_for_status()
        manifest.append({"path": path})
    session.put(
        f"{swift}/bare/image?multipart-manifest=put", json=manifest, timeout=60
    ).raise_for_status()


def _piece(chunks: Iterator[bytes], length: int) -> Iterator[bytes]:
    """A segment is a whole number of chunks."""
    while length > 0 and (chunk := next(chunks, b"")):
        length -= len(chunk)
        yield chunk


main()
