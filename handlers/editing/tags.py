"""Add and remove tags, for which some clouds need a lower role than for other changes."""

from __future__ import annotations

from collections.abc import Callable

from handlers.core import find_image
from handlers.core.errors import Usage
from handlers.core.interactions import Command
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.editing import apply, fields, parse, undo
from handlers.editing.parse import RequestedChanges
from handlers.editing.views import result as views

TAG = "tag IMAGE TAG…"
UNTAG = "untag IMAGE TAG…"


def tag(command: Command, services: Services) -> Message:
    """/images tag <image> <tag>…: add tags."""
    word, names = _words(command, TAG, fields.new_tag)
    return _change_tags(command, word, RequestedChanges(tags=names), services)


def untag(command: Command, services: Services) -> Message:
    """/images untag <image> <tag>…: remove tags."""
    word, names = _words(command, UNTAG, fields.tag)
    return _change_tags(command, word, RequestedChanges(untags=names), services)


def _words(command: Command, form: str, read: Callable[[str], str]) -> tuple[str, tuple[str, ...]]:
    match command.words:
        case (word, *names) if names:
            return word, tuple(dict.fromkeys(read(name) for name in names))
    raise Usage(form)


def _change_tags(
    command: Command, word: str, requested: RequestedChanges, services: Services
) -> Message:
    found = find_image.find_image(command, word, services)
    account, image = found.account, found.image
    apply.must_own(image, account, command.verb)
    parse.check_removals(requested, image)
    changed = parse.differences(requested, image)
    if not changed.values:
        return views.unchanged(image)
    with apply.lock_image(image.region, image.id, services):
        now = apply.update_tags(command.person, account, image, changed, services)
    before, after = apply.changed_values(image, changed), apply.changed_values(now, changed)
    token = undo.issue(account, before, now, services, by=undo.TAGS)
    return views.changed(now, before, after, token)
