"""Shares end when they were promised to, by the login that shared, and nobody is surprised."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from multiprocessing.context import ForkServerProcess

import pytest

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work import KINDS, deliver, jobs
from bot.work.engine import Engine
from cloud.patch import Changes
from handlers.sharing import end_shares
from handlers.sharing.members import lock_key
from handlers.sharing.views import expiry as views
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID, SlackStandIn
from storage import Account, AuditRow
from tests import taking
from tests.bot import expiring, killed
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS, PRODUCER
from tests.storage.fixtures import START, HandClock
from tests.waiting import PATIENCE_S

A, B = NUMBERS[CONSUMER_A], NUMBERS[CONSUMER_B]
WEEK = timedelta(days=7)

Share = Callable[..., str]


@pytest.fixture
def producer(link: Callable[..., Account]) -> Account:
    return link(PRODUCER)


@pytest.fixture
def share(runtime: Runtime, producer: Account, invite: Share) -> Share:
    """Shares a new image for a time, as `/images share … for` does. Returns its id."""

    def _share(
        name: str = "web", *user_ids: str, span: timedelta = WEEK, because: str = "tests"
    ) -> str:
        image_id = invite(name, *(user_ids or (CONSUMER_A,)))
        for user_id in user_ids or (CONSUMER_A,):
            runtime.store.expiries.put(
                producer, PRODUCER, "DFW", image_id, name, NUMBERS[user_id], span, because
            )
        return image_id

    return _share


@pytest.fixture
def theirs(runtime: Runtime, cloud: CloudStandIn, link: Callable[..., Account]) -> Share:
    """Shares an image of consumer B's for a week."""

    def _share(**login: str) -> str:
        account = link(CONSUMER_B, **login)
        image_id = cloud.add_image(B, name="theirs", region="DFW", visibility="shared")
        cloud.add_member(image_id, A)
        runtime.store.expiries.put(account, CONSUMER_B, "DFW", image_id, "theirs", A, WEEK, "")
        return image_id

    return _share


def heard(runtime: Runtime) -> list[tuple[str, str]]:
    """What is said now, and to whom: the producer's first."""
    notices = taking.notices(runtime.store, 100)
    for notice in notices:
        taking.sent(runtime.store, notice.id, "1.1")
    said = [(notice.user_id, notice.text) for notice in notices]
    return sorted(said, key=lambda each: (each[0] != PRODUCER, each))


def unshares(runtime: Runtime) -> list[AuditRow]:
    return [row for row in runtime.store.audit.recent() if row.action == "image.unshare"]


def at_end(runtime: Runtime, clock: HandClock, after: timedelta = WEEK) -> None:
    """Past the reminder, of which nothing more is said here, to the end."""
    clock.advance(seconds=(after - timedelta(days=1)).total_seconds())
    jobs.expiries(runtime)
    heard(runtime)
    clock.advance(days=1)


def test_before_its_time_a_share_is_left_alone(
    runtime: Runtime, cloud: CloudStandIn, share: Share, clock: HandClock
) -> None:
    image_id = share()
    clock.advance(days=5, hours=23)

    jobs.expiries(runtime)

    assert (heard(runtime), cloud.members(image_id)) == ([], {A: "pending"})


def test_both_sides_are_reminded_once_a_day_before(
    runtime: Runtime,
    cloud: CloudStandIn,
    share: Share,
    link: Callable[..., Account],
    clock: HandClock,
) -> None:
    link(CONSUMER_A)
    link(CONSUMER_B)
    image_id = share()
    clock.advance(days=6)

    for _ in range(3):
        jobs.expiries(runtime)
        clock.advance(hours=1)

    until = int((START + WEEK).timestamp())
    [(one, to_producer), (other, to_consumer)] = heard(runtime)
    assert (one, other) == (PRODUCER, CONSUMER_A)
    assert f"is shared with account `{A}` until <!date^{until}^" in to_producer
    assert f"is shared with your account `{A}` until <!date^{until}^" in to_consumer
    assert "because `tests`" in to_producer
    assert "because `tests`" in to_consumer
    assert cloud.members(image_id) == {A: "pending"}


def test_the_reminder_to_the_producer_alone_has_a_button(
    runtime: Runtime, share: Share, link: Callable[..., Account], clock: HandClock
) -> None:
    link(CONSUMER_A)
    share()
    clock.advance(days=6)

    jobs.expiries(runtime)

    buttons = {
        notice.user_id: [
            element["text"]["text"]
            for block in notice.blocks
            if block["type"] == "actions"
            for element in block["elements"]
        ]
        for notice in taking.notices(runtime.store)
    }
    assert buttons == {PRODUCER: ["Extend by 7 days"], CONSUMER_A: []}


def test_when_its_time_is_over_access_ends_and_both_sides_hear_it(
    runtime: Runtime,
    cloud: CloudStandIn,
    share: Share,
    link: Callable[..., Account],
    clock: HandClock,
) -> None:
    link(CONSUMER_A)
    image_id = share("web", CONSUMER_A, CONSUMER_B)
    at_end(runtime, clock)

    jobs.expiries(runtime)

    said = heard(runtime)
    assert cloud.members(image_id) == {}
    assert [user_id for user_id, _ in said] == [PRODUCER, PRODUCER, CONSUMER_A]
    assert all("is no longer shared with" in text for _, text in said)
    assert runtime.store.expiries.of_image(_producer(runtime), "DFW", image_id) == {}


def test_an_end_that_was_told_does_not_come_again_in_a_digest(
    runtime: Runtime, share: Share, link: Callable[..., Account], clock: HandClock
) -> None:
    """To the poll it looks like one that was withdrawn."""
    link(CONSUMER_A)
    share()
    jobs.invitations(runtime, now=True)
    at_end(runtime, clock)
    jobs.expiries(runtime)
    assert [user_id for user_id, _ in heard(runtime)] == [PRODUCER, CONSUMER_A]

    jobs.invitations(runtime, now=True)

    assert heard(runtime) == []


def test_the_end_is_on_record_with_who_promised_it_and_why(
    runtime: Runtime, share: Share, clock: HandClock
) -> None:
    image_id = share(because="the migration of ACME")
    at_end(runtime, clock)

    jobs.expiries(runtime)

    [row] = unshares(runtime)
    assert (row.actor, row.target) == (f"{TEAM_ID}/job/expiries", f"{image_id} with {A}")
    assert (row.outcome, row.request_id[:4]) == ("done", "req-")
    assert (row.account, row.region) == (NUMBERS[PRODUCER], "DFW")
    assert row.detail == (
        f"named web; shared by {TEAM_ID}/{PRODUCER} until 2026-03-09 08:00 UTC, "
        "because the migration of ACME"
    )


def test_an_extended_share_lasts(
    runtime: Runtime, cloud: CloudStandIn, share: Share, producer: Account, clock: HandClock
) -> None:
    image_id = share()
    clock.advance(days=6)
    jobs.expiries(runtime)
    runtime.store.expiries.extend(runtime.store.expiries.of_image(producer, "DFW", image_id)[A])
    heard(runtime)

    clock.advance(days=7)
    jobs.expiries(runtime)
    reminders = heard(runtime)
    clock.advance(hours=23)
    jobs.expiries(runtime)
    before = cloud.members(image_id)
    clock.advance(hours=1)
    jobs.expiries(runtime)

    assert (before, cloud.members(image_id)) == ({A: "pending"}, {})
    assert [user_id for user_id, _ in reminders] == [PRODUCER]


def test_a_member_that_is_gone_already_is_as_good(
    runtime: Runtime, cloud: CloudStandIn, share: Share, clock: HandClock
) -> None:
    image_id = share()
    at_end(runtime, clock)
    cloud.remove_member(image_id, A)

    jobs.expiries(runtime)

    [row] = unshares(runtime)
    assert (row.outcome, row.detail.endswith("; was not shared")) == ("done", True)
    assert [user_id for user_id, _ in heard(runtime)] == [PRODUCER]
    clock.advance(days=1)
    jobs.expiries(runtime)
    assert len(unshares(runtime)) == 1


@pytest.mark.parametrize("what", ["member", "image"])
def test_nobody_is_reminded_of_what_was_ended_elsewhere(
    what: str, runtime: Runtime, cloud: CloudStandIn, share: Share, clock: HandClock
) -> None:
    image_id = share()
    if what == "member":
        cloud.remove_member(image_id, A)
    else:
        cloud.delete_image(image_id)

    at_end(runtime, clock)
    jobs.expiries(runtime)

    assert (heard(runtime), unshares(runtime)) == ([], [])


def test_a_share_that_was_missed_ends_without_a_reminder(
    runtime: Runtime, cloud: CloudStandIn, share: Share, clock: HandClock
) -> None:
    """The bot was down from before the reminder until after the end."""
    image_id = share()
    clock.advance(days=9)

    jobs.expiries(runtime)

    [(_, text)] = heard(runtime)
    assert "no longer shared" in text
    assert cloud.members(image_id) == {}


def test_two_schedulers_end_each_share_once(
    runtime: Runtime,
    environ: Mapping[str, str],
    cloud: CloudStandIn,
    share: Share,
    clock: HandClock,
) -> None:
    images = [share(f"web-{n}") for n in range(12)]
    clock.advance(days=7)
    other = Runtime.build(Settings.from_env(environ), clock=clock)
    cloud.delay_s = 0.05

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(jobs.expiries, process) for process in (runtime, other)]:
            each.result()

    other.close()
    removed = [path for method, path, _ in cloud.requests if method == "DELETE"]
    assert (len(removed), len(set(removed))) == (12, 12)
    assert len(unshares(runtime)) == 12
    assert len(heard(runtime)) == 12
    assert all(cloud.members(image_id) == {} for image_id in images)


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_on_the_way_it_is_ended_by_the_next_and_said_once(
    when: str,
    runtime: Runtime,
    environ: Mapping[str, str],
    cloud: CloudStandIn,
    share: Share,
    clock: HandClock,
) -> None:
    """The process dies at its request: before the cloud has done anything, or after."""
    image_id = share()
    clock.advance(days=7)
    born, reaped = threading.Event(), threading.Event()
    victim: list[ForkServerProcess] = []

    def reap(method: str, path: str) -> None:
        if method == "DELETE":
            assert born.wait(PATIENCE_S)
            killed.kill(victim[0])
            reaped.set()
            raise ConnectionResetError(path)

    setattr(cloud, when, reap)
    victim.append(expiring.begin(environ, clock()))
    born.set()
    assert reaped.wait(PATIENCE_S)
    setattr(cloud, when, None)
    left, said = cloud.members(image_id), heard(runtime)

    jobs.expiries(runtime)
    too_early = cloud.members(image_id), heard(runtime)
    clock.advance(minutes=6)
    jobs.expiries(runtime)

    assert (left, said) == ({A: "pending"} if when == "before" else {}, [])
    assert too_early == (left, [])
    assert cloud.members(image_id) == {}
    assert [user_id for user_id, _ in heard(runtime)] == [PRODUCER]
    assert sorted(row.outcome for row in unshares(runtime)) == ["done", "started"]


def test_killed_before_it_is_forgotten_it_is_said_once(
    runtime: Runtime, share: Share, link: Callable[..., Account], clock: HandClock
) -> None:
    """All was done and put into the outbox; only the row is still there."""
    link(CONSUMER_A)
    image_id = share()
    clock.advance(days=7)
    [claimed] = runtime.store.expiries.claims.claim(20)
    end_shares._unshare(_producer(runtime), claimed, runtime.services)
    end_shares._notify_producer(claimed, "over", views.ended(claimed), runtime.services)
    clock.advance(minutes=6)

    jobs.expiries(runtime)

    assert [user_id for user_id, _ in heard(runtime)] == [PRODUCER, CONSUMER_A]
    assert runtime.store.expiries.of_image(_producer(runtime), "DFW", image_id) == {}


def test_while_the_cloud_is_down_it_is_tried_at_longer_and_longer_intervals(
    runtime: Runtime, cloud: CloudStandIn, share: Share, clock: HandClock
) -> None:
    image_id = share()
    at_end(runtime, clock)
    cloud.fail_next(1000, 503, path_prefix="/members/")

    tries = []
    for minute in range(180):
        before = len(unshares(runtime))
        jobs.expiries(runtime)
        if len(unshares(runtime)) > before:
            tries.append(minute)
        clock.advance(minutes=1)

    assert tries == [0, 1, 3, 7, 15, 31, 60, 120]
    assert cloud.members(image_id) == {A: "pending"}


def test_the_producer_hears_once_that_it_is_late_and_then_that_it_is_done(
    runtime: Runtime,
    cloud: CloudStandIn,
    share: Share,
    link: Callable[..., Account],
    clock: HandClock,
) -> None:
    link(CONSUMER_A)
    image_id = share()
    at_end(runtime, clock)
    cloud.fail_next(1000, 503, path_prefix="/members/")
    for _ in range(59):
        jobs.expiries(runtime)
        clock.advance(minutes=1)
    early = heard(runtime)

    for _ in range(120):
        jobs.expiries(runtime)
        clock.advance(minutes=1)
    late = heard(runtime)
    cloud._troubles.clear()
    clock.advance(hours=1)
    jobs.expiries(runtime)

    assert early == []
    [(user_id, text)] = late
    assert (user_id, "still has access" in text) == (PRODUCER, True)
    assert [user_id for user_id, _ in heard(runtime)] == [PRODUCER, CONSUMER_A]
    assert cloud.members(image_id) == {}


def test_a_reminder_that_cannot_be_checked_is_said_when_the_cloud_is_back(
    runtime: Runtime, cloud: CloudStandIn, share: Share, clock: HandClock
) -> None:
    share()
    clock.advance(days=6)
    cloud.fail_next(1000, 400, path_prefix="/members/")
    jobs.expiries(runtime)
    meanwhile = heard(runtime)
    cloud._troubles.clear()
    clock.advance(minutes=5)

    jobs.expiries(runtime)

    assert meanwhile == []
    assert [user_id for user_id, _ in heard(runtime)] == [PRODUCER]


def test_a_reminder_that_could_never_be_said_does_not_put_the_end_off(
    runtime: Runtime, cloud: CloudStandIn, share: Share, clock: HandClock
) -> None:
    image_id = share(span=timedelta(hours=4))
    clock.advance(hours=3)
    cloud.fail_next(1000, 400, path_prefix="/members/")
    for _ in range(60):
        jobs.expiries(runtime)
        clock.advance(minutes=1)
    cloud._troubles.clear()

    jobs.expiries(runtime)

    assert cloud.members(image_id) == {}


def test_a_login_that_works_no_more_is_told_at_the_reminder_once(
    runtime: Runtime,
    cloud: CloudStandIn,
    share: Share,
    link: Callable[..., Account],
    clock: HandClock,
) -> None:
    link(CONSUMER_A)
    image_id = share()
    link(PRODUCER, password="changed meanwhile")
    clock.advance(days=6)
    jobs.expiries(runtime)
    at_reminder = heard(runtime)

    clock.advance(days=1)
    for _ in range(3):
        jobs.expiries(runtime)
        clock.advance(hours=1)
    at_the_end = heard(runtime)
    link(PRODUCER)
    jobs.expiries(runtime)

    assert [user_id for user_id, _ in at_reminder] == [PRODUCER, PRODUCER, CONSUMER_A]
    [locked] = [text for _, text in at_reminder if "can't end it" in text]
    assert "no longer accepts this account's password or key. Link it again" in locked
    assert at_the_end == []
    assert cloud.members(image_id) == {}
    assert [user_id for user_id, _ in heard(runtime)] == [PRODUCER, CONSUMER_A]


def test_a_role_that_may_not_unshare_is_told_and_tried_again_every_hour(
    runtime: Runtime, cloud: CloudStandIn, share: Share, clock: HandClock
) -> None:
    share()
    at_end(runtime, clock)
    cloud.fail_next(1000, 403, path_prefix="/members/")

    for _ in range(60):
        jobs.expiries(runtime)
        clock.advance(minutes=1)
    [(_, text)] = heard(runtime)
    jobs.expiries(runtime)

    assert "It needs the role" in text
    assert len(unshares(runtime)) == 2


def test_an_account_unlinked_at_that_moment_is_told(
    runtime: Runtime, cloud: CloudStandIn, share: Share, producer: Account, clock: HandClock
) -> None:
    image_id = share()
    clock.advance(days=7)
    [claimed] = runtime.store.expiries.claims.claim(20)
    runtime.store.accounts.unlink(producer.id)

    end_shares.end_or_remind(claimed, runtime.services)

    [(user_id, text)] = heard(runtime)
    assert (user_id, "is no longer linked" in text) == (PRODUCER, True)
    assert cloud.members(image_id) == {A: "pending"}


def test_what_was_extended_since_it_was_claimed_is_not_ended(
    runtime: Runtime, cloud: CloudStandIn, share: Share, producer: Account, clock: HandClock
) -> None:
    """It was shared anew while this worker was slow."""
    image_id = share()
    clock.advance(days=7)
    [claimed] = runtime.store.expiries.claims.claim(20)
    runtime.store.expiries.put(producer, PRODUCER, "DFW", image_id, "web", A, WEEK, "again")

    end_shares.end_or_remind(claimed, runtime.services)

    assert (heard(runtime), cloud.members(image_id)) == ([], {A: "pending"})
    assert runtime.store.expiries.count(producer.id) == 1


def test_what_somebody_is_sharing_at_that_moment_waits_a_minute(
    runtime: Runtime, cloud: CloudStandIn, share: Share, clock: HandClock
) -> None:
    image_id = share()
    clock.advance(days=7)
    with runtime.services.lock(lock_key("DFW", image_id, A)):
        jobs.expiries(runtime)
        meanwhile = cloud.members(image_id)
    clock.advance(minutes=1)

    jobs.expiries(runtime)

    assert (meanwhile, cloud.members(image_id)) == ({A: "pending"}, {})


def made(runtime: Runtime, producer: Account, image_id: str, visibility: str) -> None:
    """Past the bot."""
    images = runtime.services.images(producer, "DFW")
    images.update(images.get(image_id), Changes({"visibility": visibility}))


@pytest.mark.parametrize(
    ("visibility", "said"),
    [
        ("private", "The image is private now, so that account cannot boot it"),
        ("community", "The image is community now, so every account of this cloud can boot it"),
    ],
)
def test_an_end_that_falls_while_the_member_sleeps_is_told_and_carried_out_when_it_wakes(
    runtime: Runtime,
    cloud: CloudStandIn,
    producer: Account,
    share: Share,
    link: Callable[..., Account],
    clock: HandClock,
    visibility: str,
    said: str,
) -> None:
    link(CONSUMER_A)
    image_id = share()
    made(runtime, producer, image_id, visibility)
    at_end(runtime, clock)

    for _ in range(3):
        jobs.expiries(runtime)
        clock.advance(minutes=5)
    asleep = (heard(runtime), unshares(runtime), cloud.members(image_id))
    made(runtime, producer, image_id, "shared")
    jobs.expiries(runtime)

    [(to, words)] = asleep[0]
    assert (to, asleep[1], asleep[2]) == (PRODUCER, [], {A: "pending"})
    assert said in words
    assert cloud.members(image_id) == {}
    assert [row.outcome for row in unshares(runtime)] == ["done"]
    assert ["is no longer shared with" in words for _, words in heard(runtime)] == [True, True]
    assert runtime.store.expiries.claim_ended(producer, "DFW", image_id) == []


def test_nobody_is_reminded_while_the_member_sleeps_and_both_are_when_it_wakes(
    runtime: Runtime,
    producer: Account,
    share: Share,
    link: Callable[..., Account],
    clock: HandClock,
) -> None:
    link(CONSUMER_A)
    image_id = share()
    made(runtime, producer, image_id, "private")
    clock.advance(days=6)

    jobs.expiries(runtime)
    asleep = heard(runtime)
    made(runtime, producer, image_id, "shared")
    clock.advance(minutes=5)
    jobs.expiries(runtime)

    assert asleep == []
    assert [to for to, _ in heard(runtime)] == [PRODUCER, CONSUMER_A]


def test_a_sleeping_share_of_an_image_that_was_deleted_is_forgotten(
    runtime: Runtime, cloud: CloudStandIn, producer: Account, share: Share, clock: HandClock
) -> None:
    image_id = share()
    made(runtime, producer, image_id, "private")
    at_end(runtime, clock)
    cloud.delete_image(image_id)

    jobs.expiries(runtime)

    assert runtime.store.expiries.count(producer.id) == 0


def test_one_share_s_trouble_silences_no_other(
    runtime: Runtime, cloud: CloudStandIn, share: Share, clock: HandClock
) -> None:
    broken, fine = share("broken"), share("fine")
    clock.advance(days=7)
    cloud.fail_next(1000, 503, path_prefix=f"/images/{broken}")

    jobs.expiries(runtime)

    assert (cloud.members(broken), cloud.members(fine)) == ({A: "pending"}, {})


def test_one_account_s_wrong_password_silences_no_other(
    runtime: Runtime, cloud: CloudStandIn, share: Share, theirs: Share, clock: HandClock
) -> None:
    fine, broken = share("fine"), theirs(password="changed meanwhile")
    clock.advance(days=7)

    jobs.expiries(runtime)

    assert (cloud.members(broken), cloud.members(fine)) == ({A: "pending"}, {})
    assert [user_id for user_id, _ in heard(runtime)] == [PRODUCER, CONSUMER_B]


def test_what_nobody_foresaw_is_logged_and_tried_again(
    runtime: Runtime,
    cloud: CloudStandIn,
    share: Share,
    theirs: Share,
    link: Callable[..., Account],
    clock: HandClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What is stored of that login is nothing that this program has ever written."""
    fine, broken = share("fine"), theirs()
    runtime.store.accounts.link(
        TEAM_ID,
        CONSUMER_B,
        cloud=cloud.auth_url_v3,
        project_id=B,
        project_name="",
        user_name="",
        regions=("DFW",),
        region="DFW",
        credentials={},
    )
    clock.advance(days=7)

    jobs.expiries(runtime)
    meanwhile = cloud.members(broken), cloud.members(fine)
    link(CONSUMER_B)
    clock.advance(minutes=1)
    jobs.expiries(runtime)

    assert meanwhile == ({A: "pending"}, {})
    assert cloud.members(broken) == {}
    [record] = [record for record in caplog.records if record.exc_info]
    assert record.getMessage() == f"the share of {broken} with {A}: ending it broke"


def test_it_is_done_when_it_is_due(
    runtime: Runtime, cloud: CloudStandIn, share: Share, clock: HandClock
) -> None:
    image_id = share()
    expiries = Engine(runtime, {"expiries": KINDS["expiries"]})
    assert runtime.store.expiries.claims.next_due() == START + timedelta(days=6)
    clock.advance(days=7)

    expiries.run_dry()

    assert cloud.members(image_id) == {}
    assert runtime.store.expiries.claims.next_due() is None


def test_in_slack_both_hear_of_it_and_the_producer_extends(
    served: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    share: Share,
    link: Callable[..., Account],
    clock: HandClock,
) -> None:
    """From the reminder to the end, as people see it."""
    link(CONSUMER_A)
    image_id = share()

    def tick(**later: float) -> None:
        clock.advance(**later)
        jobs.expiries(served)
        deliver.run(served)

    tick(days=6)
    [reminder] = slack.messages(PRODUCER)
    extended = slack.press(PRODUCER, reminder, views.EXTEND)
    again = slack.press(PRODUCER, reminder, views.EXTEND)
    tick(days=1)
    lasting = cloud.members(image_id)
    tick(days=6)
    tick(days=1)

    assert (extended.ts, extended.text.startswith("Extended by 7 days")) == (reminder.ts, True)
    assert again.text.startswith("Already extended")
    assert (lasting, cloud.members(image_id)) == ({A: "pending"}, {})
    assert [message.text.partition(" account ")[0] for message in slack.messages(PRODUCER)[1:]] == [
        "`web` (DFW) is shared with",
        "`web` (DFW) is no longer shared with",
    ]
    assert [message.text.partition(" your ")[0] for message in slack.messages(CONSUMER_A)] == [
        f"`web` (DFW) of account `{NUMBERS[PRODUCER]}` is shared with",
        f"`web` (DFW) of account `{NUMBERS[PRODUCER]}` stays shared with",
        f"`web` (DFW) of account `{NUMBERS[PRODUCER]}` is shared with",
        f"`web` (DFW) of account `{NUMBERS[PRODUCER]}` is no longer shared with",
    ]


def _producer(runtime: Runtime) -> Account:
    [account] = runtime.store.accounts.of(TEAM_ID, PRODUCER)
    return account
