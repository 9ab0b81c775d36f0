"""Tell an account's admins once when too few people are left to approve their requests."""

from __future__ import annotations

import hashlib

from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.services import Services
from handlers.permissions.views import policy as views
from storage import AccountKey, Policy, Role, Subject


def look(left: Person, services: Services) -> None:
    """Look at the policies of the accounts on which somebody who has left could approve."""
    store = services.store
    keys = {each.key for each in store.accounts.of(left.team_id, left.user_id)}
    for grant in store.rights.of_team(left.team_id):
        if grant.kind == Subject.PERSON and grant.subject == left.user_id:
            keys.add(grant.key)
    for key in keys:
        policy = store.policies.of(key)
        if policy.wants_approval:
            _notify_if_unmet(key, policy, services)


def _notify_if_unmet(key: AccountKey, policy: Policy, services: Services) -> None:
    approvers = services.roles.people_with_role(key, Role.APPROVER)
    links = services.store.accounts.links(key)
    who = hashlib.sha256(" ".join(sorted(approvers)).encode()).hexdigest()[:16]
    for user_id in services.roles.admins(key) if links else ():
        others = len(approvers - {user_id})
        if others < policy.people:
            notify(
                Person(key.team_id, user_id),
                views.unmet(policy, links[0], others),
                services.store,
                f"policy unmet {key.cloud} {key.project_id} {policy.people} {who} {user_id}",
            )
