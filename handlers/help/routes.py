"""The verb `help`, which explains all others and itself."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core.errors import UnknownVerb
from handlers.core.interactions import Command
from handlers.core.replies import Message
from handlers.core.routing import PUBLIC_OPTION, Routes, Verb
from handlers.core.services import Services
from handlers.help.help import HELP, help_
from handlers.help.suggest import suggest


def routes(others: Sequence[Verb]) -> Routes:
    def answer(command: Command, services: Services) -> Message:
        return help_(command, (verb, *others), services)

    verb = Verb(
        "help", HELP, "Shows what you can say.", None, answer, PUBLIC_OPTION, asks_cloud=False
    )
    return Routes(verbs=(verb,), recoveries={UnknownVerb: suggest})
