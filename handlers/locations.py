"""Finds the object a person means by `container/object`, in all their accounts and regions."""

from __future__ import annotations

from dataclasses import dataclass

from cloud import Connection, StoredObject
from cloud.errors import NoSuchService, NotFound
from handlers import resolve
from handlers.obstacles import InSeveralPlaces, NoSuchObject, NotALocation
from handlers.requests import Command
from handlers.services import Gathered, Services, places_of
from storage import Account


@dataclass(frozen=True)
class Location:
    """What is written `container/object`."""

    container: str
    object: str

    @classmethod
    def read(cls, word: str) -> Location:
        """
        Raises:
            NotALocation: it is not written so.
        """
        container, _, name = word.partition("/")
        if not container or not name:
            raise NotALocation(word)
        return cls(container, name)

    def __str__(self) -> str:
        return f"{self.container}/{self.object}"


@dataclass(frozen=True)
class Found:
    """An object, and where it is."""

    account: Account
    region: str
    location: Location
    stored: StoredObject


def find(command: Command, word: str, services: Services) -> Found:
    """
    The one object of that name where the command lets one look.

    Raises:
        NotALocation, NoSuchObject, InSeveralPlaces: as they say.
    """
    location = Location.read(word)
    places = places_of(resolve.accounts(command, services), command.last("region"))
    gathered = _with_storage(
        services.in_places(places, lambda connection, r: _stored(connection, r, location))
    )
    found = [
        Found(place.account, place.region, location, stored)
        for place, stored in gathered.results
        if stored is not None
    ]
    match _once_each(found):
        case [one]:
            return one
        case []:
            raise NoSuchObject(word, [place.region for place, _ in gathered.results])
        case several:
            raise InSeveralPlaces(word, [(f.account.project_id, f.region) for f in several])


def stored(account: Account, region: str, location: Location, services: Services) -> StoredObject:
    """
    The object as it is now.

    Raises:
        NoSuchObject: it is not there.
    """
    found = _stored(services.connection(account), region, location)
    if found is None:
        raise NoSuchObject(str(location), [region])
    return found


def _stored(connection: Connection, region: str, location: Location) -> StoredObject | None:
    try:
        return connection.object_store(region).object(location.container, location.object)
    except NotFound:
        return None


def _with_storage(gathered: Gathered[StoredObject | None]) -> Gathered[StoredObject | None]:
    """Without the regions that have no object storage, if any has."""
    real = [t for t in gathered.troubles if not isinstance(t.error, NoSuchService)]
    return Gathered(gathered.results, real if gathered.results else gathered.troubles).checked()


def _once_each(found: list[Found]) -> list[Found]:
    """Though it may be that two links lead to one account."""
    return list({(f.account.cloud, f.account.project_id, f.region): f for f in found}.values())
