"""List the commands."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core.errors import Usage
from handlers.core.interactions import Command
from handlers.core.lists import STOPS
from handlers.core.replies import Message
from handlers.core.routing import Verb, find_verb
from handlers.core.services import Services
from handlers.help.views import help as views
from storage import Role, highest

HELP = "help [verb]"


def help_(command: Command, verbs: Sequence[Verb], services: Services) -> Message:
    """/images help [verb]: list the commands this person may use here, or explain one."""
    accesses = services.roles.accesses(command.person, command.channel_id)
    role = highest(each.effective_role for each in accesses)
    match [word.rstrip(STOPS) for word in command.words if not word.startswith("/")]:
        case []:
            allowed = [verb for verb in verbs if not accesses or _allowed(verb, role)]
            return views.all_verbs(
                [(verb.form, verb.help) for verb in allowed],
                [verb.name for verb in verbs if verb not in allowed],
                role if accesses else None,
            )
        case [name]:
            verb = find_verb(name.lower(), verbs)
            missing_role = None if not accesses or _allowed(verb, role) else verb.needs
            return views.verb_help(
                verb.form, verb.help, verb.details, sorted(verb.options), missing_role
            )
    raise Usage(HELP)


def _allowed(verb: Verb, role: Role) -> bool:
    return verb.needs is None or role.allows(verb.needs)
