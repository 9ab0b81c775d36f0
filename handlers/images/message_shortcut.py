"""Look up the images whose ids are in a message."""

from __future__ import annotations

import re

from handlers.core import find_image
from handlers.core.interactions import Click, Command
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.images import browse as images
from handlers.images.views import message_shortcut as views

MAX_IDS = 5
"""Ids of one message that are looked up."""
_ID = re.compile(
    r"(?<![\w-])[0-9a-f]{8}(?:(?:-[0-9a-f]{4}){3}-[0-9a-f]{1,12}|(?:-[0-9a-f]{1,4}){0,3})(?![\w-])",
    re.IGNORECASE,
)
"""An id, or its first eight characters or more, standing alone."""


def ids_in(text: str) -> list[str]:
    """The ids and beginnings of ids in a text, each once, in order."""
    return list(dict.fromkeys(found.lower() for found in _ID.findall(text)))


def lookup_clicked(click: Click, services: Services) -> Message:
    """
    The shortcut Look up image; the click's value is the message's text.

    The answer is a note: where no modal can show it, it may not replace that message.
    """
    return _look_up(click, services).as_note()


def _look_up(click: Click, services: Services) -> Message:
    ids = ids_in(click.value)
    asked = Command(click.person, "show", channel_id=click.channel_id, team_id=click.team_id)
    find_image.selected_accounts(asked, services)
    if not ids:
        return views.no_ids()
    found, troubles = find_image.find_any(asked, ids[:MAX_IDS], services)
    known = [each.image.id for each in found]
    missing = [word for word in ids[:MAX_IDS] if not any(i.startswith(word) for i in known)]
    if len(found) == 1 and not missing and not troubles:
        return images.details(found[0].account, found[0].image, services)
    matches = [(each.account, each.image) for each in found]
    return views.found(matches, missing, len(ids) - MAX_IDS, troubles)
