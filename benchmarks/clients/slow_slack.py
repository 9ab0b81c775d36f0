"""
A Slack that takes a while to answer, of as many workspaces as one likes.

Run as a process of its own: `python slow_slack.py LATENCY_MS` prints its port, and serves until it
is killed. It takes `chat.postMessage`, and notes when each began, and where: `GET /log` gives that,
and forgets it. A channel is called `D WORKSPACE NUMBER`. `GET /hang/WORKSPACE` has a workspace
answer nothing any more, and `GET /limit/WORKSPACE` has it answer 429; once more ends it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

LATENCY_S = float(sys.argv[1]) / 1000
HANGS_S = 60.0
log: list[tuple[float, str, str]] = []
"""When a message came, its channel and its text."""
troubles: dict[str, set[str]] = {"hang": set(), "limit": set()}


async def answered(path: str, body: bytes) -> tuple[str, str]:
    """The head of the answer, and its body."""
    began = time.monotonic()
    if path == "/log":
        told = json.dumps(log)
        log.clear()
        return "200 OK", told
    _, what, *more = path.split("/")
    if what in troubles:
        troubles[what].symmetric_difference_update({more[0]})
        return "200 OK", "[]"
    if what != "api" or more[0] != "chat.postMessage":
        return "200 OK", '{"ok": true, "messages": []}'  # as where nothing was said yet
    message = json.loads(body)
    workspace = message["channel"].split()[1]
    log.append((began, message["channel"], message["text"]))
    if workspace in troubles["limit"]:
        return "429 Too Many Requests\r\nRetry-After: 30", '{"ok": false, "error": "ratelimited"}'
    await asyncio.sleep(HANGS_S if workspace in troubles["hang"] else LATENCY_S)
    return "200 OK", json.dumps({"ok": True, "channel": message["channel"], "ts": f"{began:.6f}"})


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while line := await reader.readline():
            path, size = line.decode().split(" ", 2)[1], 0
            while (line := await reader.readline()) not in (b"\r\n", b""):
                name, _, value = line.decode().partition(":")
                size = int(value) if name.lower() == "content-length" else size
            head, answer = await answered(path, await reader.readexactly(size))
            kind = f"Content-Type: application/json\r\nContent-Length: {len(answer)}"
            writer.write(f"HTTP/1.1 {head}\r\n{kind}\r\n\r\n{answer}".encode())
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
