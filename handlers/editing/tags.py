"""Tags of an image, for which some clouds ask less than for other changes."""

from __future__ import annotations

from collections.abc import Callable

from handlers.core import find_image
from handlers.core.errors import Usage
from handlers.core.interactions import Command
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.editing import apply as writing
from handlers.editing import parse as changes
from handlers.editing import undo
from handlers.editing.parse import RequestedChanges
from handlers.editing.views import result as views

TAG = "tag IMAGE TAG…"
UNTAG = "untag IMAGE TAG…"


def tag(command: Command, services: Services) -> Message:
    """/images tag <image> <tag>…: adds tags."""
    word, names = _words(command, TAG, changes.new_tag)
    return _retagged(command, word, RequestedChanges(tags=names), services)


def untag(command: Command, services: Services) -> Message:
    """/images untag <image> <tag>…: takes tags away."""
    word, names = _words(command, UNTAG, changes.tag)
    return _retagged(command, word, RequestedChanges(untags=names), services)


def _words(command: Command, form: str, read: Callable[[str], str]) -> tuple[str, tuple[str, ...]]:
    match command.words:
        case (word, *names) if names:
            return word, tuple(dict.fromkeys(read(name) for name in names))
    raise Usage(form)


def _retagged(command: Command, word: str, asked: RequestedChanges, services: Services) -> Message:
    found = find_image.find_image(command, word, services)
    account, image = found.account, found.image
    writing.must_own(image, account, command.verb)
    changes.check(asked, image)
    todo = changes.compared(asked, image)
    if not todo.values:
        return views.unchanged(image)
    with writing.alone(image.region, image.id, services):
        now = writing.retag(command.person, account, image, todo, services)
    before, after = writing.picture(image, todo), writing.picture(now, todo)
    token = undo.issue(account, before, now, services, by=undo.TAGS)
    return views.changed(now, before, after, token)
