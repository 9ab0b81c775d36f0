"""Cards are posted once, redrawn where they stand, and posted anew where that is no use."""

from __future__ import annotations

import pytest

from bot.wiring import Runtime
from bot.work import deliver
from sandbox.slack import TEAM_ID, SlackStandIn
from tests.bot.people import CONSUMER_A
from tests.bot.work.test_deliver import methods, said
from tests.storage.fixtures import HandClock


def draw(runtime: Runtime, text: str, key: str = "transfer a") -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    runtime.store.cards.draw(
        key=key, team_id=TEAM_ID, user_id=CONSUMER_A, text=text, blocks=[block]
    )


def test_a_card_is_posted_once_and_redrawn_in_place(runtime: Runtime, slack: SlackStandIn) -> None:
    draw(runtime, "10%")
    deliver.run(runtime)
    [first] = slack.messages(CONSUMER_A)
    for text in ("20%", "30%"):
        draw(runtime, text)

    deliver.run(runtime)

    [message] = slack.messages(CONSUMER_A)
    assert (message.ts, message.text, message.edited) == (first.ts, "30%", True)
    assert methods(slack) == ["conversations.open", "chat.postMessage", "chat.update"]


def test_a_card_whose_message_is_gone_is_posted_anew(runtime: Runtime, slack: SlackStandIn) -> None:
    for error in ("message_not_found", "cant_update_message", "edit_window_closed"):
        draw(runtime, f"before {error}")
        deliver.run(runtime)
        slack.fail_next("chat.update", error)
        draw(runtime, f"after {error}")

        deliver.run(runtime)

        assert slack.messages(CONSUMER_A)[-1].text == f"after {error}"
    assert methods(slack).count("chat.postMessage") == 4


def test_a_card_waits_as_long_as_slack_says(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    draw(runtime, "10%")
    deliver.run(runtime)
    slack.rate_limit_next(1, retry_after_s=40, method="chat.update")
    draw(runtime, "20%")

    deliver.run(runtime)
    limited = said(slack)
    clock.advance(seconds=40)
    deliver.run(runtime)

    assert (limited, said(slack)) == (["10%"], ["20%"])


def test_a_card_for_somebody_who_cannot_be_reached_pauses_them(
    runtime: Runtime, slack: SlackStandIn
) -> None:
    slack.fail_next("chat.postMessage", "user_disabled")
    draw(runtime, "10%")

    deliver.run(runtime)

    person = runtime.store.people.get(TEAM_ID, CONSUMER_A)
    assert person
    assert person.paused_reason == "user_disabled"


def test_a_card_shows_the_newest_to_somebody_who_can_be_reached_again(
    runtime: Runtime, slack: SlackStandIn
) -> None:
    """Nothing changes it any more: it would say for ever that the transfer is under way."""
    draw(runtime, "10%")
    deliver.run(runtime)
    slack.fail_next("chat.update", "user_disabled")
    draw(runtime, "done")
    deliver.run(runtime)
    while_paused = said(slack)

    runtime.store.people.resume(TEAM_ID, CONSUMER_A)
    deliver.run(runtime)

    assert (while_paused, said(slack)) == (["10%"], ["done"])


@pytest.mark.parametrize("gone", ["channel_not_found", "message_not_found"])
def test_a_card_whose_conversation_slack_has_forgotten_is_posted_in_a_new_one(
    runtime: Runtime, slack: SlackStandIn, gone: str
) -> None:
    draw(runtime, "10%")
    deliver.run(runtime)
    slack.fail_next("chat.update", gone)
    slack.fail_next("chat.postMessage", "channel_not_found")
    draw(runtime, "20%")

    deliver.run(runtime)

    assert said(slack) == ["10%", "20%"]
    assert methods(slack).count("conversations.open") == 2
    person = runtime.store.people.get(TEAM_ID, CONSUMER_A)
    assert person
    assert person.paused_reason is None
