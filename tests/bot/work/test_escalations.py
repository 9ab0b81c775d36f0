"""An account's second contact hears of what has waited for too long, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.wiring import Runtime
from bot.work import jobs
from sandbox.slack import TEAM_ID
from storage import ALL_ACCOUNTS, Account, Mode, Preference, State
from tests import taking
from tests.bot.people import CONSUMER_A, CONSUMER_B
from tests.storage.fixtures import HandClock


@pytest.fixture
def account(runtime: Runtime, link: Callable[..., Account]) -> Account:
    """Consumer A's account, whose contact is B, after five days."""
    account = link(CONSUMER_A)
    runtime.store.people.set_time_zone(TEAM_ID, CONSUMER_B, "America/New_York")
    runtime.store.contacts.put(account.key, CONSUMER_B, 5, CONSUMER_A)
    return account


@pytest.fixture
def said(runtime: Runtime) -> Callable[[], list[str]]:
    """Lets the job run a few times; what it has said to the contact."""

    def _said() -> list[str]:
        for _ in range(3):
            jobs.escalations(runtime)
        notices = taking.notices(runtime.store)
        for notice in notices:
            taking.sent(runtime.store, notice.id, "1")
        return [f"{n.text} {n.blocks}" for n in notices if n.user_id == CONSUMER_B]

    return _said


def test_it_is_said_after_so_many_days_and_once(
    runtime: Runtime,
    clock: HandClock,
    account: Account,
    invite: Callable[..., str],
    said: Callable[[], list[str]],
) -> None:
    invite("web", CONSUMER_A)
    jobs.look_everywhere(runtime)
    clock.advance(days=4, hours=23)
    assert said() == []
    invite("db", CONSUMER_A)
    jobs.look_everywhere(runtime)
    clock.advance(hours=1)

    [first] = said()
    assert first.startswith(
        "*1 invitation* to account `2200222` has been pending for 5 days or longer. "
        f"<@{CONSUMER_A}> has not answered."
    )
    assert "`web`" in first
    clock.advance(days=40)
    runtime.store.outbox.prune(clock())
    [second] = said()
    assert "`db`" in second
    assert "`web`" not in second


def test_the_scheduler_s_look_says_it(
    runtime: Runtime, clock: HandClock, account: Account, invite: Callable[..., str]
) -> None:
    invite("web", CONSUMER_A)
    jobs.look_everywhere(runtime)
    clock.advance(days=5)

    jobs.invitations(runtime)

    assert CONSUMER_B in {notice.user_id for notice in taking.notices(runtime.store)}


def test_what_was_answered_snoozed_or_muted_is_left_out(
    runtime: Runtime,
    clock: HandClock,
    account: Account,
    invite: Callable[..., str],
    said: Callable[[], list[str]],
) -> None:
    for name in ("answered", "snoozed", "web"):
        invite(name, CONSUMER_A)
    jobs.look_everywhere(runtime)
    known = {each.image_name: each for each in runtime.store.invitations.pending(account.id)}
    answered = known["answered"]
    runtime.store.invitations.answered(
        account.id, "DFW", answered.image_id, State.REJECTED, None, clock()
    )
    runtime.store.snoozes.put(TEAM_ID, CONSUMER_A, known["snoozed"], None)
    clock.advance(days=5)
    runtime.store.snoozes.mute(TEAM_ID, CONSUMER_A, account.cloud, known["web"].owner)
    assert said() == []

    runtime.store.snoozes.unmute(TEAM_ID, CONSUMER_A, account.cloud, known["web"].owner)

    [text] = said()
    assert [name in text for name in ("`answered`", "`snoozed`", "`web`")] == [False, False, True]


@pytest.mark.parametrize(
    "preference",
    [
        Preference(mode=Mode.OFF),
        Preference(zone="UTC", quiet_from="00:00", quiet_to="23:59"),
    ],
)
def test_the_contact_s_own_wishes_count(
    runtime: Runtime,
    clock: HandClock,
    account: Account,
    invite: Callable[..., str],
    said: Callable[[], list[str]],
    preference: Preference,
) -> None:
    runtime.store.preferences.put(TEAM_ID, CONSUMER_B, ALL_ACCOUNTS, preference)
    invite("web", CONSUMER_A)
    jobs.look_everywhere(runtime)
    clock.advance(days=6)
    assert said() == []

    runtime.store.preferences.forget(TEAM_ID, CONSUMER_B, ALL_ACCOUNTS)

    assert len(said()) == 1


def test_whoever_linked_the_account_is_no_contact_of_their_own(
    runtime: Runtime,
    clock: HandClock,
    account: Account,
    invite: Callable[..., str],
) -> None:
    runtime.store.contacts.put(account.key, CONSUMER_A, 1, CONSUMER_A)
    invite("web", CONSUMER_A)
    jobs.look_everywhere(runtime)
    clock.now += timedelta(days=6)

    jobs.escalations(runtime)

    assert runtime.store.outbox.waiting() == 0
