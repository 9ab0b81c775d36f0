"""Not to hear of an invitation, or of a producer; and accepting several, or unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from cloud.models import MemberStatus
from handlers import Message, Person, Services
from sandbox.cloud import CloudStandIn
from storage import Account, Invitation, Policy, Role, Subject
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, labels, options, read
from tests.storage.fixtures import HandClock


@pytest.fixture
def web(cloud: CloudStandIn, invite: Callable[..., None]) -> str:
    image_id = cloud.add_image(owner=PRODUCER, name="web", region="DFW")
    invite(image_id, CONSUMER_A)
    return image_id


@pytest.fixture
def db(cloud: CloudStandIn, invite: Callable[..., None]) -> str:
    image_id = cloud.add_image(owner=PRODUCER, name="db", region="ORD")
    invite(image_id, CONSUMER_A)
    return image_id


def choices(message: Message) -> list[str]:
    """The options of all ⋮ menus."""
    return [each["text"]["text"] for each in options(message)]


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("for 1 day", "snoozed until (time)"),
        ("for 1 week", "snoozed until (time)"),
        ("until it changes", "snoozed until it changes"),
    ],
)
def test_a_snoozed_invitation_comes_last_and_can_be_unsnoozed(
    talk: Talk,
    consumer: Person,
    web: str,
    db: str,
    label: str,
    words: str,
) -> None:
    snoozed = talk.press(consumer, talk.say(consumer, "invitations"), f"Snooze {label}")

    text = read(snoozed)
    assert text.startswith(f"Snoozed `web` {label}. It is still pending.\n")
    assert text.index("*db*") < text.index("*web*") < text.index(words)
    assert "Accept these" not in text
    again = talk.press(consumer, snoozed, "Unsnooze")
    assert read(again).startswith("`web` is no longer snoozed.\n")
    assert "Unsnooze" not in choices(again)


def test_a_snooze_is_over_when_its_time_is(
    talk: Talk, consumer: Person, web: str, clock: HandClock
) -> None:
    talk.press(consumer, talk.say(consumer, "invitations"), "Snooze for 1 day")
    clock.advance(hours=23)
    assert "Unsnooze" in choices(talk.say(consumer, "invitations"))

    clock.advance(hours=1)

    assert "Unsnooze" not in choices(talk.say(consumer, "invitations"))


def test_a_snooze_is_each_person_s_own(
    talk: Talk,
    link: Callable[..., Account],
    consumer: Person,
    web: str,
) -> None:
    colleague = Person("T1", "U7")
    link(colleague, CONSUMER_A, "Consumer A")

    talk.press(consumer, talk.say(consumer, "invitations"), "Snooze for 1 day")

    assert "Unsnooze" not in choices(talk.say(colleague, "invitations"))


def test_what_was_withdrawn_meanwhile_cannot_be_snoozed(
    talk: Talk, cloud: CloudStandIn, consumer: Person, web: str
) -> None:
    listed = talk.say(consumer, "invitations")
    cloud.delete_image(web)

    note = talk.press(consumer, listed, "Snooze for 1 day")

    assert note.note
    assert note.text.startswith(f"Image `{web[:8]}` no longer exists")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (MemberStatus.ACCEPTED, "`web` is already accepted, so there is nothing to snooze."),
        (MemberStatus.REJECTED, "`web` is already rejected, so there is nothing to snooze."),
        (None, "no longer exists, or is no longer shared with you. Nothing was changed."),
    ],
)
def test_what_was_answered_or_withdrawn_meanwhile_is_not_snoozed(
    talk: Talk,
    services: Services,
    cloud: CloudStandIn,
    consumer: Person,
    producer: Person,
    web: str,
    status: MemberStatus | None,
    said: str,
) -> None:
    listed = talk.say(consumer, "invitations")
    if status:
        talk.say(consumer, f"{'accept' if status == MemberStatus.ACCEPTED else 'reject'} web")
    else:
        producers = services.current_account(producer)
        services.images(producers, "DFW").remove_member(web, CONSUMER_A)

    note = talk.press(consumer, listed, "Snooze for 1 day")

    assert note.note
    assert said in note.text
    assert services.store.snoozes.of(consumer.team_id, consumer.user_id) == {}


def test_a_muted_producer_is_unmuted_at_a_card_or_without_one(
    talk: Talk, cloud: CloudStandIn, consumer: Person, web: str, db: str
) -> None:
    muted = talk.press(consumer, talk.say(consumer, "invitations"), "Mute 1100111")

    assert read(muted).startswith(
        "Muted account `1100111`. Its invitations are still in `/images invitations`.\n"
    )
    assert labels(muted) == [*["Accept", "Reject"] * 2, "Answer…"]
    assert choices(muted).count("Unmute 1100111") == 2
    for image_id in (web, db):
        cloud.delete_image(image_id)
    alone = talk.say(consumer, "invitations")
    assert "Account `1100111` is muted." in read(alone)
    unmuted = talk.press(consumer, alone, "Unmute 1100111")
    assert read(unmuted) == ("Unmuted account `1100111`.\nNo pending invitations.")


def test_a_viewer_may_snooze_and_mute_and_not_accept_all(
    talk: Talk,
    services: Services,
    consumer: Person,
    stranger: Person,
    web: str,
    db: str,
) -> None:
    account = services.store.accounts.of(consumer.team_id, consumer.user_id)[0]
    services.store.rights.grant(
        account.key, account.id, Subject.PERSON, stranger.user_id, Role.VIEWER, "U2"
    )
    listed = talk.say(stranger, "invitations")

    assert labels(listed) == []
    assert not talk.press(stranger, listed, "Snooze for 1 day").note
    assert not talk.press(stranger, listed, "Mute 1100111").note
    refused = talk.press(stranger, talk.say(consumer, "invitations"), "Accept these 2")

    assert refused.note
    assert [row.action for row in services.store.audit.recent()] == ["access.refuse"]


def test_a_button_of_someone_else_s_account_snoozes_nothing(
    talk: Talk, consumer: Person, other: Person, web: str
) -> None:
    note = talk.press(other, talk.say(consumer, "invitations"), "Snooze for 1 day")

    assert note.note
    assert "Unsnooze" not in choices(talk.say(consumer, "invitations"))


def test_accept_all_accepts_what_is_shown_and_tells_each_outcome(
    talk: Talk,
    services: Services,
    cloud: CloudStandIn,
    consumer: Person,
    web: str,
    db: str,
    invite: Callable[..., None],
) -> None:
    gone = cloud.add_image(owner=PRODUCER, name="gone", region="DFW")
    invite(gone, CONSUMER_A)
    listed = talk.say(consumer, "invitations")
    cloud.delete_image(gone)
    talk.say(consumer, "reject db")
    late = cloud.add_image(owner=PRODUCER, name="late", region="DFW")
    invite(late, CONSUMER_A)

    accepted = talk.press(consumer, listed, "Accept these 3")

    text = read(accepted)
    assert text.startswith("Accepted 1 of 3 invitations.\n")
    assert "• `web`: accepted.\n" in text
    assert "• `db`: already rejected.\n" in text
    assert f"• `{gone}`: no longer there: its owner withdrew it or deleted the image.\n" in text
    assert "*1 pending invitation*." in text
    images = services.images(services.current_account(consumer), "DFW")
    assert images.member(web, CONSUMER_A).status == MemberStatus.ACCEPTED
    assert images.member(late, CONSUMER_A).status == MemberStatus.PENDING


def test_one_that_the_cloud_refuses_stops_no_other(
    talk: Talk, cloud: CloudStandIn, consumer: Person, web: str, db: str
) -> None:
    listed = talk.say(consumer, "invitations")
    cloud.fail_next(1, 403, body="{}", path_prefix=f"/images/{web}/members")

    text = read(talk.press(consumer, listed, "Accept these 2"))

    assert text.startswith(
        "Accepted 1 of 2 invitations.\n• `web`: Your login is not allowed to do that."
    )


def test_a_producer_is_trusted_after_an_acceptance_and_that_is_undone_in_the_list(
    talk: Talk, services: Services, consumer: Person, web: str
) -> None:
    accepted = talk.press(consumer, talk.say(consumer, "invitations"), "Accept")

    trusted = talk.press(consumer, accepted, "Always accept from 1100111")

    assert read(trusted) == (
        "Images from account `1100111` are now accepted automatically for account `2200222` "
        "(`Consumer A`), with your login. I'll notify you each time. To stop: "
        "`/images invitations`.\n"
        "No pending invitations.\n"
        "Images from account `1100111` are accepted automatically for account `2200222` "
        "(`Consumer A`), set by <@U2>.\n"
        "[Stop accepting]"
    )
    stopped = talk.press(consumer, talk.say(consumer, "invitations"), "Stop accepting")
    assert labels(stopped) == []
    [last, first, _] = services.store.audit.recent()
    assert (first.action, last.action) == ("invitation.trust", "invitation.distrust")
    assert (first.actor, first.target, first.account) == ("T1/U2", PRODUCER, CONSUMER_A)


def test_a_strict_account_trusts_nobody(
    talk: Talk, services: Services, consumer: Person, web: str
) -> None:
    accepted = talk.press(consumer, talk.say(consumer, "invitations"), "Accept")
    account = services.current_account(consumer)
    services.store.policies.put(account.key, Policy(strict=True), "U2")

    refused = talk.press(consumer, accepted, "Always accept from 1100111")

    assert read(refused).startswith(
        "Account `2200222` (`Consumer A`) requires confirming each change"
    )
    assert services.store.trusted.of(account.key) == []


def test_a_rejection_offers_no_trust_but_a_way_back(
    talk: Talk, services: Services, consumer: Person, web: str
) -> None:
    rejected = talk.press(consumer, talk.say(consumer, "invitations"), "Reject")

    assert labels(rejected) == ["Accept instead"]
    talk.press(consumer, rejected, "Accept instead")
    images = services.images(services.current_account(consumer), "DFW")
    assert images.member(web, CONSUMER_A).status == MemberStatus.ACCEPTED


def test_a_snooze_is_of_that_invitation_and_not_of_the_next_one(
    talk: Talk,
    services: Services,
    consumer: Person,
    web: str,
    clock: HandClock,
) -> None:
    talk.press(consumer, talk.say(consumer, "invitations"), "Snooze for 1 week")
    account = services.current_account(consumer)
    services.store.invitations.settle(account.id, "DFW", [])
    clock.advance(hours=1)
    [image] = services.images(account, "DFW").pending_invitations()
    seen = Invitation.of_image(account.id, image, clock() - timedelta(hours=1))
    services.store.invitations.settle(account.id, "DFW", [seen])

    assert "Unsnooze" not in choices(talk.say(consumer, "invitations"))
