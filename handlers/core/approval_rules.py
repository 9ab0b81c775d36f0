"""Whether an operation needs a second person, by the policy of its account."""

from __future__ import annotations

from handlers.core.interactions import Person
from handlers.core.operations import Operation
from handlers.core.roles import Roles
from storage import Policy, Role, Rule


def requires_approval(
    operation: Operation, policy: Policy, requester: Person, roles: Roles
) -> bool:
    """Return whether the policy of the operation's account asks for a second person."""
    if operation.guarded is None:
        return False
    rule = policy.rule(operation.guarded)
    if rule == Rule.OUTSIDE:
        named = (_named_by_approver(operation, n, requester, roles) for n in operation.numbers)
        return not all(named)
    return rule == Rule.ALWAYS


def _named_by_approver(operation: Operation, number: str, requester: Person, roles: Roles) -> bool:
    """Whether an approver other than the requester entered the number in the address book."""
    key = operation.account.key
    known = roles.store.names.by_number(key.team_id, key.cloud, number)
    if known is None or known.named_by == requester.user_id:
        return False
    return known.named_by in roles.people_with_role(key, Role.APPROVER)
