"""Check who may decide which request, and in which channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.core.interactions import Person
from handlers.core.roles import AccountAccess
from handlers.core.services import Services
from storage import Approval, Role


def decidable(person: Person, channel_id: str, services: Services) -> Sequence[Approval]:
    """Return the requests that the person may decide."""
    return [
        approval
        for approval in services.store.approvals.waiting(person.team_id)
        if approval.user_id != person.user_id
        and person.user_id not in {vote.user_id for vote in approval.votes}
        and may_decide(person, approval, channel_id, services)
    ]


def may_decide(person: Person, approval: Approval, channel_id: str, services: Services) -> bool:
    """Whether the person's role there lets them; not who asked, nor whether they have voted."""
    access = access_to_request(person, approval, channel_id, services)
    return access is not None and access.effective_role.allows(Role.APPROVER)


def access_to_request(
    person: Person, approval: Approval, channel_id: str, services: Services
) -> AccountAccess | None:
    """Access to the request's account. The approvers' own channel does not limit their role."""
    for access in services.roles.accesses(person, channel_id):
        if access.account.key == approval.key:
            bound = channel_id != approval.channel_id
            return access if bound else replace(access, ceiling=Role.ADMIN)
    return None
