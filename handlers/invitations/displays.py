"""A list of invitations that was shown before, drawn again after something has changed."""

from __future__ import annotations

from handlers.core.interactions import Person, is_shared
from handlers.core.replies import Message
from handlers.core.request_context import RequestContext
from handlers.core.services import Services
from handlers.invitations import inbox
from handlers.invitations.views import inbox as views
from storage import Display, Drawing, Role


def draw_list(display: Display, services: Services) -> Message:
    """
    Draw the list; without its accounts, once the person may see none of them there.

    A list that others read, too, shows no invitation that it did not show before, and nothing of
    what its person has snoozed, muted or trusted.
    """
    person, about = Person(display.team_id, display.user_id), display.about
    accounts = [
        each.account
        for each in services.roles.accesses(person, display.channel or "")
        if each.account.id in about["accounts"] and each.effective_role.allows(Role.VIEWER)
    ]
    if not accounts:
        return no_access(display, services)
    page, size = int(about["page"]), int(about.get("size", views.SHOWN))
    only = inbox.keys_of(display.shown) if _is_public(display, services) else None
    services = services.for_request(RequestContext(person, display.channel or "", Role.VIEWER))
    return inbox.known_list(person, accounts, services, page=page, size=size, only=only)


def no_access(display: Display, services: Services) -> Message:
    """Say so in its place, without a button. It is drawn as before once there is access again."""
    before = f"{inbox.NO_ACCESS}{display.shown.removeprefix(inbox.NO_ACCESS)}"
    gone = Drawing(display.kind, display.about, before, [], services.clock())
    return views.no_access().drawn_by(gone)


def _is_public(display: Display, services: Services) -> bool:
    """
    Whether others read it: what came after it was posted is not for them.

    What only its reader sees in a channel is edited by a URL.
    """
    alone = services.store.displays.reply_url(display.card_key)
    return is_shared(display.channel) and not alone
