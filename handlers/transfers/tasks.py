"""List a person's transfers, and other tasks that the cloud runs for their accounts."""

from __future__ import annotations

from collections.abc import Sequence

from cloud import Connection, Task, Way
from cloud.errors import NotFound
from handlers.core import find_image
from handlers.core.errors import NotYours, Usage
from handlers.core.interactions import Click, Command, Person
from handlers.core.places import AccountRegion, account_regions
from handlers.core.region_queries import RegionResults
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.transfers import transfers
from handlers.transfers.errors import NoSuchTransfer
from handlers.transfers.views import tasks as views
from handlers.transfers.views.tasks import FoundTask
from handlers.transfers.views.transfers import read_look, stopping
from storage import Transfer

TASKS = "tasks"
TASK = "task ID"

KNOWN = 100
"""Latest own transfers whose tasks are not listed again as the cloud's."""
LISTED = 20
"""Tasks fetched from each region."""


def tasks(command: Command, services: Services) -> Message:
    """/images tasks: list one's transfers, and other tasks of one's accounts."""
    if command.words:
        raise Usage(TASKS)
    own = services.store.transfers.of(command.person.team_id, command.person.user_id, KNOWN)
    gathered = _in_the_cloud(command, services)
    known = {each.memory.get("task_id") for each in [*own, *services.store.transfers.running()]}
    others = [seen for seen in _seen(gathered) if seen.task.id not in known]
    return views.tasks(own, others, services.clock(), gathered.troubles)


def task(command: Command, services: Services) -> Message:
    """/images task <id>: show a transfer, or a task of the cloud."""
    match command.words:
        case (word,):
            found = _transfer(command.person, word, services)
        case _:
            raise Usage(TASK)
    if found:
        return transfers.card(found, services)
    places = account_regions(
        find_image.selected_accounts(command, services), command.last("region")
    )
    return _task_of_the_cloud(places, word, services)


def task_clicked(click: Click, services: Services) -> Message:
    """The Details button of a task of the cloud."""
    task = views.TaskRef.read(click.value)
    account = services.account(click.person, task.account_id)
    return _task_of_the_cloud([AccountRegion(account, task.region)], task.task_id, services)


def look_clicked(click: Click, services: Services) -> Message:
    """Show a transfer: the Details button of a list, Refresh of a card."""
    word = read_look(click.value)
    found = _transfer(click.person, word, services)
    if found is None:
        raise NoSuchTransfer(word)
    return transfers.card(found, services)


def stop_clicked(click: Click, services: Services) -> Message:
    """Stop waiting for a transfer that is stuck: the Stop waiting button."""
    word = read_look(click.value)
    found = _transfer(click.person, word, services)
    if found is None:
        raise NoSuchTransfer(word)
    with services.audited(
        click.person.actor,
        "transfer.stop",
        found.title,
        account=found.account,
        region=found.region,
        detail=f"transfer {found.id}",
    ):
        running = services.store.transfers.stop(found.id, click.person.user_id)
    return stopping(found) if running else transfers.card(found, services)


def _transfer(person: Person, word: str, services: Services) -> Transfer | None:
    """Find a transfer of the person, or of an account that they may use in this workspace."""
    found = services.store.transfers.get(word.lower())
    if found is None or found.team_id != person.team_id:
        return None
    if found.user_id == person.user_id:
        return found
    try:
        services.account(person, found.account_id)
    except NotYours:
        return None
    return found


def _task_of_the_cloud(places: Sequence[AccountRegion], word: str, services: Services) -> Message:
    gathered = services.query_regions(places, lambda connection, r: _one(connection, r, word))
    for place, found in gathered.or_raise().results:
        if found:
            return views.task(FoundTask(place.account, place.region, found))
    raise NoSuchTransfer(word)


def _in_the_cloud(command: Command, services: Services) -> RegionResults[Sequence[Task]]:
    places = account_regions(
        find_image.selected_accounts(command, services), command.last("region")
    )
    return services.query_regions(places, _latest)


def _seen(gathered: RegionResults[Sequence[Task]]) -> list[FoundTask]:
    """List each task once, newest first."""
    every = {
        task.id: FoundTask(place.account, place.region, task)
        for place, tasks in gathered.results
        for task in tasks
    }
    return sorted(every.values(), key=lambda seen: seen.task.created_at, reverse=True)


def _latest(connection: Connection, region: str) -> Sequence[Task]:
    if not _has_tasks(connection, region):
        return ()
    return list(connection.tasks(region).list(limit=LISTED))


def _one(connection: Connection, region: str, task_id: str) -> Task | None:
    if not _has_tasks(connection, region):
        return None
    try:
        return connection.tasks(region).get(task_id)
    except NotFound:
        return None


def _has_tasks(connection: Connection, region: str) -> bool:
    able = connection.capabilities(region)
    return Way.TASK in (able.exports, able.imports)
