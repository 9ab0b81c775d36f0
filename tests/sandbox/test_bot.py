"""The bot's programs, as the demo runs them."""

from __future__ import annotations

import sys
from pathlib import Path

from sandbox.bot import THEN
from sandbox.demo import ROOT
from sandbox.processes import run


def test_programs_run_one_after_another_until_one_fails(tmp_path: Path) -> None:
    failing = ["key", THEN, "key", THEN, "migrate", THEN, "key"]
    words = [sys.executable, "-m", "sandbox.bot", str(tmp_path / "clock"), *failing]

    done = run(words, cwd=ROOT, env={})

    assert len(done.stdout.split()) == 2
    assert done.returncode
    assert "SECRET_KEYS" in done.stderr
