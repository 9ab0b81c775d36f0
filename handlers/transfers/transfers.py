"""What takes longer than an answer: begun here, moved on by the job, shown and told in words."""

from __future__ import annotations

from handlers.core.authorization_errors import GroupUnknown, RoleLost
from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.transfers.plans import Plan
from handlers.transfers.views import failures
from handlers.transfers.views import transfers as views
from storage import Account, Kind, Role, Subject, Transfer

NEEDED = Role.OPERATOR
"""For whatever is moved; the routing table asks for the same."""


def begin(
    person: Person,
    account: Account,
    region: str,
    kind: Kind,
    *,
    click: str,
    key: str,
    title: str,
    plan: Plan,
    services: Services,
) -> tuple[Transfer, bool]:
    """
    Begin a transfer and draw its card; False if the same click, or the same *key*, has begun it.

    Args:
        click: what asked for it, once and for all.

        key: what it is about: only one with it runs at a time.
    """
    with services.audited(
        person.actor, f"{kind}.begin", title, account=account.project_id, region=region
    ) as entry:
        transfer, new = services.store.transfers.begin(
            click=click,
            key=key,
            kind=kind,
            team_id=person.team_id,
            user_id=person.user_id,
            account_id=account.id,
            account=account.project_id,
            region=region,
            title=title,
            plan=plan.to_json(),
        )
        entry.note(f"{'' if new else 'was '}transfer {transfer.id}")
    redraw(transfer, services)
    return transfer, new


def still_allowed(transfer: Transfer, account: Account, services: Services) -> None:
    """
    Whether who began it may still have it done.

    One that was begun where a channel has the role goes on for as long as some channel has it:
    who may speak there was asked when it began.

    Raises:
        RoleLost: they have not the role any more.

        GroupUnknown: they may have it, but Slack does not tell now.
    """
    roles, person = services.roles, Person(transfer.team_id, transfer.user_id)
    held = roles.on(person, account)
    if held and held.role.allows(NEEDED):
        return
    given = [g for g in services.store.rights.of_account(account.key) if g.role.allows(NEEDED)]
    if any(grant.kind == Subject.CHANNEL for grant in given):
        return
    groups = [grant.subject for grant in given if grant.kind == Subject.GROUP]
    if any(services.directory.silent(transfer.team_id, group) for group in groups):
        raise GroupUnknown
    raise RoleLost(account.project_id, NEEDED, roles.admins(account.key))


def card(transfer: Transfer, services: Services) -> Message:
    return views.card(transfer, services.clock())


def redraw(transfer: Transfer, services: Services) -> None:
    """Have its card show how far it is now."""
    shown = card(transfer, services)
    services.store.cards.draw(
        key=f"transfer {transfer.id}",
        team_id=transfer.team_id,
        user_id=transfer.user_id,
        text=shown.text,
        blocks=shown.blocks,
    )


def tell(transfer: Transfer, services: Services) -> None:
    """Say, once, how it ended."""
    _put(transfer, "ended", views.ended(transfer), services)


def tell_locked_out(transfer: Transfer, words: str, services: Services) -> None:
    """Say, once, that the account's credentials no longer work; *words* say what to do."""
    _put(transfer, "locked out", views.locked_out(transfer, words), services)


def failure_words(transfer: Transfer, message: str) -> str:
    """What the cloud's message about something that failed means to the person."""
    return failures.failure(transfer.id, message)


def _put(transfer: Transfer, what: str, message: Message, services: Services) -> None:
    notify(
        Person(transfer.team_id, transfer.user_id),
        message,
        services.store,
        f"transfer {transfer.id} {what}",
    )
