"""What trusted producers share is accepted by itself: on record, told, and only while it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.wiring import Runtime
from bot.work import deliver, jobs
from cloud.models import MemberStatus
from handlers import Message
from sandbox.cloud import CloudStandIn
from sandbox.gallery import aloud
from sandbox.slack import TEAM_ID, SlackStandIn
from storage import Account, Policy, Role, State, Subject
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS, PASSWORD, PRODUCER
from tests.storage.fixtures import HandClock

TRUSTED = NUMBERS[PRODUCER]


@pytest.fixture
def account(runtime: Runtime, link: Callable[..., Account]) -> Account:
    """Consumer A's account, which trusts the producer."""
    account = link(CONSUMER_A)
    jobs.profiles(runtime)
    runtime.store.trusted.put(account.key, TRUSTED, account.id, CONSUMER_A)
    return account


def answer(runtime: Runtime, account: Account, image_id: str) -> str:
    """What the account has answered, as the cloud knows it."""
    images = runtime.services.images(account, "DFW")
    return images.member(image_id, account.project_id).status


def test_it_is_accepted_recorded_and_told(
    runtime: Runtime,
    slack: SlackStandIn,
    clock: HandClock,
    account: Account,
    invite: Callable[..., str],
) -> None:
    image_id = invite("web-2026", CONSUMER_A)

    for _ in range(3):
        jobs.look_everywhere(runtime)
    clock.advance(seconds=6)
    jobs.notices(runtime)
    clock.advance(minutes=5)
    jobs.notices(runtime)
    deliver.run(runtime)

    assert answer(runtime, account, image_id) == MemberStatus.ACCEPTED
    [row] = runtime.store.audit.recent()
    assert (row.actor, row.action, row.target, row.account, row.region, row.outcome) == (
        f"{TEAM_ID}/job/invitations",
        "invitation.accept",
        image_id,
        account.project_id,
        "DFW",
        "done",
    )
    assert (row.approvers, row.request_id[:4]) == ((f"{TEAM_ID}/{CONSUMER_A}",), "req-")
    [message] = slack.messages(CONSUMER_A)
    assert "*1 image* accepted automatically." in str(message.blocks)
    assert "2200222" in str(message.blocks)


def test_a_producer_who_is_not_trusted_waits(
    runtime: Runtime, cloud: CloudStandIn, account: Account
) -> None:
    image_id = cloud.add_image(NUMBERS[CONSUMER_B], name="db", region="DFW", visibility="shared")
    cloud.add_member(image_id, account.project_id)

    jobs.look_everywhere(runtime)

    assert answer(runtime, account, image_id) == MemberStatus.PENDING


def test_a_strict_account_answers_for_itself(
    runtime: Runtime, account: Account, invite: Callable[..., str]
) -> None:
    runtime.store.policies.put(account.key, Policy(strict=True), CONSUMER_A)
    image_id = invite("web-2026", CONSUMER_A)

    jobs.look_everywhere(runtime)

    assert answer(runtime, account, image_id) == MemberStatus.PENDING
    assert runtime.store.audit.recent() == []


def test_whoever_may_no_longer_answer_is_not_trusted_to_trust(
    runtime: Runtime, link: Callable[..., Account], invite: Callable[..., str]
) -> None:
    """A colleague trusted the producer, and was made a viewer since."""
    owner = link(CONSUMER_A)
    colleague = runtime.store.accounts.link(
        TEAM_ID,
        CONSUMER_B,
        cloud=owner.cloud,
        project_id=owner.project_id,
        project_name="",
        user_name=owner.user_name,
        regions=owner.regions,
        region="DFW",
        credentials=runtime.store.accounts.credentials(owner.id),
    )
    runtime.store.trusted.put(owner.key, TRUSTED, colleague.id, CONSUMER_B)
    runtime.store.rights.grant(
        owner.key, owner.id, Subject.PERSON, CONSUMER_B, Role.VIEWER, CONSUMER_A
    )
    image_id = invite("web-2026", CONSUMER_A)
    jobs.look_everywhere(runtime)
    assert answer(runtime, owner, image_id) == MemberStatus.PENDING

    runtime.store.rights.grant(
        owner.key, owner.id, Subject.PERSON, CONSUMER_B, Role.OPERATOR, CONSUMER_A
    )
    jobs.look_everywhere(runtime)

    assert answer(runtime, owner, image_id) == MemberStatus.ACCEPTED
    known = runtime.store.invitations.find(owner.id, "DFW", image_id)
    assert known is not None
    assert known.state == State.ACCEPTED


def test_the_login_of_whoever_trusts_is_the_one_that_accepts(
    runtime: Runtime, account: Account, link: Callable[..., Account], invite: Callable[..., str]
) -> None:
    """A colleague's login, which looks there too, is not used for it."""
    _link_again(runtime, account, runtime.store.accounts.credentials(account.id), region="ORD")
    login = runtime.store.accounts.credentials(account.id)
    _link_again(runtime, account, login, user_id=CONSUMER_B)
    image_id = invite("web-2026", CONSUMER_A)

    jobs.look_everywhere(runtime)

    assert answer(runtime, account, image_id) == MemberStatus.PENDING
    assert runtime.store.audit.recent() == []


def test_what_was_rejected_stays_rejected(
    runtime: Runtime, account: Account, invite: Callable[..., str]
) -> None:
    image_id = invite("web-2026", CONSUMER_A)
    runtime.services.images(account, "DFW").set_member_status(image_id, MemberStatus.REJECTED)

    jobs.look_everywhere(runtime)

    assert answer(runtime, account, image_id) == MemberStatus.REJECTED


def test_a_login_that_may_not_accept_ends_the_trust_and_the_invitation_is_told(
    runtime: Runtime,
    cloud: CloudStandIn,
    slack: SlackStandIn,
    clock: HandClock,
    account: Account,
    invite: Callable[..., str],
) -> None:
    cloud.add_account(account.project_id, "", "looker", password=PASSWORD, roles=("reader",))
    login = runtime.store.accounts.credentials(account.id)
    _link_again(runtime, account, {**login, "options": {**login["options"], "username": "looker"}})
    invite("web-2026", CONSUMER_A)

    for _ in range(2):
        jobs.look_everywhere(runtime)
    clock.advance(seconds=6)
    jobs.notices(runtime)
    deliver.run(runtime)

    assert runtime.store.trusted.of(account.key) == []
    told = slack.messages(CONSUMER_A)[-1]
    assert "*web-2026* · new" in "\n".join(aloud(Message(told.text, told.blocks)))
    [ended, failed] = runtime.store.audit.recent()
    actor = f"{TEAM_ID}/job/invitations"
    assert (ended.actor, ended.action) == (actor, "invitation.distrust")
    assert failed.outcome == "failed: Forbidden"


def test_an_end_of_trust_is_the_end_of_it(
    runtime: Runtime, account: Account, invite: Callable[..., str]
) -> None:
    runtime.store.trusted.end(account.key, TRUSTED)
    image_id = invite("web-2026", CONSUMER_A)

    jobs.look_everywhere(runtime)

    assert answer(runtime, account, image_id) == MemberStatus.PENDING


def _link_again(
    runtime: Runtime,
    account: Account,
    credentials: Mapping[str, Any],
    *,
    user_id: str = CONSUMER_A,
    region: str = "DFW",
) -> None:
    runtime.store.accounts.link(
        TEAM_ID,
        user_id,
        cloud=account.cloud,
        project_id=account.project_id,
        project_name="",
        user_name="",
        regions=account.regions,
        region=region,
        credentials=credentials,
    )
