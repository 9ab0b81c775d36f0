"""In whatever way an answer of Slack's is lost: what it has done is not done a second time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest

from bot.settings import Settings
from bot.slack.answers import CLOSED, ELSEWHERE, UNCONFIRMED
from bot.slack.pictures import NO_WORD
from bot.wiring import Runtime
from bot.work import deliver
from handlers.images.views.message_shortcut import LOOKUP
from sandbox.slack import CHANNEL_ID, TEAM_ID, Loss, SlackStandIn
from sandbox.slack.state import BOT_HANDLE, Message
from storage import Account
from tests import taking
from tests.bot.people import CONSUMER_A, PRODUCER
from tests.storage.fixtures import HandClock
from tests.waiting import until

LATER = timedelta(hours=3)
every_loss = pytest.mark.parametrize("how", list(Loss))


@pytest.fixture
def slack(clock: HandClock) -> Iterator[SlackStandIn]:
    with SlackStandIn(clock=lambda: clock.now.timestamp()) as slack:
        yield slack


@pytest.fixture
def environ(environ: Mapping[str, str]) -> Mapping[str, str]:
    return {**environ, "SLACK_TIMEOUT_S": "4"}


def called(slack: SlackStandIn, method: str) -> int:
    return sum(c["kind"] == "request" and c.get("method") == method for c in slack.calls)


def texts(slack: SlackStandIn, user_id: str) -> list[str]:
    return [message.text for message in slack.messages(user_id)]


def words_of(message: Message) -> str:
    return json.dumps([message.text, *message.blocks], ensure_ascii=False)


def delivered(runtime: Runtime, clock: HandClock, times: int = 4) -> None:
    for _ in range(times):
        deliver.run(runtime)
        clock.now += LATER


@every_loss
def test_a_notice_is_said_once(
    how: Loss, runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    runtime.store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="news")
    slack.lose_next("chat.postMessage", how)

    delivered(runtime, clock)

    assert texts(slack, CONSUMER_A) == ["news"]
    assert called(slack, "chat.postMessage") == 1
    assert runtime.store.outbox.waiting() == 0


@every_loss
def test_a_card_stands_once_and_is_redrawn_where_it_stands(
    how: Loss, runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    def draw(text: str) -> None:
        runtime.store.cards.draw(
            key="transfer 1", team_id=TEAM_ID, user_id=CONSUMER_A, text=text, blocks=()
        )

    draw("half of it")
    slack.lose_next("chat.postMessage", how)
    slack.lose_next("chat.update", how, 2)
    delivered(runtime, clock, 5)
    draw("all of it")
    delivered(runtime, clock)

    assert texts(slack, CONSUMER_A) == ["all of it"]
    assert taking.undrawn(runtime.store) == 0


@pytest.mark.parametrize("how", [how for how in Loss if how != Loss.CUT])
@pytest.mark.parametrize("where", ["", " --public"])
def test_an_answer_to_a_command_is_said_once_and_a_copy_goes_to_the_person(
    how: Loss, where: str, served: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    slack.lose_next("response_url", how)

    slack.command(PRODUCER, f"help{where}", CHANNEL_ID)
    until(lambda: served.store.outbox.waiting())
    served.request_pool.finish()
    delivered(served, clock, 1)

    there = [m for m in slack.messages(PRODUCER) if m.channel_id == CHANNEL_ID]
    assert len(there) == 1
    [copy] = [m for m in slack.messages(PRODUCER) if m.channel_id != CHANNEL_ID]
    assert UNCONFIRMED in words_of(copy)
    assert there[0].text in copy.text


@every_loss
def test_a_clicked_message_is_redrawn_again_which_changes_nothing(
    how: Loss,
    served: Runtime,
    slack: SlackStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    asked = slack.ask(CONSUMER_A, "invitations")
    slack.lose_next("response_url", how)

    answered = slack.press(CONSUMER_A, asked, "invitations.accept")
    served.request_pool.finish()

    assert answered.ts == asked.ts
    assert served.store.outbox.waiting() == 0
    assert len(slack.messages(CONSUMER_A)) == 1


@every_loss
@pytest.mark.parametrize("channel", [None, CHANNEL_ID])
def test_an_answer_to_a_message_is_said_once(
    how: Loss, channel: str | None, served: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    """In the person's own conversation the bot looks, and so needs no copy."""
    method = "chat.postEphemeral" if channel else "chat.postMessage"
    slack.lose_next(method, how)

    slack.say(PRODUCER, f"@{BOT_HANDLE} help", channel or "")
    until(lambda: called(slack, method))
    served.request_pool.finish()
    delivered(served, clock, 1)

    there = [m for m in slack.messages(PRODUCER) if m.channel_id == channel or not channel]
    assert len(there) == 1
    copies = [m for m in slack.messages(PRODUCER) if UNCONFIRMED in words_of(m)]
    assert len(copies) == (1 if channel else 0)


@every_loss
@pytest.mark.parametrize("method", ["views.open", "views.update"])
def test_a_window_is_opened_once_and_filled_in(
    method: str, how: Loss, served: Runtime, slack: SlackStandIn
) -> None:
    slack.lose_next(method, how)

    slack.command(PRODUCER, "digest form")

    def form() -> object:
        view = slack.modals.top(PRODUCER)
        return view and view.body.get("submit")

    until(form, lambda: slack.modals.top(PRODUCER))
    assert called(slack, "views.open") == 1
    assert texts(slack, PRODUCER) == []


@every_loss
def test_a_picture_is_shown_once(
    how: Loss, served: Runtime, slack: SlackStandIn, link: Callable[..., Account]
) -> None:
    link(PRODUCER)
    slack.lose_next("files.completeUploadExternal", how)

    slack.command(PRODUCER, "report")
    until(lambda: NO_WORD in texts(slack, PRODUCER), lambda: texts(slack, PRODUCER))
    served.request_pool.finish()

    assert called(slack, "files.completeUploadExternal") == 1


@pytest.mark.parametrize("retry_after", ["1.5", "1", "soon", "Thu, 01 Jan 2026 00:00:00 GMT"])
def test_a_response_url_that_says_when_is_asked_again_then(
    retry_after: str, served: Runtime, slack: SlackStandIn
) -> None:
    slack.refuse_response_url(429, retry_after=retry_after)

    slack.ask(PRODUCER, "help")
    served.request_pool.finish()

    assert len(slack.messages(PRODUCER)) == 1
    assert served.store.outbox.waiting() == 0


@pytest.mark.parametrize(
    ("status", "retry_after"), [(404, None), (410, None), (403, None), (429, "3600")]
)
def test_an_answer_that_a_response_url_refuses_comes_as_a_direct_message(
    status: int,
    retry_after: str | None,
    served: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
) -> None:
    slack.refuse_response_url(status, 9, retry_after=retry_after)

    slack.command(PRODUCER, "help", CHANNEL_ID)
    until(lambda: served.store.outbox.waiting())
    served.request_pool.finish()
    deliver.run(served)

    [message] = slack.messages(PRODUCER)
    assert message.channel_id != CHANNEL_ID
    assert ELSEWHERE in words_of(message)
    assert "/images link" in words_of(message)


def test_a_click_without_a_way_back_is_answered_by_direct_message(
    served: Runtime,
    slack: SlackStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    """Accept in a window that is closed before the cloud has answered."""
    link(CONSUMER_A)
    image_id = invite("web-2026", CONSUMER_A)
    channel = slack.person(CONSUMER_A).dm_channel
    said = slack.workspace.post(channel, image_id, author="human")
    slack.shortcut(CONSUMER_A, said, LOOKUP)
    until(lambda: _with_button(slack, "invitations.accept"))
    slack.fail_next("views.update", "not_found", 2)

    slack.modals.click(CONSUMER_A, "invitations.accept")
    until(lambda: served.store.outbox.waiting())
    served.request_pool.finish()
    deliver.run(served)

    [message] = [m for m in slack.messages(CONSUMER_A) if m.text != image_id]
    assert CLOSED in words_of(message)
    assert "accepted" in words_of(message)


def _with_button(slack: SlackStandIn, action_id: str) -> bool:
    view = slack.modals.top(CONSUMER_A)
    return bool(view and action_id in json.dumps(view.body))


def test_settings_bound_how_long_slack_is_waited_for(environ: Mapping[str, str]) -> None:
    assert Settings.from_env(environ).slack_timeout_s == 4
