"""What the scheduler sees of the cloud: new invitations, answered elsewhere, withdrawn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.wiring import Runtime
from bot.work import KINDS, jobs
from bot.work.engine import Engine
from cloud.models import MemberStatus
from handlers.core.places import AccountRegion
from handlers.invitations import look
from sandbox.cloud import CloudStandIn
from storage import Account, State
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS
from tests.storage.fixtures import HandClock
from tests.waiting import PATIENCE_S


@pytest.fixture
def account(link: Callable[..., Account]) -> Account:
    """Consumer A's account, in all its regions."""
    return link(CONSUMER_A, region=None)


def names(runtime: Runtime, account: Account) -> list[str]:
    return [each.image_name for each in runtime.store.invitations.pending(account.id)]


def state(runtime: Runtime, account: Account, image_id: str) -> str | None:
    found = runtime.store.invitations.find(account.id, "DFW", image_id)
    return found.state if found else None


def asked_of(cloud: CloudStandIn, part: str) -> int:
    return sum(part in path for _, path, _ in cloud.requests)


def test_invitations_of_all_regions_are_seen(
    runtime: Runtime, account: Account, invite: Callable[..., str]
) -> None:
    invite("in-dfw", CONSUMER_A, region="DFW")
    invite("in-ord", CONSUMER_A, region="ORD")
    invite("for-another", CONSUMER_B)

    jobs.look_everywhere(runtime)

    assert sorted(names(runtime, account)) == ["in-dfw", "in-ord"]


def test_a_region_that_was_chosen_is_the_only_one_looked_at(
    runtime: Runtime, link: Callable[..., Account], invite: Callable[..., str]
) -> None:
    account = link(CONSUMER_A, region="ORD")
    invite("in-dfw", CONSUMER_A, region="DFW")
    invite("in-ord", CONSUMER_A, region="ORD")

    jobs.look_everywhere(runtime)

    assert names(runtime, account) == ["in-ord"]


def test_one_s_own_images_are_no_invitations(
    runtime: Runtime, cloud: CloudStandIn, account: Account
) -> None:
    """A Glance of today lists them with what waits."""
    number = NUMBERS[CONSUMER_A]
    image_id = cloud.add_image(number, name="my-own", region="DFW", visibility="shared")
    cloud.add_member(image_id, NUMBERS[CONSUMER_B])

    jobs.look_everywhere(runtime)

    assert names(runtime, account) == []
    assert asked_of(cloud, "/members/") == 0


def test_when_each_was_made_is_asked_once(
    runtime: Runtime, account: Account, invite: Callable[..., str], cloud: CloudStandIn
) -> None:
    """The list of pending images carries no date of the invitation."""
    image_id = invite("web-2026", CONSUMER_A)

    jobs.look_everywhere(runtime)
    jobs.look_everywhere(runtime)

    known = runtime.store.invitations.find(account.id, "DFW", image_id)
    assert known
    assert isinstance(known.invited_at, datetime)
    assert asked_of(cloud, "/members/") == 1


def test_what_was_answered_elsewhere_is_told_from_what_was_withdrawn(
    runtime: Runtime, account: Account, invite: Callable[..., str], cloud: CloudStandIn
) -> None:
    accepted, rejected = invite("accepted", CONSUMER_A), invite("rejected", CONSUMER_A)
    withdrawn, deleted = invite("withdrawn", CONSUMER_A), invite("deleted", CONSUMER_A)
    waiting = invite("waiting", CONSUMER_A)
    jobs.look_everywhere(runtime)

    images = runtime.services.images(account, "DFW")
    images.set_member_status(accepted, MemberStatus.ACCEPTED)
    images.set_member_status(rejected, MemberStatus.REJECTED)
    cloud.remove_member(withdrawn, NUMBERS[CONSUMER_A])
    cloud.delete_image(deleted)
    jobs.look_everywhere(runtime)

    assert {
        image_id: state(runtime, account, image_id)
        for image_id in (accepted, rejected, withdrawn, deleted, waiting)
    } == {
        accepted: State.ACCEPTED,
        rejected: State.REJECTED,
        withdrawn: State.WITHDRAWN,
        deleted: State.WITHDRAWN,
        waiting: State.PENDING,
    }
    known = runtime.store.invitations.find(account.id, "DFW", accepted)
    assert known
    assert known.answered_by is None


def test_what_could_not_be_explained_is_explained_by_a_later_look(
    runtime: Runtime, account: Account, invite: Callable[..., str], cloud: CloudStandIn
) -> None:
    image_id = invite("web-2026", CONSUMER_A)
    jobs.look_everywhere(runtime)
    cloud.remove_member(image_id, NUMBERS[CONSUMER_A])
    cloud.fail_next(1, 403, body="{}", path_prefix="/members/")

    jobs.look_everywhere(runtime)
    assert state(runtime, account, image_id) == State.GONE

    jobs.look_everywhere(runtime)
    assert state(runtime, account, image_id) == State.WITHDRAWN


@pytest.mark.parametrize("status", ["blocked", "gone", ""])
def test_a_status_that_nobody_knows_is_no_answer_and_spoils_no_others(
    runtime: Runtime,
    account: Account,
    invite: Callable[..., str],
    cloud: CloudStandIn,
    status: str,
) -> None:
    odd, withdrawn = invite("odd", CONSUMER_A), invite("withdrawn", CONSUMER_A)
    jobs.look_everywhere(runtime)
    members = cloud.state.regions["DFW"].members[odd]
    members[NUMBERS[CONSUMER_A]] = replace(members[NUMBERS[CONSUMER_A]], status=status)
    cloud.remove_member(withdrawn, NUMBERS[CONSUMER_A])

    jobs.look_everywhere(runtime)

    assert state(runtime, account, odd) == State.GONE
    assert state(runtime, account, withdrawn) == State.WITHDRAWN


def test_an_invitation_made_again_waits_again(
    runtime: Runtime,
    account: Account,
    invite: Callable[..., str],
    cloud: CloudStandIn,
    clock: HandClock,
) -> None:
    image_id = invite("web-2026", CONSUMER_A)
    jobs.look_everywhere(runtime)
    cloud.remove_member(image_id, NUMBERS[CONSUMER_A])
    jobs.look_everywhere(runtime)

    cloud.add_member(image_id, NUMBERS[CONSUMER_A])
    clock.advance(minutes=5)
    jobs.look_everywhere(runtime)

    assert state(runtime, account, image_id) == State.PENDING


def test_one_region_s_trouble_silences_no_other(
    runtime: Runtime, account: Account, invite: Callable[..., str], cloud: CloudStandIn
) -> None:
    invite("in-dfw", CONSUMER_A, region="DFW")
    invite("in-ord", CONSUMER_A, region="ORD")
    cloud.fail_next(1, 403, path_prefix="/DFW/")

    jobs.look_everywhere(runtime)

    assert names(runtime, account) == ["in-ord"]
    assert _troubles(runtime, account) == {"DFW": "Forbidden"}


def test_trouble_that_is_over_is_forgotten(
    runtime: Runtime, account: Account, invite: Callable[..., str], cloud: CloudStandIn
) -> None:
    invite("in-dfw", CONSUMER_A)
    cloud.fail_next(1, 403, path_prefix="/DFW/")
    jobs.look_everywhere(runtime)

    jobs.look_everywhere(runtime)

    assert (_troubles(runtime, account), names(runtime, account)) == ({}, ["in-dfw"])


def test_a_database_that_goes_away_during_a_look_is_one_line(
    runtime: Runtime,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    caplog: pytest.LogCaptureFixture,
) -> None:
    for user_id in (CONSUMER_A, CONSUMER_B):
        link(user_id, region=None)
    asked, closed = threading.Event(), threading.Event()

    def answer_late(*_: str) -> None:
        asked.set()
        assert closed.wait(PATIENCE_S)

    cloud.before = answer_late
    engine = Engine(runtime, {"looks": KINDS["looks"]})
    looking = threading.Thread(target=engine.run_dry)
    looking.start()
    assert asked.wait(PATIENCE_S)
    runtime.store.close()
    closed.set()
    looking.join()

    # Whether it also claims meanwhile is a matter of time.
    lines = set(caplog.messages) - {"the job looks could not claim"}
    assert lines == {"the job looks could not run: the store is closed"}


def test_one_account_s_wrong_password_silences_no_other(
    runtime: Runtime, link: Callable[..., Account], invite: Callable[..., str]
) -> None:
    broken = link(CONSUMER_A, password="changed meanwhile", region=None)
    fine = link(CONSUMER_B)
    invite("web-2026", CONSUMER_A, CONSUMER_B)

    jobs.look_everywhere(runtime)

    assert names(runtime, fine) == ["web-2026"]
    assert _troubles(runtime, broken) == {"DFW": "BadCredentials", "ORD": "BadCredentials"}


def test_trouble_is_logged_when_it_begins_and_ends_and_not_at_every_look(
    runtime: Runtime,
    link: Callable[..., Account],
    cloud: CloudStandIn,
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = link(CONSUMER_A)
    cloud.fail_next(3, 403, path_prefix="/DFW/")
    caplog.set_level("INFO", "handlers.invitations.look")

    for _ in range(5):
        jobs.look_everywhere(runtime)

    place = f"account {account.id}, region DFW"
    assert [r.getMessage() for r in caplog.records if r.name == "handlers.invitations.look"] == [
        f"{place}: Forbidden",
        f"{place}: works again",
    ]


def test_an_answer_given_here_during_a_look_is_not_undone_by_it(
    runtime: Runtime, account: Account, invite: Callable[..., str], clock: HandClock
) -> None:
    """The list was asked for before the answer: what it says is older."""
    image_id = invite("web-2026", CONSUMER_A)
    jobs.look_everywhere(runtime)
    asked_at = clock.now
    images = runtime.services.images(account, "DFW")
    told = list(images.pending_invitations())
    clock.advance(seconds=2)
    runtime.store.invitations.answered(
        account.id, "DFW", image_id, State.ACCEPTED, "T1/U1", clock.now
    )

    place = AccountRegion(account, "DFW")
    changes = look._compare(place, told, asked_at, runtime.services)

    assert (changes.new, changes.gone) == ((), ())
    assert state(runtime, account, image_id) == State.ACCEPTED


def test_an_account_unlinked_meanwhile_is_no_trouble(
    runtime: Runtime, account: Account, invite: Callable[..., str]
) -> None:
    invite("web-2026", CONSUMER_A)
    runtime.store.accounts.unlink(account.id)

    jobs.look_everywhere(runtime)

    assert runtime.store.invitations.pending() == []


def test_accounts_and_regions_are_asked_at_the_same_time(
    runtime: Runtime, link: Callable[..., Account], cloud: CloudStandIn
) -> None:
    for user_id in (CONSUMER_A, CONSUMER_B):
        link(user_id, region=None)
    jobs.look_everywhere(runtime)  # so that the logins are not in the way
    cloud.delay_s = 0.3

    begun = datetime.now()  # noqa: DTZ005 - only a difference
    jobs.look_everywhere(runtime)

    assert datetime.now() - begun < timedelta(seconds=0.9)  # noqa: DTZ005


def _troubles(runtime: Runtime, account: Account) -> dict[str, str]:
    found = runtime.store.accounts.get(account.id)
    assert found
    return dict(found.trouble)
