"""
The options of menus that search: images, accounts, containers, objects, flavors.

Slack asks at every pause in typing and gives up after 3 s. So listings are cached for a minute,
and one that takes longer is shown as far as it was read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from cloud import Connection, Container, ImageFilter, ObjectStore
from handlers.core.errors import UserError
from handlers.core.interactions import Person, Search
from handlers.core.list_cache import Listing, MenuItem, collect
from handlers.core.places import AccountRegion, account_regions
from handlers.core.replies import Option
from handlers.core.services import Services
from handlers.ui import typeahead_options as views
from handlers.ui.typeahead_options import FormRegion
from storage import Account

TIMEOUT_S = 2.0
"""Seconds to wait for a listing. Slack gives up after 3 s."""
MAX_OBJECTS = 1_000
"""Objects of one container that a menu goes through; typing more of a name finds the others."""
MAX_CONTAINERS = 100
"""Containers whose objects a menu shows before one of them is typed."""

_Lister = Callable[[Connection, AccountRegion], Iterable[MenuItem]]


def images(search: Search, services: Services) -> Sequence[Option]:
    """Images of the form's account and region, or else of all the person's."""
    listings = _images(search.person, search.value, services)
    return views.matching_options(collect(listings, TIMEOUT_S), search.words)


def shareable_images(search: Search, services: Services) -> Sequence[Option]:
    """A person's own images, but for public ones, which everybody has."""
    items = collect(_images(search.person, search.value, services), TIMEOUT_S)
    return views.matching_options((item for item in items if item.shareable), search.words)


def accounts(search: Search, services: Services) -> Sequence[Option]:
    """The accounts that people of this workspace have linked: those one may share with."""
    links: dict[str, list[Account]] = defaultdict(list)
    for link in services.store.accounts.of_team(search.person.team_id):
        links[link.project_id].append(link)
    items = [
        views.account(number, {link.project_name for link in same}, {x.user_name for x in same})
        for number, same in links.items()
    ]
    return views.matching_options(items, search.words)


def regions(search: Search, services: Services) -> Sequence[Option]:
    """The account's other regions: where an image may be copied to."""
    place = _form_region(search.person, search.value, services)
    others = [region for region in place.account.regions if region != place.region]
    return views.matching_options(map(views.region, others), search.words)


def containers(search: Search, services: Services) -> Sequence[Option]:
    """The containers of the form's account and region."""
    listings = _containers(search.person, search.value, services)
    return views.matching_options(collect(listings, TIMEOUT_S), search.words)


def objects(search: Search, services: Services) -> Sequence[Option]:
    """
    Objects, named `container/object`: of all containers, or of the one that is typed before a `/`.

    Without a `/` large containers are left out, or else the menu would never be ready.
    """
    container, slash, beginning = search.words.strip().partition("/")
    if not slash:
        listings = _objects(search.person, search.value, services)
        return views.matching_options(collect(listings, TIMEOUT_S), search.words)
    kind = f"objects {container}/{beginning}"
    lister = partial(_listed_container, container, beginning)
    listings = _listings(
        [_form_region(search.person, search.value, services)], kind, lister, services
    )
    return views.matching_options(collect(listings, TIMEOUT_S), "")


def flavors(search: Search, services: Services) -> Sequence[Option]:
    """The sizes of server that there are where the form's image is, the smallest first."""
    listings = _flavors(search.person, search.value, services)
    return views.matching_options(collect(listings, TIMEOUT_S), search.words, ordered=True)


def prefetch(person: Person, value: str, services: Services, *menus: str) -> None:
    """
    Start to read the listings of these menus of a form, before anybody types.

    Args:
        value: of the form, as it will come back with it.
    """
    for menu in menus:
        _PREFETCHERS[menu](person, value, services)


def _images(person: Person, value: str, services: Services) -> list[Listing[MenuItem]]:
    places = [_form_region(person, value, services)] if value else _all_regions(person, services)
    return _listings(places, "images", _listed_images, services)


def _containers(person: Person, value: str, services: Services) -> list[Listing[MenuItem]]:
    place = _form_region(person, value, services)
    return _listings([place], "containers", _listed_containers, services)


def _objects(person: Person, value: str, services: Services) -> list[Listing[MenuItem]]:
    place = _form_region(person, value, services)
    return _listings([place], "objects", _listed_objects, services)


def _flavors(person: Person, value: str, services: Services) -> list[Listing[MenuItem]]:
    place = _form_region(person, value, services)
    return _listings([place], "flavors", _listed_flavors, services)


def _listed_images(connection: Connection, place: AccountRegion) -> Iterator[MenuItem]:
    for each in connection.images(place.region).list(ImageFilter(hidden=True)):
        yield views.image(each, place.account)


def _listed_containers(connection: Connection, place: AccountRegion) -> Iterator[MenuItem]:
    return map(views.container, _own_containers(connection.object_store(place.region)))


def _listed_objects(connection: Connection, place: AccountRegion) -> Iterator[MenuItem]:
    store = connection.object_store(place.region)
    for container in islice(_own_containers(store), MAX_CONTAINERS):
        if container.count <= MAX_OBJECTS:
            yield from _objects_of(store, container.name, "")


def _listed_container(
    container: str, beginning: str, connection: Connection, place: AccountRegion
) -> Iterator[MenuItem]:
    return _objects_of(connection.object_store(place.region), container, beginning)


def _listed_flavors(connection: Connection, place: AccountRegion) -> Iterator[MenuItem]:
    return map(views.flavor, connection.compute(place.region).flavors())


def _own_containers(store: ObjectStore) -> Iterator[Container]:
    """Yield the containers that people made, without those for segments of large objects."""
    return (each for each in store.containers() if not each.name.endswith("_segments"))


def _objects_of(store: ObjectStore, container: str, beginning: str) -> Iterator[MenuItem]:
    for each in islice(store.objects(container, beginning), MAX_OBJECTS):
        yield views.stored_object(container, each)


def _all_regions(person: Person, services: Services) -> list[AccountRegion]:
    return account_regions(services.accounts_of(person))


def _form_region(person: Person, value: str, services: Services) -> AccountRegion:
    """
    Return the account and region of the form. Its value is a claim, and is checked here.

    Raises:
        BadButton: it is no such value.

        NotYours: the person has not linked the account.
    """
    where = FormRegion.read(value)
    return AccountRegion(services.account(person, where.account_id), where.region)


def _listings(
    places: Sequence[AccountRegion], kind: str, lister: _Lister, services: Services
) -> list[Listing[MenuItem]]:
    """
    Return the listing of each region, from the cache or starting to read it.

    Raises:
        LostCredentials: of every place.
    """
    listings: list[Listing[MenuItem]] = []
    for place in places:
        try:
            listings.append(_listing(place, kind, lister, services))
        except UserError:
            if place == places[-1] and not listings:
                raise
    return listings


def _listing(
    place: AccountRegion, kind: str, lister: _Lister, services: Services
) -> Listing[MenuItem]:
    """The store is read here and not in the cache's threads, which know only the cloud."""
    connection = services.connection(place.account)
    key = (place.account.id, place.region, kind)
    return services.menus.read(key, lambda: lister(connection, place))


_PREFETCHERS: Mapping[str, Callable[[Person, str, Services], list[Listing[MenuItem]]]] = {
    views.IMAGE: _images,
    views.EXPORT_CONTAINER: _containers,
    views.IMPORT_CONTAINER: _containers,
    views.OBJECT: _objects,
    views.FLAVOR: _flavors,
}
