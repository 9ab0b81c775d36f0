"""Tell an account's admins once when too few people are left to approve their requests."""

from __future__ import annotations

import hashlib

from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.services import Services
from handlers.permissions.views import policy as views
from storage import AccountKey, Policy, Role, Rule


def enqueue_due(services: Services) -> None:
    """Look at the policies of workspaces that somebody has left."""
    store = services.store
    left: dict[str, frozenset[str]] = {}
    for key, policy in store.policies.all():
        if key.team_id not in left:
            left[key.team_id] = store.people.left(key.team_id)
        if left[key.team_id] and any(rule != Rule.NEVER for rule in policy.rules.values()):
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
