"""Let the bot's operators name an admin for an account whose admins have all left."""

from __future__ import annotations

from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.roles import Roles
from handlers.permissions.views import permissions as views
from storage import Account, Role, Store, Subject

ACTOR = "program/accounts"


def name_admin(link: Account, store: Store, roles: Roles) -> None:
    """
    Make the person of this link an admin of its account, and tell all whom that concerns.

    Those are the people who have linked the account, or have a role on it by name.
    """
    key, user_id = link.key, link.user_id
    before = roles.role_on(key, Person(link.team_id, user_id))
    with store.audit.entry(
        f"{link.team_id}/{ACTOR}",
        "account.allow",
        f"{Subject.PERSON} {user_id}",
        account=key.project_id,
        cloud=key.cloud,
    ) as entry:
        entry.before, entry.after = {"role": before}, {"role": Role.ADMIN}
        store.rights.grant(key, link.id, Subject.PERSON, user_id, Role.ADMIN, ACTOR)
    grants = store.rights.of_account(key)
    concerned = {each.user_id for each in store.accounts.links(key)}
    concerned |= {each.subject for each in grants if each.kind == Subject.PERSON}
    for each in sorted(concerned - store.people.left(link.team_id)):
        message = views.named_admin(link, mine=each == user_id)
        notify(Person(link.team_id, each), message, store)
