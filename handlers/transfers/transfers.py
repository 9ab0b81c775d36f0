"""Begin transfers, redraw their cards and notify people of their end; the job runs them."""

from __future__ import annotations

from cloud import reference
from handlers.core.authorization_errors import GroupUnknown, RoleLost
from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.transfers.plans import Plan
from handlers.transfers.views import failures
from handlers.transfers.views import transfers as views
from storage import Account, Kind, Role, Subject, Transfer, of_person

NEEDED = Role.OPERATOR
"""Role for every transfer; the routes need the same."""


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
    Begin a transfer, audited, and draw its card.

    Args:
        click: token of the question that was answered: it begins one transfer.

        key: what it works on: one transfer with the same key runs at a time.

    Returns:
        The transfer, and whether it is new: False if the click or the key has begun it before.
    """
    with services.audited(
        person.actor, f"{kind}.begin", title, account=account.key, region=region
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
            reference=reference.current(),
        )
        entry.note(f"{'' if new else 'was '}transfer {transfer.id}")
    redraw(transfer, services)
    _redraw_home(transfer, services)
    return transfer, new


def check_still_allowed(transfer: Transfer, account: Account, services: Services) -> None:
    """
    Check that the person who began the transfer still has the role for it.

    One begun by a channel's role continues while any channel has that role: who may write
    there was checked when it began.

    Raises:
        RoleLost: they have lost the role.

        GroupUnknown: they may have it by a user group, but Slack does not answer now.
    """
    roles, person = services.roles, Person(transfer.team_id, transfer.user_id)
    held = roles.access_to(person, account)
    if held and held.role.allows(NEEDED):
        return
    given = [g for g in services.store.rights.of_account(account.key) if g.role.allows(NEEDED)]
    if any(grant.kind == Subject.CHANNEL for grant in given):
        return
    groups = [grant.subject for grant in given if grant.kind == Subject.GROUP]
    if any(services.directory.last_lookup_failed(transfer.team_id, group) for group in groups):
        raise GroupUnknown
    raise RoleLost(account.project_id, NEEDED, roles.admins(account.key))


def card(transfer: Transfer, services: Services) -> Message:
    return views.card(transfer, services.clock())


def redraw(transfer: Transfer, services: Services) -> None:
    """Redraw all copies of its card."""
    shown = card(transfer, services)
    services.store.cards.draw(
        key=f"transfer {transfer.id}",
        team_id=transfer.team_id,
        user_id=transfer.user_id,
        text=shown.text,
        blocks=shown.blocks,
        reference=reference.current(),
    )


def notify_ended(transfer: Transfer, services: Services) -> None:
    """Notify the person, once, of how it ended."""
    _put(transfer, "ended", views.ended(transfer), services)
    _redraw_home(transfer, services)


def _redraw_home(transfer: Transfer, services: Services) -> None:
    services.store.displays.changed(of_person(transfer.team_id, transfer.user_id))


def notify_locked_out(transfer: Transfer, words: str, services: Services) -> None:
    """Notify the person, once, that the credentials no longer work; *words* say what to do."""
    _put(transfer, "locked out", views.locked_out(transfer, words), services)


def notify_stuck(transfer: Transfer, services: Services) -> None:
    """Notify the person, once, that it makes no progress, with a button to stop waiting."""
    _put(transfer, "stuck", views.stuck(transfer, services.clock()), services)


def explain_stop(user_id: str) -> str:
    """Say who stopped waiting, and what the cloud may still do."""
    return views.let_go(user_id)


def explain_failure(transfer: Transfer, message: str) -> str:
    """Explain the cloud's own message about a failure; it may be empty."""
    return failures.failure(transfer.id, message)


def _put(transfer: Transfer, what: str, message: Message, services: Services) -> None:
    notify(
        Person(transfer.team_id, transfer.user_id),
        message,
        services.store,
        f"transfer {transfer.id} {what}",
    )
