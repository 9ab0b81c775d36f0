"""
`python -m sandbox.bot FILE PROGRAM … [; PROGRAM …]`: the bot's programs, by the sandbox's clock.

Several run one after another in this process, which takes most of its time to start, until one
fails.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from sandbox.clock import MovedClock

THEN = ";"
"""Between a program and the next."""


def run(file: Path, words: list[str]) -> int:
    """Run the programs. Return the exit code of the one that failed, or 0."""
    from bot.__main__ import main  # late: the demo, which wants THEN, runs them in other processes

    clock = MovedClock(file)
    for is_then, program in groupby(words, THEN.__eq__):
        if not is_then and (code := main(list(program), clock)):
            return code
    return 0


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), sys.argv[2:]))
