"""Images of servers."""

from __future__ import annotations

from handlers.core.errors import Usage
from handlers.core.interactions import Click, Command, Person, Submission
from handlers.core.names import LONGEST, checked_name, new_click
from handlers.core.operations import Operation
from handlers.core.replies import Message, Modal, Reply
from handlers.core.services import Services
from handlers.servers import list as servers
from handlers.servers.views import snapshot as views
from handlers.servers.views.list import FoundServer, ServerRef
from handlers.transfers import transfers
from handlers.transfers.plans import SnapshotPlan
from handlers.ui import operation_words
from storage import Kind

SNAPSHOT = "snapshot SERVER [NAME]"


def snapshot(command: Command, services: Services) -> Reply:
    """/images snapshot <server> <name>: asks whether to; without a name, opens a form."""
    match command.words:
        case (word,):
            name = ""
        case (word, given):
            name = checked_name(given)
        case _:
            raise Usage(SNAPSHOT)
    found, troubles = servers.find_servers(command, word, services)
    if len(found) > 1:
        return views.choice(word, found, name, troubles)
    services.account(command.person, found[0].account.id)
    return views.confirm(found[0], name, new_click()) if name else _form(found[0], services)


def opens(command: Command) -> bool:
    """Whether a form is asked for."""
    return len(command.words) == 1


def choose(click: Click, services: Services) -> Message:
    """The button of one of several servers, for an image whose name was given."""
    asked = views.Snapshot.read(click.value)
    seen = servers.server_from_button(click.person, asked.place, services)
    return views.confirm(seen, asked.name, new_click())


def open_clicked(click: Click, services: Services) -> Modal:
    """The button that asks for an image of a server."""
    return _form(
        servers.server_from_button(click.person, ServerRef.read(click.value), services), services
    )


def confirm(click: Click, services: Services) -> Message:
    """The button of the confirmation: begins, once however often it is pressed."""
    asked = views.Snapshot.read(click.value)
    return _begin(click.person, asked, asked.name, services)


def submitted(submission: Submission, services: Services) -> Message:
    """The form, sent: it is the confirmation, too."""
    asked = views.Snapshot.read(submission.value)
    return _begin(submission.person, asked, checked_name(submission.text(views.NAME)), services)


def cancel(click: Click, _: Services) -> Message:
    """The Cancel button of a confirmation."""
    return views.cancelled(click.value)


def _form(seen: FoundServer, services: Services) -> Modal:
    name = f"{seen.server.name[: LONGEST - 11]}-{services.clock():%Y-%m-%d}"
    return views.form(seen, name, new_click())


def _begin(person: Person, asked: views.Snapshot, name: str, services: Services) -> Message:
    seen = servers.server_from_button(person, asked.place, services)
    account, server = services.account(person, asked.place.account_id), seen.server
    doing = operation_words.snapshot(server.name, name, seen.region)
    target = f"{server.id} as {name}"
    services.authorize(Operation("server.snapshot", account, seen.region, target, doing))
    transfer, new = transfers.begin(
        person,
        account,
        seen.region,
        Kind.SNAPSHOT,
        click=asked.click,
        key=f"snapshot {account.cloud} {account.project_id} {seen.region} {server.id}",
        title=server.name,
        plan=SnapshotPlan(server.id, server.name, name),
        services=services,
    )
    return views.begun(seen, transfer.id, str(transfer.plan["name"]), new=new)
