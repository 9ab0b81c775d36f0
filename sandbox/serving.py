"""Servers in a thread, which end as soon as they are to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import TCPServer

POLL_S = 0.05
"""How often a server looks whether to end, where closing its door does not wake it."""


@contextmanager
def serving(server: TCPServer, poll_s: float = POLL_S) -> Iterator[None]:
    """Have *server* answer requests in a thread until the block ends, and close it."""
    thread = threading.Thread(target=server.serve_forever, args=(poll_s,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        with suppress(OSError):  # not everywhere can a socket that listens be shut down
            server.socket.shutdown(socket.SHUT_RDWR)  # wakes it: `shutdown` waits for its next look
        server.shutdown()
        thread.join()
        server.server_close()
