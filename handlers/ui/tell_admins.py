"""Tell every admin of an account when its roles, limits or policy become less strict."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.core.effects import OF_ACCOUNT
from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.operations import Operation
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.ui import facts_shown
from handlers.ui.blocks import context, listed, section
from handlers.ui.labels import account_label


def tell_admins(
    person: Person, operation: Operation, services: Services, admins: Iterable[str] = ()
) -> None:
    """
    Notify the admins, the actor too, if the operation lets more people in or loosens a guard.

    Args:
        admins: Slack's ids of those who were admins before, and may be no longer.
    """
    if not operation.effects & OF_ACCOUNT:
        return
    account = operation.account
    approvers = services.context.clearances.approvers if services.context else ()
    message = notice(person.user_id, operation, [each.rpartition("/")[2] for each in approvers])
    for user_id in dict.fromkeys([*admins, *services.roles.admins(account.key)]):
        notify(Person(account.team_id, user_id), message, services.store)


def notice(by: str, operation: Operation, approvers: Iterable[str] = ()) -> Message:
    """Who did what with which account, before and after."""
    label = account_label(operation.account)
    text = f":unlock: <@{by}> loosened access to account {label}."
    voted = listed([f"<@{each}>" for each in approvers])
    small = f"Approved by {voted}. See `/images rights`." if voted else "See `/images rights`."
    lines = facts_shown.gist(operation.facts)
    return Message(
        f"{text} {' '.join(lines)}",
        (section(text), section(facts_shown.bullets(lines)), context(small)),
    )
