"""The verb `help`, which explains all others and itself."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core.errors import UnknownVerb
from handlers.core.interactions import Command
from handlers.core.replies import Message
from handlers.core.routing import PUBLIC_OPTION, Repeat, Routes, Verb
from handlers.core.services import Services
from handlers.help.groups import GROUPS
from handlers.help.help import HELP, group_command, group_request, help_
from handlers.help.suggest import suggest
from handlers.help.views.help import BACK, GROUP


def routes(others: Sequence[Verb]) -> Routes:
    def answer(command: Command, services: Services) -> Message:
        return help_(command, (verb, *others), services)

    verb = Verb(
        "help",
        HELP,
        "Shows where to start; `help all` lists every command.",
        None,
        answer,
        PUBLIC_OPTION,
        asks_cloud=False,
        aliases=("-h",),
    )
    leads = [*(f"{GROUP}{name}" for name in GROUPS), BACK]
    return Routes(
        verbs=(verb,),
        repeats={each: Repeat(group_request, command=group_command) for each in leads},
        recoveries={UnknownVerb: suggest},
    )
