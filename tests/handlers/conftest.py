"""A producer and two consumers in one workspace, a stand-in for their cloud, and a real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cloud import AuthType, Clouds, Credentials
from handlers import Person, Services
from sandbox.cloud import CloudStandIn
from storage import Account, Store
from storage.clock import Clock
from tests.handlers.talk import Talk
from tests.waiting import PATIENCE_S

PRODUCER, CONSUMER_A, CONSUMER_B = "1100111", "2200222", "3300333"
REGIONS = ("DFW", "ORD")
PASSWORD = "made-up-password"
GONE = "00000000-0000-4000-8000-000000000000"
"""The id of no image."""


@pytest.fixture
def cloud() -> Iterator[CloudStandIn]:
    """The cloud at the HTTP edge, with an account for each of the three."""
    with CloudStandIn(regions=REGIONS) as cloud:
        for number, name in (
            (PRODUCER, "Producer"),
            (CONSUMER_A, "Consumer A"),
            (CONSUMER_B, "Consumer B"),
        ):
            cloud.add_account(number, name, f"user-{number}", password=PASSWORD)
        yield cloud


@pytest.fixture
def services(sqlite_store: Store, clock: Clock) -> Iterator[Services]:
    clouds = Clouds(timeout_s=(PATIENCE_S, PATIENCE_S))
    yield Services(sqlite_store, clouds, clock)
    clouds.close()


@pytest.fixture
def link(services: Services, cloud: CloudStandIn) -> Callable[..., Account]:
    """Links a person to an account of the stand-in."""

    def _link(
        person: Person,
        number: str,
        name: str,
        *,
        user: str = "",
        password: str = PASSWORD,
        regions: tuple[str, ...] = REGIONS,
        region: str | None = None,
    ) -> Account:
        options = {
            "username": user or f"user-{number}",
            "password": password,
            "project_id": number,
            "user_domain_id": "default",
        }
        credentials = Credentials(AuthType.V3_PASSWORD, cloud.auth_url_v3, options)
        return services.store.accounts.link(
            person.team_id,
            person.user_id,
            cloud=cloud.auth_url_v3,
            project_id=number,
            project_name=name,
            user_name=options["username"],
            regions=regions,
            region=region,
            credentials=credentials.to_json(),
        )

    return _link


@pytest.fixture
def producer(link: Callable[..., Account]) -> Person:
    person = Person("T1", "U1")
    link(person, PRODUCER, "Producer")
    return person


@pytest.fixture
def consumer(link: Callable[..., Account]) -> Person:
    person = Person("T1", "U2")
    link(person, CONSUMER_A, "Consumer A")
    return person


@pytest.fixture
def other(link: Callable[..., Account]) -> Person:
    person = Person("T1", "U3")
    link(person, CONSUMER_B, "Consumer B")
    return person


@pytest.fixture
def stranger() -> Person:
    """Someone who has linked nothing."""
    return Person("T1", "U9")


@pytest.fixture
def talk(services: Services) -> Talk:
    return Talk(services)


@pytest.fixture
def invite(cloud: CloudStandIn) -> Callable[..., None]:
    """Shares an image with accounts past the bot, as the control panel would."""

    def _invite(image_id: str, *numbers: str) -> None:
        for number in numbers:
            cloud.add_member(image_id, number)

    return _invite
