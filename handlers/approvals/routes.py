"""The routes of this topic: requests for approval."""

from __future__ import annotations

from handlers.approvals import confirm_on_page, decide, explain
from handlers.approvals import requests as approvals
from handlers.approvals.views import cards
from handlers.approvals.views import explain as explain_views
from handlers.approvals.views import requests as approval_views
from handlers.core.operations import NeedsApproval, NeedsPage
from handlers.core.routing import Button, Form, Repeat, Routes, Verb

ROUTES = Routes(
    verbs=(
        Verb(
            "requests",
            decide.REQUESTS,
            "Lists requests for your approval, and your own.",
            None,
            decide.requests,
            asks_cloud=False,
        ),
        Verb(
            "approve",
            decide.APPROVE,
            "Approves a request; the bot then carries it out with the requester's login.",
            None,
            decide.approve,
            details="Needs the role `approver` on the account. You can't approve your own "
            "requests.",
            changes=True,
            asks_cloud=False,
        ),
        Verb(
            "deny",
            decide.DENY,
            "Denies a request.",
            None,
            decide.deny,
            details="Needs the role `approver` on the account.",
            changes=True,
            asks_cloud=False,
        ),
    ),
    repeats={cards.AGAIN: Repeat(approvals.ask_again)},
    recoveries={NeedsApproval: approvals.ask_approvers, NeedsPage: confirm_on_page.ask_to_confirm},
    buttons={
        cards.APPROVE: Button(decide.approve_clicked, None, asks_cloud=False),
        cards.APPROVE_BECAUSE: Button(
            decide.approve_with_reason_clicked, None, opens=True, asks_cloud=False
        ),
        cards.DETAILS: Button(decide.details_clicked, None, asks_cloud=False),
        cards.DENY: Button(decide.deny_clicked, None, opens=True, asks_cloud=False),
        approval_views.PAGE: Button(decide.page_clicked, None, asks_cloud=False),
        approval_views.PAGE_BACK: Button(decide.page_clicked, None, asks_cloud=False),
        cards.EXPLAIN: Button(explain.clicked, None, opens=True, asks_cloud=False),
        cards.WITHDRAW: Button(approvals.withdraw_clicked, None, asks_cloud=False),
    },
    forms={
        approval_views.FORM: Form(decide.submitted, None, asks_cloud=False),
        explain_views.FORM: Form(explain.submitted, None, asks_cloud=False),
    },
)
