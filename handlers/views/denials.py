"""Words for what people may not do through the bot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers import denials as user
from handlers.views.blocks import code
from storage.roles import Role

DOES: Mapping[Role, str] = {
    Role.NONE: "may do nothing",
    Role.VIEWER: "may look",
    Role.OPERATOR: "may make changes",
    Role.APPROVER: "may approve what others ask for",
    Role.ADMIN: "say who may do what",
}

WORDS: Mapping[type[Exception], str | Callable[[Any], str]] = {
    user.Stranger: "You are a guest from another workspace, and I work for the people of this one "
    "only. Add this bot to your own workspace, or ask someone here to do it. Nothing was done.",
    user.Lacking: lambda e: _by_channel(e) if e.by_channel else _by_role(e),
    user.LentAccount: lambda e: (
        f"Account {code(e.number)} is lent to you by <@{e.owner}>, who alone can unlink it. "
        "An admin of the account can take it back from you with `/images allow`."
    ),
}


def _by_channel(error: user.Lacking) -> str:
    most = "nothing can be done" if error.ceiling == Role.NONE else f"one {DOES[error.ceiling]}"
    return (
        f"In this channel {most} with account {code(error.number)}, whoever asks. Say it to me in "
        f"a direct message{_or_ask(error.ask)}. Nothing was done."
    )


def _by_role(error: user.Lacking) -> str:
    return (
        f"That takes the role *{error.needs}* on account {code(error.number)}, and "
        f"{_has(error.has)}. {_ask(error.ask)} Nothing was done."
    )


def _has(role: Role) -> str:
    return "you have none" if role == Role.NONE else f"you are its *{role}*"


def _ask(whom: Sequence[str]) -> str:
    return f"Ask <@{whom[0]}>, who can give it to you." if whom else "Ask whoever runs this bot."


def _or_ask(whom: Sequence[str]) -> str:
    return f", or ask <@{whom[0]}> to allow more here" if whom else ""
