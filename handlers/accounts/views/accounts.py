"""Words about linked accounts, and how messages name one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cloud.models import LONG_AGO
from handlers.accounts.capabilities import Ability
from handlers.core.button_values import pack, unpack
from handlers.core.errors import ReadByOthers
from handlers.core.replies import Block, Message
from handlers.core.roles import AccountAccess
from handlers.core.text import escape
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    command,
    context,
    counted,
    date,
    listed,
    named,
    section,
    text_message,
)
from handlers.ui.error_words import words
from handlers.ui.labels import account_label
from storage import Account, Role

RUN = "accounts.run"
USE = "accounts.use"
UNLINK = "accounts.unlink"
KEEP = "accounts.keep"


SHOWN = 20
"""Accounts in one message."""


def link(address: str, until: datetime, command_text: str = "") -> Message:
    """Where to link an account; *then* is the command to run once it is linked."""
    what = f"{command(command_text)} needs a cloud account. " if command_text else ""
    text = f"{what}Link one on a page of this bot: passwords and keys do not belong into Slack."
    limits = "It is for you alone, works once, and ends " + date(until) + "."
    after = " Once you are linked, I go on with your command." if command_text else ""
    return Message(
        text,
        (
            section(f"{text}\n*<{escape(address)}|Link a cloud account>*"),
            context(f"{limits}{after}"),
        ),
    )


def linked(
    account: Account, abilities: Sequence[Ability], instead_of: Account | None = None
) -> Message:
    """
    An account was linked just now, and what this login may do.

    Args:
        instead_of: the account in use before, if it was another.
    """
    text = f"You have linked account {account_label(account)} in {listed(account.regions)}."
    lines = [f"{'✓' if each.can else '✗'} {each.what}" for each in abilities]
    lacking = [each.role for each in abilities if not each.can]
    blocks = [section(text), *_in_use(account, instead_of)]
    blocks.append(section("This login may:\n" + "\n".join(lines)))
    if lacking:
        roles = listed([code(role) for role in dict.fromkeys(lacking)])
        blocks.append(
            context(f"For the rest it needs {roles} (on other OpenStack clouds `member`).")
        )
    return Message(text, tuple(blocks))


def _in_use(account: Account, instead_of: Account | None) -> list[Block]:
    if instead_of is None:
        return []
    before = account_label(instead_of)
    text = f"You now work with account {account_label(account)} instead of {before}."
    back = button(
        f"Use {instead_of.project_id} again", USE, pack(instead_of.id), label="Use the one before"
    )
    return [section(text), buttons(back)]


def choose_first() -> str:
    return "None of the accounts that were lent to you is in use. Choose one."


def which(word: str, choices: Sequence[tuple[Account, str]], user_id: str) -> Message:
    """Which of several accounts a word means; each choice with the command to give again."""
    text = f"{named(word)} may mean {counted(len(choices), 'account')} of yours. Which one?"
    rows = [_choice(account, again, user_id) for account, again in choices[:SHOWN]]
    return Message(text, (section(text), *rows))


def _choice(account: Account, again: str, user_id: str) -> Block:
    lent = "" if account.user_id == user_id else f" · lent by <@{account.user_id}>"
    text = f"*{account_label(account)}*\n{named(account.cloud)}{lent}"
    label = f"Account {account.project_id}"
    return section(text, button("This one", RUN, pack(again), label=label))


def linked_by(account: Account, role: Role, origin: str) -> Message:
    """For the admins of an account: somebody has linked it, too."""
    who = f"<@{account.user_id}>"
    may = "may do nothing with it here" if role == Role.NONE else f"is its *{role}*"
    text = f"{who} linked account {account_label(account)} and {may}."
    login = f"With the login {named(account.user_name)}. " if account.user_name else ""
    hint = (
        f"{login}{f'From {named(origin, 200)}. ' if origin else ''}Not right? Change the login's "
        f"password or key, and `/images allow @someone none`."
    )
    return Message(text, (section(text), context(hint)))


def ask_before_public(error: ReadByOthers) -> Message:
    """The question before people of another organisation are shown an answer."""
    text = words(error)
    label = "Show it to them too"
    return Message(text, (section(text), buttons(button(label, RUN, pack(error.command)))))


def offer_command(text: str) -> Message:
    """The command that waited for the link changes something, so it is asked for again."""
    said = f"You had typed {command(text)}. Shall I do it now?"
    return text_message(said, buttons(button("Do it", RUN, pack(text))))


def read_run(value: str) -> str:
    return unpack(value, 1)[0]


def accounts(accesses: Sequence[AccountAccess], result: str = "") -> Message:
    """The accounts of a person, the one in use first; *result* is what was just done."""
    text = f"You can use {counted(len(accesses), 'account')}."
    blocks = [section(result)] if result else []
    chosen = len(accesses) == 1 or accesses[0].account.used_at != LONG_AGO
    rows = (row(each, first=n == 0 and chosen) for n, each in enumerate(accesses[:SHOWN]))
    blocks += [section(text), *rows]
    if len(accesses) > SHOWN:
        blocks.append(context(f"…and {len(accesses) - SHOWN} more."))
    blocks.append(context("Link another: `/images link`. How they stand: `/images status`."))
    return Message(f"{result} {text}".strip(), tuple(blocks))


def used(account: Account, region: str | None) -> str:
    where = f"in {region} only" if region else "in all its regions"
    return f"From now on you work with account {account_label(account)}, {where}."


@dataclass(frozen=True)
class LastLogin:
    """What a login is the last of."""

    lent_to: int = 0
    """Roles of people, groups and channels who act with it."""
    admin: bool = False
    """Whether its person is the account's only admin."""


def confirm_unlink(
    account: Account, running: int, scheduled_ends: int = 0, last: LastLogin = LastLogin()
) -> Message:
    """Whether to forget it; *running* transfers and *promised* ends of shares need its login."""
    text = f"Unlink account {account_label(account)}?"
    ends = f"• {counted(running, 'transfer')} under way will fail.\n" if running else ""
    if scheduled_ends == 1:
        ends += "• 1 share that ends by itself will no longer end.\n"
    elif scheduled_ends:
        ends += f"• {scheduled_ends:,} shares that end by themselves will no longer end.\n"
    what = (
        "• Its login ends, and the stored password or key is deleted.\n"
        f"{ends}• You hear of its invitations no more.\n"
        f"{_roles_kept(last)}"
        "• Images, shares and servers in the cloud stay as they are."
    )
    yes = button("Unlink", UNLINK, pack(account.id), style="danger")
    no = button("Cancel", KEEP, pack(account.id))
    return text_message(text, section(what), buttons(yes, no))


def _roles_kept(last: LastLogin) -> str:
    """Roles, limits and the policy are the account's: what becomes of them."""
    lent = counted(last.lent_to, "role")
    on_hold = (
        f"• {lent} lent with this login will be on hold until you link it again, or an admin gives "
        "the role anew.\n"
        if last.lent_to
        else ""
    )
    admin = (
        "• You are its only admin. Whoever logs in to it with `/images link` then becomes admin.\n"
        if last.admin
        else ""
    )
    return f"{on_hold}{admin}• Its roles, limits and policy are kept, yours too.\n"


def unlinked(account: Account) -> Message:
    text = (
        f"Account {account_label(account)} is no longer linked. "
        "Its stored password or key is deleted."
    )
    return text_message(text, context("Link it again at any time: `/images link`."))


def unlink_cancelled(account: Account) -> Message:
    text = f"Cancelled: account {account_label(account)} stays linked."
    return text_message(text)


def read_account(value: str) -> str:
    """The bot's own id of the account."""
    return unpack(value, 1)[0]


def row(access: AccountAccess, *, first: bool) -> Block:
    account = access.account
    where = account.region or listed(account.regions) or "no region"
    whose = (
        [named(account.user_name) if account.user_name else ""]
        if access.own
        else [f"lent by <@{account.user_id}>"]
    )
    facts = [*whose, f"you are its {access.role}", where, "in use" if first else ""]
    text = f"*{account_label(account)}*\n{' · '.join(fact for fact in facts if fact)}"
    if first or access.role == Role.NONE:
        return section(text)
    return section(text, button("Use", USE, pack(account.id), label=f"Use {account.project_id}"))
