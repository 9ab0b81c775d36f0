"""How many approvals a request needs at this moment, and whose votes count."""

from __future__ import annotations

from handlers.core.approval_rules import people_to_loosen
from handlers.core.effects import Effect
from handlers.core.interactions import Person
from handlers.core.services import Services
from storage import Approval, Decision, Role, Terms


def current_terms(approval: Approval, services: Services) -> Terms:
    """
    Return the account's policy as it is now, and whose votes still count.
    """
    policy = services.store.policies.of(approval.key)
    requester = Person(approval.team_id, approval.user_id)
    people = policy.people
    if Effect.LOOSENS in approval.request.get("effects", ()):
        people = people_to_loosen(policy, approval.key, requester, services.roles)
    lost = _may_no_longer_approve(approval, services)
    return Terms(
        max(1, people),
        policy.reason,
        lambda vote: vote.decision == Decision.APPROVE and vote.user_id not in lost,
    )


def _may_no_longer_approve(approval: Approval, services: Services) -> frozenset[str]:
    """
    Return who has voted, and has lost the role since.

    Looked up here and not while votes are counted: Slack may have to be asked for a user group.
    """
    return frozenset(
        vote.user_id
        for vote in approval.votes
        if not services.roles.role_on(
            approval.key, Person(approval.team_id, vote.user_id), vote.channel_id
        ).allows(Role.APPROVER)
    )
