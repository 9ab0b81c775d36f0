"""What the scheduler tells a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from handlers import Person, Services
from handlers.digest import digest_for
from sandbox.cloud import CloudStandIn
from storage import Invitation
from storage.clock import Clock
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, labels, read


def waiting(services: Services, person: Person, image_id: str, name: str) -> None:
    """As the scheduler's job leaves it when it has seen an invitation."""
    account = services.account_of(person)
    now = services.clock()
    seen = Invitation(
        account_id=account.id,
        region="DFW",
        image_id=image_id,
        image_name=name,
        owner=PRODUCER,
        size=2_500_000_000,
        first_seen=now,
        invited_at=now - timedelta(days=2),
    )
    services.store.invitations.settle(account.id, "DFW", [seen])


def test_there_is_none_when_nothing_waits(
    services: Services, consumer: Person, stranger: Person
) -> None:
    assert digest_for(consumer, services) is None
    assert digest_for(stranger, services) is None


def test_it_shows_what_waits_without_asking_the_cloud(
    services: Services, consumer: Person, cloud: CloudStandIn, clock: Clock
) -> None:
    waiting(services, consumer, "0000-1", "web")

    message = digest_for(consumer, services)

    assert message is not None
    assert read(message).startswith(
        "*1 invitation* waits for your answer.\n"
        "*For account `2200222` (`Consumer A`) in DFW*\n"
        "*`web`*\n"
        "2.5 GB · DFW · from account `1100111` · nonstandard\n"
        "invited 2 days ago\n"
        "`0000-1`\n"
        "[Accept]\n"
        "[Reject]\n"
    )
    assert message.text == "*1 invitation* waits for your answer."
    assert cloud.requests == []


def test_its_buttons_answer_and_the_message_is_drawn_anew(
    services: Services,
    talk: Talk,
    cloud: CloudStandIn,
    consumer: Person,
    invite: Callable[..., None],
) -> None:
    image_id = cloud.add_image(owner=PRODUCER, name="web", region="DFW")
    invite(image_id, CONSUMER_A)
    waiting(services, consumer, image_id, "web")
    message = digest_for(consumer, services)
    assert message is not None

    answered = talk.press(consumer, message, "Accept")

    assert read(answered).startswith("<@U2> accepted `web` ")
    assert labels(answered) == ["Always accept from 1100111"]
    assert digest_for(consumer, services) is None


def test_a_withdrawn_invitation_is_named_as_it_was(
    services: Services, talk: Talk, consumer: Person
) -> None:
    waiting(services, consumer, "0000-1", "web")
    message = digest_for(consumer, services)
    assert message is not None

    assert read(talk.press(consumer, message, "Accept")).startswith(
        "The invitation to `web` is no longer there:"
    )
