"""The program as it runs anywhere: quick, and gone only when its work is done."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.web.server import listen
from sandbox.cloud import CloudStandIn
from sandbox.processes import kill, run, spawn
from sandbox.slack import Ack, SlackStandIn
from storage import Account
from tests.bot.people import CONSUMER_A, PRODUCER, REGIONS
from tests.bot.program import ROOT, get
from tests.waiting import PATIENCE_S, until

COMMANDS = 40
CLOUD_S = 2.0


def test_an_address_of_either_kind_can_be_listened_on(free_port: int) -> None:
    [listening] = listen("::1", free_port, "PORT")
    with listening:
        assert listening.getsockname()[:2] == ("::1", free_port)


def test_forty_commands_in_a_second_are_acknowledged_in_time_and_all_answered(
    start: Callable[..., object],
    slack: SlackStandIn,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    """Each takes two seconds of the cloud's time; Bolt's own five threads would starve."""
    link(PRODUCER)
    invite("web-2026")
    start("web")
    slack.ask(PRODUCER, "list")  # so that the login is not in the way
    asked = len(cloud.requests)
    slack.ask(PRODUCER, "list --mine")
    in_turn = (len(cloud.requests) - asked) / len(REGIONS)
    cloud.delay_s = CLOUD_S / in_turn
    before = slack.workspace.version

    def send(number: int) -> Ack:
        time.sleep(number / COMMANDS)
        return slack.command(PRODUCER, "list --mine")

    with ThreadPoolExecutor(COMMANDS) as pool:
        acks = list(pool.map(send, range(COMMANDS)))
    answers = _answers(slack, PRODUCER, newer_than=before, count=COMMANDS)

    assert [ack.error for ack in acks if not ack.ok] == []
    assert len(answers) == COMMANDS
    assert {answer.count("web-2026") > 0 for answer in answers} == {True}


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_finishes_the_work_in_hand(
    told: signal.Signals,
    start: Callable[..., subprocess.Popen[bytes]],
    slack: SlackStandIn,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    process = start("all")
    cloud.delay_s = 1.0
    acks = [slack.command(CONSUMER_A, "invitations") for _ in range(20)]

    process.send_signal(told)

    assert process.wait(30) == 0
    answers = _answers(slack, CONSUMER_A, newer_than=acks[0].version, count=20)
    assert all("web-2026" in answer for answer in answers)
    assert slack.command(CONSUMER_A, "help").error == "dispatch_failed"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"SECRET_KEYS": "", "PORT": "http"}, "  - SECRET_KEYS is missing"),
        ({"DATABASE_URL": "sqlite:////nowhere/bot.db"}, "the database /nowhere/bot.db cannot be"),
        ({"SLACK_APP_TOKEN": "xapp-old"}, "Socket Mode: Slack refuses SLACK_APP_TOKEN ("),
    ],
)
def test_what_cannot_run_ends_at_once_and_says_why(
    change: Mapping[str, str],
    complaint: str,
    environ: Mapping[str, str],
    slack: SlackStandIn,
    free_port: int,
) -> None:
    slack.fail_next("apps.connections.open", "invalid_auth")

    ended = run(
        [sys.executable, "-m", "bot", "all"],
        cwd=ROOT,
        env={**environ, "PORT": str(free_port), **change},
    )

    assert ended.returncode in (1, 3, 4)
    assert complaint in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "xapp-old" not in ended.stderr + ended.stdout


def test_a_worker_alone_stops_at_once_when_told_to(
    start: Callable[..., subprocess.Popen[bytes]],
    environ: Mapping[str, str],
    slack: SlackStandIn,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
    tmp_path: Path,
) -> None:
    """It looks by itself: the invitation is known without anyone having asked."""
    account = link(CONSUMER_A)
    image_id = invite("web-2026", CONSUMER_A)
    worker = spawn([sys.executable, "-m", "bot", "worker"], cwd=ROOT, env=dict(environ))
    try:
        until(lambda: any("members" in path for _, path, _ in cloud.requests))
        worker.send_signal(signal.SIGTERM)

        assert worker.wait(PATIENCE_S) == 0
    finally:
        kill(worker)
    assert account.id
    assert image_id


def test_the_log_names_no_secret_and_no_query(
    start: Callable[..., subprocess.Popen[bytes]],
    environ: Mapping[str, str],
    slack: SlackStandIn,
    tmp_path: Path,
) -> None:
    process = start("web", LOG_LEVEL="DEBUG")
    port = int(slack.bot_url.rpartition(":")[2])
    get(port, "/healthz?code=made-up-code")
    slack.ask(PRODUCER, "help")
    slack.workspace.clock = lambda: time.time() + 10_000  # response URLs are refused from here on
    slack.command(PRODUCER, "help")
    process.terminate()
    process.wait(30)

    log = (tmp_path / "log").read_text()

    assert "POST /slack/events 200" in log
    assert "/images help by T0SANDBOX/U0PRODUCER took" in log
    secrets = (
        *(environ["SLACK_SIGNING_SECRET"], environ["SLACK_BOT_TOKEN"], environ["SECRET_KEYS"]),
        *("made-up-code", f"{slack.base_url}/commands/"),
    )
    assert [secret for secret in secrets if secret in log] == []


def _answers(slack: SlackStandIn, user_id: str, *, newer_than: int, count: int) -> list[str]:
    """What was said to a person since then, once there is that much of it."""

    def said() -> list[str]:
        return [str(m.blocks) for m in slack.messages(user_id) if m.version > newer_than]

    until(lambda: len(said()) >= count, lambda: f"{len(said())} of {count} answers came")
    return said()
