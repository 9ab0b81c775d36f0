"""Words for what people may not do through the bot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.core import authorization_errors as user
from handlers.ui.blocks import code, listed, named
from storage.access.roles import Role

DOES: Mapping[Role, str] = {
    Role.NONE: "may do nothing",
    Role.VIEWER: "may look",
    Role.OPERATOR: "may make changes",
    Role.APPROVER: "may approve what others ask for",
    Role.ADMIN: "say who may do what",
}

WORDS: Mapping[type[Exception], str | Callable[[Any], str]] = {
    user.OutsideWorkspace: "You are a guest from another workspace, and I work for the people of "
    "this one only. Add this bot to your own workspace, or ask someone here to do it. "
    "Nothing was done.",
    user.LacksRole: lambda e: _by_channel(e) if e.by_channel else _by_role(e),
    user.RoleLost: lambda e: (
        f"You no longer have the role *{e.needs}* on account {code(e.number)}, so it was not gone "
        f"on with. {_ask(e.ask)}"
    ),
    user.GroupUnknown: "Slack does not tell at the moment who is in a user group that has a role "
    "on this account. Try again in a minute.",
    user.LentAccount: lambda e: (
        f"Account {code(e.number)} is lent to you by <@{e.owner}>, who alone can unlink it. "
        "An admin of the account can take it back from you with `/images allow`."
    ),
    user.AskFirst: "What would be done now is not what was approved, so nothing was done: it was "
    "changed meanwhile. Look at it, and ask again.",
    user.ConfirmFirst: "What would be done now is not what you confirmed, so nothing was done: it "
    "was changed meanwhile. Look at it, and give the command again.",
    user.NoSuchRequest: lambda e: (
        f"There is no request {named(e.word)} that you could decide. See `/images requests`."
    ),
    user.OwnRequest: lambda e: (
        f"You asked for {code(e.approval_id)} yourself: somebody else has to decide. You can "
        "withdraw it: `/images requests`."
    ),
    user.AlreadyDecided: lambda e: (
        f"You have said already what you think of {code(e.approval_id)}, and it is still waiting "
        "for others. Your first word counts."
        if e.voted
        else f"Request {code(e.approval_id)} is no longer waiting: it is {e.state}. Nothing was "
        "changed by this."
    ),
    user.NeedsReason: lambda e: (
        f"This account wants to know why: `/images {e.verb} {e.approval_id} because "
        '"it is for the release"`. Nothing was decided.'
    ),
    user.NoSuchSubject: lambda e: (
        f"{named(e.word)} is not a person, a user group or a channel. Mention one, as in "
        "`/images allow @ann operator`, and choose it from what Slack suggests."
    ),
    user.NoSuchChannel: lambda e: (
        f"{named(e.word)} is not a channel. Mention one, as in `#ops`, and choose it from what "
        "Slack suggests; or say `here`."
    ),
    user.NoSuchRole: lambda e: (
        f"{named(e.word)} is not a role. It is one of {listed([f'`{role}`' for role in Role])}."
    ),
    user.OwnerStays: lambda e: (
        f"<@{e.user_id}> linked this account first and stays its admin, so that somebody always "
        "is. Nothing was changed."
    ),
    user.BadRule: lambda e: (
        f"{named(e.what)} cannot be {named(e.word) if e.word else 'empty'}. It takes {e.allowed}."
    ),
}


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
