"""Give the reason of one's own request afterwards, where its button or form had no room for one."""

from __future__ import annotations

from handlers.approvals import requests
from handlers.approvals.errors import AlreadyDecided
from handlers.approvals.views import cards
from handlers.approvals.views import explain as views
from handlers.core import reasons
from handlers.core.interactions import Click, Submission
from handlers.core.replies import FieldErrors, Modal, Reply
from handlers.core.services import Services


def clicked(click: Click, services: Services) -> Modal:
    """The Add a reason… button of who asked."""
    return views.form(requests.own_request(click.person, click.value, services))


def submitted(submission: Submission, services: Services) -> Reply:
    """Add the reason, and redraw the cards of the approvers with it."""
    approval = requests.own_request(submission.person, submission.value, services)
    because = reasons.tidy(submission.text(reasons.FIELD))
    if not because:
        return FieldErrors({reasons.FIELD: "Write a reason."})
    actor = submission.person.actor
    with services.audited(actor, "approval.explain", approval.id, account=approval.key):
        user_id = submission.person.user_id
        if not services.store.approvals.explain(approval.id, user_id, because):
            raise AlreadyDecided(approval.id, approval.state, voted=False)
    approval = requests.get_request(approval.id, services)
    requests.redraw_cards(approval, services)
    return cards.requester_card(approval)
