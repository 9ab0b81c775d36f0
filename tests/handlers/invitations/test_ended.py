"""The end of access: told once to those who had accepted, and known when they ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cloud import MemberStatus
from cloud.patch import Changes
from handlers import Message, Person, Services
from handlers.core.places import AccountRegion
from handlers.invitations.look import refresh_region
from handlers.notifications import send_instant
from handlers.notifications.displays import draw_digest
from sandbox.cloud import CloudStandIn
from storage import ALL_ACCOUNTS, Mode, Preference, State, of_person
from tests import taking
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, read
from tests.storage.fixtures import HandClock


def _notify_at_once(services: Services) -> None:
    """As the kind of work `notices`."""
    for team_id, user_id in taking.missing(services.store):
        send_instant.serve(Person(team_id, user_id), services)


@pytest.fixture
def web(cloud: CloudStandIn, invite: Callable[..., None]) -> str:
    image = cloud.add_image(owner=PRODUCER, name="web", region="DFW", visibility="shared")
    invite(image, CONSUMER_A)
    return image


@pytest.fixture
def told(services: Services, clock: HandClock) -> Callable[[], list[str]]:
    """What the consumer is told from now on."""

    def _told() -> list[str]:
        services.store.people.seen("T1", "U2")
        for account in services.store.accounts.of("T1", "U2"):
            refresh_region(AccountRegion(account, "DFW"), services)
        clock.advance(minutes=16)
        _notify_at_once(services)
        claimed = taking.notices(services.store)
        return [read(Message(n.text, tuple(n.blocks))) for n in claimed if n.attempts == 1]

    return _told


@pytest.fixture
def accepted(
    talk: Talk, services: Services, consumer: Person, web: str, told: Callable[[], list[str]]
) -> str:
    """The image, accepted by a consumer who is notified at once."""
    services.store.preferences.put(
        "T1", "U2", ALL_ACCOUNTS, Preference(mode=Mode.INSTANT, zone="UTC")
    )
    told()
    talk.say(consumer, "accept web")
    assert told() == []
    return web


def _unshare(services: Services, producer: Person, image_id: str) -> None:
    account = services.current_account(producer)
    services.images(account, "DFW").remove_member(image_id, CONSUMER_A)


def _delete(services: Services, producer: Person, image_id: str) -> None:
    account = services.current_account(producer)
    services.images(account, "DFW").delete(image_id)


@pytest.mark.parametrize("end", [_unshare, _delete])
def test_whoever_had_accepted_is_told_once_that_it_ended(
    services: Services,
    producer: Person,
    accepted: str,
    told: Callable[[], list[str]],
    end: Callable[[Services, Person, str], None],
) -> None:
    end(services, producer, accepted)

    [message] = told()

    assert message.startswith("*1 image* no longer shared with you.\n")
    assert (
        "`web` (DFW, from `1100111`) is no longer shared with `2200222`: unshared, made private "
        "or deleted."
    ) in message
    assert told() == []


@pytest.fixture
def at_once(services: Services, clock: HandClock) -> Callable[[], list[str]]:
    """What the consumer is told from now on, without anybody asking the cloud."""

    def _at_once() -> list[str]:
        clock.advance(minutes=1)
        _notify_at_once(services)
        claimed = [n for n in taking.notices(services.store) if n.user_id == "U2"]
        return [n.text for n in claimed if n.attempts == 1]

    return _at_once


def _unshare_here(talk: Talk, producer: Person) -> None:
    talk.press(producer, talk.say(producer, f"unshare web {CONSUMER_A}"), "Unshare")


def _delete_here(talk: Talk, producer: Person) -> None:
    talk.press(producer, talk.say(producer, "delete web"), "Delete")


def _hide_here(talk: Talk, producer: Person) -> None:
    talk.say(producer, "update web visibility=private")


@pytest.mark.parametrize("end", [_unshare_here, _delete_here, _hide_here])
def test_what_ends_through_the_bot_is_told_without_asking_the_cloud(
    talk: Talk,
    producer: Person,
    accepted: str,
    at_once: Callable[[], list[str]],
    end: Callable[[Talk, Person], None],
) -> None:
    end(talk, producer)

    assert at_once() == ["*1 image* no longer shared with you."]
    assert at_once() == []


def test_the_producer_reads_whose_access_ended_and_undo_gives_it_back(
    talk: Talk, producer: Person, accepted: str, at_once: Callable[[], list[str]]
) -> None:
    changed = talk.say(producer, "update web visibility=private")
    assert f"`{CONSUMER_A}` can't boot it any more. Undo shares it again." in read(changed)
    at_once()

    talk.press(producer, changed, "Undo")
    assert at_once() == ["*1 image* shared with you again."]
    assert at_once() == []

    talk.say(producer, "update web visibility=private")
    assert at_once() == ["*1 image* no longer shared with you."]


def test_what_said_that_it_ended_says_that_it_is_shared_again_once_it_is_drawn_again(
    talk: Talk,
    services: Services,
    producer: Person,
    consumer: Person,
    accepted: str,
    at_once: Callable[[], list[str]],
    clock: HandClock,
) -> None:
    at_once()
    changed = talk.say(producer, "update web visibility=private")
    at_once()
    talk.press(producer, changed, "Undo")
    at_once()
    services.store.displays.changed(of_person("T1", consumer.user_id))
    clock.advance(minutes=1)

    claimed = services.store.displays.claims.claim(10, per_lane=10)
    drawn = [read(said) for each in claimed if (said := draw_digest(each, services))]

    again = [text for text in drawn if "`web` (DFW, from `1100111`) is shared with" in text]
    assert len(again) == 2
    assert "outside this bot" not in "".join(again)


def test_an_end_that_is_taken_back_before_it_was_told_is_not_told(
    talk: Talk, producer: Person, accepted: str, at_once: Callable[[], list[str]]
) -> None:
    talk.press(producer, talk.say(producer, "update web visibility=private"), "Undo")

    assert at_once() == []


def test_what_is_shared_again_elsewhere_is_told_once(
    services: Services, producer: Person, accepted: str, told: Callable[[], list[str]]
) -> None:
    account = services.current_account(producer)
    images = services.images(account, "DFW")
    for visibility in ("private", "shared"):
        images.update(images.get(accepted), Changes({"visibility": visibility}))
        [message] = told()
    assert message.startswith("*1 image* shared with you again.\n")
    assert "`web` (DFW, from `1100111`) is shared with `2200222` again." in message

    assert told() == []


@pytest.mark.parametrize(
    "preference", [Preference(mode=Mode.OFF, zone="UTC"), Preference(mode=Mode.DIGEST, zone="UTC")]
)
def test_who_wants_no_notice_at_once_gets_none(
    services: Services,
    producer: Person,
    accepted: str,
    told: Callable[[], list[str]],
    preference: Preference,
) -> None:
    services.store.preferences.put("T1", "U2", ALL_ACCOUNTS, preference)
    _unshare(services, producer, accepted)

    assert told() == []


def test_an_image_that_is_only_hidden_from_the_list_has_not_ended(
    services: Services,
    consumer: Person,
    accepted: str,
    told: Callable[[], list[str]],
) -> None:
    account = services.current_account(consumer)
    services.images(account, "DFW").set_member_status(accepted, MemberStatus.REJECTED)

    assert told() == []
    found = services.store.invitations.find(account.id, "DFW", accepted)
    assert found is not None
    assert found.state == State.ACCEPTED


@pytest.mark.parametrize("text", ["show web", "accept web"])
def test_who_asks_for_it_afterwards_learns_what_is_known(
    talk: Talk,
    services: Services,
    producer: Person,
    consumer: Person,
    accepted: str,
    told: Callable[[], list[str]],
    text: str,
) -> None:
    _unshare(services, producer, accepted)
    told()

    answer = read(talk.say(consumer, text))

    assert answer.startswith("`web` was shared by `1100111` with `2200222` until (time).")
    by_id = read(talk.say(consumer, text.replace("web", accepted[:8])))
    assert by_id.startswith("`web` was shared by")


def test_nobody_learns_what_others_had(
    talk: Talk,
    services: Services,
    producer: Person,
    stranger: Person,
    other: Person,
    accepted: str,
    told: Callable[[], list[str]],
) -> None:
    _unshare(services, producer, accepted)
    told()

    assert "was shared by" not in read(talk.say(other, "show web"))
