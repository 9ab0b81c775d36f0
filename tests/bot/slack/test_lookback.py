"""Where nobody knows whether a message arrived, it is looked for before it is said again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from bot.wiring import Runtime
from bot.work import deliver as delivery
from sandbox.slack import CHANNEL_ID, TEAM_ID, SlackStandIn
from tests import taking
from tests.bot.people import CONSUMER_A, CONSUMER_B
from tests.storage.fixtures import HandClock

LATER = timedelta(hours=3)


class LosingSlack(SlackStandIn):
    """Posts, and does not say so, as often as it is told."""

    lose = 0

    def _web_api(self, request: Request, method: str) -> Response:
        answer = super()._web_api(request, method)
        if method == "chat.postMessage" and self.lose:
            self.lose -= 1
            return Response("", 503)
        return answer

    def called(self, method: str) -> int:
        return sum(c["kind"] == "request" and c["method"] == method for c in self.calls)


@pytest.fixture
def slack(clock: HandClock) -> Iterator[LosingSlack]:
    with LosingSlack(clock=lambda: clock.now.timestamp()) as slack:
        yield slack


def notice(runtime: Runtime, user_id: str = CONSUMER_A, channel: str | None = None) -> None:
    runtime.store.outbox.put(team_id=TEAM_ID, user_id=user_id, text="news", channel=channel)


def card(runtime: Runtime, words: str, channel: str | None = None) -> None:
    runtime.store.cards.draw(
        key="transfer 1",
        team_id=TEAM_ID,
        user_id=CONSUMER_A,
        text=words,
        blocks=(),
        channel=channel,
    )


def deliver(runtime: Runtime, clock: HandClock, times: int) -> None:
    for _ in range(times):
        delivery.run(runtime)
        clock.now += LATER


def said(slack: SlackStandIn, user_id: str = CONSUMER_A) -> list[str]:
    return [message.text for message in slack.messages(user_id)]


def test_a_message_whose_answer_was_lost_is_found_and_not_said_again(
    runtime: Runtime, slack: LosingSlack, clock: HandClock
) -> None:
    notice(runtime)
    slack.lose = 1

    deliver(runtime, clock, 3)

    assert said(slack) == ["news"]
    assert runtime.store.outbox.waiting() == 0
    assert slack.called("conversations.history") == 1


def test_a_message_of_a_worker_that_died_is_found(
    runtime: Runtime, slack: LosingSlack, clock: HandClock
) -> None:
    notice(runtime)
    [claimed] = taking.notices(runtime.store)
    runtime.poster.post(claimed)
    clock.now += LATER

    delivery.run(runtime)

    assert said(slack) == ["news"]
    assert runtime.store.outbox.waiting() == 0


def test_a_worker_that_died_before_it_said_it_lost_nothing(
    runtime: Runtime, slack: LosingSlack, clock: HandClock
) -> None:
    notice(runtime)
    taking.notices(runtime.store)
    clock.now += LATER

    delivery.run(runtime)

    assert said(slack) == ["news"]


def test_what_slack_has_refused_is_said_again_without_a_look(
    runtime: Runtime, slack: LosingSlack, clock: HandClock
) -> None:
    notice(runtime)
    slack.rate_limit_next(1, retry_after_s=1, method="chat.postMessage")

    deliver(runtime, clock, 2)

    assert said(slack) == ["news"]
    assert slack.called("conversations.history") == 0


def test_while_slack_does_not_tell_it_is_not_said_again(
    runtime: Runtime, slack: LosingSlack, clock: HandClock
) -> None:
    notice(runtime)
    slack.lose = 1
    delivery.run(runtime)
    slack.fail_next("conversations.history", "internal_error")
    slack.rate_limit_next(1, retry_after_s=1, method="conversations.history")

    for _ in range(4):
        clock.now += LATER
        delivery.run(runtime)

    assert said(slack) == ["news"]
    assert runtime.store.outbox.waiting() == 0
    assert slack.called("conversations.history") == 3


def test_a_pause_in_between_does_not_make_it_forget_that_nobody_knows(
    runtime: Runtime, slack: LosingSlack, clock: HandClock
) -> None:
    """The workspace shuts the bot out for a while, or the bot is told to stop."""
    notice(runtime)
    slack.lose = 1
    delivery.run(runtime)
    clock.now += LATER
    [claimed] = taking.notices(runtime.store)
    runtime.store.outbox.retry(claimed.id, clock.now, "stopped", counted=False)

    delivery.run(runtime)

    assert said(slack) == ["news"]


def test_where_the_bot_may_not_look_it_is_said_again(
    runtime: Runtime, slack: LosingSlack, clock: HandClock
) -> None:
    slack.api.scopes = frozenset({"chat:write", "im:write", "users:read"})
    notice(runtime)
    notice(runtime, CONSUMER_B, CHANNEL_ID)
    slack.lose = 2

    deliver(runtime, clock, 2)

    assert said(slack) == ["news"] * 4
    assert runtime.store.outbox.waiting() == 0


def test_it_is_found_among_many(runtime: Runtime, slack: LosingSlack, clock: HandClock) -> None:
    notice(runtime)
    slack.lose = 1
    delivery.run(runtime)
    dm = slack.person(CONSUMER_A).dm_channel
    for n in range(40):
        slack.workspace.post(dm, f"other {n}", metadata={"event_type": "x", "event_payload": {}})
    clock.now += LATER

    delivery.run(runtime)

    assert said(slack).count("news") == 1
    assert slack.called("conversations.history") == 3


def test_another_message_of_the_same_words_is_not_taken_for_it(
    runtime: Runtime, slack: LosingSlack, clock: HandClock
) -> None:
    notice(runtime)
    delivery.run(runtime)
    notice(runtime)
    taking.notices(runtime.store)
    clock.now += LATER

    delivery.run(runtime)

    assert said(slack) == ["news"] * 2


def test_a_card_whose_answer_was_lost_is_found_and_shows_the_newest(
    runtime: Runtime, slack: LosingSlack, clock: HandClock
) -> None:
    card(runtime, "begun")
    slack.lose = 1
    delivery.run(runtime)
    card(runtime, "half way")
    clock.now += LATER
    delivery.run(runtime)
    card(runtime, "done")
    delivery.run(runtime)

    assert said(slack) == ["done"]


def test_a_card_that_was_deleted_and_whose_worker_died_is_there_once(
    runtime: Runtime, slack: LosingSlack, clock: HandClock
) -> None:
    card(runtime, "begun")
    delivery.run(runtime)
    [message] = slack.messages(CONSUMER_A)
    slack.workspace.delete(message)
    card(runtime, "half way")
    slack.lose = 1

    deliver(runtime, clock, 3)

    assert said(slack) == ["half way"]


@pytest.mark.node
def test_what_is_carried_and_asked_is_what_slack_declares(
    runtime: Runtime,
    slack: LosingSlack,
    clock: HandClock,
    slack_accepts: Callable[[Sequence[Mapping[str, Any]]], None],
) -> None:
    notice(runtime)
    slack.lose = 1
    deliver(runtime, clock, 2)

    [message] = slack.messages(CONSUMER_A)
    assert message.metadata["event_type"] == "cloud_images_message"
    assert CONSUMER_A not in str(message.metadata)
    slack_accepts(slack.calls)
