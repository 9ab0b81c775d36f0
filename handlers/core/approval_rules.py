"""Whether an operation needs a second person, by the policy of its account."""

from __future__ import annotations

from handlers.core.effects import RULES, Effect
from handlers.core.facts import Party
from handlers.core.interactions import Person
from handlers.core.operations import Operation
from handlers.core.roles import Roles
from storage import AccountKey, Policy, Role, Rule


def people_needed(operation: Operation, policy: Policy, requester: Person, roles: Roles) -> int:
    """Return how many have to approve the operation; 0 if it needs nobody."""
    loosens = Effect.LOOSENS in operation.effects
    if loosens and policy.wants_approval:
        return people_to_loosen(policy, operation.account.key, requester, roles)
    guards = {rule for effect in operation.effects for rule in RULES[effect]}
    applies = any(_applies(policy.rule(each), operation, requester, roles) for each in guards)
    return policy.people if applies else 0


def people_to_loosen(policy: Policy, key: AccountKey, requester: Person, roles: Roles) -> int:
    """
    Return how many have to approve what loosens a guard.

    As many as for what it guards, but no more than there are: or nobody could ever put right a
    policy that asks for too many.
    """
    others = roles.people_with_role(key, Role.APPROVER) - {requester.user_id}
    return min(policy.people, len(others))


def _applies(rule: Rule, operation: Operation, requester: Person, roles: Roles) -> bool:
    if rule == Rule.OUTSIDE:
        gains = operation.facts.gains
        return not all(_named_by_approver(operation, each, requester, roles) for each in gains)
    return rule == Rule.ALWAYS


def _named_by_approver(operation: Operation, party: Party, requester: Person, roles: Roles) -> bool:
    """Whether an approver other than the requester entered the number in the address book."""
    if party.named_by in ("", requester.user_id):
        return False
    key = operation.account.key
    return party.named_by in roles.people_with_role(key, Role.APPROVER)
