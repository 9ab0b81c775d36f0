"""Health, readiness and metrics."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from bot.web.app import create_app
from bot.wiring import Runtime
from sandbox.slack import TEAM_ID, SlackStandIn
from tests.bot.people import PRODUCER


@pytest.fixture
def web(runtime: Runtime) -> Iterator[FlaskClient]:
    with create_app(runtime).test_client() as client:
        yield client


def test_it_is_ready_when_its_database_is(web: FlaskClient, runtime: Runtime) -> None:
    assert (web.get("/healthz").status_code, web.get("/readyz").status_code) == (200, 200)

    runtime.store.close()

    assert (web.get("/healthz").status_code, web.get("/readyz").status_code) == (200, 503)


def test_metrics_count_what_was_asked_and_how_long_it_took(
    served: Runtime, slack: SlackStandIn
) -> None:
    slack.ask(PRODUCER, "help")
    slack.ask(PRODUCER, "made-up-verb")
    served.store.outbox.put(team_id=TEAM_ID, user_id=PRODUCER, text="waits")
    served.request_pool.finish()

    with create_app(served).test_client() as web:
        page = web.get("/metrics").get_data(as_text=True).splitlines()

    assert 'imagebot_requests_total{kind="command"} 2.0' in page
    assert "imagebot_ack_seconds_count 2.0" in page
    assert 'imagebot_answer_seconds_count{what="/images help"} 1.0' in page
    assert 'imagebot_answer_seconds_count{what="unknown"} 1.0' in page
    assert "imagebot_outbox_waiting 1.0" in page
    assert "made-up-verb" not in str(page)


def test_metrics_are_there_even_without_the_database(web: FlaskClient, runtime: Runtime) -> None:
    runtime.store.close()

    page = web.get("/metrics")

    assert page.status_code == 200
    assert "imagebot_outbox_waiting NaN" in page.get_data(as_text=True)


def test_installation_is_there_only_with_a_client_id(web: FlaskClient) -> None:
    assert web.get("/slack/install").status_code == 404


def test_no_page_shows_a_traceback(web: FlaskClient, runtime: Runtime) -> None:
    broken = create_app(runtime)
    broken.add_url_rule("/broken", "broken", lambda: str(1 // 0))
    with broken.test_client() as client:
        page = client.get("/broken")

    assert (page.status_code, "ZeroDivisionError" in page.get_data(as_text=True)) == (500, False)
