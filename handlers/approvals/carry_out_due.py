"""
Carry out approved requests, end expired ones, and remind approvers.

Each request is claimed by one worker before it is carried out, and never again: if the worker
dies in the middle, the outcome is unknown, and the requester is notified of that.
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


def carry_out_next(perform: Perform, services: Services) -> bool:
    """Carry out one request that was approved. False if there is no such request."""
    claimed = services.store.approvals.claim(1)
    for approval in claimed:
        _carry_out(approval, perform, services)
    return bool(claimed)


def end_and_remind(services: Services) -> None:
    """End what has lapsed or was given up, and remind approvers of what is pending."""
    for approval in services.store.approvals.expire():
        _record(approval, "approval.expire", services)
        approvals.notify_ended(approval, services)
    for approval in services.store.approvals.give_up():
        _record(approval, "approval.give_up", services)
        approvals.notify_ended(approval, services)
    for approval in services.store.approvals.remind(approvals.FIRST_REMINDER):
        approvals.remind(approval, services)
    _ask_by_direct_message(services)


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


def _record(approval: Approval, action: str, services: Services) -> None:
    actor = f"{approval.team_id}/{ACTOR}"
    with services.audited(actor, action, approval.id, account=approval.key):
        pass


def _ask_by_direct_message(services: Services) -> None:
    """Where Slack does not take the card in the approvers' channel, each gets one of their own."""
    for place in services.store.cards.failed("approval "):
        approval = services.store.approvals.get(place.key.split()[1])
        if approval and approval.state == ApprovalState.WAITING:
            approvals.redraw_cards(approval, services)
