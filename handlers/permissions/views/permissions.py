"""Words about an account's roles and limits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from handlers.core.button_values import ButtonValue
from handlers.core.replies import Block, Message
from handlers.permissions.views import policy as policies
from handlers.ui.blocks import button, buttons, context, listed, section, text_message
from handlers.ui.labels import account_label
from storage import EVERYWHERE, Account, Grant, Policy, Role, Subject

TAKE_BACK = "rights.take_back"
OPEN_ROLES, OPEN_LIMIT, OPEN_POLICY = "rights.roles", "rights.limit", "rights.policy"
"""Open the forms."""
SHOWN = 30
"""Roles in one message."""

ROLE_PHRASES: Mapping[Role, str] = {
    Role.NONE: "do nothing",
    Role.VIEWER: "view",
    Role.OPERATOR: "view and change",
    Role.APPROVER: "view, change and approve requests",
    Role.ADMIN: "do everything, including managing roles, limits and the policy",
}


@dataclass(frozen=True)
class Linked:
    """The Slack ids of those who have linked an account."""

    admins: Sequence[str]
    """Those who are admin because they proved its login, the first one first."""
    others: Sequence[str] = ()
    """People who have linked it, too, and were given no role."""
    has_admin: bool = True
    """Whether anybody is admin, if only by a role."""
    on_hold: Collection[str] = ()
    """Ids of the roles whose login has been unlinked."""


@dataclass(frozen=True)
class TakeBack(ButtonValue):
    """The value of the Remove button: through which linked account, and whose role."""

    account_id: str
    kind: Subject
    subject: str


@dataclass(frozen=True)
class OfAccount(ButtonValue):
    """The value of the buttons that open the forms of an account."""

    account_id: str


NO_ADMIN = (
    "It has no admin. The next person to link it with `/images link` becomes admin; roles, limits "
    "and policy are kept."
)


def rights(
    account: Account,
    own_role: Role,
    linked: Linked,
    grants: Sequence[Grant],
    ceilings: Mapping[str, Role],
    policy: Policy,
    result: str = "",
) -> Message:
    """
    Show an account's roles, limits and policy.

    Args:
        own_role: the role of the reader: admins get buttons.

    """
    can = f"you are *{own_role}* and can {ROLE_PHRASES[own_role]}"
    role = "you have no role" if own_role == Role.NONE else can
    text = f"Account {account_label(account)}: {role}."
    blocks = [section(result)] if result else []
    blocks += [section(text), *(section(line) for line in _link_lines(linked))]
    admin = own_role == Role.ADMIN
    blocks += [
        _row(account, each, each.id in linked.on_hold, admin=admin) for each in grants[:SHOWN]
    ]
    if len(grants) > SHOWN:
        blocks.append(context(f"…and {len(grants) - SHOWN} more."))
    blocks += [section(_ceiling(channel, role)) for channel, role in ceilings.items()]
    blocks += policies.lines(policy)
    if admin:
        blocks.append(_form_buttons(account))
    return Message(f"{result} {text}".strip(), tuple(blocks))


def role_changed(kind: Subject, subject: str, role: Role, account: Account) -> str:
    who = mention(kind, subject)
    if role == Role.NONE:
        return f"{who} no longer has a role on account {account_label(account)}."
    lent = " They act with your login." if kind != Subject.PERSON else ""
    can = ROLE_PHRASES[role]
    return f"{who} is now *{role}* on account {account_label(account)} and can {can}.{lent}"


def limited(channel_id: str, role: Role, account: Account) -> str:
    where, label = _where(channel_id), account_label(account)
    if role == Role.ADMIN:
        return f"{where}: no limit on account {label}."
    if role == Role.NONE:
        return f"{where}: no access to account {label}."
    return f"{where}: limited to *{role}* on account {label}."


def role_notice(by: str, role: Role, account: Account) -> Message:
    """Notify the person whose role was given or removed."""
    if role == Role.NONE:
        text = f"<@{by}> removed your role on account {account_label(account)}."
        return text_message(text)
    text = (
        f"<@{by}> made you *{role}* on account {account_label(account)}: "
        f"you can {ROLE_PHRASES[role]}."
    )
    how = f"Switch to it: `/images use {account.project_id}` · Commands: `/images help`"
    return text_message(text, context(how))


def named_admin(link: Account, *, mine: bool) -> Message:
    """Notify people of the account that an operator has made somebody an admin."""
    whom = "you" if mine else f"<@{link.user_id}>"
    text = (
        f":unlock: The people who run this bot made {whom} *{Role.ADMIN}* of account "
        f"{account_label(link)}, because no admin of it was left."
    )
    return text_message(text, context("Who may do what with it: `/images rights`."))


def mention(kind: Subject, subject: str) -> str:
    match kind:
        case Subject.PERSON:
            return f"<@{subject}>"
        case Subject.GROUP:
            return f"<!subteam^{subject}>"
    return f"Everyone in <#{subject}>"


def channel(channel_id: str) -> str:
    """A channel, as an operation names it."""
    return "all channels" if channel_id == EVERYWHERE else f"<#{channel_id}>"


def _form_buttons(account: Account) -> Block:
    value = OfAccount(account.id).value()
    labels = {"Roles…": OPEN_ROLES, "Limit…": OPEN_LIMIT, "Policy…": OPEN_POLICY}
    return buttons(*(button(label, action, value) for label, action in labels.items()))


def _link_lines(linked: Linked) -> list[str]:
    admins = [f"<@{user_id}>" for user_id in linked.admins]
    others = [f"<@{user_id}>" for user_id in linked.others]
    lines = [f"{listed(admins)} linked it first: *admin*"] if admins else []
    lines += [f"{listed(others)} linked it too: *operator*"] if others else []
    return lines if linked.has_admin else [*lines, NO_ADMIN]


def _row(account: Account, grant: Grant, on_hold: bool, *, admin: bool) -> Block:
    text = f"{mention(grant.kind, grant.subject)}: *{grant.role}*, by <@{grant.granted_by}>"
    if on_hold and grant.role != Role.NONE:
        text += f"\n_on hold: {_unlinked(grant)}_"
    if not admin or grant.role == Role.NONE:
        return section(text)
    value = TakeBack(account.id, grant.kind, grant.subject).value()
    label_ = f"Remove {grant.role} of {grant.subject}"
    return section(text, button("Remove", TAKE_BACK, value, label=label_))


def _unlinked(grant: Grant) -> str:
    """Say why a role is on hold; who lent the login may not be known."""
    if not grant.lent_by:
        return "the login it uses has been unlinked"
    return f"<@{grant.lent_by}> has unlinked the login it uses"


def _ceiling(channel_id: str, role: Role) -> str:
    most = "no access" if role == Role.NONE else f"limited to *{role}*"
    return f"{_where(channel_id)}: {most}"


def _where(channel_id: str) -> str:
    return "Other channels" if channel_id == EVERYWHERE else f"<#{channel_id}>"
