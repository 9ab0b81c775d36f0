"""The card of a request: what is asked for, the votes, and its buttons."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.approvals.shown import shown_facts
from handlers.core.button_values import pack
from handlers.core.reasons import MAX_REASON_LENGTH
from handlers.core.replies import Block, Message
from handlers.core.text import clip
from handlers.ui import facts_shown
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    context,
    date,
    named,
    section,
    sentences,
    text_message,
    unformatted,
)
from storage import Approval, Vote

APPROVE = "approvals.approve"
APPROVE_BECAUSE = "approvals.approve_because"
"""Approves with a form, for accounts that want to know why."""
DENY = "approvals.deny"
DETAILS = "approvals.details"
WITHDRAW = "approvals.withdraw"
EXPLAIN = "approvals.explain"
AGAIN = "approvals.again"
MAX_WANTED = 1200
"""Characters of what is asked for: with a reason, each escaped, it fits a section."""
BEGUN = frozenset(
    {"image.export", "image.import", "image.copy", "server.snapshot", "server.launch"}
)
"""Actions that start a transfer or a task, which has a progress card of its own."""
APPROVING, DENYING = "approve", "deny"
WAITING, APPROVED, RUNNING, DONE = "waiting", "approved", "running", "done"
FAILED, UNKNOWN, DENIED, EXPIRED, WITHDRAWN = (
    "failed",
    "unknown",
    "denied",
    "expired",
    "withdrawn",
)
MARKS: Mapping[str, str] = {
    WAITING: ":hourglass_flowing_sand:",
    APPROVED: ":white_check_mark:",
    RUNNING: ":white_check_mark:",
    DONE: ":white_check_mark:",
    FAILED: ":x:",
    UNKNOWN: ":grey_question:",
    DENIED: ":no_entry:",
    EXPIRED: ":hourglass:",
    WITHDRAWN: ":leftwards_arrow_with_hook:",
}
OUTCOMES: Mapping[str, str] = {
    APPROVED: "Approved. In progress.",
    RUNNING: "Approved. In progress.",
    DONE: "Approved and done.",
    FAILED: "Approved, but it failed.",
    UNKNOWN: "Approved, but I was interrupted, so it may or may not have been done. Check first.",
    DENIED: "Denied. Nothing was changed.",
    EXPIRED: "Expired without a decision. Nothing was changed.",
    WITHDRAWN: "Withdrawn by the requester. Nothing was changed.",
}
ASK_AGAIN = frozenset({FAILED, UNKNOWN, DENIED, EXPIRED, WITHDRAWN})


def approver_card(approval: Approval) -> Message:
    """The approvers' card: the request, the votes, and the buttons while it is waiting."""
    text = f"<@{approval.user_id}> asks to {wanted(approval)}"
    blocks = [section(f"*Approval requested*\n{request_words(approval)}"), *shown(approval)]
    blocks += votes(approval)
    if approval.state == WAITING:
        blocks += [buttons(*decide_buttons(approval)), context(small_print(approval))]
    else:
        blocks += [section(_ending(approval)), context(id_label(approval))]
    return Message(text, tuple(blocks))


def requester_card(approval: Approval) -> Message:
    """The requester's card: the request, the votes, and its state."""
    text = f"You asked to {wanted(approval)}"
    blocks = [section(f"*Your request*\n{request_words(approval)}"), *shown(approval)]
    blocks += votes(approval)
    if approval.state == WAITING:
        blocks += [buttons(*requester_buttons(approval)), context(small_print(approval))]
    else:
        blocks += [section(_ending(approval)), *ask_again(approval), context(id_label(approval))]
    return Message(text, tuple(blocks))


def reminder(approval: Approval) -> Message:
    """Remind an approver who has not decided."""
    text = f"Reminder: <@{approval.user_id}> asks to {wanted(approval)}"
    return Message(
        text,
        (
            section(f":bell: *Reminder: approval requested*\n{request_words(approval)}"),
            *shown(approval),
            *votes(approval),
            buttons(*decide_buttons(approval)),
            context(small_print(approval)),
        ),
    )


def no_longer_approver(approval: Approval) -> Message:
    """In place of a card or a reminder, while its reader may not decide any more."""
    return text_message(
        "You can no longer approve requests for this account, so this one is for others to decide.",
        context(id_label(approval)),
    )


def request_words(approval: Approval) -> str:
    because = f"\n> {named(approval.because, MAX_REASON_LENGTH)}" if approval.because else ""
    account = code(approval.key.project_id)
    return f"<@{approval.user_id}> asks to {wanted(approval)}, with account {account}.{because}"


def wanted(approval: Approval) -> str:
    """What is asked for, clipped so that the reason or the outcome after it fits."""
    return clip(approval.words, MAX_WANTED)


def shown(approval: Approval) -> tuple[Block, ...]:
    """The gist of the request; nothing for requests kept by the last release."""
    facts = shown_facts(approval)
    lines = facts_shown.gist(facts) if facts else ()
    return (section(facts_shown.bullets(lines)),) if lines else ()


def votes(approval: Approval) -> tuple[Block, ...]:
    return tuple(context(vote_line(vote)) for vote in approval.votes)


def vote_line(vote: Vote) -> str:
    says = "approves" if vote.decision == APPROVING else "denies"
    why = f": {named(vote.reason, MAX_REASON_LENGTH)}" if vote.reason else ""
    return f"<@{vote.user_id}> {says}{why}"


def _ending(approval: Approval) -> str:
    return sentences([f"{mark(approval)} {ended_how(approval)}", approval.outcome])


def ended_how(approval: Approval) -> str:
    if approval.state == DONE and approval.action in BEGUN:
        return "Approved and started. Progress: `/images tasks`."
    return OUTCOMES[approval.state]


def mark(approval: Approval) -> str:
    return MARKS[approval.state]


def id_label(approval: Approval) -> str:
    return f"Request {code(approval.id)}"


def small_print(approval: Approval) -> str:
    of = approvals_given(approval)
    ask = f"`/images approve {approval.id}` or `/images deny {approval.id}`"
    parts = [id_label(approval), of, f"expires {date(approval.expires_at)}", ask]
    return " · ".join(part for part in parts if part)


def approvals_given(approval: Approval) -> str:
    """`1 of 2 approvals`; "" where one is enough."""
    said = sum(vote.decision == APPROVING for vote in approval.votes)
    return f"{said} of {approval.people} approvals" if approval.people > 1 else ""


LISTED = "list"
"""Second part of a button's value: it is in a list, which is redrawn after a decision."""


def decide_buttons(approval: Approval) -> tuple[Block, ...]:
    """The buttons of the card, where approving is the next step."""
    return *decisions(approval, pack(approval.id), primary=True), details_button(approval)


def details_button(approval: Approval) -> Block:
    return button("Details", DETAILS, pack(approval.id), label=_label("Details", approval))


def decisions(approval: Approval, value: str, *, primary: bool) -> tuple[Block, Block]:
    """Approve and Deny."""
    style = "primary" if primary else None
    approve = ("Approve…", APPROVE_BECAUSE) if approval.reason else ("Approve", APPROVE)
    return (
        button(*approve, value, style=style, label=_label(approve[0], approval)),
        button("Deny…", DENY, value, style="danger", label=_label("Deny…", approval)),
    )


def _withdraw_button(approval: Approval, *origin: str) -> Block:
    value = pack(approval.id, *origin)
    return button("Withdraw", WITHDRAW, value, label=_label("Withdraw", approval))


def requester_buttons(approval: Approval, *origin: str) -> tuple[Block, ...]:
    """While it is waiting: withdraw it, or say why if that was not said."""
    label = f"Add a reason to {approval.id}"
    explain = button("Add a reason…", EXPLAIN, pack(approval.id), label=label)
    return (_withdraw_button(approval, *origin), *([] if approval.because else [explain]))


def ask_again(approval: Approval) -> tuple[Block, ...]:
    return tuple(map(buttons, again_buttons(approval)))


def again_buttons(approval: Approval) -> tuple[Block, ...]:
    """Ask again, if it has ended without being done."""
    if approval.state not in ASK_AGAIN:
        return ()
    return (button("Ask again", AGAIN, pack(approval.id), label=_label("Ask again", approval)),)


def _label(text: str, approval: Approval) -> str:
    return f"{text}: {unformatted(approval.words)}"
