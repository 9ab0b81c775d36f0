"""`python -m sandbox.bot FILE PROGRAM …`: the bot's programs, by the sandbox's clock."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.__main__ import main
from sandbox.clock import MovedClock

if __name__ == "__main__":
    file, *words = sys.argv[1:]
    sys.exit(main(words, MovedClock(Path(file))))
