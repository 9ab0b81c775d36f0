"""Several places are asked at once, and one's trouble does not silence the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest

from cloud import Images
from cloud.errors import BadCredentials, NoSuchRegion, Unavailable
from handlers import Person, Services
from handlers.core.errors import LostCredentials, NotLinked, NotYours, Trouble, UnderWay
from handlers.core.places import AccountRegion, account_regions
from handlers.core.region_queries import RegionResults
from storage import Account, Store, new_key
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.waiting import PATIENCE_S

PERSON = Person("T1", "U5")


def region(images: Images) -> str:
    return images.region


@pytest.fixture
def account(link: Callable[..., Account]) -> Account:
    return link(PERSON, PRODUCER, "Producer")


def test_answers_come_in_the_order_of_the_places(services: Services, account: Account) -> None:
    places = account_regions([account])

    gathered = services.query_images(places, region)

    assert gathered == RegionResults([(places[0], "DFW"), (places[1], "ORD")], [])


def test_places_are_asked_at_the_same_time(services: Services, account: Account) -> None:
    asked = {"DFW": Event(), "ORD": Event()}

    def meet(images: Images) -> bool:
        asked[images.region].set()
        return all(event.wait(PATIENCE_S) for event in asked.values())

    gathered = services.query_images(account_regions([account]), meet)

    assert [met for _, met in gathered.results] == [True, True]


def test_an_answer_does_not_wait_for_a_silent_region(services: Services, account: Account) -> None:
    let_go = Event()

    def ask(images: Images) -> str:
        if images.region == "ORD":
            let_go.wait(PATIENCE_S)
        return images.region

    services.query_images(account_regions([account]), region)  # so that the login is not in the way
    hurried = replace(services, answer_s=2)
    gathered = hurried.query_images(account_regions([account]), ask)
    let_go.set()

    assert [answer for _, answer in gathered.results] == ["DFW"]
    [trouble] = gathered.troubles
    assert (trouble.region, type(trouble.error)) == ("ORD", Unavailable)


def test_no_answer_at_all_is_the_first_error(
    services: Services, link: Callable[..., Account]
) -> None:
    account = link(PERSON, PRODUCER, "Producer", password="wrong")

    gathered = services.query_images(account_regions([account]), region)

    with pytest.raises(BadCredentials):
        gathered.or_raise()


def test_an_account_whose_credentials_are_lost_does_not_silence_the_others(
    services: Services, link: Callable[..., Account], sqlite_url: str, keys: list[str]
) -> None:
    lost = link(PERSON, PRODUCER, "Producer")
    rekeyed = Store.open(sqlite_url, [new_key()], services.clock)
    services_now = Services(rekeyed, services.clouds, services.clock)
    credentials = services.store.accounts.credentials(lost.id)
    found = rekeyed.accounts.link(
        "T1",
        "U5",
        cloud=lost.cloud,
        project_id=CONSUMER_A,
        project_name="Consumer A",
        user_name="someone",
        regions=("DFW",),
        region=None,
        credentials=credentials,
    )

    gathered = services_now.query_images(
        [AccountRegion(lost, "DFW"), AccountRegion(found, "DFW")], region
    )
    rekeyed.close()

    assert [place.account.project_id for place, _ in gathered.results] == [CONSUMER_A]
    [trouble] = gathered.troubles
    assert isinstance(trouble, Trouble)
    assert (trouble.account, type(trouble.error)) == (PRODUCER, LostCredentials)


def test_regions_are_found_without_regard_to_case(account: Account) -> None:
    assert account_regions([account], "ord") == [AccountRegion(account, "ORD")]


def test_a_region_that_no_account_has_is_named(account: Account) -> None:
    with pytest.raises(NoSuchRegion) as caught:
        account_regions([account], "LON")

    assert (caught.value.region, caught.value.available) == ("LON", ("DFW", "ORD"))


def test_the_account_linked_last_is_the_default(
    services: Services, link: Callable[..., Account], clock: Callable[..., object]
) -> None:
    link(PERSON, PRODUCER, "Producer")
    clock.advance(minutes=1)  # type: ignore[attr-defined]
    newer = link(PERSON, CONSUMER_A, "Consumer A")

    assert services.current_account(PERSON) == newer


def test_a_person_without_accounts_is_told_apart(services: Services) -> None:
    with pytest.raises(NotLinked):
        services.current_account(PERSON)


def test_an_account_is_for_those_who_linked_it(
    services: Services, account: Account, link: Callable[..., Account]
) -> None:
    colleague, elsewhere = Person("T1", "U6"), Person("T2", "U5")
    theirs = link(colleague, PRODUCER, "Producer")

    assert services.account(PERSON, account.id) == account
    assert services.account(colleague, account.id) == theirs
    with pytest.raises(NotYours) as caught:
        services.account(elsewhere, account.id)
    assert (caught.value.number, caught.value.user_id) == ("", "")


def test_one_thing_is_done_once_at_a_time(services: Services) -> None:
    with services.lock("a"), services.lock("b"), pytest.raises(UnderWay), services.lock("a"):
        pass

    with services.lock("a"):
        pass
