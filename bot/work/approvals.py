"""
What was asked of approvers: carried out when it is approved, and not forgotten meanwhile.

Each request is claimed by one worker before it is carried out, and by none after that: if the
worker dies in the middle, nobody knows how far it came, and who asked is told so.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from bot.wiring import Runtime
from handlers.approvals import requests as approvals
from storage import Approval, ApprovalState

log = logging.getLogger(__name__)

ACTOR = "job/approvals"
KEPT = timedelta(days=90)


def run(runtime: Runtime) -> None:
    """Carry out what is approved, end what has lapsed, remind of what waits."""
    services = runtime.services
    while not runtime.stopping.is_set() and (claimed := runtime.store.approvals.claim(1)):
        for approval in claimed:
            _carry_out(runtime, approval)
    for approval in runtime.store.approvals.expire():
        _record(runtime, approval, "approval.expire")
        approvals.tell_ended(approval, services)
    for approval in runtime.store.approvals.give_up():
        _record(runtime, approval, "approval.give_up")
        approvals.tell_ended(approval, services)
    for approval in runtime.store.approvals.remind(approvals.FIRST_REMINDER):
        approvals.remind(approval, services)
    _ask_in_private(runtime)


def _carry_out(runtime: Runtime, approval: Approval) -> None:
    with runtime.services.audited(
        f"{approval.team_id}/{ACTOR}",
        "approval.carry_out",
        f"{approval.id} {approval.action} {approval.target}",
        account=approval.key.project_id,
        region=approval.region,
        approvers=[f"{approval.team_id}/{vote.user_id}" for vote in approval.votes],
    ) as entry:
        approvals.carry_out(approval, runtime.dispatcher.carry_out, runtime.services)
        ended = runtime.store.approvals.get(approval.id)
        entry.note(ended.state.value if ended else "gone")
        log.info("request %s: %s", approval.id, ended.state if ended else "gone")


def _record(runtime: Runtime, approval: Approval, action: str) -> None:
    actor = f"{approval.team_id}/{ACTOR}"
    with runtime.services.audited(actor, action, approval.id, account=approval.key.project_id):
        pass


def _ask_in_private(runtime: Runtime) -> None:
    """Where Slack does not take the card in the approvers' channel, each gets one of their own."""
    for place in runtime.store.cards.failed("approval "):
        approval = runtime.store.approvals.get(place.key.split()[1])
        if approval and approval.state == ApprovalState.WAITING:
            approvals.draw(approval, runtime.services)
