"""
Runs in each client's own interpreter: one listing, and what it cost this process.

Prints one line of JSON: CPU seconds of the listing alone and of the whole process, wall
seconds of the listing, peak memory in MB, and how many images came.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
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
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )
