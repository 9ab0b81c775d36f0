"""A list of invitations that was shown before, drawn again after something has changed."""

from __future__ import annotations

from handlers.core.interactions import Person
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.invitations import inbox
from handlers.invitations.views.inbox import SHOWN
from storage import Display, Role


def draw_list(display: Display, services: Services) -> Message | None:
    """Return None if the person may see none of its accounts there any more."""
    person = Person(display.team_id, display.user_id)
    accounts = [
        each.account
        for each in services.roles.accesses(person, display.channel or "")
        if each.account.id in display.about["accounts"] and each.effective_role.allows(Role.VIEWER)
    ]
    if not accounts:
        return None
    about = display.about
    page, size = int(about["page"]), int(about.get("size", SHOWN))
    return inbox.known_list(person, accounts, services, page=page, size=size)
