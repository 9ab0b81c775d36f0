"""Trouble that is switched on in a stand-in lasts until it is switched off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.cloud import CloudStandIn
from sandbox.cloud.switches import CloudTrouble
from sandbox.slack import CHANNEL_ID, PEOPLE, SlackStandIn
from sandbox.slack.switches import SlackTrouble
from sandbox.switches import switches
from tests.waiting import PATIENCE_S, until

PRODUCER = PEOPLE[0].user_id


def post(slack: SlackStandIn) -> Any:
    plain = WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    return plain.chat_postMessage(channel=PRODUCER, text="hello")


def status(slack: SlackStandIn) -> int:
    """Of a message's answer, that is an error."""
    with pytest.raises(SlackApiError) as refused:
        post(slack)
    return int(refused.value.response.status_code)


@pytest.mark.parametrize(
    ("trouble", "answered", "posted"),
    [(SlackTrouble.LIMITS, 429, 0), (SlackTrouble.AWAY, 503, 0), (SlackTrouble.LOST, 502, 2)],
)
def test_trouble_of_slack_lasts_until_it_is_switched_off(
    slack: SlackStandIn, trouble: SlackTrouble, answered: int, posted: int
) -> None:
    slack.switches.turn(trouble, on=True)
    assert [status(slack) for _ in range(2)] == [answered] * 2
    assert len(slack.messages(PRODUCER)) == posted

    slack.switches.turn(trouble, on=False)
    assert post(slack)["ok"]


def test_limits_say_when_to_come_back(slack: SlackStandIn) -> None:
    slack.switches.turn(SlackTrouble.LIMITS, on=True)

    with pytest.raises(SlackApiError) as refused:
        post(slack)

    assert refused.value.response.headers["Retry-After"] == "5"


def test_a_slack_that_is_away_takes_no_answer_through_a_response_url(slack: SlackStandIn) -> None:
    token = slack.workspace.tickets.response_url(PRODUCER, CHANNEL_ID)
    url = f"{slack.base_url}/commands/{token}"
    slack.switches.turn(SlackTrouble.AWAY, on=True)
    assert requests.post(url, json={"text": "x"}, timeout=PATIENCE_S).status_code == 503

    slack.switches.turn(SlackTrouble.AWAY, on=False)
    assert requests.post(url, json={"text": "x"}, timeout=PATIENCE_S).status_code == 200


@pytest.fixture
def rackspace() -> Iterator[CloudStandIn]:
    with CloudStandIn() as cloud:
        cloud.add_account("100", "producer", "producer")
        yield cloud


def token(cloud: CloudStandIn) -> str:
    return cloud.state.log_in(cloud.state.users["producer"]).id


def ask(
    cloud: CloudStandIn, method: str, path: str, token: str, json: object = None
) -> requests.Response:
    url = f"{cloud.base_url}{path}"
    headers = {"X-Auth-Token": token, "Accept": "application/json"}
    return requests.request(method, url, headers=headers, json=json, timeout=PATIENCE_S)


def test_a_region_that_hangs_answers_when_it_no_longer_does(rackspace: CloudStandIn) -> None:
    asked = threading.Event()
    rackspace.before = lambda _, path: asked.set() if path.startswith("/ORD") else None
    rackspace.switches.turn(CloudTrouble.HANGING, on=True)
    known = token(rackspace)
    with ThreadPoolExecutor() as pool:
        hanging = pool.submit(ask, rackspace, "GET", "/ORD/v2/images", known)
        assert ask(rackspace, "GET", "/DFW/v2/images", known).status_code == 200
        until(asked.is_set, "the region was not asked")
        assert not hanging.done()

        rackspace.switches.turn(CloudTrouble.HANGING, on=False)
        assert hanging.result(PATIENCE_S).status_code == 200


def test_a_slow_cloud_is_quick_again_at_once(rackspace: CloudStandIn) -> None:
    asked = threading.Event()
    rackspace.before = lambda _, __: asked.set()
    rackspace.switches.turn(CloudTrouble.SLOW, on=True)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(ask, rackspace, "GET", "/DFW/v2/images", token(rackspace))
        until(asked.is_set, "the cloud was not asked")

        rackspace.switches.turn(CloudTrouble.SLOW, on=False)
        assert slow.result(PATIENCE_S).status_code == 200


def test_a_login_that_expired_ends_tokens_and_takes_no_key(rackspace: CloudStandIn) -> None:
    known = token(rackspace)
    key = {"username": "producer", "apiKey": "made-up-key"}
    login = {"auth": {"RAX-KSKEY:apiKeyCredentials": key}}
    rackspace.switches.turn(CloudTrouble.EXPIRED, on=True)

    assert ask(rackspace, "GET", "/DFW/v2/images", known).status_code == 401
    assert ask(rackspace, "POST", "/v2.0/tokens", "", login).status_code == 401
    assert ask(rackspace, "POST", "/v3/auth/tokens", "", login).status_code == 401

    rackspace.switches.turn(CloudTrouble.EXPIRED, on=False)
    assert ask(rackspace, "POST", "/v2.0/tokens", "", login).status_code == 200


def test_a_full_quota_takes_nothing_new_and_shows_what_there_is(rackspace: CloudStandIn) -> None:
    image_id = rackspace.add_image("100", name="web")
    known = token(rackspace)
    rackspace.switches.turn(CloudTrouble.QUOTA, on=True)
    members = f"/DFW/v2/images/{image_id}/members"

    new = [
        ask(rackspace, "POST", "/DFW/v2/images", known, {"name": "another"}),
        ask(rackspace, "POST", members, known, {"member": "200"}),
        ask(rackspace, "PUT", "/files/DFW/v1/x/container/object", known),
    ]
    assert [each.status_code for each in new] == [413, 413, 413]
    assert ask(rackspace, "GET", f"/DFW/v2/images/{image_id}", known).status_code == 200

    rackspace.switches.turn(CloudTrouble.QUOTA, on=False)
    assert ask(rackspace, "POST", members, known, {"member": "200"}).status_code == 200


class Bot:
    """One that there is no need to start anew."""

    def restart(self) -> None:
        """Nothing was refused to it."""

    def is_starting(self) -> bool:
        return False


def test_each_trouble_has_a_switch(slack: SlackStandIn, rackspace: CloudStandIn) -> None:
    everything = list(switches(slack, rackspace, Bot()))
    assert [each.name for each in everything] == [*SlackTrouble, *CloudTrouble]

    for each in everything:
        each.turn(on=True)
        assert each.is_on()
        each.turn(on=False)
        assert not each.is_on()


def test_a_real_cloud_has_no_switches(slack: SlackStandIn) -> None:
    assert [each.name for each in switches(slack, None, Bot())] == list(SlackTrouble)
