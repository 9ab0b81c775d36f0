"""The shell commands of the pages, line by line, and which of them nobody can run in a test."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.repository import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])

RUN: Mapping[str, str] = {
    "cp .env.example .env": "test_it_is_set_up",
    "set -a; . ./.env": "test_it_is_set_up",
    ".venv/bin/python -m bot check": "test_it_is_set_up",
    "python -m bot link": "test_a_person_is_linked",
    "python -m bot audit": "test_the_record_is_verified_and_exported",
    "python -m bot backup": "test_all_is_backed_up_restored_and_moved",
    "python -m bot restore": "test_all_is_backed_up_restored_and_moved",
    "python -m bot copy-database": "test_all_is_backed_up_restored_and_moved",
    "python -m bot outbox": "test_messages_are_mended",
    "python -m bot accounts": "test_people_are_mended",
    "python -m bot send-test": "test_people_are_mended",
    "python -m bot people forget": "test_people_are_mended",
}
"""Beginnings of commands, and the test of test_runbook.py that runs them."""

RUN_ELSEWHERE: Mapping[str, str] = {
    "rabbitmqctl": "tests/bot/bus/test_listen.py::test_the_rights_that_the_page_gives_are_enough",
    "python -m bot listen": "tests/bot/bus/test_listen.py::test_it_ends_when_it_is_told_to",
    "make demo": "tests/sandbox/test_demo.py",
}
"""Beginnings of commands that other tests run, and which."""

CHECKED_ONLY: Mapping[str, str] = {
    ".ci/run": "it runs this test",
    "make ": "targets that take an hour, or this test: make itself reads them, and runs nothing",
    "apt-get ": "installs on the machine",
    "useradd ": "adds a user to the machine",
    "sudo -u postgres ": "changes the machine's database",
    "install -D ": "writes to /etc",
    "cp deploy/": "writes to /etc; systemd and nginx take these files, says tests/deploy",
    "systemctl ": "needs systemd; tests/deploy runs the units' command lines",
    "python3 -m venv ": "needs a package index; tests/deploy/test_image.py installs the lock",
    "/opt/cloud-images-bot/bin/pip ": "likewise; tests/packaging/test_wheel.py installs the wheel",
    "pip install ": "likewise",
}
"""Beginnings of commands of which only the syntax is checked, and why they are not run."""


@dataclass(frozen=True)
class Line:
    page: str
    command: str


def lines(page: Path) -> Iterator[Line]:
    """The commands in a page's blocks of shell, without what is remarked behind them."""
    for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            if command := re.sub(r"(^|\s+)# .*$", "", line).strip():
                yield Line(page.name, command)


def all_lines() -> list[Line]:
    return [line for page in PAGES for line in lines(page)]


def run_by(test: str) -> list[str]:
    """The commands that a test runs, in the order of the pages."""
    beginnings = tuple(each for each, runs in RUN.items() if runs == test)
    return [line.command for line in all_lines() if line.command.startswith(beginnings)]
