"""Notices at once: within seconds, a burst in one message, and quiet times that drop nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work import KINDS, deliver, jobs
from bot.work.engine import Engine
from bot.work.looks import NEWS
from bot.work.notices import LOOK_AGAIN
from handlers import Person
from handlers.core.button_values import pack
from handlers.invitations.share_records import record_share
from handlers.invitations.views.snooze import SNOOZE
from handlers.notifications import classify, compose, send_instant
from handlers.notifications.enqueue_once import enqueue_once
from handlers.ui.rows import MORE
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID, SlackStandIn
from storage import (
    ALL_ACCOUNTS,
    Account,
    Invitation,
    Mode,
    Preference,
    State,
    Store,
    new_key,
)
from tests import taking
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS, PRODUCER
from tests.storage.fixtures import START, HandClock

MONDAY_NIGHT = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
"""Eleven in the evening in New York, where the consumers are."""
AT_NIGHT = Preference(mode=Mode.INSTANT, quiet_from="22:00", quiet_to="07:00")


@pytest.fixture
def heard(runtime: Runtime, slack: SlackStandIn, clock: HandClock) -> Callable[..., list[str]]:
    """Lets the job tick for so long; what a person heard meanwhile."""

    def _heard(user_id: str = CONSUMER_A, tick_s: float = 5, **span: float) -> list[str]:
        before = len(slack.messages(user_id))
        jobs.profiles(runtime)
        end = clock.now + timedelta(**span)
        while clock.now < end:
            clock.advance(seconds=tick_s)
            jobs.notices(runtime)
            deliver.run(runtime)
        return [message.text for message in slack.messages(user_id)[before:]]

    return _heard


@pytest.fixture
def prefer(runtime: Runtime) -> Callable[..., None]:
    def _prefer(preference: Preference, number: str = ALL_ACCOUNTS) -> None:
        runtime.store.preferences.put(TEAM_ID, CONSUMER_A, number, preference)

    return _prefer


def test_it_is_looked_every_five_seconds(runtime: Runtime, clock: HandClock) -> None:
    Engine(runtime, {NEWS: KINDS[NEWS]}).run_dry()

    span = timedelta(seconds=5)
    assert runtime.store.ticks.every(NEWS, span).next_due() == clock() + span


def test_a_look_that_finds_something_has_it_looked_once_the_burst_may_be_over(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    Engine(runtime, {NEWS: KINDS[NEWS]}).run_dry()
    link(CONSUMER_A)
    jobs.look_everywhere(runtime)
    ticks = runtime.store.ticks.every(NEWS, timedelta(seconds=5))
    nothing_found = ticks.next_due()
    invite("web-2026", CONSUMER_A)

    jobs.look_everywhere(runtime)

    assert nothing_found == clock() + timedelta(seconds=5)
    assert ticks.next_due() == clock() + send_instant.BURST_GAP


def test_a_burst_that_goes_on_is_looked_at_again_once_it_may_be_over(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    jobs.profiles(runtime)
    jobs.look_everywhere(runtime)
    clock.advance(seconds=1)

    jobs.notices(runtime)

    assert runtime.store.news.claims.next_due() == clock() + send_instant.BURST_GAP


def test_whoever_is_told_later_is_looked_at_then_or_when_there_is_news(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
) -> None:
    """Not at each tick: at nine in the evening half a company may wait for the morning."""
    link(CONSUMER_A)
    prefer(Preference(zone="UTC", quiet_from="08:00", quiet_to="08:03"))
    invite("web-2026", CONSUMER_A)
    jobs.profiles(runtime)
    jobs.look_everywhere(runtime)
    clock.advance(minutes=1, seconds=30)
    dues = []

    for _ in range(2):
        jobs.notices(runtime)
        dues.append(runtime.store.news.claims.next_due())
        clock.advance(seconds=5)
    invite("db-2026", CONSUMER_A)
    jobs.look_everywhere(runtime)
    runtime.store.news.find()

    assert dues == [START + timedelta(minutes=3)] * 2
    assert runtime.store.news.claims.next_due() == clock()


def test_whoever_has_digests_only_is_looked_at_now_and_then_and_when_that_changes(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
    heard: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)
    prefer(Preference(mode=Mode.DIGEST))
    invite("web-2026", CONSUMER_A)
    jobs.look_everywhere(runtime)
    clock.advance(minutes=2)
    jobs.notices(runtime)

    assert runtime.store.news.claims.next_due() == clock() + LOOK_AGAIN
    prefer(Preference(mode=Mode.INSTANT))
    assert heard(seconds=5) == ["*1 new invitation*."]
    assert runtime.store.news.claims.next_due() is None


def test_a_new_invitation_is_told_within_seconds_and_once(
    runtime: Runtime,
    link: Callable[..., Account],
    invite: Callable[..., str],
    heard: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    jobs.look_everywhere(runtime)

    assert heard(seconds=10) == ["*1 new invitation*."]
    jobs.look_everywhere(runtime)
    assert heard(minutes=5) == []


def test_what_is_shared_through_the_bot_is_told_without_a_look(
    runtime: Runtime,
    cloud: CloudStandIn,
    slack: SlackStandIn,
    link: Callable[..., Account],
    heard: Callable[..., list[str]],
) -> None:
    producer = link(PRODUCER)
    link(CONSUMER_A)
    image_id = cloud.add_image(NUMBERS[PRODUCER], name="web", region="DFW", visibility="shared")
    images = runtime.services.images(producer, "DFW")
    images.add_member(image_id, NUMBERS[CONSUMER_A])
    record_share(producer, images.get(image_id), [NUMBERS[CONSUMER_A]], runtime.services)

    assert heard(seconds=10) == ["*1 new invitation*."]
    pressed = slack.messages(CONSUMER_A)[-1]
    assert "invitations.accept" in {button["action_id"] for button in pressed.buttons()}


def test_a_burst_of_shares_is_one_message(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    heard: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)
    for number in range(4):
        invite(f"web-{number}", CONSUMER_A)
        jobs.look_everywhere(runtime)
        assert heard(seconds=1, tick_s=1) == []

    assert heard(seconds=10) == ["*4 new invitations*."]


def test_a_burst_that_does_not_end_is_told_after_twenty_seconds(
    runtime: Runtime,
    link: Callable[..., Account],
    invite: Callable[..., str],
    heard: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)
    said = []
    for number in range(13):
        invite(f"web-{number}", CONSUMER_A)
        jobs.look_everywhere(runtime)
        said.append(heard(seconds=1.8, tick_s=1.8))

    assert said[:11] == [[]] * 11
    assert said[11] == ["*12 new invitations*."]


@pytest.mark.parametrize("mode", [Mode.DIGEST, Mode.OFF])
def test_whoever_wants_no_notices_gets_none(
    runtime: Runtime,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
    heard: Callable[..., list[str]],
    mode: Mode,
) -> None:
    link(CONSUMER_A)
    prefer(Preference(mode=mode))
    invite("web-2026", CONSUMER_A)
    jobs.look_everywhere(runtime)

    assert heard(minutes=1) == []


def test_the_digest_does_not_tell_as_new_what_a_notice_told(
    runtime: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    heard: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    jobs.look_everywhere(runtime)
    heard(seconds=10)
    clock.now = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)  # nine in New York

    jobs.invitations(runtime)
    deliver.run(runtime)

    assert slack.messages(CONSUMER_A)[-1].text == ("No new invitations. *1* still pending.")
    assert heard(minutes=1) == []


def test_quiet_hours_gather_and_their_end_tells(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
    heard: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)
    prefer(AT_NIGHT)
    clock.now = MONDAY_NIGHT
    for name in ("web", "db"):
        invite(name, CONSUMER_A)
        jobs.look_everywhere(runtime)
        assert heard(hours=3, tick_s=600) == []

    clock.now = datetime(2026, 3, 3, 11, 59, 50, tzinfo=UTC)  # just before seven
    assert heard(seconds=5) == []
    assert heard(seconds=10) == ["*2 new invitations*."]


def test_a_weekend_is_quiet_for_those_who_want_that(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
    heard: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)
    prefer(Preference(mode=Mode.INSTANT, weekends=False))
    clock.now = datetime(2026, 3, 7, 15, 0, tzinfo=UTC)  # Saturday
    invite("web", CONSUMER_A)
    jobs.look_everywhere(runtime)

    assert heard(hours=30, tick_s=1800) == []
    assert heard(hours=10, tick_s=1800) == ["*1 new invitation*."]
    assert clock.now.weekday() == 0


def test_what_has_waited_for_longer_than_one_s_patience_passes_through(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
    heard: Callable[..., list[str]],
) -> None:
    """Quiet all day long, but for one minute that no tick meets."""
    link(CONSUMER_A)
    prefer(replace(AT_NIGHT, quiet_from="07:01", quiet_to="07:00", patience_days=2))
    invite("web", CONSUMER_A)
    clock.now = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
    jobs.look_everywhere(runtime)

    assert heard(days=2, hours=-1, tick_s=3600) == []
    assert heard(hours=2, tick_s=3600) == ["*1 new invitation*."]


def _share_ends(runtime: Runtime, account: Account, invitation: Invitation) -> None:
    runtime.store.invitations.answered(
        account.id, "DFW", invitation.image_id, State.ENDED, None, runtime.clock()
    )


def _snooze_ends(runtime: Runtime, account: Account, invitation: Invitation) -> None:
    until = runtime.clock() + timedelta(hours=1)
    runtime.store.snoozes.put(TEAM_ID, CONSUMER_A, invitation, until)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (_share_ends, "*2 images* no longer shared with you."),
        (_snooze_ends, "*2 new invitations*."),
    ],
)
def test_what_ends_at_night_is_told_in_the_morning_however_old_the_invitation_is(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
    heard: Callable[..., list[str]],
    end: Callable[[Runtime, Account, Invitation], None],
    said: str,
) -> None:
    account = link(CONSUMER_A)
    prefer(AT_NIGHT)
    clock.now = MONDAY_NIGHT - timedelta(days=30, hours=8)
    for name in ("web", "db"):
        invite(name, CONSUMER_A)
    jobs.look_everywhere(runtime)
    assert heard(minutes=1) == ["*2 new invitations*."]
    clock.now = MONDAY_NIGHT

    for each in runtime.store.invitations.pending(account.id):
        end(runtime, account, each)

    assert heard(hours=3, tick_s=600) == []
    clock.now = datetime(2026, 3, 3, 11, 59, 50, tzinfo=UTC)
    assert heard(seconds=20) == [said]


def test_ends_within_a_moment_are_told_in_one_message(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    heard: Callable[..., list[str]],
) -> None:
    account = link(CONSUMER_A)
    for name in ("web", "db"):
        invite(name, CONSUMER_A)
    jobs.look_everywhere(runtime)
    heard(minutes=1)
    first, second = runtime.store.invitations.pending(account.id)

    _share_ends(runtime, account, first)
    assert heard(seconds=1, tick_s=1) == []
    _share_ends(runtime, account, second)

    assert heard(seconds=10, tick_s=1) == ["*2 images* no longer shared with you."]


def test_a_pause_holds_whatever_one_s_patience(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
    heard: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)
    until = clock() + timedelta(days=6)
    prefer(Preference(mode=Mode.INSTANT, patience_days=1, paused_until=until))
    invite("web", CONSUMER_A)
    jobs.look_everywhere(runtime)

    assert heard(days=5, tick_s=3600) == []
    assert len(heard(days=2, tick_s=3600)) == 1


def test_a_snooze_that_is_over_is_told_at_once_and_once(
    runtime: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    heard: Callable[..., list[str]],
) -> None:
    account = link(CONSUMER_A)
    invite("web", CONSUMER_A)
    jobs.look_everywhere(runtime)
    heard(seconds=10)
    [invitation] = runtime.store.invitations.pending(account.id)
    runtime.store.snoozes.put(TEAM_ID, CONSUMER_A, invitation, clock() + timedelta(hours=1))

    assert heard(minutes=59, tick_s=60) == []
    assert len(heard(minutes=2, tick_s=60)) == 1
    assert "you had snoozed it" in str(slack.messages(CONSUMER_A)[-1].blocks)
    assert heard(days=1, tick_s=3600) == []
    runtime.store.snoozes.put(TEAM_ID, CONSUMER_A, invitation, clock() + timedelta(hours=1))
    assert len(heard(days=1, tick_s=3600)) == 1


def test_several_schedulers_tell_it_once(
    runtime: Runtime,
    environ: Mapping[str, str],
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    for number in range(3):
        invite(f"web-{number}", CONSUMER_A)
    jobs.look_everywhere(runtime)
    clock.now = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)  # a digest is due in the same moment
    others = [Runtime.build(Settings.from_env(environ), clock=clock) for _ in range(3)]
    at_once = [jobs.notices, jobs.invitations] * 2

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda job, each: job(each), at_once, [runtime, *others]))
    for other in others:
        other.close()

    said = [notice.text for notice in taking.notices(runtime.store)]
    assert [text for text in said if "new invitations*" in text] == ["*3 new invitations*."]


def test_what_another_worker_has_told_meanwhile_is_not_put(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    """Neither that nor the rest of the message, which is drawn anew."""
    account = link(CONSUMER_A)
    for name in ("web", "db"):
        invite(name, CONSUMER_A)
    jobs.look_everywhere(runtime)
    person = Person(TEAM_ID, CONSUMER_A)
    [group] = classify.groups(person, runtime.services)
    drawn = classify.classify_invitations(person, group, ZoneInfo("UTC"), runtime.services)
    message = compose.compose_message(person, group, drawn, clock())
    assert message is not None
    runtime.store.delivered.note(
        TEAM_ID, CONSUMER_A, runtime.store.invitations.pending(account.id)[0]
    )

    assert not enqueue_once(person, drawn, message, "key", runtime.services)

    assert runtime.store.outbox.waiting() == 0
    assert len(runtime.store.delivered.of(TEAM_ID, CONSUMER_A)) == 1


def test_a_preference_that_cannot_be_read_keeps_nobody_waiting(
    runtime: Runtime,
    slack: SlackStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
    heard: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)
    link(CONSUMER_B)
    prefer(Preference(quiet_from="never", quiet_to="ever"))
    invite("web", CONSUMER_A, CONSUMER_B)
    jobs.look_everywhere(runtime)

    assert heard(CONSUMER_B, seconds=10) == ["*1 new invitation*."]
    [told] = slack.messages(CONSUMER_A)
    assert told.text == "*1 new invitation*."


def _loses_secret(runtime: Runtime, cloud: CloudStandIn, account: Account) -> None:
    """Links the account anew in a process that has another secret key."""
    credentials = runtime.store.accounts.credentials(account.id)
    with closing(Store.open(runtime.settings.database_url, [new_key()], runtime.clock)) as other:
        other.accounts.link(
            account.team_id,
            account.user_id,
            cloud=account.cloud,
            project_id=account.project_id,
            project_name=account.project_name,
            user_name=account.user_name,
            regions=account.regions,
            region=account.region,
            credentials=credentials,
        )


def _is_refused(_: Runtime, cloud: CloudStandIn, account: Account) -> None:
    cloud.disable(account.user_name)


def _cannot_be_read(runtime: Runtime, _: CloudStandIn, account: Account) -> None:
    runtime.store._db.execute(
        "update people set time_zone_at = 'long ago' where user_id = :user",
        {"user": account.user_id},
    )


@pytest.mark.parametrize("befall", [_loses_secret, _is_refused, _cannot_be_read])
@pytest.mark.parametrize("known_before", [True, False], ids=["known before", "not known"])
def test_one_person_s_trouble_keeps_no_notice_of_another_waiting(
    runtime: Runtime,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
    heard: Callable[..., list[str]],
    befall: Callable[[Runtime, CloudStandIn, Account], None],
    known_before: bool,
) -> None:
    troubled = link(CONSUMER_A)
    link(CONSUMER_B)
    invite("web", CONSUMER_A, CONSUMER_B)
    if known_before:
        jobs.look_everywhere(runtime)
    befall(runtime, cloud, troubled)
    jobs.look_everywhere(runtime)

    assert heard(CONSUMER_B, seconds=10) == ["*1 new invitation*."]


def test_a_paused_person_is_put_nothing_and_loses_nothing(
    runtime: Runtime,
    link: Callable[..., Account],
    invite: Callable[..., str],
    heard: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)
    invite("web", CONSUMER_A)
    jobs.look_everywhere(runtime)
    jobs.profiles(runtime)
    runtime.store.people.pause(TEAM_ID, CONSUMER_A, "is_inactive")
    assert heard(minutes=1) == []

    runtime.store.people.resume(TEAM_ID, CONSUMER_A)

    assert heard(seconds=10) == ["*1 new invitation*."]


def test_a_notice_is_snoozed_and_accepted_in_slack_where_it_stands(
    served: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    heard: Callable[..., list[str]],
) -> None:
    account = link(CONSUMER_A)
    image_id = invite("web", CONSUMER_A)
    jobs.look_everywhere(served)
    heard(seconds=10)
    notice = slack.messages(CONSUMER_A)[-1]
    day = pack(SNOOZE, account.id, "DFW", image_id, "1d")

    snoozed = slack.press(CONSUMER_A, notice, MORE, value=day)
    accepted = slack.press(CONSUMER_A, snoozed, "invitations.accept")
    trusted = slack.press(CONSUMER_A, accepted, "trusted.trust")

    assert {snoozed.ts, accepted.ts, trusted.ts} == {notice.ts}
    assert snoozed.text.startswith("Snoozed `web` for 1 day.")
    assert accepted.text.startswith(f"<@{CONSUMER_A}> accepted `web` ")
    assert trusted.text.startswith(
        "Images from account `1100111` are now accepted automatically for account"
    )
    [trust] = served.store.trusted.of(account.key)
    assert (trust.producer, trust.user_id) == (NUMBERS[PRODUCER], CONSUMER_A)
