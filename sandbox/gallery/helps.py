"""What `help` says."""

from __future__ import annotations

from collections.abc import Iterator

from handlers import VERBS
from handlers.message import Message
from handlers.views import help as helps


def samples() -> Iterator[tuple[str, Message]]:
    yield "help", helps.everything([(verb.form, verb.help) for verb in VERBS])
    for verb in VERBS:
        yield f"help {verb.name}", helps.one(verb.form, verb.help, verb.more, sorted(verb.options))
