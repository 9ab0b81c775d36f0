"""
A real Glance tells a real RabbitMQ, the listener hears it, and a worker looks.

No place is due by itself for minutes: what is heard within a test's patience came by the bus.
"""

from __future__ import annotations

import importlib
import re
import shlex
import signal
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import linking
from bot.wiring import Runtime
from sandbox.processes import Program, kill, reserved_port, spawn
from sandbox.slack import TEAM_ID, Message, SlackStandIn
from storage import Account, State
from tests.bot.people import CONSUMER_A
from tests.bot.program import get
from tests.lab.fixtures import Lab
from tests.lab.rabbit import Rabbit
from tests.storage.fixtures import HandClock
from tests.waiting import PATIENCE_S, until

ROOT = Path(__file__).parents[3]
CONSUMER = "consumer-a"
SOON_S = 90.0
"""Far less than the minutes after which a place is due by itself, on a machine of any speed."""

pytestmark = pytest.mark.lab


@pytest.fixture
def environ(environ: Mapping[str, str], rabbit: Rabbit, bus_lab: Lab) -> Mapping[str, str]:
    pool = f"test-{uuid.uuid4().hex[:8]}"  # each test's listener hears all of it
    return {
        **environ,
        "BUS_URL": rabbit.url,
        "BUS_CLOUD": bus_lab.auth_url,
        "BUS_REGION": "DFW",
        "BUS_POOL": pool,
        "LOOK_EVERY_S": "3600",
        "LOOK_SELDOM_S": "3600",
    }


@pytest.fixture
def account(
    runtime: Runtime, bus_lab: Lab, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> Account:
    clock.now = datetime.now(UTC)
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(bus_lab.clouds_yaml))
    runtime.store.people.seen(TEAM_ID, CONSUMER_A)
    return linking.link(
        runtime.store,
        runtime.clouds,
        team=TEAM_ID,
        user=CONSUMER_A,
        cloud=CONSUMER,
        region=None,
    ).account


@pytest.fixture
def run(environ: Mapping[str, str], tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts a program, each of which has a port of its own."""
    started: list[Program] = []
    ports = ExitStack()

    def run(*words: str, **more: str) -> Program:
        more.setdefault("WORKER_PORT", str(ports.enter_context(reserved_port())))
        with (tmp_path / f"{words[0]}.log").open("ab") as log:
            command = [sys.executable, "-m", "bot", *words]
            started.append(
                spawn(command, cwd=ROOT, env={**environ, **more}, stdout=log, stderr=log)
            )
        return started[-1]

    yield run
    for each in started:
        kill(each)
        each.wait()
    ports.close()


@pytest.fixture
def listening(
    run: Callable[..., Program],
    environ: Mapping[str, str],
    rabbit: Rabbit,
    account: Account,
    runtime: Runtime,
) -> Program:
    """A listener that is bound, beside a worker that has looked and has nothing to do."""
    run("worker")
    listener = run("listen")
    until(lambda: environ["BUS_POOL"] in rabbit.control("list_queues", "name"), "it is not bound")
    until(lambda: looked_at(runtime, account), "the worker does not look")
    return listener


def looked_at(runtime: Runtime, account: Account) -> datetime | None:
    [place] = runtime.store.places.of(account.id)
    return None if place.claim else place.last_looked_at


def share(lab: Lab, name: str) -> str:
    """As `openstack image add project` does, past the bot. Returns the image's id."""
    image_id = lab.create_image("producer", name, data=b"bits")
    lab.image_call(
        "producer", "POST", f"/images/{image_id}/members", json={"member": lab.project(CONSUMER)}
    )
    return image_id


def heard_of(slack: SlackStandIn, name: str) -> None:
    slack.wait_for(CONSUMER_A, lambda m: name in f"{m.text}{m.blocks}", SOON_S)


@contextmanager
def looked_again(runtime: Runtime, account: Account) -> Iterator[None]:
    """What is done within has the place be looked at afterwards."""
    before = until(lambda: looked_at(runtime, account))
    yield
    until(lambda: (looked_at(runtime, account) or before) > before, "nobody looked", SOON_S)


def test_an_image_that_is_shared_anywhere_is_a_message_to_its_consumer(
    listening: Program, bus_lab: Lab, slack: SlackStandIn
) -> None:
    share(bus_lab, "from-the-bus")

    heard_of(slack, "from-the-bus")


def test_what_is_withdrawn_hidden_or_deleted_is_looked_at(
    listening: Program, bus_lab: Lab, slack: SlackStandIn, runtime: Runtime, account: Account
) -> None:
    withdrawn, deleted = share(bus_lab, "web-1"), share(bus_lab, "web-2")
    heard_of(slack, "web-2")

    with looked_again(runtime, account):
        bus_lab.image_call(
            "producer",
            "PATCH",
            f"/images/{deleted}",
            json=[{"op": "replace", "path": "/os_hidden", "value": True}],
            headers={"Content-Type": "application/openstack-images-v2.1-json-patch"},
        )
    member = f"/images/{withdrawn}/members/{bus_lab.project(CONSUMER)}"
    bus_lab.image_call("producer", "DELETE", member)
    bus_lab.image_call("producer", "DELETE", f"/images/{deleted}")

    both = [State.WITHDRAWN, State.WITHDRAWN]
    until(
        lambda: [state(runtime, account, each) for each in (withdrawn, deleted)] == both,
        "unheard of",
        SOON_S,
    )
    for name in ("web-1", "web-2"):
        slack.wait_for(CONSUMER_A, partial(withdrawn_in, name), SOON_S)


def withdrawn_in(name: str, message: Message) -> bool:
    """Whether a message that told of it says by now that it was withdrawn."""
    return re.search(f"{name}.*was withdrawn", f"{message.blocks}") is not None


def test_a_broker_that_is_killed_and_comes_back_is_listened_to_again(
    listening: Program,
    bus_lab: Lab,
    slack: SlackStandIn,
    rabbit: Rabbit,
    environ: Mapping[str, str],
) -> None:
    rabbit.kill()
    rabbit.start()
    until(lambda: environ["BUS_POOL"] in rabbit.control("list_queues", "name"), "it is not bound")

    share(bus_lab, "after-the-fall")

    heard_of(slack, "after-the-fall")


def test_a_listener_that_starts_before_its_broker_waits_for_it(
    run: Callable[..., Program], rabbit: Rabbit, environ: Mapping[str, str], free_port: int
) -> None:
    rabbit.kill()
    listener = run("listen", WORKER_PORT=str(free_port))
    until(lambda: answer(free_port, "/readyz") == 503, "it is not there")
    assert answer(free_port, "/healthz") == 200
    rabbit.start()

    until(lambda: answer(free_port, "/readyz") == 200, "it does not become ready")

    assert environ["BUS_POOL"] in rabbit.control("list_queues", "name")
    assert listener.poll() is None


def test_nothing_that_is_said_on_the_bus_harms(
    listening: Program, bus_lab: Lab, slack: SlackStandIn, rabbit: Rabbit, tmp_path: Path
) -> None:
    publish(rabbit, *GARBAGE)

    share(bus_lab, "after-the-garbage")

    heard_of(slack, "after-the-garbage")
    assert listening.poll() is None


def test_a_flood_harms_nothing(
    listening: Program, bus_lab: Lab, slack: SlackStandIn, rabbit: Rabbit
) -> None:
    flood = [notification("image.update", {"id": f"image-{n}"}) for n in range(10_000)]
    publish(rabbit, *flood)

    share(bus_lab, "after-the-flood")

    heard_of(slack, "after-the-flood")
    assert listening.poll() is None


def test_the_rights_that_the_page_gives_are_enough(
    run: Callable[..., Program], rabbit: Rabbit, tmp_path: Path
) -> None:
    """And no queue but its own can be declared with them."""
    page = (ROOT / "docs/bus.md").read_text()
    for line in re.findall(r"^rabbitmqctl (.+)$", page, re.MULTILINE):
        rabbit.control(*shlex.split(line))
    log = tmp_path / "listen.log"
    url = rabbit.url.replace("guest:guest", "imagebot:a-password")

    run("listen", BUS_URL=url, BUS_POOL="cloud-images-bot")
    until(lambda: "listening" in log.read_text(), log.read_text)
    run("listen", BUS_URL=url, BUS_POOL="another")
    until(lambda: "ACCESS_REFUSED" in log.read_text() or "403" in log.read_text(), log.read_text)

    queues = rabbit.control("list_queues", "name", "consumers", "policy")
    assert re.search(r"^cloud-images-bot\t1\timagebot$", queues, re.MULTILINE), queues
    assert "another" not in queues


def test_it_ends_when_it_is_told_to_though_the_broker_is_away(
    run: Callable[..., Program], rabbit: Rabbit, tmp_path: Path
) -> None:
    rabbit.kill()
    listener = run("listen")
    log = tmp_path / "listen.log"
    until(lambda: "Connection refused" in log.read_text(), "it does not try")

    listener.send_signal(signal.SIGTERM)

    assert listener.wait(PATIENCE_S) == 0
    assert "guest:guest" not in log.read_text()


def test_it_ends_when_it_is_told_to(listening: Program) -> None:
    listening.send_signal(signal.SIGTERM)

    assert listening.wait(PATIENCE_S) == 0


def answer(port: int, path: str) -> int:
    try:
        return get(port, path)
    except OSError:
        return 0


def state(runtime: Runtime, account: Account, image_id: str) -> str:
    found = runtime.store.invitations.find(account.id, "DFW", image_id)
    return found.state if found else ""


def notification(event_type: object, payload: object, **more: object) -> dict[str, object]:
    return {
        "priority": "INFO",
        "event_type": event_type,
        "payload": payload,
        "publisher_id": "image.host",
        "message_id": uuid.uuid4().hex,
        "timestamp": "2026-03-02 08:00:00",
        **more,
    }


GARBAGE: tuple[object, ...] = (
    "no object",
    ["a", "list"],
    {},
    {"oslo.version": "2.0", "oslo.message": "{not json"},
    {"oslo.version": "99.0", "oslo.message": "{}"},
    notification("image.member.create", None),
    notification("image.member.create", "text"),
    notification("image.member.create", {"image_id": 1, "member_id": ["x"]}),
    notification("image.member.create", {"image_id": "x" * 1_000_000, "member_id": "y"}),
    notification("image.member.create", {"image_id": "\0", "member_id": "'; drop table places"}),
    notification("image.unheard.of", {"id": "x"}),
    notification(["image.update"], {"id": "x"}),
    notification("image.update", {"id": "x"}, priority="DISASTER"),
    notification("image.update", {"id": "x"}, priority=None),
)


def publish(rabbit: Rabbit, *bodies: object) -> None:
    """Whatever it is, to the listener's topic."""
    kombu: Any = importlib.import_module("kombu")  # its types are half there
    with kombu.Connection(rabbit.url.replace("rabbit:", "amqp:")) as connection:
        producer = connection.Producer()
        for body in bodies:
            producer.publish(body, exchange="glance", routing_key="notifications.info")
        producer.publish(
            b"\xff\xfe",
            exchange="glance",
            routing_key="notifications.info",
            content_type="application/json",
            content_encoding="utf-8",
        )
