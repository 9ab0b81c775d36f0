"""What a library brings into an environment: `python -m benchmarks.engines.weight NAME`."""

from __future__ import annotations

import importlib.metadata
import json
import sys
from pathlib import Path

from packaging.requirements import Requirement


def needed(name: str) -> dict[str, int]:
    """The size in bytes of a distribution, and of each that it needs, by name."""
    found: dict[str, int] = {}
    wanted = [Requirement(name)]
    while wanted:
        asked = wanted.pop()
        key = asked.name.lower().replace("_", "-")
        if key in found:
            continue
        distribution = importlib.metadata.distribution(asked.name)
        found[key] = sum(
            path.stat().st_size
            for file in distribution.files or ()
            if (path := Path(str(distribution.locate_file(file)))).is_file()
        )
        wanted += [
            each
            for each in map(Requirement, distribution.requires or ())
            if not each.marker
            or any(each.marker.evaluate({"extra": e}) for e in asked.extras | {""})
        ]
    return found


if __name__ == "__main__":
    print(json.dumps(needed(sys.argv[1])))
