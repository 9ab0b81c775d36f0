"""
The options of menus that look things up: images, accounts, containers, objects, flavors.

Slack asks at every pause in typing and waits 3 s. So what the cloud says is kept for a minute,
and what takes longer to read is shown as far as it is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cloud import Connection
from handlers.cache import Reading, gathered
from handlers.errors import UserError
from handlers.modal import Option
from handlers.requests import Person, Search
from handlers.services import Place, Services, places_of
from handlers.views import menus as views
from handlers.views.menus import Item, Where
from storage import Account

PATIENCE_S = 2.0
"""How long what is not yet there is waited for. Slack gives up after 3 s."""

_Listed = Callable[[Connection, Place], Iterable[Item]]


def images(search: Search, services: Services) -> Sequence[Option]:
    """Images of the form's account and region, or else of all the person's."""
    readings = _images(search.person, search.value, services)
    return views.found(gathered(readings, PATIENCE_S), search.words)


def accounts(search: Search, services: Services) -> Sequence[Option]:
    """The accounts that people of this workspace have linked: those one may share with."""
    links: dict[str, list[Account]] = defaultdict(list)
    for link in services.store.accounts.all():
        if link.team_id == search.person.team_id:
            links[link.project_id].append(link)
    items = [
        views.account(number, {link.project_name for link in same}, {x.user_name for x in same})
        for number, same in links.items()
    ]
    return views.found(items, search.words)


def regions(search: Search, services: Services) -> Sequence[Option]:
    """The account's other regions: where an image may be copied to."""
    where = Where.read(search.value)
    account = services.account(search.person, where.account_id)
    others = [region for region in account.regions if region != where.region]
    return views.found(map(views.region, others), search.words)


def warm(person: Person, value: str, services: Services, *menus: str) -> None:
    """
    Begin to read what these menus of a form will offer, before anybody types.

    Args:
        value: of the form, as it will come back with it.
    """
    for menu in menus:
        _READINGS[menu](person, value, services)


def _images(person: Person, value: str, services: Services) -> list[Reading[Item]]:
    if value:
        account, region = _where(person, value, services)
        places = [Place(account, region)]
    else:
        places = places_of(services.accounts_of(person))
    return _readings(places, "images", _listed_images, services)


def _listed_images(connection: Connection, place: Place) -> Iterator[Item]:
    for each in connection.images(place.region).list():
        yield views.image(each, place.account)


def _where(person: Person, value: str, services: Services) -> tuple[Account, str]:
    where = Where.read(value)
    return services.account(person, where.account_id), where.region


def _readings(
    places: Sequence[Place], kind: str, listed: _Listed, services: Services
) -> list[Reading[Item]]:
    """
    What is kept of each place, or begins to be read there.

    Raises:
        LostCredentials: of every place.
    """
    readings: list[Reading[Item]] = []
    for place in places:
        try:
            readings.append(_reading(place, kind, listed, services))
        except UserError:
            if place == places[-1] and not readings:
                raise
    return readings


def _reading(place: Place, kind: str, listed: _Listed, services: Services) -> Reading[Item]:
    """The store is read here and not in the cache's threads, which know only the cloud."""
    connection = services.connection(place.account)
    key = (place.account.id, place.region, kind)
    return services.menus.read(key, lambda: listed(connection, place))


_READINGS: Mapping[str, Callable[[Person, str, Services], list[Reading[Item]]]] = {
    views.IMAGE: _images,
}
