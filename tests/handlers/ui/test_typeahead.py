"""Menus that look things up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers import DISPATCHER, Option, Person, Search, Services
from handlers.core.places import ImageRef
from handlers.ui import typeahead
from handlers.ui import typeahead_options as views
from handlers.ui.typeahead_options import FormRegion
from sandbox.cloud import CloudStandIn
from storage import Account
from tests.handlers.conftest import CONSUMER_A, PRODUCER

Find = Callable[..., list[Option]]


@pytest.fixture
def find(services: Services) -> Find:
    """The options of a menu."""

    def _find(person: Person, menu: str, words: str = "", value: str = "") -> list[Option]:
        return list(DISPATCHER.find_options(Search(person, menu, words, value), services))

    return _find


def where(services: Services, person: Person, region: str) -> str:
    return FormRegion(services.current_account(person).id, region).value()


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
    place = ImageRef.read(option.value)
    assert place.parts == (services.current_account(producer).id, "DFW", web)


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

    assert ImageRef.read(before.value).account_id != other.id


def test_no_more_than_a_hundred_are_offered(
    find: Find, cloud: CloudStandIn, producer: Person
) -> None:
    for n in range(130):
        cloud.add_image(owner=PRODUCER, name=f"image {n:03}", region="DFW")

    options = find(producer, views.IMAGE)

    assert len(options) == 100
    assert options[-1].text == "image 099"
    assert find(producer, views.IMAGE, "image 129")[0].text == "image 129"


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

    typeahead.prefetch(producer, value, services, views.IMAGE)
    find(producer, views.IMAGE, "", value)
    listed = [path for _, path, _ in cloud.requests if "/images" in path]
    find(producer, views.IMAGE, "web", value)

    assert len(listed) == 3, "a page, the empty one that ends a listing, and hidden ones"
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


def test_containers_are_told_with_what_they_hold_but_not_those_of_segments(
    find: Find, cloud: CloudStandIn, producer: Person, services: Services
) -> None:
    for container in ("exports", "exports_segments", "backups"):
        cloud.add_object(PRODUCER, container, "a.vhd", b"a" * 2000, "DFW")
    cloud.add_object(PRODUCER, "elsewhere", "b.vhd", b"b", "ORD")
    value = where(services, producer, "DFW")

    for menu in (views.EXPORT_CONTAINER, views.IMPORT_CONTAINER):
        assert [(o.text, o.description) for o in find(producer, menu, "", value)] == [
            ("backups", "1 object · 2.0 KB"),
            ("exports", "1 object · 2.0 KB"),
        ]
        assert [o.value for o in find(producer, menu, "exp", value)] == ["exports"]


def test_objects_are_named_with_their_containers(
    find: Find, cloud: CloudStandIn, producer: Person, services: Services
) -> None:
    for container, name in (("a", "web.vhd"), ("b", "web.qcow2"), ("b", "notes/web.txt")):
        cloud.add_object(PRODUCER, container, name, b"data", "DFW")
    value = where(services, producer, "DFW")

    assert [option.value for option in find(producer, views.OBJECT, "web", value)] == [
        "b/web.qcow2",
        "a/web.vhd",
        "b/notes/web.txt",
    ]
    [option] = find(producer, views.OBJECT, "a vhd", value)
    assert option.description.startswith("4 bytes · ")


def test_a_container_typed_first_shows_what_begins_so_in_it(
    find: Find, cloud: CloudStandIn, producer: Person, services: Services
) -> None:
    for container, name in (("a", "web.vhd"), ("a", "database.vhd"), ("ab", "web.vhd")):
        cloud.add_object(PRODUCER, container, name, b"data", "DFW")
    value = where(services, producer, "DFW")

    assert [o.value for o in find(producer, views.OBJECT, "a/", value)] == [
        "a/database.vhd",
        "a/web.vhd",
    ]
    assert [o.value for o in find(producer, views.OBJECT, "a/we", value)] == ["a/web.vhd"]
    assert find(producer, views.OBJECT, "no-such/", value) == []


def test_of_a_large_container_the_beginning_of_a_name_finds_what_is_far_down(
    find: Find, cloud: CloudStandIn, producer: Person, services: Services
) -> None:
    for n in range(typeahead.MAX_OBJECTS + 1):
        cloud.add_object(PRODUCER, "large", f"{n:05}.vhd", b"", "DFW")
    cloud.add_object(PRODUCER, "small", "one.vhd", b"", "DFW")
    value = where(services, producer, "DFW")

    assert [o.value for o in find(producer, views.OBJECT, "", value)] == ["small/one.vhd"]
    assert [o.value for o in find(producer, views.OBJECT, "large/010", value)] == [
        "large/01000.vhd"
    ]


def test_what_a_menu_cannot_carry_back_is_left_out(
    find: Find, cloud: CloudStandIn, producer: Person, services: Services
) -> None:
    """Slack takes 150 characters as the value of an option, and a whole list falls with one."""
    cloud.add_object(PRODUCER, "c", "n" * 148, b"data", "DFW")
    cloud.add_object(PRODUCER, "c", "n" * 149, b"data", "DFW")

    options = find(producer, views.OBJECT, "", where(services, producer, "DFW"))

    assert [len(option.value) for option in options] == [150]


def test_flavors_are_told_the_smallest_first(
    find: Find, producer: Person, services: Services
) -> None:
    value = where(services, producer, "DFW")

    assert [(o.text, o.value, o.description) for o in find(producer, views.FLAVOR, "", value)] == [
        ("1 GB General Purpose v1", "general1-1", "1 GB RAM, 1 CPU, 20 GB disk"),
        ("2 GB General Purpose v1", "general1-2", "2 GB RAM, 2 CPUs, 40 GB disk"),
        ("8 GB General Purpose v1", "general1-8", "8 GB RAM, 8 CPUs, 160 GB disk"),
    ]
    assert [o.value for o in find(producer, views.FLAVOR, "8 gb", value)] == ["general1-8"]


@pytest.mark.parametrize("menu", [views.EXPORT_CONTAINER, views.OBJECT, views.FLAVOR, views.REGION])
def test_a_form_of_someone_elses_account_finds_nothing(
    find: Find,
    cloud: CloudStandIn,
    producer: Person,
    consumer: Person,
    services: Services,
    menu: str,
) -> None:
    cloud.add_object(PRODUCER, "exports", "a.vhd", b"a", "DFW")
    value = where(services, producer, "DFW")
    assert find(producer, menu, "", value)

    assert find(consumer, menu, "", value) == []
