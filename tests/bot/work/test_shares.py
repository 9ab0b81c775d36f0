"""The job that looks what became of shares."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.wiring import Runtime
from bot.work import jobs
from cloud import MemberStatus
from handlers import Message
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID
from storage import Account
from tests import taking
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS, PRODUCER
from tests.handlers.talk import labels, read
from tests.storage.fixtures import HandClock

GONE = "00000000-0000-4000-8000-000000000000"
A, B = NUMBERS[CONSUMER_A], NUMBERS[CONSUMER_B]


@pytest.fixture
def image(runtime: Runtime, link: Callable[..., Account], invite: Callable[..., str]) -> str:
    """Shared with both consumers through the bot."""
    account, *_ = (link(each) for each in (PRODUCER, CONSUMER_A, CONSUMER_B))
    image_id = invite("web", CONSUMER_A, CONSUMER_B)
    for number in (A, B):
        runtime.store.shares.put(account, PRODUCER, "DFW", image_id, "web", number)
    return image_id


def known(runtime: Runtime) -> dict[str, str]:
    return {share.number: share.status for share in runtime.store.shares._table.find()}


def told(runtime: Runtime) -> list[Message]:
    notices = taking.notices(runtime.store)
    for notice in notices:
        taking.sent(runtime.store, notice.id, "1.0")
    return [Message(notice.text, tuple(notice.blocks)) for notice in notices]


def answer(runtime: Runtime, user_id: str, image_id: str, status: MemberStatus) -> None:
    """As in the consumer's control panel, past the bot."""
    [account] = runtime.store.accounts.of(TEAM_ID, user_id)
    runtime.services.images(account, "DFW").set_member_status(image_id, status)


def test_what_consumers_answer_elsewhere_is_seen_and_a_rejection_told_once(
    runtime: Runtime, cloud: CloudStandIn, image: str, clock: HandClock
) -> None:
    answer(runtime, CONSUMER_A, image, MemberStatus.ACCEPTED)
    answer(runtime, CONSUMER_B, image, MemberStatus.REJECTED)

    jobs.shares(runtime)
    jobs.shares(runtime)

    assert known(runtime) == {A: "accepted", B: "rejected"}
    assert [each.text for each in told(runtime)] == [f"`{B}` rejected `web` (DFW)."]
    [card] = taking.cards(runtime.store)
    assert "*1 of 2 accepted*, 1 rejected" in card.text


def test_what_was_unshared_elsewhere_is_no_longer_shown(
    runtime: Runtime, cloud: CloudStandIn, image: str
) -> None:
    cloud.remove_member(image, A)
    jobs.shares(runtime)
    first = known(runtime)
    cloud.delete_image(image)
    jobs.shares(runtime)

    assert (first, known(runtime)) == ({B: "pending"}, {})
    [card] = taking.cards(runtime.store)
    assert card.text == "`web` (DFW) is no longer shared with anyone."


def test_what_waits_for_three_days_is_told_in_one_message_and_weekly(
    runtime: Runtime, image: str, clock: HandClock
) -> None:
    days = []
    for day in range(1, 12):
        clock.advance(days=1)
        jobs.shares(runtime)
        for message in told(runtime):
            days.append(day)
            assert read(message).startswith("*2 shares not answered yet.*")
            assert labels(message) == ["Remind", "Remind"]

    assert days == [3, 10]


def test_images_shared_one_after_another_are_told_in_one_message(
    runtime: Runtime,
    cloud: CloudStandIn,
    image: str,
    link: Callable[..., Account],
    invite: Callable[..., str],
    clock: HandClock,
) -> None:
    clock.advance(minutes=30)
    other = invite("db", CONSUMER_A)
    runtime.store.shares.put(link(PRODUCER), PRODUCER, "DFW", other, "db", A)
    clock.advance(days=2, hours=23, minutes=31)

    jobs.shares(runtime)
    [first] = told(runtime)
    clock.advance(hours=1)
    jobs.shares(runtime)

    assert read(first).startswith("*3 shares not answered yet.*")
    assert told(runtime) == []


def test_one_accounts_trouble_keeps_no_other_waiting(
    runtime: Runtime,
    cloud: CloudStandIn,
    image: str,
    link: Callable[..., Account],
) -> None:
    broken = link(CONSUMER_B, password="wrong")
    runtime.store.shares.put(broken, CONSUMER_B, "DFW", GONE, "x", "999")
    answer(runtime, CONSUMER_A, image, MemberStatus.ACCEPTED)

    jobs.shares(runtime)

    assert known(runtime)[A] == "accepted"
    assert len(runtime.store.shares._table.find()) == 3


def test_an_account_that_cannot_log_in_is_not_tried_again_and_again(
    runtime: Runtime, cloud: CloudStandIn, image: str
) -> None:
    [account] = {share.account_id for share in runtime.store.shares._table.find()}
    runtime.store.accounts.set_trouble(account, "DFW", "BadCredentials")
    before = len(cloud.requests)

    jobs.shares(runtime)

    assert len(cloud.requests) == before
