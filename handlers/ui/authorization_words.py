"""Words for what people may not do through the bot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.core import authorization_errors as user
from handlers.ui.blocks import code, typed
from handlers.ui.error_words import words
from storage import Role

DOES: Mapping[Role, str] = {
    Role.NONE: "may do nothing",
    Role.VIEWER: "may look",
    Role.OPERATOR: "may make changes",
    Role.APPROVER: "may approve what others ask for",
    Role.ADMIN: "say who may do what",
}


@words.register
def _(_: user.OutsideWorkspace) -> str:
    return (
        "You are a guest from another workspace, and I work for the people of "
        "this one only. Add this bot to your own workspace, or ask someone here to do it. "
        "Nothing was done."
    )


@words.register
def _(error: user.LacksRole) -> str:
    return _by_channel(error) if error.by_channel else _by_role(error)


@words.register
def _(error: user.RoleLost) -> str:
    return (
        f"You no longer have the role *{error.needs}* on account {code(error.number)}, so it was "
        f"not gone on with. {_ask(error.ask)}"
    )


@words.register
def _(_: user.GroupUnknown) -> str:
    return (
        "Slack does not tell at the moment who is in a user group that has a role "
        "on this account. Try again in a minute."
    )


@words.register
def _(_: user.AskFirst) -> str:
    return (
        "What would be done now is not what was approved, so nothing was done: it was "
        "changed meanwhile. Look at it, and ask again."
    )


@words.register
def _(_: user.ConfirmFirst) -> str:
    return (
        "What would be done now is not what you confirmed, so nothing was done: it "
        "was changed meanwhile. Look at it, and give the command again."
    )


@words.register
def _(error: user.NoSuchChannel) -> str:
    return (
        f"{typed(error.word)} is not a channel. Mention one, as in `#ops`, and choose it from what "
        "Slack suggests; or say `here`."
    )


@words.register
def _(_: user.HereIsPrivate) -> str:
    return (
        "`here` works in a channel; this is a direct message. Say it in the channel, or mention "
        "it, as `#ops`."
    )


def _by_channel(error: user.LacksRole) -> str:
    most = "nothing can be done" if error.ceiling == Role.NONE else f"one {DOES[error.ceiling]}"
    return (
        f"In this channel {most} with account {code(error.number)}, whoever asks. Say it to me in "
        f"a direct message{_or_ask(error.ask)}. Nothing was done."
    )


def _by_role(error: user.LacksRole) -> str:
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
