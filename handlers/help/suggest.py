"""Suggest the verb that a misspelt one may have meant, with a button to run it."""

from __future__ import annotations

import re

from handlers.core.errors import UnknownVerb
from handlers.core.interactions import Command, Request
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.help.views import spoken as views


def suggest(request: Request, unknown: UnknownVerb, _services: Services) -> Message:
    """
    The same command with the verb that it is most like.

    Raises:
        UnknownVerb: it is like none, or no command.
    """
    suggested = suggested_command(request, unknown)
    if not suggested:
        raise unknown
    return views.did_you_mean(unknown, suggested)


def suggested_command(request: Request, unknown: UnknownVerb) -> str:
    """Return the words to type after the command, with the verb corrected; "" for none."""
    if not isinstance(request, Command) or not unknown.suggestion:
        return ""
    misspelt = re.compile(re.escape(unknown.verb), re.IGNORECASE)
    text, found = misspelt.subn(unknown.suggestion, request.text, count=1)
    return text.strip() if found else ""
