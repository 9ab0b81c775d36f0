"""Answer direct messages and mentions, which come without the slash command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.core.errors import UnknownVerb
from handlers.core.interactions import Command
from handlers.core.replies import Reply
from handlers.core.routing import find_verb
from handlers.core.secret_detection import looks_like_key
from handlers.core.services import Services
from handlers.help.suggest import suggested_command
from handlers.help.views import spoken as views

if TYPE_CHECKING:
    from handlers.dispatcher import Dispatcher


def answer(command: Command, dispatcher: Dispatcher, services: Services) -> Reply:
    """
    A command is answered as one, and anything else by what one could say instead.

    A message opens no form: a button does, and so it asks for one.
    """
    if looks_like_key(command.text):
        return dispatcher.answer(command, services)
    try:
        find_verb(command.verb, dispatcher.routes.verbs)
    except UnknownVerb as unknown:
        return views.hello(suggested_command(command, unknown))
    if dispatcher.opens(command):
        return views.opens(command.text)
    return dispatcher.answer(command, services)
