"""
A test that starts whatever tests start, says so, and hangs.

It is none of the suite's: test_processes.py runs it in a pytest of its own, and ends that.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from sandbox.demo import Demo
from sandbox.processes import end_with_us, spawn
from tests.bot.faulty import FORKS
from tests.lab.fixtures import Lab


def test_hangs(postgres_url: str, request: pytest.FixtureRequest) -> None:
    forked = FORKS.Process(target=signal.pause)
    forked.start()
    end_with_us(forked.pid or 0)
    with ExitStack() as started:
        started.enter_context(spawn(["sh", "-c", "sleep 1000 & sleep 1000"]))
        if os.environ.get("HANG_WITH_EVERYTHING"):
            lab: Lab = request.getfixturevalue("lab")
            chromium: Browser = request.getfixturevalue("chromium")
            demo = started.enter_context(Demo())
            chromium.new_page().goto(demo.slack.page_url)
            assert lab.auth_url
        Path(os.environ["HANG_SAYS"]).write_text(str(os.getpid()))
        threading.Event().wait()
