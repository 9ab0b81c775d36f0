"""Words for what people may not do through the bot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.core import authorization_errors as errors
from handlers.core import operations
from handlers.ui import facts_shown
from handlers.ui.blocks import code, listed, typed
from handlers.ui.error_words import words
from storage import Role

MAX_DIFFERENCES = 5
"""Differences named one by one."""

ROLE_PHRASES: Mapping[Role, str] = {
    Role.NONE: "may do nothing",
    Role.VIEWER: "may look",
    Role.OPERATOR: "may make changes",
    Role.APPROVER: "may approve what others ask for",
    Role.ADMIN: "say who may do what",
}


@words.register
def _(_: errors.OutsideWorkspace) -> str:
    return (
        "You are a guest from another workspace, and I work for the people of "
        "this one only. Add this bot to your own workspace, or ask someone here to do it. "
        "Nothing was done."
    )


@words.register
def _(error: errors.LacksRole) -> str:
    return _by_channel(error) if error.by_channel else _by_role(error)


@words.register
def _(error: errors.RoleLost) -> str:
    return (
        f"You no longer have the role *{error.needs}* on account {code(error.number)}, so it was "
        f"not gone on with. {_ask_admin(error.admins)}"
    )


@words.register
def _(_: errors.GroupUnknown) -> str:
    return (
        "Slack does not tell at the moment who is in a user group that has a role "
        "on this account. Try again in a minute."
    )


@words.register
def _(_: errors.AskFirst) -> str:
    return (
        "What would be done now is not what was approved, so nothing was done: it was "
        "changed meanwhile. Look at it, and ask again."
    )


@words.register
def _(_: errors.ConfirmFirst) -> str:
    return (
        "What would be done now is not what you confirmed, so nothing was done: it "
        "was changed meanwhile. Look at it, and give the command again."
    )


@words.register
def _(error: operations.ChangedSince) -> str:
    found = [facts_shown.difference(each) for each in error.differences[:MAX_DIFFERENCES]]
    left = len(error.differences) - MAX_DIFFERENCES
    more = [f"{left} more"] if left > 0 else []
    return (
        f"Nothing was done, for it is not as it was shown: {listed([*found, *more])}. Look at it, "
        "and ask again."
    )


@words.register
def _(error: errors.NoSuchChannel) -> str:
    return (
        f"{typed(error.word)} is not a channel. Mention one, as in `#ops`, and choose it from what "
        "Slack suggests; or say `here`."
    )


@words.register
def _(_: errors.HereIsPrivate) -> str:
    return (
        "`here` works in a channel; this is a direct message. Say it in the channel, or mention "
        "it, as `#ops`."
    )


def _by_channel(error: errors.LacksRole) -> str:
    most = (
        "nothing can be done"
        if error.ceiling == Role.NONE
        else f"one {ROLE_PHRASES[error.ceiling]}"
    )
    return (
        f"In this channel {most} with account {code(error.number)}, whoever asks. Say it to me in "
        f"a direct message{_or_ask_admin(error.admins)}. Nothing was done."
    )


def _by_role(error: errors.LacksRole) -> str:
    return (
        f"That takes the role *{error.needs}* on account {code(error.number)}, and "
        f"{_current_role(error.has)}. {_ask_admin(error.admins)} Nothing was done."
    )


def _current_role(role: Role) -> str:
    return "you have none" if role == Role.NONE else f"you are its *{role}*"


def _ask_admin(whom: Sequence[str]) -> str:
    return f"Ask <@{whom[0]}>, who can give it to you." if whom else "Ask whoever runs this bot."


def _or_ask_admin(whom: Sequence[str]) -> str:
    return f", or ask <@{whom[0]}> to allow more here" if whom else ""
