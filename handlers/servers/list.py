"""List and find servers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cloud import Connection, Server
from cloud.errors import NoSuchService, NotFound
from handlers.core import find_image
from handlers.core.errors import Trouble
from handlers.core.interactions import Command, Person
from handlers.core.places import account_regions
from handlers.core.region_queries import RegionResults
from handlers.core.replies import Message
from handlers.core.same_name import same
from handlers.core.services import Services
from handlers.servers.errors import NoSuchServer, ServerGone
from handlers.servers.views import list as views
from handlers.servers.views.list import FoundServer, ServerRef

SERVERS = "servers [words]"

_BEGINNING = re.compile(r"[0-9a-f][0-9a-f-]{5,}", re.IGNORECASE)


def servers(command: Command, services: Services) -> Message:
    """/images servers [words]: list the servers of all one's accounts and regions."""
    gathered = _everywhere(command, services)
    words = [word.casefold() for word in command.words]
    fitting = [seen for seen in _seen(gathered) if all(word in _words(seen) for word in words)]
    found = sorted(fitting, key=lambda seen: (seen.server.name.casefold(), seen.server.id))
    return views.servers(found, command.words, _regions(gathered), gathered.troubles)


def find_servers(
    command: Command, word: str, services: Services
) -> tuple[Sequence[FoundServer], Sequence[Trouble]]:
    """
    Find the servers that *word* means: by id, by the beginning of an id, or by exact name.

    Returns:
        One server or more, and the regions that could not be asked.

    Raises:
        NoSuchServer: no account that the person may view has one.
    """
    gathered = _everywhere(command, services)
    every = _seen(gathered)
    found = [seen for seen in every if _means(word, seen.server)]
    found = found or same(word, every, lambda seen: seen.server.name)
    if not found:
        raise NoSuchServer(word, _regions(gathered), gathered.troubles)
    return found, gathered.troubles


def server_from_button(person: Person, place: ServerRef, services: Services) -> FoundServer:
    """
    Fetch the server of a button, as it is now.

    Raises:
        NotYours: the person has not linked the account.

        ServerGone: the account has no such server any more.
    """
    account = services.account(person, place.account_id)
    compute = services.connection(account).compute(place.region)
    try:
        return FoundServer(account, place.region, compute.server(place.server_id))
    except NotFound as error:
        raise ServerGone(place.server_id) from error


def _everywhere(command: Command, services: Services) -> RegionResults[Sequence[Server]]:
    """
    List the servers of each region that has a Compute service.

    Raises:
        NoSuchService: none has.
    """
    places = account_regions(
        find_image.selected_accounts(command, services), command.last("region")
    )
    gathered = services.query_regions(places, _servers)
    real = [t for t in gathered.troubles if not isinstance(t.error, NoSuchService)]
    if gathered.results or real:
        return RegionResults(gathered.results, real).or_raise()
    return gathered.or_raise()


def _servers(connection: Connection, region: str) -> Sequence[Server]:
    return list(connection.compute(region).servers())


def _seen(gathered: RegionResults[Sequence[Server]]) -> list[FoundServer]:
    """List each server once, though two links may lead to one account."""
    every = [
        FoundServer(place.account, place.region, server)
        for place, servers in gathered.results
        for server in servers
    ]
    return list({(seen.region, seen.server.id): seen for seen in every}.values())


def _regions(gathered: RegionResults[Sequence[Server]]) -> list[str]:
    return list(dict.fromkeys(place.region for place, _ in gathered.results))


def _means(word: str, server: Server) -> bool:
    beginning = _BEGINNING.fullmatch(word) is not None and server.id.startswith(word.lower())
    return beginning or word in (server.id, server.name)


def _words(seen: FoundServer) -> str:
    server = seen.server
    facts = (server.name, server.id, server.status, seen.region, *server.addresses)
    return " ".join(facts).casefold()
