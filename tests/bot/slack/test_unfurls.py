"""Links to images in people's messages, as Slack tells of them and takes what is shown below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from bot.wiring import Runtime
from sandbox.cloud import CloudStandIn
from sandbox.slack import CHANNEL_ID, Message, SlackStandIn
from storage import Account, Role, Subject
from tests.bot.people import NUMBERS, PRODUCER
from tests.waiting import until

DASHBOARD = "https://mycloud.rackspace.com/cloud/1100111/images/"


@pytest.fixture
def golden(cloud: CloudStandIn) -> str:
    return cloud.add_image(NUMBERS[PRODUCER], name="golden", region="DFW")


def below(slack: SlackStandIn, message: Message) -> Message:
    """The message, once something is shown below its link."""
    until(lambda: now(slack, message).unfurls)
    return now(slack, message)


def now(slack: SlackStandIn, message: Message) -> Message:
    found = slack.workspace.find(message.channel_id, message.ts)
    assert found
    return found


def unfurl_calls(slack: SlackStandIn) -> list[Mapping[str, Any]]:
    return [c for c in slack.calls if c["kind"] == "request" and c["method"] == "chat.unfurl"]


def test_a_link_is_acknowledged_at_once_and_gets_a_button_that_shows_the_image_to_its_presser(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account], golden: str
) -> None:
    link(PRODUCER)

    message, ack = slack.say(PRODUCER, f"Look at {DASHBOARD}{golden} please", CHANNEL_ID)

    assert ack
    assert (ack.status, ack.body) == (200, "")
    shown = below(slack, message)
    assert list(shown.unfurls) == [f"{DASHBOARD}{golden}"]
    assert "`golden`" not in str(shown.unfurls)
    slack.click(PRODUCER, shown, "images.lookup")
    until(lambda: "golden" in str(slack.modals.top(PRODUCER)))


def test_a_channel_that_may_look_is_shown_the_image(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account], golden: str
) -> None:
    account = link(PRODUCER)
    served.store.rights.grant(
        account.key, account.id, Subject.CHANNEL, CHANNEL_ID, Role.VIEWER, PRODUCER
    )

    message, _ = slack.say(PRODUCER, f"{DASHBOARD}{golden}", CHANNEL_ID)

    assert "*Image `golden`*" in str(below(slack, message).unfurls)


def test_nothing_is_shown_to_people_of_another_workspace(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account], golden: str
) -> None:
    link(PRODUCER)

    slack.say(PRODUCER, f"{DASHBOARD}{golden}", CHANNEL_ID, shared=True)

    served.request_pool.finish()
    assert unfurl_calls(slack) == []


def test_what_is_still_being_written_is_left_for_later(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account], golden: str
) -> None:
    """Nobody knows yet who will read it; Slack tells of it again when it is posted."""
    link(PRODUCER)

    slack.say(PRODUCER, f"{DASHBOARD}{golden}", CHANNEL_ID)
    written = slack.calls[0]["body"]
    event = {**written["event"], "source": "composer", "channel": "COMPOSER"}
    slack.sender.event({**written, "event": event, "event_id": "Ev2"}, 0)

    served.request_pool.finish()
    [call] = unfurl_calls(slack)
    assert call["args"]["source"] == "conversations_history"


def test_a_link_that_slack_tells_of_twice_is_shown_once(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account], golden: str
) -> None:
    link(PRODUCER)

    slack.say(PRODUCER, f"{DASHBOARD}{golden}", CHANNEL_ID)
    again = slack.sender.event(slack.calls[0]["body"], 0)

    served.request_pool.finish()
    assert again.ok
    assert len(unfurl_calls(slack)) == 1


def test_whoever_is_faster_than_slack_tries_once_more(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account], golden: str
) -> None:
    """Slack refuses until it has seen that its event was acknowledged."""
    link(PRODUCER)
    slack.fail_next("chat.unfurl", "cannot_unfurl_url")

    message, _ = slack.say(PRODUCER, f"{DASHBOARD}{golden}", CHANNEL_ID)

    assert below(slack, message)
    assert len(unfurl_calls(slack)) == 2


@pytest.mark.parametrize("error", ["cannot_unfurl_url", "missing_scope", "cannot_find_channel"])
def test_what_slack_refuses_is_logged_without_the_address(
    served: Runtime,
    slack: SlackStandIn,
    link: Callable[..., Account],
    golden: str,
    error: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    link(PRODUCER)
    slack.fail_next("chat.unfurl", error, n=2)

    slack.say(PRODUCER, f"{DASHBOARD}{golden}?signature=abc", CHANNEL_ID)

    served.request_pool.finish()
    assert f"was not unfurled: {error}" in caplog.text
    assert "signature" not in caplog.text


def test_other_links_are_not_even_looked_at(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, link: Callable[..., Account]
) -> None:
    link(PRODUCER)

    _, ack = slack.say(PRODUCER, "https://mycloud.rackspace.com/cloud/1/servers", CHANNEL_ID)

    served.request_pool.finish()
    assert ack
    assert ack.ok
    assert cloud.requests == []


def test_without_an_id_of_slack_s_the_message_is_named_by_channel_and_time(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account], golden: str
) -> None:
    link(PRODUCER)
    message, _ = slack.say(PRODUCER, f"{DASHBOARD}{golden}", CHANNEL_ID)
    told = slack.calls[0]["body"]
    event = {key: value for key, value in told["event"].items() if key != "unfurl_id"}

    slack.sender.event({**told, "event": event, "event_id": "Ev2"}, 0)

    served.request_pool.finish()
    places = {(call["args"].get("channel"), call["args"].get("ts")) for call in unfurl_calls(slack)}
    assert places == {(None, None), (CHANNEL_ID, message.ts)}


@pytest.mark.node
def test_slack_s_declarations_take_all_of_it(
    served: Runtime,
    slack: SlackStandIn,
    link: Callable[..., Account],
    golden: str,
    slack_accepts: Callable[[Sequence[Mapping[str, Any]]], None],
) -> None:
    link(PRODUCER)
    message, _ = slack.say(PRODUCER, f"{DASHBOARD}{golden}", CHANNEL_ID)
    slack.click(PRODUCER, below(slack, message), "images.lookup")
    served.request_pool.finish()

    slack_accepts(slack.calls)
