"""`make demo`: it starts with nothing configured, its trip works, and it leaves nothing behind."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from sandbox.demo import ROOT, Demo, DemoError
from sandbox.processes import spawn
from sandbox.scene import ACCOUNT_B, CONSUMER_A, CONSUMER_B, PRODUCER
from sandbox.slack import Message
from tests.leftovers import processes_of
from tests.waiting import PATIENCE_S, until

pytestmark = pytest.mark.in_order


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
    [digest] = showing(slack.messages(CONSUMER_B), "web-2026")
    assert not digest.ephemeral
    accepted = slack.press(CONSUMER_B, digest, "invitations.accept")
    assert (accepted.ts, accepted.edited) == (digest.ts, True)
    assert "web-2026" in str(slack.ask(CONSUMER_B, "/images list --shared").blocks)

    asked = slack.ask(PRODUCER, f"/images unshare web-2026 {ACCOUNT_B}")
    slack.press(PRODUCER, asked, "sharing.unshare")
    assert "web-2026" not in str(slack.ask(CONSUMER_B, "/images list --shared").blocks)


def showing(messages: Sequence[Message], name: str) -> list[Message]:
    """Those in which the invitation to an image may be answered: at most one, however told."""
    return [
        each
        for each in messages
        if name in str(each.blocks)
        and "invitations.accept" in {button["action_id"] for button in each.buttons()}
    ]


def test_nobody_is_told_when_nothing_waits(demo: Demo) -> None:
    demo.deliver()
    slack = demo.slack
    [told] = showing(slack.messages(CONSUMER_A), "db-2026")
    slack.press(CONSUMER_A, told, "invitations.reject")

    assert demo.deliver() == "Nobody has a pending invitation, so no digest was sent."


def test_every_command_that_the_page_proposes_is_answered_without_an_error(demo: Demo) -> None:
    for user_id in (CONSUMER_A, PRODUCER):
        for command in demo.scene.about[user_id].tries:
            answer = _answered(demo, user_id, command)

            assert not WRONG.search(answer), f"{command}: {answer}"


WRONG = re.compile(
    "broke on our side|failed|is not a command|Usage: |no image named", re.IGNORECASE
)


def _answered(demo: Demo, user_id: str, command: str) -> str:
    """What a command is answered: in a message, or in a form once it is filled in."""
    ack = demo.slack.command(user_id, command)
    answer = until(lambda: _answer(demo, user_id, ack.version), f"{command} was not answered")
    if demo.slack.modals.top(user_id):
        demo.slack.modals.close(user_id)
    return answer


def _answer(demo: Demo, user_id: str, newer_than: int) -> str | None:
    for message in demo.slack.messages(user_id):
        if message.version > newer_than:
            return f"{message.text} {message.blocks}"
    form = demo.slack.modals.top(user_id)
    return str(form.body) if form and "Asking the cloud" not in str(form.body) else None


@pytest.mark.node
def test_all_traffic_of_the_demo_is_what_slack_declares(
    demo: Demo, slack_accepts: Callable[[Sequence[Mapping[str, Any]]], None]
) -> None:
    digest = demo.slack.ask(CONSUMER_A, "/images invitations")
    assert digest.ephemeral

    slack_accepts(demo.slack.calls)
    assert [taken for taken in demo.slack.answers.taken if taken["status"] != 200] == []


def test_a_bot_that_does_not_start_is_told_with_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox/bot.py").write_text("raise SystemExit('no such luck')")
    monkeypatch.setattr("sandbox.demo.ROOT", tmp_path)

    with pytest.raises(DemoError, match="no such luck"), Demo():
        pass


@pytest.fixture
def program() -> Iterator[subprocess.Popen[str]]:
    """`python -m sandbox`, which is ended if the test did not."""
    words = [sys.executable, "-m", "sandbox", "--no-open"]
    with spawn(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.terminate()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_program_says_where_to_go_and_leaves_nothing_behind(
    program: subprocess.Popen[str], ending: signal.Signals
) -> None:
    assert program.stdout
    said = "".join(iter(program.stdout.readline, "Ctrl-C ends everything.\n"))
    [page] = re.findall(r"http://(127\.0\.0\.1:\d+)/", said)
    log = Path(re.findall(r"\S+bot\.log", said)[0])
    [bot] = re.findall(r"listening on http://(\S+)", log.read_text())
    assert (_status(page, "/"), _status(bot, "/healthz")) == (200, 200)

    program.send_signal(ending)
    rest, _ = program.communicate(timeout=PATIENCE_S)

    assert (program.returncode, rest.strip()) == (0, "Ended; nothing is left behind.")
    assert not log.parent.exists()
    assert processes_of(log.parent) == []


def _status(host: str, path: str) -> int:
    connection = http.client.HTTPConnection(host)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()
