"""Menus that look things up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers import ROUTES, Option, Person, Search, Services, menus
from handlers.views import menus as views
from handlers.views.menus import Where
from sandbox.cloud import CloudStandIn
from storage import Account
from tests.handlers.conftest import CONSUMER_A, PRODUCER

Find = Callable[..., list[Option]]


@pytest.fixture
def find(services: Services) -> Find:
    """The options of a menu."""

    def _find(person: Person, menu: str, words: str = "", value: str = "") -> list[Option]:
        return list(ROUTES.find_options(Search(person, menu, words, value), services))

    return _find


def where(services: Services, person: Person, region: str) -> str:
    return Where(services.account_of(person).id, region).value()


def test_images_are_found_in_all_regions_by_name_region_and_id(
    find: Find, cloud: CloudStandIn, producer: Person, services: Services
) -> None:
    web = cloud.add_image(owner=PRODUCER, name="Web server", region="DFW", size=2_500_000_000)
    cloud.add_image(owner=PRODUCER, name="database", region="ORD")

    assert [option.text for option in find(producer, views.IMAGE)] == ["database", "Web server"]
    [option] = find(producer, views.IMAGE, "SERVER web")
    assert option.description == f"DFW · 2.5 GB · {web}"
    assert [option.text for option in find(producer, views.IMAGE, "ord")] == ["database"]
    assert find(producer, views.IMAGE, web[:13]) == [option]
    place = views.read_image(option.value)
    assert place.parts == (services.account_of(producer).id, "DFW", web)


def test_images_of_a_form_are_those_of_its_account_and_region(
    find: Find, cloud: CloudStandIn, producer: Person, services: Services
) -> None:
    cloud.add_image(owner=PRODUCER, name="here", region="DFW")
    cloud.add_image(owner=PRODUCER, name="there", region="ORD")

    options = find(producer, views.IMAGE, "", where(services, producer, "ORD"))

    assert [option.text for option in options] == ["there"]


def test_those_that_begin_with_what_was_typed_come_first(
    find: Find, cloud: CloudStandIn, producer: Person
) -> None:
    for name in ("a web", "web 2", "other", "web 1"):
        cloud.add_image(owner=PRODUCER, name=name, region="DFW")

    options = find(producer, views.IMAGE, "web")

    assert [option.text for option in options] == ["web 1", "web 2", "a web"]


def test_ones_own_images_come_before_those_of_others(
    find: Find, cloud: CloudStandIn, producer: Person
) -> None:
    cloud.add_image(owner="provider", name="a standard one", region="DFW", visibility="public")
    cloud.add_image(owner=PRODUCER, name="mine", region="DFW")

    assert [option.text for option in find(producer, views.IMAGE)] == ["mine", "a standard one"]


def test_an_image_that_two_accounts_see_is_there_once_for_its_owner(
    find: Find, cloud: CloudStandIn, producer: Person, link: Callable[..., Account]
) -> None:
    web = cloud.add_image(owner=PRODUCER, name="web", region="DFW")
    cloud.add_member(web, CONSUMER_A)
    other = link(producer, CONSUMER_A, "Consumer A")
    [before] = find(producer, views.IMAGE)

    assert views.read_image(before.value).account_id != other.id


def test_no_more_than_a_hundred_are_offered(
    find: Find, cloud: CloudStandIn, producer: Person
) -> None:
    for n in range(130):
        cloud.add_image(owner=PRODUCER, name=f"image {n:03}", region="DFW")

    options = find(producer, views.IMAGE)

    assert len(options) == 100
    assert options[-1].text == "image 099"
    assert [option.text for option in find(producer, views.IMAGE, "129")] == ["image 129"]


def test_typing_on_asks_the_cloud_nothing_more(
    find: Find, cloud: CloudStandIn, producer: Person
) -> None:
    cloud.add_image(owner=PRODUCER, name="web", region="DFW")
    find(producer, views.IMAGE)
    asked = len(cloud.requests)

    for words in ("w", "we", "web"):
        find(producer, views.IMAGE, words)

    assert len(cloud.requests) == asked


def test_a_form_that_opens_warms_its_menus(
    find: Find, cloud: CloudStandIn, producer: Person, services: Services
) -> None:
    cloud.add_image(owner=PRODUCER, name="web", region="DFW")
    value = where(services, producer, "DFW")

    menus.warm(producer, value, services, views.IMAGE)
    find(producer, views.IMAGE, "", value)
    listed = [path for _, path, _ in cloud.requests if "/images" in path]
    find(producer, views.IMAGE, "web", value)

    assert len(listed) == 1
    assert [path for _, path, _ in cloud.requests if "/images" in path] == listed


def test_one_person_never_sees_what_another_reads(
    find: Find, cloud: CloudStandIn, producer: Person, consumer: Person, services: Services
) -> None:
    cloud.add_image(owner=PRODUCER, name="web", region="DFW")
    find(producer, views.IMAGE)

    assert find(consumer, views.IMAGE) == []
    assert find(consumer, views.IMAGE, "", where(services, producer, "DFW")) == []


def test_one_silent_region_does_not_empty_the_menu(
    find: Find, cloud: CloudStandIn, producer: Person
) -> None:
    cloud.add_image(owner=PRODUCER, name="web", region="DFW")
    cloud.fail_next(10, 503, path_prefix="/ORD/")

    assert [option.text for option in find(producer, views.IMAGE)] == ["web"]


def test_whoever_has_linked_nothing_finds_nothing(find: Find, stranger: Person) -> None:
    assert find(stranger, views.IMAGE) == []


def test_a_menu_whose_form_another_version_made_finds_nothing(find: Find, producer: Person) -> None:
    for value in ("", "{", '["only-one"]', "[1,2]"):
        assert find(producer, views.REGION, "", value) == []


def test_accounts_are_those_of_the_workspace_by_number_and_name(
    find: Find, link: Callable[..., Account], producer: Person, consumer: Person
) -> None:
    link(Person("T2", "U1"), "3300333", "Elsewhere")
    link(producer, CONSUMER_A, "Testing")

    options = find(producer, views.ACCOUNT)

    assert [(option.text, option.value) for option in options] == [
        ("1100111 (Producer)", "1100111"),
        ("2200222 (Consumer A, Testing)", "2200222"),
    ]
    assert [option.value for option in find(producer, views.ACCOUNT, "testing")] == ["2200222"]


def test_regions_to_copy_to_are_the_other_ones(
    find: Find, producer: Person, services: Services
) -> None:
    options = find(producer, views.REGION, "", where(services, producer, "DFW"))

    assert [option.value for option in options] == ["ORD"]


def test_strangers_names_fit_into_an_option_and_hide_nothing(
    find: Find, cloud: CloudStandIn, producer: Person
) -> None:
    cloud.add_image(owner=PRODUCER, name="\u202egnp " + "long " * 40, region="DFW")
    cloud.add_image(owner=PRODUCER, name="", region="DFW")

    longest, nameless = sorted(find(producer, views.IMAGE), key=lambda option: -len(option.text))

    assert 74 <= len(longest.text) <= 75
    assert longest.text.startswith("gnp long")
    assert nameless.text in nameless.description
