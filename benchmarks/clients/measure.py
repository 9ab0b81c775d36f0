"""
Runs in each client's own interpreter: one listing, and what it cost this process.

Prints one line of JSON: CPU seconds of the listing alone and of the whole process, wall
seconds of the listing, peak memory in MB, and how many images came.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


def run(log_in: Callable[[dict[str, Any]], Any], list_all: Callable[[Any], Sequence[Any]]) -> None:
    session = log_in(json.load(sys.stdin))
    cpu, wall = time.process_time(), time.perf_counter()
    images = list_all(session)
    print(
        json.dumps(
            {
                "images": len(images),
                "listing_cpu_s": time.process_time() - cpu,
                "wall_s": time.perf_counter() - wall,
                "process_cpu_s": time.process_time(),
                "peak_mb": _peak_mb(),
            }
        )
    )


def _peak_mb() -> float:
    """Of this program alone: what getrusage says begins with the size of who started it."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) / 1024
