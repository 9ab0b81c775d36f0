"""The outbox is said once, at Slack's pace, and given up only when it is no use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.settings import Settings
from bot.slack import refusals
from bot.wiring import Runtime
from bot.work import deliver
from bot.work.engine import Engine
from sandbox.slack import CHANNEL_ID, TEAM_ID, Loss, SlackStandIn
from sandbox.slack.api import Reply, Trouble
from tests import taking
from tests.bot.people import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.storage.fixtures import HandClock
from tests.waiting import until


def put(runtime: Runtime, text: str, user_id: str = CONSUMER_A, channel: str | None = None) -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    runtime.store.outbox.put(
        team_id=TEAM_ID, user_id=user_id, text=text, blocks=[block], channel=channel
    )


def said(slack: SlackStandIn, user_id: str = CONSUMER_A) -> list[str]:
    return [message.text for message in slack.messages(user_id)]


def methods(slack: SlackStandIn) -> list[str]:
    return [call["method"] for call in slack.calls if call["kind"] == "request"]


@pytest.fixture
def narrow(environ: Mapping[str, str], clock: HandClock) -> Iterator[Runtime]:
    """A bot that posts one message at a time in a workspace."""
    runtime = Runtime.build(
        Settings.from_env({**environ, "DELIVERIES_PER_WORKSPACE": "1"}),
        clock=clock,
        sleep=lambda seconds: clock.advance(seconds=seconds),
    )
    yield runtime
    runtime.close()


def test_a_notice_is_said_once_in_the_person_s_own_conversation(
    runtime: Runtime, slack: SlackStandIn
) -> None:
    put(runtime, "one")

    deliver.run(runtime)
    deliver.run(runtime)

    [message] = slack.messages(CONSUMER_A)
    assert (message.text, message.ephemeral) == ("one", False)
    assert message.channel_id == slack.person(CONSUMER_A).dm_channel
    assert slack.messages(CONSUMER_B) == []
    assert runtime.store.outbox.waiting() == 0


def test_a_conversation_is_opened_once(runtime: Runtime, slack: SlackStandIn) -> None:
    put(runtime, "one")
    deliver.run(runtime)
    put(runtime, "two")

    deliver.run(runtime)

    assert methods(slack) == ["conversations.open", "chat.postMessage", "chat.postMessage"]


def test_a_conversation_that_slack_has_forgotten_is_opened_again(
    runtime: Runtime, slack: SlackStandIn
) -> None:
    runtime.store.people.set_dm_channel(TEAM_ID, CONSUMER_A, "D0OLD")
    put(runtime, "one")

    deliver.run(runtime)

    assert said(slack) == ["one"]
    person = runtime.store.people.get(TEAM_ID, CONSUMER_A)
    assert person
    assert person.dm_channel == slack.person(CONSUMER_A).dm_channel


def test_a_notice_for_a_channel_goes_there(runtime: Runtime, slack: SlackStandIn) -> None:
    put(runtime, "for all", channel=CHANNEL_ID)

    deliver.run(runtime)

    assert said(slack, CONSUMER_B) == ["for all"]


def test_one_conversation_hears_one_message_a_second(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    begun = clock.now
    for text in ("one", "two", "three"):
        put(runtime, text)

    deliver.run(runtime)

    assert said(slack) == ["one", "two", "three"]
    assert clock.now - begun == timedelta(seconds=2)


def test_two_conversations_do_not_wait_for_each_other(runtime: Runtime, clock: HandClock) -> None:
    begun = clock.now
    put(runtime, "one", CONSUMER_A)
    put(runtime, "one", CONSUMER_B)

    deliver.run(runtime)

    assert clock.now == begun
    assert runtime.store.outbox.waiting() == 0


@pytest.mark.parametrize("asked", [40, 3600])
def test_a_rate_limit_lets_the_workspace_rest_as_long_as_slack_says(
    narrow: Runtime, slack: SlackStandIn, clock: HandClock, asked: int
) -> None:
    """All of it, and bounded: 15 minutes at most."""
    slack.rate_limit_next(1, retry_after_s=asked, method="chat.postMessage")
    put(narrow, "one", CONSUMER_A)
    put(narrow, "one", CONSUMER_B)

    deliver.run(narrow)
    clock.advance(seconds=min(asked, 900) - 1)
    deliver.run(narrow)
    assert (said(slack, CONSUMER_A), said(slack, CONSUMER_B)) == ([], [])
    assert methods(slack).count("chat.postMessage") == 1

    clock.advance(seconds=1)
    deliver.run(narrow)
    assert (said(slack, CONSUMER_A), said(slack, CONSUMER_B)) == (["one"], ["one"])


def test_a_workspace_that_hangs_takes_no_hand_from_others(
    environ: Mapping[str, str], slack: SlackStandIn
) -> None:
    """All hands are at its messages, and spare ones take their place."""
    more = {"DELIVERY_HANDS": "2", "SLACK_TIMEOUT_S": "1000"}
    runtime = Runtime.build(Settings.from_env({**environ, **more}))
    engine = Engine(runtime, {"delivery": deliver.NOTICES})
    slack.lose_next("chat.postMessage", Loss.SILENCE, 2)
    for user_id in (CONSUMER_A, CONSUMER_B):
        put(runtime, "hangs", user_id)
    engine.start()
    until(lambda: said(slack, CONSUMER_A) and said(slack, CONSUMER_B), "nothing is delivered")

    runtime.store.outbox.put(team_id="T0OTHER", user_id=PRODUCER, text="news")

    until(lambda: said(slack, PRODUCER) == ["news"], "the others wait for it")
    assert runtime.store.outbox.waiting() >= 2
    engine.close()
    runtime.close()


def test_being_told_to_wait_is_no_failed_attempt(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    slack.rate_limit_next(30, retry_after_s=10, method="chat.postMessage")
    put(runtime, "one")

    for _ in range(31):
        deliver.run(runtime)
        clock.advance(seconds=10)

    assert said(slack) == ["one"]


@pytest.mark.parametrize(
    "trouble",
    [
        Reply({"ok": False, "error": "internal_error"}),
        Reply({"ok": False, "error": "service_unavailable"}, 503),
        Reply({"ok": False, "error": "a_word_of_tomorrow"}),
    ],
)
def test_other_trouble_is_tried_again_later_and_later(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock, trouble: Reply
) -> None:
    slack.api.troubles.append(Trouble(3, trouble, "chat.postMessage"))
    put(runtime, "one")

    attempts = []
    while runtime.store.outbox.waiting():
        before = methods(slack).count("chat.postMessage")
        deliver.run(runtime)
        attempts += [clock.now] * (methods(slack).count("chat.postMessage") - before)
        clock.advance(seconds=1)

    assert said(slack) == ["one"]
    pauses = [(b - a).total_seconds() for a, b in pairwise(attempts)]
    bounds = ((7, 13), (15, 26), (30, 51))
    assert all(low <= s <= high for (low, high), s in zip(bounds, pauses, strict=True)), pauses


def test_a_notice_that_never_gets_through_is_given_up(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    slack.fail_next("chat.postMessage", "internal_error", n=10_000)
    put(runtime, "one")
    begun = clock.now

    while runtime.store.outbox.waiting():
        deliver.run(runtime)
        clock.advance(minutes=30)

    assert timedelta(hours=6) < clock.now - begun < timedelta(days=2)
    person = runtime.store.people.get(TEAM_ID, CONSUMER_A)
    assert person
    assert person.paused_reason is None


def test_slack_out_of_reach_is_tried_again(runtime: Runtime, environ: Mapping[str, str]) -> None:
    away = Runtime.build(
        Settings.from_env({**environ, "SLACK_API_URL": "http://127.0.0.1:9/api/"}),
        clock=runtime.clock,
    )
    put(runtime, "one")

    deliver.run(away)
    away.close()

    assert runtime.store.outbox.waiting() == 1


@pytest.mark.parametrize(
    "error",
    [
        *("cannot_dm_bot", "channel_not_found", "is_archived", "not_in_channel"),
        *("user_disabled", "user_not_found"),
    ],
)
def test_what_can_never_be_said_pauses_the_person_and_is_on_record(
    runtime: Runtime, slack: SlackStandIn, error: str
) -> None:
    slack.fail_next("chat.postMessage", error, n=2)
    put(runtime, "one")

    deliver.run(runtime)

    person = runtime.store.people.get(TEAM_ID, CONSUMER_A)
    assert person
    assert (person.paused_reason, runtime.store.outbox.waiting()) == (error, 0)
    [entry] = runtime.store.audit.recent()
    assert (entry.actor, entry.action, entry.target, entry.detail, entry.outcome) == (
        "job/delivery",
        "notices.pause",
        f"{TEAM_ID}/{CONSUMER_A}",
        error,
        "done",
    )


@pytest.mark.parametrize(
    "error",
    [
        *("invalid_auth", "token_revoked", "account_inactive", "missing_scope"),
        *("restricted_action", "no_permission", "access_denied", "messages_tab_disabled"),
        *("accesslimited", "not_allowed_token_type", "two_factor_setup_required"),
    ],
)
def test_a_workspace_that_does_not_let_the_bot_in_is_nobody_s_own_trouble(
    narrow: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    caplog: pytest.LogCaptureFixture,
    error: str,
) -> None:
    """Neither paused nor lost: what waits is said when the app is let in again, and asked once."""
    slack.fail_next("chat.postMessage", error)
    put(narrow, "one", CONSUMER_A)
    put(narrow, "two", CONSUMER_B)

    deliver.run(narrow)
    asked = methods(slack).count("chat.postMessage")
    warned = [r for r in caplog.records if r.levelname == "WARNING" and "rests" in r.getMessage()]
    clock.advance(hours=1)
    deliver.run(narrow)

    assert (asked, len(warned)) == (1, 1)
    assert (said(slack, CONSUMER_A), said(slack, CONSUMER_B)) == (["one"], ["two"])
    assert all(person.paused_reason is None for person in narrow.store.people.all())


def test_what_waited_for_its_workspace_still_has_all_its_attempts(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    """Whoever lets the app in again after days finds Slack busy with all that has waited."""
    slack.fail_next("chat.postMessage", "invalid_auth", n=48)
    put(runtime, "one")
    for _ in range(48):
        deliver.run(runtime)
        clock.advance(hours=1)
    slack.rate_limit_next(1, retry_after_s=40, method="chat.postMessage")

    deliver.run(runtime)
    clock.advance(seconds=40)
    deliver.run(runtime)

    assert said(slack) == ["one"]


def test_what_a_workspace_missed_for_a_week_is_given_up(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    slack.fail_next("chat.postMessage", "invalid_auth", n=10_000)
    put(runtime, "one")
    begun = clock.now

    while runtime.store.outbox.waiting():
        deliver.run(runtime)
        clock.advance(hours=1)

    assert timedelta(days=7) <= clock.now - begun < timedelta(days=8)


def test_a_paused_person_hears_why_when_they_speak_and_then_gets_what_waited(
    served: Runtime, slack: SlackStandIn
) -> None:
    slack.fail_next("chat.postMessage", "user_not_found")
    put(served, "lost")
    deliver.run(served)
    put(served, "kept")
    deliver.run(served)
    assert said(slack) == []

    answer = slack.ask(CONSUMER_A, "help")
    deliver.run(served)

    assert "Your notifications had stopped (user_not_found). They are on again." in answer.text
    assert said(slack)[-1] == "kept"


def test_a_message_that_slack_cannot_take_is_dropped_and_the_person_is_not_paused(
    runtime: Runtime, slack: SlackStandIn
) -> None:
    runtime.store.outbox.put(
        team_id=TEAM_ID, user_id=CONSUMER_A, text="odd", blocks=[{"type": "no"}]
    )
    put(runtime, "fine")

    deliver.run(runtime)

    assert said(slack) == ["fine"]
    person = runtime.store.people.get(TEAM_ID, CONSUMER_A)
    assert person
    assert person.paused_reason is None


def test_two_who_deliver_at_once_say_everything_once(
    runtime: Runtime, environ: Mapping[str, str], slack: SlackStandIn
) -> None:
    other = Runtime.build(Settings.from_env(environ), clock=runtime.clock, sleep=runtime.sleep)
    texts = [f"notice {number}" for number in range(30)]
    for text in texts:
        put(runtime, text)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(deliver.run, (runtime, other)))
    other.close()

    assert sorted(said(slack)) == sorted(texts)


def test_what_a_worker_that_died_had_claimed_is_said_after_the_lease(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    put(runtime, "one")
    taking.notices(runtime.store)

    deliver.run(runtime)
    assert said(slack) == []

    clock.advance(minutes=6)
    deliver.run(runtime)
    assert said(slack) == ["one"]


def test_told_to_stop_it_leaves_the_rest_to_the_next_at_once(
    runtime: Runtime, environ: Mapping[str, str], slack: SlackStandIn, clock: HandClock
) -> None:
    stopping = Runtime.build(
        Settings.from_env(environ), clock=clock, sleep=lambda _: stopping.stopping.set()
    )
    for text in ("one", "two", "three"):
        put(runtime, text)

    deliver.run(stopping)
    stopping.close()
    assert said(slack) == ["one"]

    clock.advance(seconds=1)
    deliver.run(runtime)
    assert said(slack) == ["one", "two", "three"]


@pytest.mark.parametrize(
    "error",
    [
        *("restricted_action_read_only_channel", "restricted_action_thread_only_channel"),
        *("restricted_action_non_threadable_channel", "user_not_in_channel"),
        *("org_user_not_in_team", "team_not_found", "is_inactive", "is_archived"),
        *("restricted_action", "no_permission", "not_in_channel"),
    ],
)
def test_what_a_channel_does_not_take_goes_to_the_person_at_once(
    runtime: Runtime, slack: SlackStandIn, error: str
) -> None:
    slack.fail_next("chat.postMessage", error)
    put(runtime, "news", channel=CHANNEL_ID)

    deliver.run(runtime)

    assert max(said(slack)) == "news"
    assert len(said(slack)) == 2, "a word why, and the news"
    assert said(slack, CONSUMER_B) == []


def test_what_may_have_been_said_is_looked_for_even_after_the_workspace_rested(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    """Waiting does not forget that an answer was lost."""
    put(runtime, "one")
    [notice] = taking.notices(runtime.store)
    runtime.poster.post(notice)
    runtime.store.outbox.retry(notice.id, clock.now, "internal_error")
    slack.rate_limit_next(1, retry_after_s=40, method="conversations.history")

    deliver.run(runtime)
    clock.advance(seconds=40)
    deliver.run(runtime)

    assert said(slack) == ["one"]


def test_each_error_of_slack_has_one_fault() -> None:
    listed = [error for errors in refusals.ERRORS.values() for error in errors.split()]

    assert len(listed) == len(refusals.FAULTS)
    assert refusals.SlackRefusal("a_word_of_tomorrow").fault is refusals.Fault.PASSING


@pytest.mark.parametrize(
    ("header", "wait"),
    [("1", 1.0), ("1.5", 1.5), ("", None), ("soon", None), ("-1", None), ("٣", None)],
)
def test_every_form_of_retry_after_is_read(header: str, wait: float | None) -> None:
    assert refusals.seconds(header) == wait
    assert refusals.seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 0
