"""What machines ask: is it there, is it ready, what has it counted; of the worker alone, too."""

from __future__ import annotations

import http.client
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.web.probes import create_probes
from bot.wiring import Runtime
from bot.work import KINDS
from bot.work.engine import SILENT_S, CrewState, Engine
from sandbox.processes import Program, kill, reserved_port, spawn
from sandbox.slack import TEAM_ID, SlackStandIn
from tests import taking
from tests.bot.people import CONSUMER_A
from tests.bot.program import ROOT, get, wait_until_ready
from tests.storage.fixtures import HandClock
from tests.waiting import PATIENCE_S, until

Start = Callable[[int], Program]


@pytest.fixture
def start_worker(environ: Mapping[str, str], tmp_path: Path) -> Iterator[Start]:
    started: list[Program] = []

    def start(port: int) -> Program:
        with (tmp_path / "log").open("ab") as log:
            command = [sys.executable, "-m", "bot", "worker"]
            environment = {**environ, "WORKER_PORT": str(port)}
            started.append(spawn(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
        return started[-1]

    yield start
    for each in started:
        kill(each)
        each.wait()


@pytest.fixture
def engine(runtime: Runtime) -> Iterator[Engine]:
    engine = Engine(runtime, KINDS)
    yield engine
    if engine._heart.is_alive():
        engine.close()


@pytest.fixture
def probes(runtime: Runtime, engine: Engine) -> Iterator[FlaskClient]:
    with create_probes(runtime, engine).test_client() as client:
        yield client


def test_a_worker_alone_says_how_it_is(
    start_worker: Start, runtime: Runtime, slack: SlackStandIn, free_port: int
) -> None:
    runtime.store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="hello")
    worker = start_worker(free_port)
    wait_until_ready(free_port, worker)
    slack.wait_for(CONSUMER_A)

    until(lambda: 'imagebot_notices_total{outcome="sent"} 1.0' in _metrics(free_port))
    page = until(
        lambda: p if 'imagebot_job_seconds_count{job="news"}' in (p := _metrics(free_port)) else ""
    )

    assert get(free_port, "/healthz") == 200
    assert get(free_port, "/slack/events") == 404
    assert 'imagebot_work_due{kind="messages"} 0.0' in page
    assert 'imagebot_job_hands{job="looks"} 32.0' in page
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE_S) == 0


def test_two_workers_of_one_machine_both_work_though_they_share_a_port(
    start_worker: Start, runtime: Runtime, slack: SlackStandIn, tmp_path: Path, free_port: int
) -> None:
    first = start_worker(free_port)
    wait_until_ready(free_port, first)
    second = start_worker(free_port)
    log = tmp_path / "log"
    until(lambda: f"cannot listen on HOST 127.0.0.1, WORKER_PORT {free_port}" in log.read_text())
    kill(first)
    first.wait()

    runtime.store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="hello")

    assert slack.wait_for(CONSUMER_A).text == "hello"
    assert second.poll() is None


def test_all_has_one_port_for_everything(
    start: Callable[..., Program], free_port: int, slack: SlackStandIn
) -> None:
    with reserved_port() as other:
        start("all", WORKER_PORT=str(other))

        assert 'imagebot_job_hands{job="looks"}' in _metrics(free_port)
        with pytest.raises(OSError, match="refused"):
            get(other, "/healthz")


def test_a_worker_is_ready_once_its_loops_run_and_its_database_answers(
    probes: FlaskClient, engine: Engine, runtime: Runtime
) -> None:
    assert _readiness(probes) == (503, "the heartbeat does not renew leases\n")

    engine.start()
    assert _readiness(probes) == (200, "ready\n")

    runtime.store.close()
    assert _readiness(probes)[0] == 503


def test_a_loop_that_has_ended_makes_the_worker_not_ready(
    probes: FlaskClient, engine: Engine
) -> None:
    engine.start()
    dead = engine._crews[0]
    dead.stop()
    until(lambda: not dead.state.alive)

    assert _readiness(probes) == (503, f"the job {dead.state.name} no longer looks for work\n")


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        (CrewState("looks", 2, (), 300, 0, alive=True), ""),
        (CrewState("looks", 2, (301, 1), 300, 0, alive=True), ""),
        (
            CrewState("looks", 2, (301, 302), 300, 0, alive=True),
            "the job looks has had all it can hold in hand for too long",
        ),
        (
            CrewState("looks", 2, (), 300, SILENT_S + 1, alive=True),
            "the job looks no longer looks for work",
        ),
    ],
)
def test_a_kind_of_work_in_trouble_says_so(state: CrewState, trouble: str) -> None:
    assert state.trouble == trouble


def test_metrics_show_what_waits_and_for_how_long(
    probes: FlaskClient, runtime: Runtime, clock: HandClock
) -> None:
    runtime.store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="waits")
    runtime.store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="fails")
    clock.advance(minutes=6)
    runtime.store.outbox.fail(taking.notices(runtime.store, 1)[0].id, "no_text")
    clock.advance(minutes=1)

    page = probes.get("/metrics").get_data(as_text=True)

    assert 'imagebot_work_due{kind="messages"} 1.0' in page
    assert 'imagebot_work_failed{kind="messages"} 1.0' in page
    assert 'imagebot_work_lag_seconds{kind="messages"} 420.0' in page
    assert 'imagebot_work_late_after_seconds{kind="messages"} 300.0' in page
    assert 'imagebot_work_oldest_age_seconds{kind="messages"} 420.0' in page
    assert "imagebot_database_answers 1.0" in page


def test_a_row_in_hand_that_gets_nowhere_is_seen(
    probes: FlaskClient, runtime: Runtime, clock: HandClock
) -> None:
    """Its lease is renewed, so no other worker takes it up."""
    ticks = runtime.store.ticks.every("mine", KINDS["news"].every)  # type: ignore[arg-type]
    [tick] = ticks.claim(1)
    for _ in range(5):
        clock.advance(seconds=50)
        ticks.renew([tick])

    page = probes.get("/metrics").get_data(as_text=True)

    assert 'imagebot_work_stale_seconds{kind="ticks/mine"} 250.0' in page
    assert 'imagebot_work_lag_seconds{kind="ticks/mine"} 0.0' in page


def test_what_is_in_hand_is_counted_with_its_time(
    probes: FlaskClient, engine: Engine, runtime: Runtime
) -> None:
    crew = next(each for each in engine._crews if each.state.name == "figures")
    crew._give(runtime.store.ticks.every("figures", KINDS["figures"].every).claim(1))  # type: ignore[arg-type]

    page = probes.get("/metrics").get_data(as_text=True)

    assert 'imagebot_job_hands_busy{job="figures"} 1.0' in page
    assert 'imagebot_job_in_hand_seconds{job="figures"} 0.0\n' not in page


def _readiness(client: FlaskClient) -> tuple[int, str]:
    page = client.get("/readyz")
    return page.status_code, page.get_data(as_text=True)


def _metrics(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()
    finally:
        connection.close()
