"""`make demo`: it starts with nothing configured, its trip works, and it leaves nothing behind."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.demo import ROOT, Demo, DemoError
from sandbox.scene import ACCOUNT_B, CONSUMER_A, CONSUMER_B, PRODUCER


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with Demo() as demo:
        yield demo


def test_the_trip_of_the_welcome_works(demo: Demo) -> None:
    slack = demo.slack

    asked = slack.ask(PRODUCER, f"/images share web-2026 {ACCOUNT_B}")
    shared = slack.press(PRODUCER, asked, "sharing.confirm")
    assert shared.text.startswith("Shared `web-2026`")

    assert demo.deliver() == "Delivered to Consumer A and Consumer B."
    digest = slack.messages(CONSUMER_B)[-1]
    assert not digest.ephemeral
    accepted = slack.press(CONSUMER_B, digest, "invitations.accept")
    assert (accepted.ts, accepted.edited) == (digest.ts, True)
    assert "web-2026" in str(slack.ask(CONSUMER_B, "/images list --shared").blocks)

    asked = slack.ask(PRODUCER, f"/images unshare web-2026 {ACCOUNT_B}")
    slack.press(PRODUCER, asked, "sharing.unshare")
    assert "web-2026" not in str(slack.ask(CONSUMER_B, "/images list --shared").blocks)


def test_nobody_is_told_when_nothing_waits(demo: Demo) -> None:
    demo.deliver()
    slack = demo.slack
    slack.press(CONSUMER_A, slack.messages(CONSUMER_A)[-1], "invitations.reject")

    assert demo.deliver() == "No invitation waits for anyone, so nobody was told."


def test_every_command_that_the_page_proposes_is_answered_without_an_error(demo: Demo) -> None:
    for user_id in (CONSUMER_A, PRODUCER):
        for command in demo.scene.about[user_id].tries:
            answer = demo.slack.ask(user_id, command)

            assert "broke on our side" not in answer.text
            assert "failed" not in answer.text


def test_a_bot_that_does_not_start_is_told_with_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bot.py").write_text("raise SystemExit('no such luck')")
    monkeypatch.setattr("sandbox.demo.ROOT", tmp_path)

    with pytest.raises(DemoError, match="no such luck"), Demo():
        pass


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_program_says_where_to_go_and_leaves_nothing_behind(ending: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--no-open"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    said = "".join(iter(process.stdout.readline, "Ctrl-C ends everything.\n"))
    address, log = re.search(r"127\.0\.0\.1:\d+", said), re.search(r"\S+bot\.log", said)
    assert address
    assert log
    assert _status(address[0]) == 200
    children = _children(process.pid)
    assert children

    process.send_signal(ending)
    rest, _ = process.communicate(timeout=30)

    assert (process.returncode, rest.strip()) == (0, "Ended; nothing is left behind.")
    assert not Path(log[0]).parent.exists()
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def _status(host: str) -> int:
    connection = http.client.HTTPConnection(host)
    connection.request("GET", "/")
    status = connection.getresponse().status
    connection.close()
    return status


def _children(pid: int) -> list[int]:
    """Every process below this one."""
    found = [int(child) for child in _read_children(pid)]
    return found + [below for child in found for below in _children(child)]


def _read_children(pid: int) -> list[str]:
    tasks = Path(f"/proc/{pid}/task")
    words = [(task / "children").read_text().split() for task in tasks.iterdir()]
    return [child for each in words for child in each]
