"""Find the object that `container/object` names, in all of a person's accounts and regions."""

from __future__ import annotations

from dataclasses import dataclass

from cloud import Connection, StoredObject
from cloud.errors import NoSuchService, NotFound
from handlers.core import find_image
from handlers.core.interactions import Command
from handlers.core.places import account_regions
from handlers.core.region_queries import RegionResults
from handlers.core.services import Services
from handlers.transfers.errors import InSeveralPlaces, NoSuchObject, NotALocation
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
    store_url: str


def find(command: Command, word: str, services: Services, *, region_matters: bool) -> Found:
    """
    Find the one object of that name in the accounts and regions that the command allows.

    Args:
        region_matters: count an object once for each region, though regions share one object
            store.

    Raises:
        NotALocation: the word is not `container/object`.

        NoSuchObject: there is no such object.

        InSeveralPlaces: there are several.
    """
    location = Location.read(word)
    places = account_regions(
        find_image.selected_accounts(command, services), command.last("region")
    )
    gathered = _with_storage(
        services.query_regions(places, lambda connection, r: _stored(connection, r, location))
    )
    found = [
        Found(place.account, place.region, location, *held)
        for place, held in gathered.results
        if held is not None
    ]
    match _once_each(found, region_matters=region_matters):
        case [one]:
            return one
        case []:
            raise NoSuchObject(word, [place.region for place, _ in gathered.results])
        case several:
            raise InSeveralPlaces(word, [(f.account.project_id, f.region) for f in several])


def stored(account: Account, region: str, location: Location, services: Services) -> StoredObject:
    """
    Fetch the object as it is now.

    Raises:
        NoSuchObject: it is not there.
    """
    held = _stored(services.connection(account), region, location)
    if held is None:
        raise NoSuchObject(str(location), [region])
    return held[0]


_Held = tuple[StoredObject, str]
"""An object, and the address of the object store that has it."""


def _stored(connection: Connection, region: str, location: Location) -> _Held | None:
    store = connection.object_store(region)
    try:
        return store.object(location.container, location.object), store.url
    except NotFound:
        return None


def _with_storage(gathered: RegionResults[_Held | None]) -> RegionResults[_Held | None]:
    """Drop the troubles of regions without object storage, if any region has it."""
    real = [t for t in gathered.troubles if not isinstance(t.error, NoSuchService)]
    return RegionResults(
        gathered.results, real if gathered.results else gathered.troubles
    ).or_raise()


def _once_each(found: list[Found], *, region_matters: bool) -> list[Found]:
    """List each object once: two links may lead to one account, two regions to one store."""
    return list({(f.store_url, f.region if region_matters else ""): f for f in found}.values())
