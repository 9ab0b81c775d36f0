"""The form for the reason of one's own request."""

from __future__ import annotations

from handlers.approvals.views.cards import request_words
from handlers.core.button_values import pack
from handlers.core.replies import Modal
from handlers.ui.blocks import section
from handlers.ui.form_fields import reason
from storage import Approval

FORM = "approvals.explain_form"


def form(approval: Approval) -> Modal:
    """Ask why; the approvers see it."""
    blocks = (section(request_words(approval)), reason(optional=False))
    return Modal(FORM, "Add a reason", blocks, "Add", pack(approval.id))
