"""The machines of a deployment: programs of one version, or of two, on one database."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from handlers import Message as Said
from sandbox.gallery import aloud
from sandbox.processes import Program, kill, reserved_port, run, spawn
from sandbox.slack import Message, SlackStandIn
from storage import Store
from tests.bot.program import get
from tests.repository import ROOT
from tests.waiting import PATIENCE_S, until


@dataclass
class Machines:
    folder: Path
    slack: SlackStandIn
    environ: dict[str, str]
    ports: ExitStack
    running: dict[str, tuple[Program, int]] = field(default_factory=dict)
    """By the name that each was started under, with its port."""

    def run(self, *words: str | Path, of: Path = ROOT) -> str:
        """
        What a program says that ends by itself, and well.

        Args:
            of: the folder of the version that is run.
        """
        done = run([sys.executable, "-m", "bot", *words], cwd=of, env=self.environ)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str, *words: str, of: Path = ROOT) -> None:
        """Start a program that goes on, and wait until it is ready, if it can be asked."""
        port = self.ports.enter_context(reserved_port())
        environ = {**self.environ, "PORT": str(port), "WORKER_PORT": str(port)}
        with self._log(name).open("ab") as log:
            command = [sys.executable, "-m", "bot", *words]
            process = spawn(command, cwd=of, env=environ, stdout=log, stderr=log)
        self.running[name] = process, port
        if words[0] == "worker" and of != ROOT:
            return  # version 0.1 has no port of its workers
        until(lambda: process.poll() is not None or _ready(port), lambda: self.log(name))
        assert process.poll() is None, self.log(name)
        if words[0] != "worker":
            self.reach(name)

    def reach(self, name: str) -> None:
        """Have Slack call this one, as a proxy would."""
        self.slack.bot_url = f"http://127.0.0.1:{self.running[name][1]}"

    def end(self, name: str, by: signal.Signals = signal.SIGTERM) -> int:
        process, _ = self.running.pop(name)
        process.send_signal(by)
        return process.wait(PATIENCE_S)

    def heard_of(self, who: str, name: str) -> list[Message]:
        """The messages to somebody that name it: there is one."""
        self.slack.wait_for(who, lambda m: name in said(m))
        return [each for each in self.slack.messages(who) if name in said(each)]

    def store(self) -> closing[Store]:
        return closing(Store.open(self.environ["DATABASE_URL"], [self.environ["SECRET_KEYS"]]))

    def log(self, name: str) -> str:
        return self._log(name).read_text()

    def close(self) -> None:
        for process, _ in self.running.values():
            kill(process)
            process.wait()

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


@contextmanager
def machines(folder: Path, slack: SlackStandIn, **environ: str) -> Iterator[Machines]:
    """None runs as yet; none is left."""
    told = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.api_url,
        "OS_CLIENT_CONFIG_FILE": str(folder / "clouds.yaml"),
    }
    with ExitStack() as ports:
        machines = Machines(folder, slack, told | environ, ports)
        try:
            yield machines
        finally:
            machines.close()


def said(shown: Message) -> str:
    """All that a person reads in a message."""
    return "\n".join(aloud(Said(shown.text, shown.blocks)))


def _ready(port: int) -> bool:
    try:
        return get(port, "/readyz") == 200
    except OSError:
        return False
