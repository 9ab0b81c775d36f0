"""Make images of servers."""

from __future__ import annotations

from dataclasses import replace

from handlers.core.errors import Usage
from handlers.core.facts import Facts
from handlers.core.interactions import Click, Command, Person, Submission
from handlers.core.names import MAX_NAME_LENGTH, image_name, new_question_id
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
    """/images snapshot <server> <name>: ask; without a name, open a form."""
    match command.words:
        case (word,):
            name = ""
        case (word, given):
            name = image_name(given)
        case _:
            raise Usage(SNAPSHOT)
    found, troubles = servers.find_servers(command, word, services)
    if len(found) > 1:
        return views.choice(word, found, name, troubles)
    services.account(command.person, found[0].account.id)
    return views.confirm(found[0], name, new_question_id()) if name else _form(found[0], services)


def opens(command: Command) -> bool:
    """Whether the command opens the form."""
    return len(command.words) == 1


def open_clicked(click: Click, services: Services) -> Modal:
    """Open the form: the button of a server in a list."""
    place = ServerRef.read(click.value)
    return _form(servers.server_from_button(click.person, place, services), services)


def choose_clicked(click: Click, services: Services) -> Message:
    """Ask: the button of one of several servers, the image's name having been given."""
    asked = views.Snapshot.read(click.value)
    seen = servers.server_from_button(click.person, asked.place, services)
    return views.confirm(seen, asked.name, new_question_id())


def submitted(submission: Submission, services: Services) -> Message:
    """Begin: the form, sent. It has said what that means."""
    asked = views.Snapshot.read(submission.value)
    asked = replace(asked, name=image_name(submission.text(views.NAME)))
    return _begin(submission.person, asked, services)


def confirm_clicked(click: Click, services: Services) -> Message:
    """Begin: the Make the image button of the question. Pressed twice, it begins once."""
    return _begin(click.person, views.Snapshot.read(click.value), services)


def cancel_clicked(click: Click, _: Services) -> Message:
    """Say that nothing was done: the Cancel button of the question."""
    return views.cancelled(click.value)


def _form(seen: FoundServer, services: Services) -> Modal:
    name = f"{seen.server.name[: MAX_NAME_LENGTH - 11]}-{services.clock():%Y-%m-%d}"
    return views.form(seen, name, new_question_id())


def _begin(person: Person, asked: views.Snapshot, services: Services) -> Message:
    seen = servers.server_from_button(person, asked.place, services)
    account, server = seen.account, seen.server
    services.authorize(_operation(seen, asked.name))
    transfer, new = transfers.begin(
        person,
        account,
        seen.region,
        Kind.SNAPSHOT,
        click=asked.click,
        key=f"snapshot {account.cloud} {account.project_id} {seen.region} {server.id}",
        title=server.name,
        plan=SnapshotPlan(server.id, server.name, asked.name),
        services=services,
    )
    return views.begun(seen, str(transfer.plan["name"]), transfer.id, new=new)


def _operation(seen: FoundServer, name: str) -> Operation:
    words = operation_words.snapshot(seen.server.name, name, seen.region)
    target = f"{seen.server.id} as {name}"
    details = (("server", seen.server.id), ("image name", name))
    return Operation(
        "server.snapshot", seen.account, seen.region, target, words, Facts(details=details)
    )
