"""
The demo: the real bot between a stand-in cloud and a stand-in Slack.

The bot runs as it would anywhere, `python -m bot all`, with a database and a log in a
folder that goes when the demo ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from handlers import ROUTES
from handlers.invitations.views.inbox import PAGE
from handlers.ui.image_buttons import ACCEPT
from sandbox.bot import THEN
from sandbox.clock import JUMPS, MovedClock
from sandbox.cloud import CloudStandIn
from sandbox.processes import reserved_port, spawn, temporary_folder
from sandbox.scene import REGIONS, Scene, Stage
from sandbox.slack import TEAM_ID, Message, SlackStandIn
from sandbox.slack.pages import ClockOfPage
from sandbox.switches import switches
from storage import Store

ROOT = Path(__file__).parents[1]
READY_S = 60.0
STOP_S = 10.0
SAID_S = 15.0
TASK_S = 8.0
"""Seconds that the demo's cloud takes for an export, so that there is something to watch."""
BYTES_PER_S = 10e6
"""How fast its data comes, so that the bar of a copy, drawn every 10 seconds, moves."""
CLOUD_ANSWER_S = 6
"""Seconds that an answer waits for a region: people watch, and none is far away."""
TAIL = 25
"""Lines of the log that are shown when something fails."""


class DemoError(Exception):
    """The demo cannot go on. The message says why, with the end of the bot's log."""


class Demo:
    """
    Everything of the demo, up while the `with` block runs.

    Slack, the cloud (if it is the stand-in) and the bot have one clock, which people may move.
    """

    _bot: subprocess.Popen[bytes]

    def __init__(self, port: int = 0, scene: Stage | None = None) -> None:
        self._stack = contextlib.ExitStack()
        self.slack = SlackStandIn(
            signing_secret=secrets.token_hex(16),
            bot_token=f"xoxb-{secrets.token_hex(12)}",
            port=port,
            clock=lambda: self.clock().timestamp(),
        )
        self.slack.api.pictures = False
        self.scene = scene or Scene()
        cloud = self.scene.cloud
        self._cloud = cloud if isinstance(cloud, CloudStandIn) else None
        """The stand-in, if it is one."""
        self._switches = tuple(switches(self.slack, self._cloud, self))
        self._starting = threading.Lock()

    def __enter__(self) -> Self:
        with self._stack as stack:
            self.folder = stack.enter_context(temporary_folder("images-"))
            self.clock = MovedClock(self.folder / "clock")
            if self._cloud:
                self._cloud.state.clock = self.clock
            stack.enter_context(self.slack)
            stack.enter_context(self.scene.cloud)
            self.scene.furnish()
            self.log = self.folder / "bot.log"
            self._start(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def deliver(self) -> str:
        """What the scheduler does when a digest is due, now. Says who was told."""
        before = self.slack.workspace.version
        self.run("run", "invitations", "--now", THEN, "run", "delivery")
        self._wait_until_all_is_said()
        told = [
            person.name
            for person in self.slack.people
            if any(_asks(m) and m.version > before for m in self.slack.messages(person.user_id))
        ]
        if not told:
            return "Nobody has a pending invitation, so no digest was sent."
        return f"Delivered to {' and '.join(told)}."

    def move_clock(self, jump: str, zone: str) -> None:
        """
        Set the sandbox's clock, and have everything looked at that may have become due.

        Args:
            jump: one of JUMPS.

            zone: of the person whose morning it is to be.

        Raises:
            LookupError: there is no such jump.
        """
        _, to = JUMPS[jump]
        self.clock.move(to(self.clock(), ZoneInfo(zone)))
        with self._store() as store:  # what is written here wakes the bot, too
            store.places.make_all_due()
            store.shared_images.make_all_due()
        self.slack.workspace.touch()

    def reset(self) -> None:
        """Reset everything, and restart the bot."""
        self.slack.switches.clear()
        if self._cloud:
            self._cloud.switches.clear()
        self.restart(self._bring_back)

    def restart(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Restart the bot."""
        with self._starting:
            _stop(self._bot)
            meanwhile()
            self._bot = self._spawn("all")
            self._wait_until_ready(self._bot)

    def is_starting(self) -> bool:
        return self._starting.locked()

    def broken(self) -> str | None:
        """Why the bot has stopped on its own; None while it runs, or is being restarted."""
        code = None if self.is_starting() else self._bot.poll()
        return None if code is None else self._stopped(self._bot)

    def _stopped(self, bot: subprocess.Popen[bytes]) -> str:
        return f"The bot has stopped (exit code {bot.returncode}).{self._tail()}"

    def _start(self, stack: contextlib.ExitStack) -> None:
        clouds_yaml = self.folder / "clouds.yaml"
        self.scene.write_clouds_yaml(clouds_yaml)
        port = stack.enter_context(reserved_port())
        self.slack.bot_url = f"http://127.0.0.1:{port}"
        self._environment = _clean_environment() | {
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_API_URL": self.slack.api_url,
            "DATABASE_URL": f"sqlite:///{self.folder / 'bot.db'}",
            "SECRET_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "OS_CLIENT_CONFIG_FILE": str(clouds_yaml),
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "PUBLIC_URL": self.slack.bot_url,
            "LINK_CLOUDS": self.scene.link_clouds,
            "CLOUD_ANSWER_S": str(CLOUD_ANSWER_S),
        }
        self._link_people()
        self._keep_start()
        self._bot = self._spawn("all")
        stack.callback(lambda: _stop(self._bot))
        self._wait_until_ready(self._bot)
        self.slack.pages.about = self.scene.about
        self.slack.pages.deliver = self.deliver
        self.slack.pages.clock = self._clock_of_page()
        self.slack.pages.switches = self._switches
        if self._cloud:
            self.slack.pages.reset = self.reset
        self.slack.pages.samples = _samples
        self.slack.pages.shortcuts = _shortcuts("message")
        self.slack.pages.global_shortcuts = _shortcuts("global")
        self.slack.pages.commands = {f"/images {verb.name}": verb.help for verb in ROUTES.verbs}
        self.slack.pages.tour = self.scene.tour
        self.slack.pages.workflow = "Share an image, and wait for the answer"

    def _link_people(self) -> None:
        words = ["migrate"]
        for user_id, cloud in self.scene.clouds.items():
            words += [THEN, "link", "--team", TEAM_ID, "--user", user_id, "--cloud", cloud]
        self.run(*words)

    def run(self, *words: str) -> None:
        """Run `python -m bot` with these words to its end; and again with those after a THEN."""
        process = self._spawn(*words)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(READY_S)
        if process.poll() is None:
            _stop(process)
        if process.returncode:
            raise DemoError(f"`python -m bot {' '.join(words)}` failed.{self._tail()}")

    def _spawn(self, *words: str) -> subprocess.Popen[bytes]:
        """Start the bot's program, not in our session, so that Ctrl-C is ours to pass on."""
        with self.log.open("ab") as log:
            return spawn(
                [sys.executable, "-m", "sandbox.bot", self.clock.file, *words],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _keep_start(self) -> None:
        """Keep what there is before anything happens: the links of people, and the cloud."""
        start = self.folder / "start"
        start.mkdir()
        for file in self.folder.glob("bot.db*"):
            shutil.copy2(file, start)
        self._cloud_at_start = self._cloud.state.snapshot() if self._cloud else None

    def _bring_back(self) -> None:
        self.clock.set_offset(timedelta())
        self.slack.workspace.clear()
        for file in self.folder.glob("bot.db*"):
            file.unlink()
        for file in (self.folder / "start").iterdir():
            shutil.copy2(file, self.folder)
        if self._cloud and self._cloud_at_start:
            self._cloud.state.restore(self._cloud_at_start)

    def _wait_until_ready(self, bot: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_S
        while not _answers(f"{self.slack.bot_url}/readyz"):
            if bot.poll() is not None:
                raise DemoError(self._stopped(bot))
            if time.monotonic() > deadline:
                raise DemoError(f"The bot was not ready after {READY_S:.0f} s.{self._tail()}")
            time.sleep(0.05)

    def _wait_until_all_is_said(self) -> None:
        """The bot itself may have taken some of it, and keeps a second between two messages."""
        deadline = time.monotonic() + SAID_S
        with self._store() as store:
            while store.outbox.waiting() and time.monotonic() < deadline:
                time.sleep(0.1)

    def _store(self) -> contextlib.closing[Store]:
        """The bot's database, by the sandbox's clock."""
        settings = self._environment
        keys = (settings["SECRET_KEYS"],)
        return contextlib.closing(Store.open(settings["DATABASE_URL"], keys, self.clock))

    def _clock_of_page(self) -> ClockOfPage:
        return ClockOfPage(
            ahead=lambda: self.clock.offset,
            jumps={name: words for name, (words, _) in JUMPS.items()},
            jump=self.move_clock,
        )

    def _tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-TAIL:]
        return "\n".join(["", "The end of its log:", *(f"  {line}" for line in lines)])


def paced() -> Scene:
    """A stand-in cloud that takes its time, so that there is something to watch."""
    cloud = CloudStandIn(regions=REGIONS, task_s=TASK_S)
    cloud.bytes_per_s = BYTES_PER_S
    return Scene(cloud)


def run(port: int, scene: Stage, opened: Callable[[Demo], None]) -> None:
    """Have the demo up until it is told to stop; *opened* is called once it is up."""
    stops = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for each in stops:
        signal.signal(each, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), Demo(port, scene) as demo:
        stopped = threading.Event()
        for each in stops:  # from here on a second Ctrl-C does not interrupt the clearing up
            signal.signal(each, lambda *_: stopped.set())
        opened(demo)
        while not stopped.wait(0.3):
            if broken := demo.broken():
                raise DemoError(broken)


def _shortcuts(kind: str) -> dict[str, str]:
    """Of messages, or global ones, as the app's manifest has them."""
    manifest = json.loads((ROOT / "manifest.json").read_text())
    every = manifest["features"]["shortcuts"]
    return {each["callback_id"]: each["name"] for each in every if each["type"] == kind}


def _samples(names: str) -> list[dict[str, Any]]:
    """The view gallery, for the page. Loaded when asked for: it takes the whole bot along."""
    from sandbox.gallery.page import drawn

    return drawn(names)


def _clean_environment() -> dict[str, str]:
    """What a program needs to start, without settings of a bot or cloud that is not the demo's."""
    ours = ("SLACK_", "OS_", "DATABASE_URL", "SECRET_KEYS", "PUBLIC_URL", "HOST", "PORT", "LOG_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except OSError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a program of ours and all that it has started: politely, and after 10 s not."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _asks(message: Message) -> bool:
    """Whether it shows or counts pending invitations, and is posted, not merely redrawn."""
    actions = {element["action_id"] for element in message.buttons()}
    return bool(actions & {ACCEPT, PAGE}) and not message.edited and not message.ephemeral
