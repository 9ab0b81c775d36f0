"""Show, grant and revoke roles on an account, and limit them by channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.core import mentions
from handlers.core.errors import Usage
from handlers.core.facts import Change, Facts
from handlers.core.find_account import account_for
from handlers.core.interactions import Click, Command, Person
from handlers.core.lists import listed
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
from handlers.ui.blocks import sentences
from handlers.ui.tell_admins import tell_admins
from storage import EVERYWHERE, Account, Role, Subject, lowest

RIGHTS = "rights"
ALLOW = 'allow WHO… ROLE [because "…"]'
LIMIT = 'limit CHANNEL… ROLE [because "…"]'


@dataclass(frozen=True)
class _Grantee:
    """A person, a user group or a channel, by Slack's id."""

    kind: Subject
    subject: str


def rights(command: Command, services: Services) -> Message:
    """/images rights: show the roles, limits and policy of the account in use."""
    if command.words:
        raise Usage(RIGHTS)
    account = account_for(command, services)
    return rights_message(command.person, account, services)


def allow(command: Command, services: Services) -> Message:
    """/images allow <who>… <role>: give a role on the account in use, or remove it."""
    match listed(command.words):
        case [*words, role] if words:
            grantees = [_grantee(word, command.channel_id) for word in words]
            wanted = _role(role)
        case _:
            raise Usage(ALLOW)
    return _set_role(command.person, account_for(command, services), grantees, wanted, services)


def limit(command: Command, services: Services) -> Message:
    """/images limit <channel>… <role>: limit what anyone can do with the account there."""
    match listed(command.words):
        case [*words, role] if words:
            channel_ids = [_channel(word, command.channel_id) for word in words]
            wanted = _role(role)
        case _:
            raise Usage(LIMIT)
    account = account_for(command, services)
    return _set_limit(command.person, account, channel_ids, wanted, services)


def _set_limit(
    person: Person, account: Account, channel_ids: Sequence[str], wanted: Role, services: Services
) -> Message:
    """Limit what anyone can do with the account in these channels, EVERYWHERE for all others."""
    had = services.store.rights.ceilings(person.team_id).get(account.key, {})
    before = {each: had.get(each, Role.ADMIN) for each in dict.fromkeys(channel_ids)}
    changes = [
        loosening.of_limit(views.channel(each), role, wanted) for each, role in before.items()
    ]
    operation = _operation("limit", account, changes)
    services.authorize(operation)
    for channel_id, role in before.items():
        _store_limit(person, account, channel_id, (role, wanted), services)
    tell_admins(person, operation, services)
    result = sentences(views.limited(each, wanted, account) for each in before)
    return rights_message(person, account, services, result)


def take_back_clicked(click: Click, services: Services) -> Message:
    """The Remove button of a role."""
    asked = views.TakeBack.read(click.value)
    account = services.account(click.person, asked.account_id)
    return _set_role(
        click.person, account, [_Grantee(asked.kind, asked.subject)], Role.NONE, services
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
    person: Person, account: Account, grantees: Sequence[_Grantee], role: Role, services: Services
) -> Message:
    """
    Give a role to all of them, or to none.

    Raises:
        OpenSubject, OwnerStays, PersonLeft: one of them cannot have it.
    """
    before = {
        each: _checked_role_before(account, each, role, services)
        for each in dict.fromkeys(grantees)
    }
    concerned = {person.user_id, *(each.subject for each in before)}
    changes = [
        loosening.of_role(account, each.kind, each.subject, (had, role), concerned, services)
        for each, had in before.items()
    ]
    operation = _operation("allow", account, changes)
    services.authorize(operation)
    admins = services.roles.admins(account.key)
    for grantee, had in before.items():
        _give_role(person, account, grantee, (had, role), services)
    tell_admins(person, operation, services, admins)
    result = sentences(
        views.role_changed(each.kind, each.subject, role, account) for each in before
    )
    return rights_message(person, account, services, result)


def _checked_role_before(
    account: Account, grantee: _Grantee, role: Role, services: Services
) -> Role:
    """The grantee's role until now, if it can be given this one instead."""
    if grantee.kind != Subject.PERSON:
        if role.allows(Role.APPROVER):
            raise OpenSubject(role, account.key)
        return _role_before(account, grantee, services)
    if role != Role.NONE:
        require_present(Person(account.team_id, grantee.subject), services)
    _refuse_for_first_admin(account, grantee.subject, services)
    return _role_before(account, grantee, services)


def _give_role(
    person: Person,
    account: Account,
    grantee: _Grantee,
    roles: tuple[Role, Role],
    services: Services,
) -> None:
    """Store the role, record it and tell the person; *roles* are before and after."""
    with services.audited(
        person.actor, "account.allow", f"{grantee.kind} {grantee.subject}", account=account.key
    ) as entry:
        entry.before, entry.after = ({"role": role} for role in roles)
        _store_role(person, account, grantee, roles[1], services)
    if grantee.kind == Subject.PERSON and grantee.subject != person.user_id:
        _notify(person, account, grantee.subject, roles[1], services)


def _store_limit(
    person: Person,
    account: Account,
    channel_id: str,
    roles: tuple[Role, Role],
    services: Services,
) -> None:
    """Store a channel's limit and record it; *roles* are before and after."""
    rights = services.store.rights
    with services.audited(person.actor, "account.limit", channel_id, account=account.key) as entry:
        entry.before, entry.after = ({"most": role} for role in roles)
        if roles[1] == Role.ADMIN:
            rights.unlimit(account.key, channel_id)
        else:
            rights.limit(account.key, channel_id, roles[1], person.user_id)


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


def _operation(verb: str, account: Account, changes: Sequence[Change]) -> Operation:
    what = {"allow": "roles", "limit": "limits"}[verb]
    words = operation_words.change_account(what, account, changes)
    target = " ".join(f"{change.name} {change.after}" for change in changes)
    facts = Facts(changes=tuple(changes))
    return Operation(f"account.{verb}", account, "", target, words, facts)


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
