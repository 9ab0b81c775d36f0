"""
`rabbit`: a real RabbitMQ on loopback, Debian's, as an ordinary user, in a folder of its own.

It starts three daemons: the broker (`beam.smp`), its children, and `epmd`, which stays behind when
the broker ends. All ports are loopback's. All end with the tests, even if pytest is killed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sandbox.processes import Program, kill, reserved_port, run, spawn, temporary_folder
from tests.programs import missing
from tests.waiting import PATIENCE_S, until

BROKER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
CONTROL = BROKER.with_name("rabbitmqctl")
LOOPBACK = "127.0.0.1"


@dataclass
class Rabbit:
    """A broker, which may be killed and started again on the same port."""

    folder: Path
    port: int
    environ: dict[str, str]
    who: dict[str, Any] = field(repr=False)
    _process: Program | None = None

    @property
    def url(self) -> str:
        return f"rabbit://guest:guest@{LOOPBACK}:{self.port}/"

    def start(self) -> None:
        with self._log.open("ab") as out:
            self._process = spawn(
                [BROKER], cwd="/", env=self.environ, stdout=out, stderr=out, **self.who
            )
        until(lambda: self._ended() or self._answers(), self._log.read_text)
        assert not self._ended(), self._log.read_text()

    def kill(self) -> None:
        """As `kill -9` does: nothing is said to whoever is connected."""
        assert self._process
        kill(self._process)
        self._process.wait(PATIENCE_S)
        self._process = None

    def control(self, *words: str) -> str:
        """What `rabbitmqctl` says to these words."""
        done = run([CONTROL, "--quiet", *words], cwd="/", env=self.environ, **self.who)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def close(self) -> None:
        if self._process:
            self.kill()

    @property
    def _log(self) -> Path:
        return self.folder / "out"

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _answers(self) -> bool:
        """AMQP's server is the first to speak where it does not like what it is told."""
        with suppress(OSError), socket.create_connection((LOOPBACK, self.port), 5) as asked:
            asked.sendall(b"AMQP\0\0\0\0")
            return asked.recv(4) == b"AMQP"
        return False


@pytest.fixture(scope="session")
def _rabbit() -> Iterator[Rabbit]:
    if not BROKER.exists():
        missing("RabbitMQ", "install it (Debian: apt-get install rabbitmq-server)")
    with running() as broker:
        yield broker


@contextmanager
def running() -> Iterator[Rabbit]:
    """A broker that is up; none is left."""
    with (
        temporary_folder("imagebot-mq-") as folder,
        reserved_port() as port,
        reserved_port() as distribution,
        reserved_port() as names,
        _epmd(names, folder) as who,
    ):
        broker = Rabbit(folder, port, _environ(folder, port, distribution, names), who)
        try:
            broker.start()
            yield broker
        finally:
            broker.close()


@pytest.fixture
def rabbit(_rabbit: Rabbit) -> Rabbit:
    """The broker, which is running at the beginning of each test, however the last one ended."""
    if _rabbit._ended():
        _rabbit.start()
    return _rabbit


@contextmanager
def _epmd(port: int, folder: Path) -> Iterator[dict[str, Any]]:
    """Erlang's register of names, which the broker would start as a daemon of its own."""
    who = _unprivileged(folder)
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    epmd = shutil.which("epmd") or missing("epmd", "it comes with RabbitMQ")
    command = [epmd, "-address", LOOPBACK, "-port", str(port)]
    process = spawn(command, cwd="/", env=environ, **who)
    try:
        yield who
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_S)


def _environ(folder: Path, port: int, distribution: int, names: int) -> dict[str, str]:
    loopback_only = "-kernel inet_dist_use_interface {127,0,0,1}"
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "RABBITMQ_NODENAME": f"imagebot{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": loopback_only,
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "ERL_EPMD_PORT": str(names),
    }


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Its scripts refuse whoever is neither root nor `rabbitmq`, and root's files stay root's."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam("rabbitmq")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
