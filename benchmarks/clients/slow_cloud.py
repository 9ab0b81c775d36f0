"""
A cloud of many accounts that answers after a while: only what polling for invitations asks.

Run as a process of its own: `python slow_cloud.py LATENCY_MS [REGION…]` prints its port, and serves
until it is killed. With regions of its own it has no invitations, logs in at once, counts what it
is asked (`GET /counts`), and has a region hang or answer again (`GET /hang/REGION`). Asyncio,
because the stand-in of the tests would itself be the slowest part.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

LATENCY_S = float(sys.argv[1]) / 1000 if len(sys.argv) > 1 else 0.05
REGIONS = tuple(sys.argv[2:]) or ("DFW", "ORD")
EMPTY = bool(sys.argv[2:])
PRODUCER = "producer"
port = 0
counts = dict.fromkeys(REGIONS, 0)
"""Questions for images that were answered, by region."""
hanging: set[str] = set()


def token(body: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Whoever asks is who they say, and has the account that they name."""
    user = body["auth"]["identity"]["password"]["user"]["name"]
    project = body["auth"]["scope"]["project"]["id"]
    endpoints = [
        {
            "id": region,
            "interface": "public",
            "region": region,
            "region_id": region,
            "url": f"http://127.0.0.1:{port}/{region}",
        }
        for region in REGIONS
    ]
    domain = {"id": "default", "name": "Default"}
    told = {
        "methods": ["password"],
        "user": {"id": user, "name": user, "domain": domain},
        "project": {"id": project, "name": project, "domain": domain},
        "roles": [{"id": "1", "name": "member"}],
        "catalog": [{"type": "image", "name": "glance", "id": "1", "endpoints": endpoints}],
        "issued_at": "2026-01-01T00:00:00.000000Z",
        "expires_at": "2099-01-01T00:00:00.000000Z",
    }
    return {"token": told}, f"token-of-{project}"


def images(region: str, project: str) -> dict[str, Any]:
    """One invitation in the first region, none in the other."""
    if EMPTY or region != REGIONS[0]:
        return {"images": []}
    image = {
        "id": f"{int(project):08x}-0000-4000-8000-000000000000",
        "name": f"web-{project}",
        "owner": PRODUCER,
        "status": "active",
        "visibility": "shared",
        "size": 1,
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "tags": [],
    }
    return {"images": [image]}


def member(path: str, project: str) -> dict[str, Any]:
    return {
        "image_id": path.split("/images/")[1].split("/")[0],
        "member_id": project,
        "status": "pending",
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
    }


async def wait(part: str) -> None:
    """As long as the region, or Identity, takes."""
    if part in REGIONS or not EMPTY:
        await asyncio.sleep(LATENCY_S)
    while part in hanging:
        await asyncio.sleep(0.1)


def answered(method: str, path: str, project: str, body: bytes) -> tuple[dict[str, Any], str]:
    """The answer, and further headers."""
    part = path.split("/")[1]
    if path.endswith("/auth/tokens") and method == "POST":
        told, given = token(json.loads(body))
        return told, f"X-Subject-Token: {given}\r\n"
    if "/members/" in path:
        return member(path, project), ""
    if part in REGIONS:
        counts[part] += 1
        return images(part, project), ""
    if part == "hang":
        hanging.symmetric_difference_update({path.split("/")[2]})
    return counts, ""


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        method, path, _ = line.decode().split(" ", 2)
        headers = {}
        while (line := await reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        await wait(path.split("/")[1])
        project = headers.get("x-auth-token", "").removeprefix("token-of-")
        told, extra = answered(method, path, project, body)
        answer = json.dumps(told).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{extra}"
        writer.write(f"{head}Content-Length: {len(answer)}\r\n\r\n".encode() + answer)
        await writer.drain()


async def main() -> None:
    global port
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(port, flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
