"""A way to a database that can be frozen."""

from __future__ import annotations

import select
import socket
import threading


class Relay:
    """A way to a database that can be frozen: connections stay, and nothing passes."""

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._sockets = {self._listening}
        self._flows = threading.Event()
        self._flows.set()
        self._ended = False
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def freeze(self) -> None:
        self._flows.clear()

    def thaw(self) -> None:
        self._flows.set()

    def close(self) -> None:
        self._ended = True
        self._flows.set()
        self._thread.join()
        for each in self._sockets:
            each.close()

    def _run(self) -> None:
        other: dict[socket.socket, socket.socket] = {}
        while not self._ended:
            self._flows.wait()
            for each in select.select(list(self._sockets), [], [], 0.05)[0]:
                if not self._flows.is_set():
                    break
                if each is self._listening:
                    ends = each.accept()[0], socket.create_connection(self._there)
                    other |= {ends[0]: ends[1], ends[1]: ends[0]}
                    self._sockets |= set(ends)
                elif each in self._sockets and not _passed(each, other[each]):
                    self._sockets -= {each, other[each]}
                    other[each].close()
                    each.close()


def _passed(one: socket.socket, other: socket.socket) -> bool:
    """Pass on what is there; False if either end is closed."""
    try:
        data = one.recv(65_536)
        other.sendall(data)
    except OSError:
        return False
    return bool(data)
