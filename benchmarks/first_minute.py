"""
From `git clone` to the first accepted invitation: what a newcomer waits for, and what they do.

This repository is cloned into a new folder, `make demo` sets it up there, and a browser shares an
image, has the digest delivered and accepts on the page. pip uses its cache, if there is one.
"""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.report import at_most, table
from sandbox.demo import ROOT
from sandbox.processes import Program, kill, spawn, temporary_folder
from sandbox.scene import ACCOUNT_B, CONSUMER_B, PRODUCER

CHROMIUM = Path("/usr/bin/chromium")
MOST_S = 60.0
PATIENCE_MS = 60_000
SEEN_S = 300.0
"""Seconds in which the demo has to print its address."""


def main(rounds: int) -> None:
    """Once, however many *rounds*: what it measures is a beginning."""
    del rounds
    marks = [("", time.perf_counter())]
    with temporary_folder("first-") as folder:
        clone = folder / "clone"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        marks.append(("git clone", time.perf_counter()))
        with _demo(clone) as address:
            marks.append(("make demo, until its address is printed", time.perf_counter()))
            _share_and_accept(address)
            marks.append(("share, digest, accept, in a browser", time.perf_counter()))
    spans = [(name, at - before) for (_, before), (name, at) in pairwise(marks)]
    print("\nFrom git clone to the first accepted invitation\n")
    print(table(["", "s"], [[name, f"{span:.1f}"] for name, span in spans]))
    print(f"\n{at_most('all of it', marks[-1][1] - marks[0][1], MOST_S, 's')}")


@contextmanager
def _demo(clone: Path) -> Iterator[str]:
    """`make demo`, as anybody types it. Gives the address of its page."""
    process = spawn(
        ["make", "demo"], end_by=signal.SIGTERM, cwd=clone, stdout=subprocess.PIPE, text=True
    )
    try:
        yield _address(process)
        process.send_signal(signal.SIGINT)
    finally:
        kill(process)


def _address(process: Program) -> str:
    assert process.stdout
    deadline = time.monotonic() + SEEN_S
    for line in process.stdout:
        if found := re.match(r"Open +(http\S+)", line):
            return found[1]
        if time.monotonic() > deadline:
            break
    raise SystemExit("make demo printed no address")


def _share_and_accept(address: str) -> None:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address)
        _be(page, PRODUCER)
        page.get_by_label("Message to Cloud Images").fill(f"/images share web-2026 {ACCOUNT_B}")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Share", exact=True).click()
        expect(page.locator(".message", has_text="Shared web-2026")).to_be_visible()
        page.get_by_role("button", name="Deliver the digest now").click()
        _be(page, CONSUMER_B)
        page.get_by_role("button", name=re.compile("^Accept")).first.click()
        expect(page.locator(".message", has_text="accepted")).to_be_visible()
        browser.close()


def _be(page: Page, user_id: str) -> None:
    page.locator(f'[data-user="{user_id}"]').click()
