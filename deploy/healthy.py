"""Whether the program in this container lives: it answers on PORT or, as a worker, WORKER_PORT."""

from __future__ import annotations

import http.client
import os
import sys
from contextlib import closing

PORTS = (("PORT", "3000"), ("WORKER_PORT", "3001"))
TIMEOUT_S = 2


def answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False


if __name__ == "__main__":
    sys.exit(not any(answers(int(os.environ.get(name, default))) for name, default in PORTS))
