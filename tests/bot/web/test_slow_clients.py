"""Clients that send slowly, or nothing, or what no client should: the others are answered."""

from __future__ import annotations

import resource
import select
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from sandbox.processes import Program
from sandbox.slack import SlackStandIn
from storage import Store
from tests.bot.people import PRODUCER
from tests.bot.program import get
from tests.relay import Relay
from tests.waiting import until

HEAD = b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 100\r\n"
HALF_A_BODY = HEAD + b"\r\ntext="
WAIT_S = 30
"""More than any machine needs. What is silent stays so."""
Start = Callable[..., Program]
Hold = Callable[[bytes, int], list[socket.socket]]


@pytest.fixture
def port(slack: SlackStandIn, start: Start) -> int:
    """Where the program will listen."""
    return int(slack.bot_url.rpartition(":")[2])


@pytest.fixture
def hold(port: int) -> Iterator[Hold]:
    """Opens connections, sends the beginning of something on each, and keeps them."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    with ExitStack() as held:

        def _hold(beginning: bytes, count: int) -> list[socket.socket]:
            connections = [
                socket.create_connection(("127.0.0.1", port), WAIT_S) for _ in range(count)
            ]
            for each in connections:
                held.enter_context(each).sendall(beginning)
            return connections

        yield _hold
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_it_acknowledges_while_connections_idle_and_requests_are_half_sent(
    start: Start, slack: SlackStandIn, hold: Hold
) -> None:
    start("web")
    hold(b"", 1_000)
    hold(HEAD, 16)
    hold(HALF_A_BODY, 16)

    assert slack.command(PRODUCER, "help").ok


@pytest.mark.parametrize("beginning", [b"", HEAD, HALF_A_BODY])
def test_beyond_the_most_connections_the_oldest_is_closed(
    beginning: bytes, start: Start, slack: SlackStandIn, hold: Hold
) -> None:
    start("web", WEB_CONNECTIONS="20")
    oldest, *others = hold(beginning, 20)
    newest = hold(beginning, 10)

    assert slack.command(PRODUCER, "help").ok
    assert closed(oldest)
    assert still_open(newest[-1])
    assert others


def test_half_sent_bodies_take_no_more_memory_than_they_may(
    start: Start, slack: SlackStandIn, hold: Hold
) -> None:
    start("web", WEB_BUFFER_BYTES="100000", MAX_BODY_BYTES="90000")
    idle = hold(b"", 1)
    large = HEAD.replace(b"100", b"80000") + b"\r\n" + b"x" * 60_000

    [first] = hold(large, 1)
    time.sleep(0.5)
    [second] = hold(large, 1)

    assert closed(first)
    assert still_open(second)
    assert still_open(idle[0])
    assert slack.command(PRODUCER, "help").ok


def test_what_is_not_sent_in_time_is_given_up(start: Start, hold: Hold) -> None:
    start("web", IDLE_TIMEOUT_S="1", BODY_TIMEOUT_S="1")

    assert all(closed(hold(beginning, 1)[0]) for beginning in (b"", HEAD, HALF_A_BODY))


CHUNKED = b"Transfer-Encoding: chunked"
REFUSED = (
    (413, HEAD.replace(b"100", b"1000001") + b"\r\n"),
    (413, HEAD.replace(b"100", b"9" * 4_000) + b"\r\n"),
    (400, HEAD.replace(b"100", b"1e3") + b"\r\n"),
    (400, HEAD.replace(b"100", b"-1") + b"\r\n"),
    (400, HEAD.replace(b"100", b"+5") + b"\r\ntext="),
    (400, HEAD + b"Content-Length: 5\r\n\r\n"),
    (400, HEAD + CHUNKED + b"\r\n\r\n0\r\n\r\n"),
    (400, HEAD.replace(b"Content-Length: 100", b"Transfer-Encoding: x") + b"\r\n"),
    (400, HEAD.replace(b"Content-Length: 100", CHUNKED) + b"\r\nFFFFFFFF\r\n"),
    (400, b"GET /healthz HTTP/1.1\r\n\r\n"),
    (400, b"GET /healthz\r\n\r\n"),
    (400, b"GET /healthz HTTP/1.1\r\nHost: bot\r\nX y: z\r\n\r\n"),
)


def test_what_two_servers_could_read_differently_or_is_too_large_is_refused(
    start: Start, hold: Hold
) -> None:
    """And nothing that stands behind it is taken for a request."""
    start("web")

    answers = [everything(hold(sent, 1)[0]) for _, sent in REFUSED]

    assert [int(answer.split()[1]) for answer in answers] == [status for status, _ in REFUSED]
    assert {answer.count(b"HTTP/1.1") for answer in answers} == {1}


def test_headers_without_end_are_not_read(start: Start, slack: SlackStandIn, hold: Hold) -> None:
    start("web")

    assert closed(hold(HEAD + b"X: " + b"x" * 17_000, 1)[0])
    assert slack.command(PRODUCER, "help").ok


def test_a_header_with_an_underscore_cannot_stand_for_another(
    start: Start, slack: SlackStandIn, hold: Hold
) -> None:
    start("web")
    body = b"command=/images"
    head = HEAD.replace(b"100", str(len(body)).encode())
    [connection] = hold(head + b"X_Slack_Signature: v0=x\r\nConnection: close\r\n\r\n" + body, 1)

    assert everything(connection).startswith(b"HTTP/1.1 401")


def test_a_body_in_chunks_is_read_as_one(start: Start, hold: Hold) -> None:
    start("web")
    head = HEAD.replace(b"Content-Length: 100", b"Transfer-Encoding: chunked\r\nConnection: close")
    [connection] = hold(head + b"\r\n4\r\ntext\r\n1\r\n=\r\n0\r\n\r\n", 1)

    assert everything(connection).startswith(b"HTTP/1.1 401")


def test_the_access_log_names_no_token_however_it_is_spelled_and_is_not_forged(
    start: Start, port: int, tmp_path: Path
) -> None:
    token = "made-up-token-made-up-token-made-up-token-x"
    process = start("web")
    for path in (
        f"/link/{token}",
        f"//link/{token}",
        f"/%6Cink/{token}",
        f"/%256Cink/{token}",
        f"/link//{token}",
        f"/confirm/{token}?x={token}",
        f"/confirm/{token.replace('-', '%2D')}",
        "/x%0A2026-01-01%20INFO%20forged",
        "/%1B[2J%E2%80%A8forged",
    ):
        get(port, path)
    process.terminate()
    assert process.wait(WAIT_S) == 0

    log = (tmp_path / "log").read_text()

    assert "made-up-token" not in log
    assert "GET //link/(long) " in log
    assert [line for line in log.splitlines() if line.startswith("2026-01-01")] == []
    assert log.replace("\n", "").isprintable()


@pytest.fixture
def relay(postgres_url: str) -> Iterator[Relay]:
    there = urlsplit(postgres_url)
    assert there.hostname
    assert there.port
    relay = Relay(there.hostname, there.port)
    yield relay
    relay.close()


@pytest.mark.postgres
def test_while_the_database_is_frozen_probes_say_so_and_commands_are_acknowledged(
    start: Start,
    port: int,
    slack: SlackStandIn,
    relay: Relay,
    database_of_postgres: str,
    environ: Mapping[str, str],
) -> None:
    with_migrations(database_of_postgres, environ)
    parts = urlsplit(database_of_postgres)
    url = urlunsplit(parts._replace(netloc=f"bot@127.0.0.1:{relay.port}"))
    start("web", DATABASE_URL=url, STOP_TIMEOUT_S="1")
    relay.freeze()

    with ThreadPoolExecutor(48) as pool:
        probes = [pool.submit(get, port, "/readyz", WAIT_S) for _ in range(16)]
        probes += [pool.submit(get, port, "/metrics", WAIT_S) for _ in range(16)]
        pages = [pool.submit(get, port, "/link/made-up-token", 3) for _ in range(16)]
        acks = [slack.command(PRODUCER, "accounts") for _ in range(5)]
        statuses = [each.result() for each in probes]
        assert get(port, "/healthz", WAIT_S) == 200
        assert all(isinstance(page.exception(), OSError) or page.result() for page in pages)

    assert [ack.error for ack in acks if not ack.ok] == []
    assert statuses == [503] * 16 + [200] * 16
    for ack in acks:
        said = slack.wait_for(PRODUCER, newer_than=ack.version)
        assert "database is not responding" in said.text
    relay.thaw()
    until(lambda: get(port, "/readyz", WAIT_S) == 200)


def with_migrations(url: str, environ: Mapping[str, str]) -> None:
    store = Store.open(url, environ["SECRET_KEYS"].split(","))
    store.migrate()
    store.close()


@pytest.fixture
def database_of_postgres(postgres_url: str) -> Iterator[str]:
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
        yield f"{postgres_url}/{name}"
        connection.execute(f"drop database {name} with (force)")


def closed(connection: socket.socket) -> bool:
    """Whether the other end closes it in time."""
    try:
        everything(connection)
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def still_open(connection: socket.socket) -> bool:
    return not select.select([connection], [], [], 0)[0]


def everything(connection: socket.socket) -> bytes:
    """What is said until the connection is closed."""
    return b"".join(iter(lambda: connection.recv(65_536), b""))
