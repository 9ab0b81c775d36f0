"""Show, grant and revoke roles on an account, and limit them by channel."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.core import mentions
from handlers.core.errors import Usage
from handlers.core.facts import Change, Facts
from handlers.core.find_account import account_for
from handlers.core.interactions import Click, Command, Person
from handlers.core.mentions import ALL, HERE, channel_or_here
from handlers.core.notify import notify
from handlers.core.operations import Operation
from handlers.core.presence import require_present
from handlers.core.replies import Message
from handlers.core.roles import OPEN_MOST
from handlers.core.services import Services
from handlers.permissions import loosening
from handlers.permissions.errors import NoSuchRole, NoSuchSubject, OpenSubject, OwnerStays
from handlers.permissions.views import permissions as views
from handlers.ui import operation_words
from handlers.ui.tell_admins import tell_admins
from storage import EVERYWHERE, Account, Role, Subject, lowest

RIGHTS = "rights"
ALLOW = "allow WHO ROLE"
LIMIT = "limit CHANNEL ROLE"


@dataclass(frozen=True)
class _Grantee:
    kind: Subject
    subject: str


def rights(command: Command, services: Services) -> Message:
    """/images rights: show the roles, limits and policy of the account in use."""
    if command.words:
        raise Usage(RIGHTS)
    account = account_for(command, services)
    return rights_message(command.person, account, services)


def allow(command: Command, services: Services) -> Message:
    """/images allow <who> <role>: give a role on the account in use, or remove it."""
    match command.words:
        case (word, role):
            grantee, wanted = _grantee(word, command.channel_id), _role(role)
        case _:
            raise Usage(ALLOW)
    account = account_for(command, services)
    if grantee.kind == Subject.PERSON and wanted != Role.NONE:
        require_present(Person(account.team_id, grantee.subject), services)
    return _set_role(command.person, account, grantee, wanted, services)


def limit(command: Command, services: Services) -> Message:
    """/images limit <channel> <role>: limit what anyone can do with the account there."""
    match command.words:
        case (word, role):
            channel_id = _channel(word, command.channel_id)
            wanted = _role(role)
        case _:
            raise Usage(LIMIT)
    account = account_for(command, services)
    store, person = services.store, command.person
    before = store.rights.ceilings(person.team_id).get(account.key, {}).get(channel_id, Role.ADMIN)
    where = "all channels" if channel_id == EVERYWHERE else f"<#{channel_id}>"
    operation = _operation("limit", account, loosening.of_limit(where, before, wanted))
    services.authorize(operation)
    with services.audited(person.actor, "account.limit", channel_id, account=account.key) as entry:
        entry.before, entry.after = {"most": before}, {"most": wanted}
        if wanted == Role.ADMIN:
            store.rights.unlimit(account.key, channel_id)
        else:
            store.rights.limit(account.key, channel_id, wanted, person.user_id)
    tell_admins(person, operation, services)
    result = views.limited(channel_id, wanted, account)
    return rights_message(person, account, services, result)


def take_back_clicked(click: Click, services: Services) -> Message:
    """The Remove button of a role."""
    asked = views.TakeBack.read(click.value)
    account = services.account(click.person, asked.account_id)
    return _set_role(
        click.person, account, _Grantee(asked.kind, asked.subject), Role.NONE, services
    )


def rights_message(
    person: Person, account: Account, services: Services, result: str = ""
) -> Message:
    """The account's roles, limits and policy; *result* is what was just done."""
    access = services.roles.access_to(person, account)
    return views.rights(
        account,
        access.role if access else Role.NONE,
        _linked(account, services),
        services.store.rights.of_account(account.key),
        services.store.rights.ceilings(person.team_id).get(account.key, {}),
        services.store.policies.of(account.key),
        result,
    )


def _linked(account: Account, services: Services) -> views.Linked:
    people = [link.user_id for link in services.store.accounts.links(account.key)]
    proved = services.store.rights.proved_admins(account.key)
    admins = [user for user in proved if user in people]
    given = {
        grant.subject
        for grant in services.store.rights.of_account(account.key)
        if grant.kind == Subject.PERSON
    }
    others = [user for user in people if user not in {*admins, *given}]
    has_admin = bool(services.roles.admins(account.key))
    return views.Linked(admins, others, has_admin, services.roles.on_hold(account.key))


def _set_role(
    person: Person, account: Account, grantee: _Grantee, role: Role, services: Services
) -> Message:
    if grantee.kind != Subject.PERSON and role.allows(Role.APPROVER):
        raise OpenSubject(role, account.key)
    if grantee.kind == Subject.PERSON:
        _refuse_for_first_admin(account, grantee.subject, services)
    before = _role_before(account, grantee, services)
    kind, subject = grantee.kind, grantee.subject
    change = loosening.of_role(account, kind, subject, (before, role), person.user_id, services)
    operation = _operation("allow", account, change)
    services.authorize(operation)
    admins = services.roles.admins(account.key)
    with services.audited(
        person.actor,
        "account.allow",
        f"{grantee.kind} {grantee.subject}",
        account=account.key,
    ) as entry:
        entry.before, entry.after = {"role": before}, {"role": role}
        _store_role(person, account, grantee, role, services)
    tell_admins(person, operation, services, admins)
    if grantee.kind == Subject.PERSON and grantee.subject != person.user_id:
        _notify(person, account, grantee.subject, role, services)
    result = views.role_changed(grantee.kind, grantee.subject, role, account)
    return rights_message(person, account, services, result)


def _refuse_for_first_admin(account: Account, user_id: str, services: Services) -> None:
    """Refuse to change the role of the first person who has linked the account."""
    proved = services.store.rights.proved_admins(account.key)
    linked = {link.user_id for link in services.store.accounts.links(account.key)}
    if next((user for user in proved if user in linked), None) == user_id:
        raise OwnerStays(user_id, account.key)


def _role_before(account: Account, grantee: _Grantee, services: Services) -> Role:
    """Return the role by link or by a grant to the grantee itself, as `Roles` counts it."""
    store, key = services.store, account.key
    links = {link.user_id for link in store.accounts.links(key)}
    linked = grantee.kind == Subject.PERSON and grantee.subject in links
    if linked and grantee.subject in store.rights.proved_admins(key):
        return Role.ADMIN
    had = {(g.kind, g.subject): g.role for g in store.rights.of_account(key)}
    held = had.get((grantee.kind, grantee.subject), Role.OPERATOR if linked else Role.NONE)
    return held if grantee.kind == Subject.PERSON else lowest(held, OPEN_MOST)


def _operation(verb: str, account: Account, change: Change) -> Operation:
    what = {"allow": "roles", "limit": "limits"}[verb]
    words = operation_words.change_account(what, account, [change])
    target = f"{change.name} {change.after}"
    return Operation(f"account.{verb}", account, "", target, words, Facts(changes=(change,)))


def _store_role(
    person: Person, account: Account, grantee: _Grantee, role: Role, services: Services
) -> None:
    """Store a role. *None* for a person is stored, too: it holds even if they link the account."""
    rights, key = services.store.rights, account.key
    if role == Role.NONE and grantee.kind != Subject.PERSON:
        rights.revoke(key, grantee.kind, grantee.subject)
        return
    with services.store.together():
        if grantee.kind == Subject.PERSON:
            rights.end_proved_admin(key, grantee.subject)
        rights.grant(key, account.id, grantee.kind, grantee.subject, role, person.user_id)


def _notify(person: Person, account: Account, user_id: str, role: Role, services: Services) -> None:
    message = views.role_notice(person.user_id, role, account)
    notify(Person(account.team_id, user_id), message, services.store)


def _grantee(word: str, channel_id: str) -> _Grantee:
    if user_id := mentions.person(word):
        return _Grantee(Subject.PERSON, user_id)
    if group_id := mentions.group(word):
        return _Grantee(Subject.GROUP, group_id)
    if found := mentions.channel(word):
        return _Grantee(Subject.CHANNEL, found)
    if word.casefold() == HERE:
        return _Grantee(Subject.CHANNEL, mentions.here(channel_id))
    raise NoSuchSubject(word)


def _channel(word: str, channel_id: str) -> str:
    if word.casefold() == ALL:
        return EVERYWHERE
    return channel_or_here(word, channel_id)


def _role(word: str) -> Role:
    try:
        return Role(word.casefold())
    except ValueError as error:
        raise NoSuchRole(word) from error
