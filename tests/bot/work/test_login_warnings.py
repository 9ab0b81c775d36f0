"""A login that stops working is told to whoever linked it, once; all others go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot.wiring import Runtime
from bot.work import deliver, jobs
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID, SlackStandIn
from storage import ALL_ACCOUNTS, Account, Mode, Preference
from tests.bot.people import CONSUMER_A, CONSUMER_B
from tests.storage.fixtures import HandClock


def heard(runtime: Runtime, slack: SlackStandIn, user_id: str) -> list[str]:
    """What someone was told of logins, after a few ticks."""
    for _ in range(3):
        jobs.invitations(runtime)
        deliver.run(runtime)
    return [m.text for m in slack.messages(user_id) if "has stopped working" in m.text]


def test_it_is_told_once_with_the_way_to_mend_it(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock, link: Callable[..., Account]
) -> None:
    link(CONSUMER_A, password="changed-meanwhile", region=None)

    assert heard(runtime, slack, CONSUMER_A) == [
        "The login of account `2200222` has stopped working: the cloud refuses its password or "
        "key. Link it again with `/images link`: until then you get no notifications of its "
        "invitations."
    ]
    [message] = slack.messages(CONSUMER_A)
    assert [button["text"]["text"] for button in message.buttons()] == ["Link it again"]
    clock.advance(days=40)
    runtime.store.outbox.prune(clock())
    assert len(heard(runtime, slack, CONSUMER_A)) == 1


def test_linked_again_and_stopped_again_it_is_told_again(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock, link: Callable[..., Account]
) -> None:
    link(CONSUMER_A, password="changed-meanwhile")
    heard(runtime, slack, CONSUMER_A)
    clock.advance(days=1)

    link(CONSUMER_A, password="changed-once-more")

    assert len(heard(runtime, slack, CONSUMER_A)) == 2


def test_it_silences_nobody_else(
    runtime: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A, password="changed-meanwhile")
    link(CONSUMER_B)
    invite("web", CONSUMER_A, CONSUMER_B)
    clock.now = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)

    assert heard(runtime, slack, CONSUMER_B) == []
    assert "*1 new invitation*." in [message.text for message in slack.messages(CONSUMER_B)]


def test_a_cloud_that_is_down_is_no_login_that_stopped(
    runtime: Runtime, slack: SlackStandIn, cloud: CloudStandIn, link: Callable[..., Account]
) -> None:
    link(CONSUMER_A)
    cloud.fail_next(50, 503)

    assert heard(runtime, slack, CONSUMER_A) == []


def test_quiet_hours_and_off_hold_for_it(
    runtime: Runtime, clock: HandClock, link: Callable[..., Account]
) -> None:
    link(CONSUMER_A, password="changed-meanwhile")
    quiet = Preference(zone="UTC", quiet_from="07:00", quiet_to="10:00")
    for preference in (quiet, Preference(mode=Mode.OFF)):
        runtime.store.preferences.put(TEAM_ID, CONSUMER_A, ALL_ACCOUNTS, preference)
        jobs.look_everywhere(runtime)
        assert runtime.store.outbox.waiting() == 0
    runtime.store.preferences.put(TEAM_ID, CONSUMER_A, ALL_ACCOUNTS, quiet)

    clock.advance(hours=2)
    jobs.look_everywhere(runtime)

    assert runtime.store.outbox.waiting() == 1
