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
from handlers.ui import rows
from handlers.ui.blocks import (
    Part,
    button,
    buttons,
    code,
    command,
    context,
    counted,
    date,
    listed,
    mono,
    named,
    section,
    text_message,
    who,
)
from handlers.ui.error_words import words
from handlers.ui.labels import account_heading, account_label, reason_blocks
from handlers.ui.rows import facts
from storage import Account, Role

RUN = "accounts.run"
USE = "accounts.use"
UNLINK = "accounts.unlink"
KEEP = "accounts.keep"


SHOWN = 20
"""Accounts in one message."""


def link(address: str, until: datetime, command_text: str = "") -> Message:
    """Where to link an account; *command_text* is the command to run once it is linked."""
    what = f"{command(command_text)} needs a cloud account. " if command_text else ""
    text = f"{what}Link one on a secure page; never paste keys in Slack."
    limits = f"The link is for you only, works once, and expires {date(until)}."
    after = " I'll then continue with your command." if command_text else ""
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
    Confirm that an account was linked, and list what this login may do.

    Args:
        instead_of: the account in use before, if it was another.
    """
    text = f"Linked account {account_label(account)} in {listed(account.regions)}."
    lines = [f"{'✓' if each.can else '✗'} {each.what}" for each in abilities]
    lacking = [each.role for each in abilities if not each.can]
    blocks = [section(text), *_in_use(account, instead_of)]
    blocks.append(section("This login can:\n" + "\n".join(lines)))
    if lacking:
        roles = listed([code(role) for role in dict.fromkeys(lacking)])
        blocks.append(
            context(f"For the rest, it needs {roles} (`member` on other OpenStack clouds).")
        )
    return Message(text, tuple(blocks))


def _in_use(account: Account, instead_of: Account | None) -> list[Block]:
    if instead_of is None:
        return []
    before = account_label(instead_of)
    text = f"Account {account_label(account)} is now in use, instead of {before}."
    back = button(f"Use {instead_of.project_id} again", USE, pack(instead_of.id))
    return [section(text), buttons(back)]


def choose_first() -> str:
    return "No account is in use. Choose one."


def which(word: str, choices: Sequence[tuple[Account, str]], user_id: str) -> Message:
    """Ask which account a word means; each button repeats the command with that account."""
    text = f"{named(word)} matches {counted(len(choices), 'account')} of yours. Which one?"
    blocks = [section(text)]
    for account, again in choices[:SHOWN]:
        blocks += _choice(account, again, user_id)
    return Message(text, tuple(blocks))


def _choice(account: Account, again: str, user_id: str) -> list[Block]:
    label = f"Choose account {account.project_id}"
    return rows.row(
        account_heading(account),
        facts(mono(account.cloud), () if account.user_id == user_id else _login_of(account)),
        [button("Choose", RUN, pack(again), label=label)],
    )


def _login_of(account: Account) -> Sequence[Part]:
    return "login of ", who(account.user_id)


def linked_by(account: Account, role: Role, origin: str) -> Message:
    """Tell an account's admins that somebody else has linked it."""
    who = f"<@{account.user_id}>"
    role_held = "no role" if role == Role.NONE else f"the role *{role}*"
    text = f"{who} linked account {account_label(account)} and has {role_held}."
    login = f"Login: {named(account.user_name)}. " if account.user_name else ""
    hint = (
        f"{login}{f'From {named(origin, 200)}. ' if origin else ''}Unexpected? Change the login's "
        "password or key, and remove their role: `/images allow @someone none`."
    )
    return Message(text, (section(text), context(hint)))


def ask_before_public(error: ReadByOthers) -> Message:
    """The question before people of another organisation are shown an answer."""
    text = words(error)
    label = "Show it to them too"
    return Message(text, (section(text), buttons(button(label, RUN, pack(error.command)))))


def offer_command(text: str) -> Message:
    """Ask before running the postponed command, because it changes something."""
    said = f"You typed {command(text)} before linking. Run it now?"
    return text_message(said, buttons(button("Run it", RUN, pack(text))))


def read_run(value: str) -> str:
    return unpack(value, 1)[0]


def accounts(accesses: Sequence[AccountAccess], result: str = "") -> Message:
    """List a person's accounts, the one in use first; *result* is what was just done."""
    text = f"You can use {counted(len(accesses), 'account')}."
    blocks = [section(result)] if result else []
    chosen = len(accesses) == 1 or accesses[0].account.used_at != LONG_AGO
    blocks.append(section(text))
    for n, each in enumerate(accesses[:SHOWN]):
        blocks += row(each, first=n == 0 and chosen)
    if len(accesses) > SHOWN:
        blocks.append(context(f"…and {len(accesses) - SHOWN} more."))
    blocks.append(context("Link another: `/images link` · Check accounts: `/images status`"))
    return Message(f"{result} {text}".strip(), tuple(blocks))


def used(account: Account, region: str | None) -> str:
    where = f"in {region} only" if region else "in all regions"
    return f"Account {account_label(account)} is now in use, {where}."


@dataclass(frozen=True)
class LastLogin:
    """What depends on a login."""

    lent_to: int = 0
    """Roles of people, groups and channels that act with it."""
    admin: bool = False
    """Whether its person is the account's only admin."""


def confirm_unlink(
    account: Account,
    running: int,
    scheduled_ends: int = 0,
    last: LastLogin = LastLogin(),
    because: str = "",
) -> Message:
    """
    Ask before unlinking; *running* transfers and *scheduled_ends* of shares need the login.

    Args:
        because: why it is unlinked.
    """
    text = f"Unlink account {account_label(account)}?"
    ends = f"• {counted(running, 'running transfer')} will fail.\n" if running else ""
    if scheduled_ends:
        ends += f"• {counted(scheduled_ends, 'timed share')} will no longer expire.\n"
    what = (
        "• I delete the stored password or key.\n"
        f"{ends}• Notifications about its invitations stop.\n"
        f"{_roles_kept(last)}"
        "• Images, shares and servers in the cloud are not affected."
    )
    said = (because,) if because else ()
    yes = button("Unlink", UNLINK, pack(account.id, *said), style="danger")
    no = button("Cancel", KEEP, pack(account.id))
    return text_message(text, section(what), *reason_blocks(because), buttons(yes, no))


def _roles_kept(last: LastLogin) -> str:
    """Say what happens to the account's roles, limits and policy."""
    on_hold = (
        f"• {counted(last.lent_to, 'role')} using this login will be on hold until you link it "
        f"again, or an admin assigns {'it' if last.lent_to == 1 else 'them'} again.\n"
        if last.lent_to
        else ""
    )
    admin = (
        "• You are its only admin. The next person to link it becomes admin.\n"
        if last.admin
        else ""
    )
    return f"{on_hold}{admin}• Its roles, limits and policy are kept, including your role.\n"


def unlinked(account: Account) -> Message:
    text = f"Unlinked account {account_label(account)} and deleted its stored password or key."
    return text_message(text, context("Link it again any time: `/images link`."))


def unlink_cancelled(account: Account) -> Message:
    text = f"Cancelled: account {account_label(account)} is still linked."
    return text_message(text)


def read_account(value: str) -> str:
    """The bot's own id of the account."""
    return unpack(value, 1)[0]


def read_reason(value: str) -> str:
    """Why it is unlinked; "" if nobody said."""
    return "".join(unpack(value)[1:2])


def row(access: AccountAccess, *, first: bool, more: Sequence[Block] = ()) -> list[Block]:
    """
    An account in a list.

    Args:
        first: it is the one in use.

        more: buttons beside that which puts it in use.
    """
    account = access.account
    own = mono(account.user_name) if account.user_name else ""
    use = button("Use", USE, pack(account.id), label=f"Use {account.project_id}")
    return rows.row(
        facts(account_heading(account), "in use" if first else ""),
        facts(
            own if access.own else _login_of(account),
            f"your role: {access.role}",
            account.region or listed(account.regions) or "no region",
        ),
        [*([] if first or access.role == Role.NONE else [use]), *more],
    )
