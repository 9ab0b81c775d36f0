"""Services that repeat in a refusal what they were sent: it reaches no answer, row or log line."""

from __future__ import annotations

import json
import logging

import pytest

from handlers import Person
from sandbox.cloud import CloudStandIn
from tests.handlers.conftest import PASSWORD, PRODUCER
from tests.handlers.talk import Talk, read


def echo(cloud: CloudStandIn, secret: str, status: int, path: str) -> None:
    body = json.dumps({"message": f"not taken: {secret} (sent by you)"})
    cloud.fail_next(5, status=status, body=body, path_prefix=path)


@pytest.mark.parametrize("status", [400, 403, 409, 500, 503])
def test_a_token_that_the_image_service_repeats_is_seen_nowhere(
    talk: Talk,
    producer: Person,
    cloud: CloudStandIn,
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    """The canary looks into rows, messages and errors, too."""
    caplog.set_level(logging.DEBUG)
    cloud.add_image(owner=PRODUCER, name="web", region="DFW")
    talk.say(producer, "list")
    [token, *_] = cloud.state.tokens
    echo(cloud, token, status, "/images")

    said = read(talk.say(producer, "list"))

    assert token not in said + caplog.text


@pytest.mark.parametrize("status", [400, 401, 500])
def test_a_password_that_a_login_repeats_is_seen_nowhere(
    talk: Talk,
    producer: Person,
    cloud: CloudStandIn,
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    echo(cloud, PASSWORD, status, "/auth/tokens")

    said = read(talk.say(producer, "list"))

    assert PASSWORD not in said + caplog.text
