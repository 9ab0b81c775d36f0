"""Words about linked accounts, and how messages name one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from handlers.abilities import Ability
from handlers.message import Message
from handlers.views.blocks import (
    button,
    buttons,
    code,
    context,
    date,
    escape,
    listed,
    named,
    section,
)
from handlers.views.values import pack, unpack

RUN = "accounts.run"


class Account(Protocol):
    """A linked account, as far as the views speak of it."""

    @property
    def id(self) -> str:
        """The bot's own id of the link, not the account number."""

    @property
    def project_id(self) -> str:
        """The account number."""

    @property
    def project_name(self) -> str: ...

    @property
    def regions(self) -> tuple[str, ...]: ...


def label(account: Account) -> str:
    """The account's number, and its name where that says more."""
    if account.project_name in ("", account.project_id):
        return code(account.project_id)
    return f"{code(account.project_id)} ({named(account.project_name, 60)})"


def link(address: str, until: datetime, then: str = "") -> Message:
    """Where to link an account; *then* is the command that waits for it."""
    what = f"{code(f'/images {then}')} needs a cloud account. " if then else ""
    text = f"{what}Link one on a page of this bot: passwords and keys do not belong into Slack."
    told = "It is for you alone, works once, and ends " + date(until) + "."
    after = " Once you are linked, I go on with your command." if then else ""
    return Message(
        text,
        (
            section(f"{text}\n*<{escape(address)}|Link a cloud account>*"),
            context(f"{told}{after}"),
        ),
    )


def linked(account: Account, abilities: Sequence[Ability]) -> Message:
    """An account was linked just now, and what this login may do."""
    text = f"You have linked account {label(account)} in {listed(account.regions)}."
    lines = [f"{'✓' if each.can else '✗'} {each.what}" for each in abilities]
    lacking = [each.role for each in abilities if not each.can]
    blocks = [section(text), section("This login may:\n" + "\n".join(lines))]
    if lacking:
        roles = listed([code(role) for role in dict.fromkeys(lacking)])
        blocks.append(
            context(f"For the rest it needs {roles} (on other OpenStack clouds `member`).")
        )
    return Message(text, tuple(blocks))


def go_on(text: str) -> Message:
    """The command that waited for the link changes something, so it is asked for again."""
    said = f"You had typed {code(f'/images {text}')}. Shall I do it now?"
    return Message(said, (section(said), buttons(button("Do it", RUN, pack(text)))))


def read_run(value: str) -> str:
    return unpack(value, 1)[0]
