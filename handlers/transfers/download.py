"""
Make temporary links to objects, which need no login.

A link is as good as a password. It is shown to one person and kept nowhere: not in the database,
the audit or the log.
"""

from __future__ import annotations

from datetime import timedelta

from cloud import StoredObject
from handlers.core.errors import Usage
from handlers.core.facts import Facts
from handlers.core.interactions import Click, Command, Person
from handlers.core.operations import Operation
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.transfers import object_path, temp_url_keys
from handlers.transfers.object_path import Location
from handlers.transfers.views import download as views
from handlers.transfers.views.download import Stored
from handlers.ui import operation_words
from storage import Account

DOWNLOAD = 'download CONTAINER/OBJECT [because "…"]'

LIFE = timedelta(hours=1)


def download(command: Command, services: Services) -> Message:
    """/images download <container>/<object>: make a link that works for an hour."""
    match command.words:
        case (word,):
            found = object_path.find(command, word, services, region_matters=False)
        case _:
            raise Usage(DOWNLOAD)
    place = Stored(found.account.id, found.region, found.location.container, found.location.object)
    return _link(command.person, found.account, place, found.stored, services)


def link_clicked(click: Click, services: Services) -> Message:
    """Make a link, in a note of its own: the Download link button of an export."""
    place = Stored.read(click.value)
    account = services.account(click.person, place.account_id)
    location = Location(place.container, place.object)
    held = object_path.stored(account, place.region, location, services)
    return _link(click.person, account, place, held, services).as_note()


def _link(
    person: Person, account: Account, place: Stored, held: StoredObject, services: Services
) -> Message:
    services.authorize(_operation(account, place, held))
    until = services.clock() + LIFE
    with services.audited(
        person.actor,
        "object.link",
        f"{place.container}/{place.object}",
        account=account.key,
        region=place.region,
        detail=f"until {until.isoformat(timespec='seconds')}",
    ):
        url = temp_url_keys.temporary_url(
            account,
            place.region,
            place.container,
            place.object,
            until,
            services,
            filename=place.object.rpartition("/")[2],
        )
    return views.link(place, url, until, held.size)


def _operation(account: Account, place: Stored, held: StoredObject) -> Operation:
    target = f"{place.container}/{place.object}"
    words = operation_words.download(place.container, place.object, place.region)
    details = (("object", target), ("region", place.region), ("bytes", str(held.size)))
    return Operation("object.link", account, place.region, target, words, Facts(details=details))
