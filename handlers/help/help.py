"""What one can say."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core.errors import Usage
from handlers.core.interactions import Command
from handlers.core.lists import STOPS
from handlers.core.replies import Message
from handlers.core.routing import Verb, find
from handlers.core.services import Services
from handlers.help.views import help as views
from storage import Role, highest

HELP = "help [verb]"


def help_(command: Command, verbs: Sequence[Verb], services: Services) -> Message:
    """/images help [verb]: all that this person can say here, or one verb in full."""
    held = services.roles.held(command.person, command.channel_id)
    role = highest(each.here for each in held)
    match [word.rstrip(STOPS) for word in command.words if not word.startswith("/")]:
        case []:
            mine = [verb for verb in verbs if not held or _may(verb, role)]
            return views.everything(
                [(verb.form, verb.help) for verb in mine],
                [verb.name for verb in verbs if verb not in mine],
                role if held else None,
            )
        case [name]:
            verb = find(name.lower(), verbs)
            lacks = None if not held or _may(verb, role) else verb.needs
            return views.one(verb.form, verb.help, verb.more, sorted(verb.options), lacks)
    raise Usage(HELP)


def _may(verb: Verb, role: Role) -> bool:
    return verb.needs is None or role.allows(verb.needs)
