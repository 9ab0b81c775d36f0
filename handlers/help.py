"""What one can say."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.errors import UnknownVerb, Usage
from handlers.message import Message
from handlers.requests import Command
from handlers.suggest import like
from handlers.verbs import Verb
from handlers.views import help as views

HELP = "help [verb]"


def help_(command: Command, verbs: Sequence[Verb]) -> Message:
    """/images help [verb]: all verbs, or one in full."""
    match command.words:
        case ():
            return views.everything([(verb.form, verb.help) for verb in verbs])
        case (name,):
            verb = find(name.lower(), verbs)
            return views.one(verb.form, verb.help, verb.more, sorted(verb.options))
    raise Usage(HELP)


def find(name: str, verbs: Sequence[Verb]) -> Verb:
    """The verb of that name; what it resembles is suggested, never run."""
    for verb in verbs:
        if verb.name == name:
            return verb
    raise UnknownVerb(name, like(name, [verb.name for verb in verbs]))
