"""
Carry out approved requests, end expired ones, and remind approvers.

Each request is a row with the moment at which something is due. Carrying it out is begun once: if
the worker dies in the middle, the outcome is unknown, and the requester is notified of that.
"""

from __future__ import annotations

import logging

from handlers.approvals import requests as approvals
from handlers.approvals.requests import Perform
from handlers.approvals.shown import shown_facts
from handlers.core.facts import for_audit
from handlers.core.services import Services
from storage import Approval, ApprovalState

log = logging.getLogger(__name__)

ACTOR = "job/approvals"


def serve(approval: Approval, perform: Perform, services: Services) -> None:
    """
    Do what is due with a request, as its worker has claimed it.

    Raises:
        storage.errors.LostClaim: it was decided in the same moment, or another worker has it.
    """
    match approval.state:
        case ApprovalState.APPROVED:
            _carry_out(services.store.approvals.start(approval), perform, services)
        case ApprovalState.RUNNING:
            _end(services.store.approvals.give_up(approval), "approval.give_up", services)
        case _ if approval.expires_at <= services.clock():
            _end(services.store.approvals.expire(approval), "approval.expire", services)
        case _:
            _ask_by_direct_message(approval, services)
            _remind(approval, services)


def card_failed(key: str, services: Services) -> None:
    """Within the transaction that notes that Slack does not take a card: look at its request."""
    kind, approval_id, *_ = key.split()
    if kind == "approval":
        services.store.approvals.make_due(approval_id)


def _ask_by_direct_message(approval: Approval, services: Services) -> None:
    """Where Slack does not take the card in the approvers' channel, each gets one of their own."""
    if services.store.cards.failed(f"approval {approval.id} "):
        approvals.redraw_cards(approval, services)


def _remind(approval: Approval, services: Services) -> None:
    if approval.remind_at <= services.clock():
        services.store.approvals.reminded(approval, approvals.FIRST_REMINDER)
        approvals.remind(approval, services)
    else:
        services.store.approvals.let_wait(approval)


def _carry_out(approval: Approval, perform: Perform, services: Services) -> None:
    with services.audited(
        f"{approval.team_id}/{ACTOR}",
        "approval.carry_out",
        f"{approval.id} {approval.action} {approval.target}",
        account=approval.key,
        region=approval.region,
        approvers=[f"{approval.team_id}/{vote.user_id}" for vote in approval.votes],
    ) as entry:
        if facts := shown_facts(approval):
            entry.before, entry.after = for_audit(facts)
        approvals.carry_out(approval, perform, services)
        ended = services.store.approvals.get(approval.id)
        entry.note(ended.state.value if ended else "gone")
        log.info("request %s: %s", approval.id, ended.state if ended else "gone")


def _end(approval: Approval, action: str, services: Services) -> None:
    actor = f"{approval.team_id}/{ACTOR}"
    with services.audited(actor, action, approval.id, account=approval.key):
        pass
    approvals.notify_ended(approval, services)
