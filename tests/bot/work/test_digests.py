"""At nine in the person's own time zone, once a day, and not at all if nothing waits."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import handlers
from bot.settings import Settings
from bot.wiring import Runtime
from bot.work import deliver, jobs
from handlers import Click, Person
from handlers.notifications import send_digests
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID, SlackStandIn
from sandbox.slack import Person as SlackPerson
from storage import ALL_ACCOUNTS, Account, Mode, Preference
from tests import taking
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS
from tests.storage.fixtures import HandClock

TICK = timedelta(minutes=15)
"""Slots are at whole quarters in all zones."""
NINE = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
"""In New York, where the consumers are."""


@pytest.fixture
def prefer(runtime: Runtime) -> Callable[..., None]:
    def _prefer(preference: Preference, number: str = ALL_ACCOUNTS) -> None:
        runtime.store.preferences.put(TEAM_ID, CONSUMER_A, number, preference)

    return _prefer


def states(runtime: Runtime) -> list[str]:
    """What became of each slot, in order of time."""
    rows = runtime.store._db.rows("select state from slots order by due_at")
    return [row["state"] for row in rows]


@pytest.fixture
def live(runtime: Runtime, clock: HandClock, slack: SlackStandIn) -> Callable[..., list[str]]:
    """Lets the scheduler tick until *until*; returns the local times a person heard something."""

    def _live(user_id: str, until: datetime) -> list[str]:
        where = ZoneInfo(slack.person(user_id).time_zone)
        midnight = clock.now.replace(hour=0, minute=0)
        heard = []
        while clock.now <= until:
            before = len(slack.messages(user_id))
            jobs.invitations(runtime)
            deliver.run(runtime)
            new = len(slack.messages(user_id)) - before
            heard += [f"{clock.now.astimezone(where):%Y-%m-%d %H:%M}"] * new
            clock.now += TICK - (clock.now - midnight) % TICK
        return heard

    return _live


def move(slack: SlackStandIn, user_id: str, time_zone: str) -> None:
    """The person changes their time zone in Slack."""
    known = slack.person(user_id)
    slack.workspace.people[user_id] = SlackPerson(user_id, known.name, time_zone)


@pytest.mark.parametrize(
    "time_zone",
    [
        *("UTC", "America/Los_Angeles", "America/St_Johns", "Asia/Kathmandu", "Asia/Tokyo"),
        *("Europe/London", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Australia/Eucla"),
    ],
)
def test_the_digest_comes_at_nine_where_the_person_is(
    time_zone: str,
    runtime: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    move(slack, CONSUMER_A, time_zone)
    clock.now = datetime(2026, 3, 1, 0, 0, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    jobs.look_everywhere(runtime)

    heard = []
    for _ in range(2 * 24 * 4):  # all zones are at whole quarters
        before = len(slack.messages(CONSUMER_A))
        jobs.profiles(runtime)
        jobs.digests(runtime)
        deliver.run(runtime)
        if len(slack.messages(CONSUMER_A)) > before:
            heard.append(f"{clock.now.astimezone(ZoneInfo(time_zone)):%d %H:%M}")
        clock.advance(minutes=15)

    assert heard == ["01 09:00", "02 09:00"]


@pytest.mark.parametrize(
    ("time_zone", "day"),
    [
        *(("America/New_York", "2026-03-08"), ("America/New_York", "2026-11-01")),
        *(("Europe/London", "2026-03-29"), ("Europe/London", "2026-10-25")),
    ],
)
def test_the_days_on_which_clocks_change_have_one_digest_at_nine(
    time_zone: str,
    day: str,
    runtime: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    move(slack, CONSUMER_A, time_zone)
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(time_zone))
    clock.now = midnight.astimezone(UTC)
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    jobs.look_everywhere(runtime)

    served: list[tuple[str, str]] = []
    for _ in range(25):
        jobs.profiles(runtime)
        jobs.digests(runtime)
        last = runtime.store.digests.last(TEAM_ID, CONSUMER_A, ALL_ACCOUNTS)
        if last and (not served or served[-1][0] != last.slot):
            served.append((last.slot, f"{clock.now.astimezone(ZoneInfo(time_zone)):%H:%M}"))
        clock.advance(hours=1)

    assert served == [(f"{day} 09:00", "09:00")]


def test_the_digest_names_the_image_and_has_its_buttons(
    runtime: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    clock.now = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)  # nine in New York

    jobs.invitations(runtime)
    deliver.run(runtime)

    [digest] = slack.messages(CONSUMER_A)
    assert "web-2026" in str(digest.blocks)
    actions = {button["action_id"] for button in digest.buttons()}
    assert {"invitations.accept", "invitations.reject"} <= actions


def test_nothing_is_said_when_nothing_waits(
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    live: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)

    assert live(CONSUMER_A, clock.now + timedelta(days=1)) == []


def test_one_day_has_one_digest_however_many_wait(
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    live: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)
    invite("web-1", CONSUMER_A)
    nine = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)

    assert live(CONSUMER_A, nine + timedelta(hours=1)) == ["2026-03-02 09:00"]

    invite("web-2", CONSUMER_A)
    assert live(CONSUMER_A, nine + timedelta(hours=24)) == ["2026-03-03 09:00"]
    assert "web-2" in str(slack.messages(CONSUMER_A)[-1].blocks)


def test_a_bot_that_was_down_at_nine_serves_late_but_not_in_the_night(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    live: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)

    clock.now = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
    assert live(CONSUMER_A, clock.now) == ["2026-03-02 15:00"]

    clock.now = datetime(2026, 3, 4, 2, 5, tzinfo=UTC)  # 21:05 of the third
    assert live(CONSUMER_A, datetime(2026, 3, 4, 14, 0, tzinfo=UTC)) == ["2026-03-04 09:00"]


def test_whoever_links_in_the_afternoon_hears_next_morning(
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    live: Callable[..., list[str]],
) -> None:
    clock.now = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)

    assert live(CONSUMER_A, clock.now + timedelta(hours=20)) == ["2026-03-03 09:00"]


def test_a_day_has_no_second_digest_for_those_who_travel_west(
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    live: Callable[..., list[str]],
) -> None:
    move(slack, CONSUMER_A, "Europe/London")
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    assert live(CONSUMER_A, datetime(2026, 3, 2, 10, 0, tzinfo=UTC)) == ["2026-03-02 09:00"]

    move(slack, CONSUMER_A, "America/Los_Angeles")

    assert live(CONSUMER_A, datetime(2026, 3, 3, 8, 0, tzinfo=UTC)) == []


def test_a_digest_just_served_is_not_followed_by_an_older_one_of_a_zone_far_west(
    runtime: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    live: Callable[..., list[str]],
) -> None:
    """Nine of Tuesday in Tokyo is Monday afternoon in California, where nine is just past."""
    move(slack, CONSUMER_A, "Asia/Tokyo")
    clock.now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    tuesday = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
    assert live(CONSUMER_A, tuesday) == ["2026-03-03 09:00"]

    runtime.store.people.set_time_zone(TEAM_ID, CONSUMER_A, "America/Los_Angeles")

    assert live(CONSUMER_A, tuesday + timedelta(hours=12)) == []


def test_a_time_zone_is_asked_once_a_day(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock, link: Callable[..., Account]
) -> None:
    link(CONSUMER_A)
    for _ in range(30):
        jobs.profiles(runtime)
        jobs.digests(runtime)
        clock.advance(hours=1)

    asked = [c for c in slack.calls if c["kind"] == "request" and c["method"] == "users.info"]
    assert len(asked) == 2


def test_a_time_zone_that_slack_will_not_tell_is_asked_once_a_day_too(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock, link: Callable[..., Account]
) -> None:
    link(CONSUMER_A)
    slack.fail_next("users.info", "missing_scope", n=100)
    for _ in range(30):
        jobs.profiles(runtime)
        jobs.digests(runtime)
        clock.advance(hours=1)

    asked = [c for c in slack.calls if c["kind"] == "request" and c["method"] == "users.info"]
    assert len(asked) == 2


def test_while_slack_does_not_tell_where_someone_lives_nobody_is_woken(
    runtime: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    slack.rate_limit_next(1, method="users.info")
    clock.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # four in New York

    jobs.invitations(runtime)
    jobs.invitations(runtime)

    assert runtime.store.outbox.waiting() == 0


def test_those_of_whom_slack_knows_no_time_zone_hear_at_nine_utc(
    runtime: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    slack.fail_next("users.info", "missing_scope", n=10)

    jobs.invitations(runtime)
    assert runtime.store.outbox.waiting() == 0

    clock.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    jobs.invitations(runtime)
    assert runtime.store.outbox.waiting() == 1


def test_by_hand_every_digest_is_due_and_only_those_with_something_to_say(
    runtime: Runtime,
    slack: SlackStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    link(CONSUMER_B)
    invite("web-2026", CONSUMER_A)

    jobs.invitations(runtime, now=True)
    deliver.run(runtime)

    assert len(slack.messages(CONSUMER_A)) == 1
    assert slack.messages(CONSUMER_B) == []
    assert runtime.store.digests.last(TEAM_ID, CONSUMER_A, ALL_ACCOUNTS) is None


def test_two_schedulers_put_one_digest(
    runtime: Runtime,
    environ: Mapping[str, str],
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    clock.now = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    others = [Runtime.build(Settings.from_env(environ), clock=clock) for _ in range(3)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(jobs.invitations, [runtime, *others]))
    for other in others:
        other.close()

    assert runtime.store.outbox.waiting() == 1


def test_a_slot_whose_worker_died_is_served_by_the_next_tick(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    """It had claimed the digest, and not yet put anything."""
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    jobs.profiles(runtime)
    jobs.digests(runtime)
    clock.now = NINE
    assert runtime.store.digest_schedules.claims.claim(1)

    for _ in range(3):
        jobs.invitations(runtime)
        assert runtime.store.outbox.waiting() == 0
    clock.advance(seconds=61)
    for _ in range(3):
        jobs.invitations(runtime)

    assert runtime.store.outbox.waiting() == 1
    assert states(runtime) == ["sent"]


def test_a_slot_whose_worker_died_is_given_up_when_the_next_one_is_due(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    clock.now = NINE
    assert runtime.store.digest_schedules.claims.claim(1)
    clock.now = NINE + timedelta(days=1)

    jobs.invitations(runtime)

    assert (states(runtime), runtime.store.outbox.waiting()) == (["skipped", "sent"], 1)


def test_a_digest_that_breaks_is_tried_again_and_its_error_can_be_seen(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    sqlite_url: str,
) -> None:
    account = link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    jobs.look_everywhere(runtime)
    jobs.profiles(runtime)
    mend = f"update invitations set size = 5 where account_id = '{account.id}'"  # noqa: S608
    _behind_its_back(sqlite_url, mend.replace("= 5", "= 'spoilt'"))
    clock.now = NINE
    jobs.digests(runtime)
    assert runtime.store.digests.last_error(TEAM_ID, CONSUMER_A, ALL_ACCOUNTS) == "TypeError"

    _behind_its_back(sqlite_url, mend)
    clock.advance(minutes=5)
    jobs.digests(runtime)

    assert runtime.store.outbox.waiting() == 1
    assert runtime.store.digests.last_error(TEAM_ID, CONSUMER_A, ALL_ACCOUNTS) == ""


def test_slots_of_an_outage_are_skipped_and_written_down_but_for_the_last(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
) -> None:
    link(CONSUMER_A)
    prefer(Preference(times=("09:00", "16:00")))
    invite("web-2026", CONSUMER_A)
    clock.now = NINE
    jobs.invitations(runtime)
    clock.now = NINE + timedelta(days=2, hours=8)

    for _ in range(3):
        jobs.invitations(runtime)
        clock.advance(minutes=5)

    assert states(runtime) == ["sent", *["skipped"] * 4, "sent"]
    assert runtime.store.outbox.waiting() == 2


def test_a_slot_that_is_too_old_is_skipped_and_written_down(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    clock.now = NINE + timedelta(hours=12, seconds=1)

    jobs.invitations(runtime)

    assert (states(runtime), runtime.store.outbox.waiting()) == (["skipped"], 0)
    assert runtime.store.digests.last_error(TEAM_ID, CONSUMER_A, ALL_ACCOUNTS) == "too late"


def test_a_slot_with_nothing_to_say_is_written_down_as_empty(
    runtime: Runtime, clock: HandClock, link: Callable[..., Account], invite: Callable[..., str]
) -> None:
    """What comes after it waits for the next one."""
    link(CONSUMER_A)
    clock.now = NINE
    jobs.invitations(runtime)
    invite("web-2026", CONSUMER_A)
    clock.advance(minutes=5)

    jobs.invitations(runtime)

    assert (states(runtime), runtime.store.outbox.waiting()) == (["empty"], 0)


def test_a_clock_that_jumps_ahead_and_back_repeats_nothing_and_loses_nothing(
    live: Callable[..., list[str]],
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    clock.now = NINE
    assert live(CONSUMER_A, NINE) == ["2026-03-02 09:00"]
    far = NINE + timedelta(days=300)
    clock.now = far
    assert len(live(CONSUMER_A, far)) == 1

    clock.now = NINE - timedelta(hours=1)

    assert live(CONSUMER_A, NINE + timedelta(days=1)) == ["2026-03-03 09:00"]


def test_new_times_are_for_the_slots_to_come(
    live: Callable[..., list[str]],
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
) -> None:
    """Whoever chooses 11:00 at noon is not served at once for the eleven o'clock just past."""
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    clock.now = NINE
    assert live(CONSUMER_A, NINE) == ["2026-03-02 09:00"]
    clock.now = NINE + timedelta(hours=3)

    prefer(Preference(times=("11:00",)))

    assert live(CONSUMER_A, NINE + timedelta(days=1, hours=3)) == ["2026-03-03 11:00"]


def test_a_pause_is_written_down_and_ends(
    live: Callable[..., list[str]],
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    prefer(Preference(paused_until=NINE + timedelta(hours=1)))

    assert live(CONSUMER_A, NINE + timedelta(hours=24)) == ["2026-03-03 09:00"]
    assert states(runtime) == ["skipped", "sent"]


def test_accounts_with_times_of_their_own_are_served_apart(
    live: Callable[..., list[str]],
    slack: SlackStandIn,
    clock: HandClock,
    cloud: CloudStandIn,
    runtime: Runtime,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    prefer(Preference(mode=Mode.OFF))
    prefer(Preference(times=("11:00",)), NUMBERS[CONSUMER_A])
    clock.now = NINE

    assert live(CONSUMER_A, NINE + timedelta(hours=10)) == ["2026-03-02 11:00"]


@pytest.fixture
def in_channel(
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
) -> Callable[[], None]:
    """Has the consumer choose a channel; it is nine, and something waits."""

    def _in_channel() -> None:
        link(CONSUMER_A)
        prefer(Preference(channel_id="C0TEAM"))
        invite("web-2026", CONSUMER_A)
        clock.now = NINE

    return _in_channel


def test_a_digest_for_a_channel_is_said_there(
    runtime: Runtime, in_channel: Callable[[], None]
) -> None:
    in_channel()

    jobs.invitations(runtime)

    [notice] = taking.notices(runtime.store)
    assert (notice.channel, notice.user_id) == ("C0TEAM", CONSUMER_A)
    assert notice.text.startswith(f"<@{CONSUMER_A}>: ")


def test_a_digest_for_a_channel_comes_alone_once_its_person_is_no_admin_any_more(
    runtime: Runtime, link: Callable[..., Account], in_channel: Callable[[], None]
) -> None:
    """Another admin has taken that role from them; by their own link they are operator still."""
    account = link(CONSUMER_A)
    in_channel()
    assert runtime.store.rights.end_proved_admin(account.key, CONSUMER_A)

    jobs.invitations(runtime)

    [notice] = [each for each in taking.notices(runtime.store) if each.user_id == CONSUMER_A]
    assert notice.channel is None
    assert "It no longer goes to <#C0TEAM>: only an *admin* of all of them" in str(notice.blocks)


def test_a_channel_that_the_bot_is_not_in_pauses_nobody_and_the_digest_comes_alone(
    runtime: Runtime, slack: SlackStandIn, in_channel: Callable[[], None]
) -> None:
    in_channel()

    jobs.invitations(runtime)
    deliver.run(runtime)

    said = [message.text for message in slack.messages(CONSUMER_A)]
    person = runtime.store.people.get(TEAM_ID, CONSUMER_A)
    assert person is not None
    assert person.paused_reason is None
    assert sorted(text.split(",")[0] for text in said) == [
        f"<@{CONSUMER_A}>: *1 new invitation*.",
        "I can't post in <#C0TEAM>",
    ]
    assert "`/invite`" in str(said)


def test_a_digest_that_was_due_when_another_time_was_chosen_comes_all_the_same(
    runtime: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    live: Callable[..., list[str]],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    runtime.store.people.set_time_zone(TEAM_ID, CONSUMER_A, "America/New_York")
    clock.now = NINE + timedelta(minutes=2)
    choice = handlers.parse(Person(TEAM_ID, CONSUMER_A), "digest daily 17:00", "C1")

    handlers.answer(choice, runtime.services)

    heard = live(CONSUMER_A, NINE + timedelta(hours=9))
    assert heard == ["2026-03-02 09:02", "2026-03-02 17:00"]


def test_a_digest_that_was_due_when_an_account_was_told_to_follow_the_others_comes_all_the_same(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
    live: Callable[..., list[str]],
) -> None:
    number = NUMBERS[CONSUMER_A]
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    prefer(Preference(times=("20:00",)))
    prefer(Preference(times=("09:00",)), number)
    runtime.store.people.set_time_zone(TEAM_ID, CONSUMER_A, "America/New_York")
    clock.now = NINE + timedelta(minutes=2)
    person = Person(TEAM_ID, CONSUMER_A)

    handlers.answer(Click(person, "preferences.forget", f'["{number}"]'), runtime.services)

    assert live(CONSUMER_A, NINE + timedelta(minutes=30)) == ["2026-03-02 09:02"]


@pytest.mark.parametrize("number", [ALL_ACCOUNTS, NUMBERS[CONSUMER_A]])
def test_a_digest_that_was_served_is_not_kept_for_another_choice(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    live: Callable[..., list[str]],
    number: str,
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    clock.now = NINE
    assert live(CONSUMER_A, NINE) == ["2026-03-02 09:00"]
    line = f"digest daily 17:00 --account {number}" if number else "digest daily 17:00"

    handlers.answer(handlers.parse(Person(TEAM_ID, CONSUMER_A), line, "C1"), runtime.services)

    assert states(runtime) == ["sent"]
    assert live(CONSUMER_A, NINE + timedelta(hours=8)) == ["2026-03-02 17:00"]


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.INSTANT])
def test_whoever_wants_no_digest_gets_none_even_by_hand(
    runtime: Runtime,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    prefer: Callable[..., None],
    mode: Mode,
) -> None:
    link(CONSUMER_A)
    prefer(Preference(mode=mode))
    invite("web-2026", CONSUMER_A)
    clock.now = NINE

    jobs.invitations(runtime)
    jobs.invitations(runtime, now=True)

    assert runtime.store.outbox.waiting() == 0


def test_by_hand_what_was_delivered_is_counted_and_not_shown_twice(
    runtime: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    for _ in range(2):
        jobs.invitations(runtime, now=True)
        deliver.run(runtime)
        clock.advance(seconds=2)

    first, second = slack.messages(CONSUMER_A)
    assert first.text == "*1 new invitation*."
    assert "invitations.accept" in {button["action_id"] for button in first.buttons()}
    assert second.text == "No new invitations. *1* still pending."
    assert [button["action_id"] for button in second.buttons()] == ["invitations.page"]


def test_a_long_digest_is_split_below_slack_s_limits(
    runtime: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    for number in range(60):
        invite(f"{number:03d}-{'x' * 190}", CONSUMER_A)

    jobs.invitations(runtime, now=True)
    waiting = runtime.store.outbox.waiting()
    deliver.run(runtime)

    parts = slack.messages(CONSUMER_A)
    assert len(parts) == waiting
    assert all(len(part.blocks) <= 50 for part in parts)


def test_a_row_of_one_person_that_cannot_be_read_keeps_nobody_waiting(
    runtime: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    link: Callable[..., Account],
    invite: Callable[..., str],
    sqlite_url: str,
) -> None:
    spoilt = link(CONSUMER_A)
    link(CONSUMER_B)
    invite("web-2026", CONSUMER_A, CONSUMER_B)
    jobs.look_everywhere(runtime)
    _behind_its_back(
        sqlite_url,
        f"update invitations set first_seen = 'spoilt' where account_id = '{spoilt.id}'",  # noqa: S608
    )

    send_digests.enqueue_all_now(runtime.services)
    deliver.run(runtime)

    assert (len(slack.messages(CONSUMER_A)), len(slack.messages(CONSUMER_B))) == (1, 1)


def test_a_paused_person_is_put_nothing(
    runtime: Runtime, link: Callable[..., Account], invite: Callable[..., str]
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    jobs.profiles(runtime)
    runtime.store.people.pause(TEAM_ID, CONSUMER_A, "is_inactive")

    jobs.invitations(runtime, now=True)

    assert runtime.store.outbox.waiting() == 0


def test_answers_of_others_go_ahead_of_a_digest_but_not_of_one_that_was_asked_for(
    runtime: Runtime,
    link: Callable[..., Account],
    invite: Callable[..., str],
    clock: HandClock,
) -> None:
    clock.now = NINE - timedelta(hours=1)
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    jobs.invitations(runtime)
    clock.now = NINE

    jobs.digests(runtime)
    jobs.invitations(runtime, now=True)

    rows = runtime.store._db.rows("select bulk from outbox order by created_at, id")
    assert [row["bulk"] for row in rows] == [1, 0]


def _behind_its_back(sqlite_url: str, sql: str) -> None:
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as db, db:
        db.execute(sql)
