"""What is shown below links to images, where others read along."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cloud.models import MemberStatus
from handlers import Click, Links, Message, Person, Services, answer
from handlers.images import unfurl
from sandbox.cloud import CloudStandIn
from storage import EVERYWHERE, Account, Role, Subject
from tests.handlers.conftest import CONSUMER_A, GONE, PRODUCER
from tests.handlers.talk import buttons, read, said

CHANNEL = "C1"
DASHBOARD = "https://mycloud.rackspace.com/cloud/1100111/images/"
ID = "1a2b3c4d-0000-4000-8000-00000000000a"


def posted(person: Person, *urls: str, channel_id: str = CHANNEL) -> Links:
    return Links(person, urls, channel_id)


@pytest.fixture
def golden(cloud: CloudStandIn) -> str:
    return cloud.add_image(owner=PRODUCER, name="golden", region="ORD")


@pytest.fixture
def lend(services: Services) -> Callable[..., None]:
    """Gives a channel a role on someone's account."""

    def _lend(person: Person, role: Role, channel_id: str = CHANNEL) -> None:
        account = services.store.accounts.of(person.team_id, person.user_id)[0]
        services.store.rights.grant(
            account.key, account.id, Subject.CHANNEL, channel_id, role, person.user_id
        )

    return _lend


@pytest.mark.parametrize(
    "url",
    [
        f"https://mycloud.rackspace.com/cloud/1100111/images/{ID}",
        f"https://mycloud.rackspace.com/cloud/1100111/#compute%2Cimages/{ID.upper()}",
        f"https://horizon.example/project/images/{ID}/?tab=overview",
        f"https://horizon.example/ngdetails/OS::Glance::Image/{ID}",
        f"https://iad.images.api.rackspacecloud.com/v2/1100111/images/{ID}/file",
    ],
)
def test_the_addresses_of_dashboards_and_of_the_api_name_their_image(url: str) -> None:
    assert unfurl.image_ids([url]) == {url: ID}


@pytest.mark.parametrize(
    "url",
    [
        f"https://mycloud.rackspace.com/cloud/1100111/servers/{ID}",
        "https://mycloud.rackspace.com/cloud/1100111/images",
        f"https://horizon.example/project/images/{ID}0",
        "https://[images",
    ],
)
def test_other_addresses_name_none(url: str) -> None:
    assert unfurl.image_ids([url]) == {}


def test_no_more_than_five_are_looked_for() -> None:
    urls = [f"{DASHBOARD}{ID[:-1]}{n}" for n in range(7)]

    assert list(unfurl.image_ids(urls)) == urls[:5]


def test_a_link_says_no_more_than_itself_where_not_everyone_may_look(
    services: Services, golden: str, producer: Person
) -> None:
    shown = unfurl.unfurl(posted(producer, f"{DASHBOARD}{golden}"), services)

    [(url, message)] = shown.items()
    assert url == f"{DASHBOARD}{golden}"
    assert "golden" not in read(message)
    assert PRODUCER not in read(message)
    assert golden[:8] in message.text


def test_its_button_shows_each_person_what_they_may_see(
    services: Services, golden: str, producer: Person, consumer: Person, stranger: Person
) -> None:
    [message] = unfurl.unfurl(posted(producer, f"{DASHBOARD}{golden}"), services).values()

    def pressed(person: Person) -> Message:
        [button] = buttons(message)
        return said(answer(Click(person, button["action_id"], button["value"], CHANNEL), services))

    assert "golden" in read(pressed(producer))
    assert "golden" not in read(pressed(consumer))
    assert "golden" not in read(pressed(stranger))
    assert pressed(producer).note


def test_where_the_channel_may_look_everyone_is_shown_the_image(
    services: Services, golden: str, producer: Person, lend: Callable[..., None]
) -> None:
    lend(producer, Role.VIEWER)

    [message] = unfurl.unfurl(posted(producer, f"{DASHBOARD}{golden}"), services).values()

    assert read(message) == (
        f"*Image `golden`*\nORD · 1.0 KB · active · account `{PRODUCER}`\n[Details]\n`{golden[:8]}`"
    )


def test_a_role_in_another_channel_or_of_a_person_shows_nothing_to_this_one(
    services: Services, golden: str, producer: Person, lend: Callable[..., None]
) -> None:
    lend(producer, Role.ADMIN, "C2")

    [message] = unfurl.unfurl(posted(producer, f"{DASHBOARD}{golden}"), services).values()

    assert "golden" not in read(message)


@pytest.mark.parametrize("where", [CHANNEL, EVERYWHERE])
def test_a_channel_that_is_limited_to_nothing_is_shown_nothing(
    services: Services, golden: str, producer: Person, lend: Callable[..., None], where: str
) -> None:
    lend(producer, Role.ADMIN)
    [account] = services.store.accounts.of(producer.team_id, producer.user_id)
    services.store.rights.limit(account.key, where, Role.NONE, producer.user_id)

    assert unfurl.unfurl(posted(producer, f"{DASHBOARD}{golden}"), services) == {}


def test_whoever_cannot_see_the_image_shows_nothing_of_it(
    services: Services, golden: str, consumer: Person, stranger: Person, producer: Person
) -> None:
    hidden, missing = f"{DASHBOARD}{golden}", f"{DASHBOARD}{GONE}"

    assert unfurl.unfurl(posted(consumer, hidden, missing), services) == {}
    assert unfurl.unfurl(posted(stranger, hidden), services) == {}
    assert unfurl.unfurl(posted(Person("T2", "U1"), hidden), services) == {}


def test_each_image_is_asked_for_by_its_id_alone(
    services: Services, cloud: CloudStandIn, golden: str, producer: Person
) -> None:
    """A link is no reason to list all images of a person."""
    unfurl.unfurl(posted(producer, f"{DASHBOARD}{golden}", f"{DASHBOARD}{GONE}"), services)

    asked = {path.rpartition("/images")[2] for _, path, _ in cloud.requests if "/images" in path}
    assert asked == {f"/{golden}", f"/{GONE}"}


def test_a_region_that_does_not_answer_hides_no_image_of_another(
    services: Services, cloud: CloudStandIn, golden: str, producer: Person
) -> None:
    cloud.fail_next(status=503, path_prefix="/DFW/", n=10)

    assert unfurl.unfurl(posted(producer, f"{DASHBOARD}{golden}"), services)


def test_an_account_that_is_lent_to_the_poster_alone_shows_a_button_to_the_others(
    services: Services, golden: str, producer: Person, stranger: Person
) -> None:
    account: Account = services.store.accounts.of(producer.team_id, producer.user_id)[0]
    services.store.rights.grant(
        account.key, account.id, Subject.PERSON, stranger.user_id, Role.VIEWER, producer.user_id
    )

    [message] = unfurl.unfurl(posted(stranger, f"{DASHBOARD}{golden}"), services).values()

    assert "golden" not in read(message)


def test_the_image_of_a_stranger_is_shown_to_a_channel_only_once_it_was_accepted(
    services: Services,
    cloud: CloudStandIn,
    golden: str,
    consumer: Person,
    lend: Callable[..., None],
) -> None:
    lend(consumer, Role.VIEWER)
    cloud.add_member(golden, CONSUMER_A)
    link = posted(consumer, f"{DASHBOARD}{golden}")
    [pending] = unfurl.unfurl(link, services).values()
    account = services.current_account(consumer)

    services.images(account, "ORD").set_member_status(golden, MemberStatus.ACCEPTED)

    [accepted] = unfurl.unfurl(link, services).values()
    assert "golden" not in read(pending)
    assert "Image `golden`" in read(accepted)
