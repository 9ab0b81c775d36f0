"""Words about a person's transfers, and about tasks that the cloud runs for their accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cloud.tasks import Task
from handlers.core.button_values import ButtonValue
from handlers.core.errors import Trouble
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.transfers.views import download as downloads
from handlers.transfers.views import import_ as imports
from handlers.transfers.views.download import Stored
from handlers.transfers.views.failures import SAID, meaning
from handlers.transfers.views.transfers import RUNNING, look_button, row
from handlers.ui import rows
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    context,
    date,
    fields,
    moment,
    mono,
    named,
    section,
    short_id,
    strong,
)
from handlers.ui.error_words import trouble_notes
from handlers.ui.image_buttons import SHOW
from handlers.ui.labels import account_label
from handlers.ui.rows import facts
from storage import Account, Transfer

SHOWN, TASKS_SHOWN = 8, 5
"""Transfers in a list, and tasks of the cloud."""
TASK = "transfers.task"
"""The button that shows a task of the cloud."""

SUCCESS, FAILURE = "success", "failure"


@dataclass(frozen=True)
class TaskRef(ButtonValue):
    """A task of the cloud as one linked account sees it; the value of its Details button."""

    account_id: str
    """The bot's own id of the linked account, not its number."""
    region: str
    task_id: str


@dataclass(frozen=True)
class FoundTask:
    """A task, and the linked account and region that has it."""

    account: Account
    region: str
    task: Task


def tasks(
    transfers: Sequence[Transfer],
    others: Sequence[FoundTask],
    now: datetime,
    troubles: Sequence[Trouble] = (),
) -> Message:
    """
    List transfers, running ones first, then other tasks of the cloud.

    Args:
        others: tasks that were not begun here, in the order to show them.
    """
    running = [transfer for transfer in transfers if transfer.state == RUNNING]
    ended = [transfer for transfer in transfers if transfer.state != RUNNING]
    text = _counts(len(running), len(ended))
    shown = [*running, *ended][:SHOWN]
    blocks = [section(text)]
    for each in shown:
        blocks += row(each, now, look_button(each))
    if len(transfers) > len(shown):
        blocks.append(context(f"Showing the latest {SHOWN}."))
    if others:
        blocks.append(section("*Other tasks in your accounts*"))
        for seen in others[:TASKS_SHOWN]:
            blocks += _other_row(seen)
        left = len(others) - TASKS_SHOWN
        more = f"…and {left:,} more. " if left > 0 else ""
        blocks.append(context(f"{more}The cloud keeps tasks for 48 hours."))
    return Message(text, (*blocks, *trouble_notes(troubles)))


def task(seen: FoundTask) -> Message:
    """Show a task of the cloud that was not begun here."""
    one = seen.task
    text = f"Task {code(one.id)} in {seen.region}: {named(one.type)}, {named(one.status)}."
    blocks = [section(text), *fields(*_facts(seen))]
    if one.status == FAILURE:
        words = f"The cloud reported: {named(one.message, SAID)}."
        said = words if one.message else "The cloud gave no reason."
        blocks.append(section(f"{said} {meaning(one.message)}".strip()))
    return Message(text, (*blocks, *_ways_on(seen)))


def _counts(running: int, ended: int) -> str:
    if not running and not ended:
        return (
            "No exports, imports or copies yet. Start one with `/images export`, `import`, `copy`, "
            "`snapshot` or `launch`."
        )
    return f"*{f'{running:,}' if running else 'None'} running* · {ended:,} finished"


def _other_row(seen: FoundTask) -> list[Block]:
    one = seen.task
    value = TaskRef(seen.account.id, seen.region, one.id).value()
    label = f"Details of {one.type} {short_id(one.id)}"
    return rows.row(
        facts(strong(one.type, 30), mono(one.status, 30)),
        facts(seen.region, ["started ", moment(one.created_at)], mono(short_id(one.id))),
        [button("Details", TASK, value, label=label)],
    )


def _facts(seen: FoundTask) -> list[str]:
    one = seen.task
    name = (one.input.get("image_properties") or {}).get("name", "")
    facts = {
        "Account": account_label(seen.account),
        "Started": date(one.created_at),
        "Updated": date(one.updated_at),
        "Kept by the cloud until": date(one.expires_at) if one.expires_at else "",
        "Image": _known(one.input.get("image_uuid")),
        "To container": _known(one.input.get("receiving_swift_container")),
        "From object": _known(one.input.get("import_from")),
        "New image's name": _known(name),
        "Object": _known(one.result.get("export_location")),
        "New image": _known(one.result.get("image_id")),
    }
    return [f"*{title}*\n{fact}" for title, fact in facts.items() if fact]


def _known(value: Any) -> str:
    """Show a value, but no address: that of an interoperable import is a secret."""
    return named(value, 200) if isinstance(value, str) and value and "://" not in value else ""


def _ways_on(seen: FoundTask) -> Sequence[Block]:
    container, _, name = str(seen.task.result.get("export_location") or "").partition("/")
    if seen.task.status != SUCCESS:
        return ()
    if name:
        stored = Stored(seen.account.id, seen.region, container, name)
        return (buttons(downloads.link_button(stored)),)
    if image_id := seen.task.result.get("image_id"):
        place = ImageRef(seen.account.id, seen.region, str(image_id))
        show = button("Show image", SHOW, place.value())
        return (buttons(show), *imports.follow_up(place))
    return ()
