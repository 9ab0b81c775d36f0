"""Words for approvals: the approvers' card, the requester's card, and their messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.core.button_values import ButtonValue, pack, unpack
from handlers.core.replies import Block, Message, Modal
from handlers.ui import form_fields
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    context,
    counted,
    date,
    listed,
    named,
    section,
    sentences,
    text_message,
)
from storage import Approval, Decision, Vote

APPROVE = "approvals.approve"
APPROVE_BECAUSE = "approvals.approve_because"
"""Approves with a form, for accounts that want to know why."""
DENY = "approvals.deny"
WITHDRAW = "approvals.withdraw"
AGAIN = "approvals.again"
FORM = "approvals.decide"
REASON = "approvals.reason"

MAX_REASON_LENGTH = 300
"""Characters of a reason."""


@dataclass(frozen=True)
class Decide(ButtonValue):
    """The value of the form for the reason: the request, and what is decided."""

    approval_id: str
    decision: Decision


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
    FAILED: ":warning:",
    UNKNOWN: ":warning:",
    DENIED: ":no_entry:",
    EXPIRED: ":hourglass:",
    WITHDRAWN: ":leftwards_arrow_with_hook:",
}
OUTCOMES: Mapping[str, str] = {
    APPROVED: "Approved. It is being done now.",
    RUNNING: "Approved. It is being done now.",
    DONE: "Approved and done.",
    FAILED: "Approved, but it could not be done.",
    UNKNOWN: "Approved, but I was interrupted while I did it: it may or may not have been done.",
    DENIED: "Denied. Nothing was changed.",
    EXPIRED: "Nobody decided in time, so it has lapsed. Nothing was changed.",
    WITHDRAWN: "Withdrawn by who asked for it. Nothing was changed.",
}
ASK_AGAIN = frozenset({FAILED, UNKNOWN, DENIED, EXPIRED, WITHDRAWN})


def asked(approval: Approval, approvers: int, *, new: bool) -> Message:
    """Said to who asked, at once; *approvers* is how many people could approve."""
    again = "" if new else "You have asked for that already. "
    text = (
        f"{again}That needs {_people(approval.people)}, so nothing was done yet. "
        f"I have asked {_whom(approval, approvers)}, and do it as soon as it is approved."
    )
    return Message(
        text,
        (
            section(f"{MARKS[WAITING]} {text}"),
            section(_what(approval)),
            *_nobody(approval, approvers),
            buttons(_withdraw_button(approval)),
            context(f"{_id(approval)} · lapses {date(approval.expires_at)} · `/images requests`"),
        ),
    )


def approver_card(approval: Approval) -> Message:
    """The approvers' card: the request, the votes, and the buttons while it is waiting."""
    text = f"<@{approval.user_id}> asks to {approval.words}"
    blocks = [section(f"*Approval wanted*\n{_what(approval)}"), *_votes(approval)]
    if approval.state == WAITING:
        blocks += [buttons(*_decide_buttons(approval)), context(_small_print(approval))]
    else:
        blocks += [section(_ending(approval)), context(_id(approval))]
    return Message(text, tuple(blocks))


def requester_card(approval: Approval) -> Message:
    """The requester's card: the request, the votes, and its state."""
    text = f"You asked to {approval.words}"
    blocks = [section(f"*Your request*\n{_what(approval)}"), *_votes(approval)]
    if approval.state == WAITING:
        blocks += [buttons(_withdraw_button(approval)), context(_small_print(approval))]
    else:
        blocks += [section(_ending(approval)), *_again(approval), context(_id(approval))]
    return Message(text, tuple(blocks))


def ended(approval: Approval) -> Message:
    """For the requester: it has ended without being carried out."""
    text = sentences([f"Your request to {approval.words}:", OUTCOMES[approval.state]])
    why = [_vote_line(vote) for vote in approval.votes if vote.decision == DENYING]
    blocks = [section(f"{MARKS[approval.state]} {text}"), *(section(each) for each in why)]
    return Message(text, (*blocks, *_again(approval), context(_id(approval))))


def carried_out(approval: Approval, answer: Message, *, done: bool) -> Message:
    """For the requester: it was approved, and this is the outcome."""
    by = listed([f"<@{vote.user_id}>" for vote in approval.votes if vote.decision == APPROVING])
    text = f"{by} approved your request to {approval.words}."
    blocks = answer.blocks or (section(answer.text),)
    again = () if done else _again(approval)
    return Message(f"{text} {answer.text}", (section(text), *blocks, *again))


def reminder(approval: Approval) -> Message:
    """For an approver who has not decided."""
    text = f"Still waiting for you: <@{approval.user_id}> asks to {approval.words}"
    return Message(
        text,
        (
            section(f":bell: *Still waiting for you*\n{_what(approval)}"),
            *_votes(approval),
            buttons(*_decide_buttons(approval)),
            context(_small_print(approval)),
        ),
    )


def decided(approval: Approval) -> Message:
    """After a vote by command: the card as it is now."""
    return approver_card(approval)


def requests(decidable: Sequence[Approval], own_: Sequence[Approval]) -> Message:
    """The requests that this person may decide, and their own."""
    text = f"{counted(len(decidable), 'request')} for you to decide."
    blocks: list[Block] = [section(f"*{text}*" if decidable else "Nothing waits for you.")]
    for each in decidable:
        blocks += [section(_what(each)), *_votes(each), buttons(*_decide_buttons(each))]
        blocks.append(context(_small_print(each)))
    if own_:
        blocks.append(section("*What you asked for*"))
    for each in own_:
        blocks.append(section(f"{_mark(each)} {_line(each)}"))
        if each.state == WAITING:
            blocks.append(buttons(_withdraw_button(each)))
        blocks += _again(each)
    return Message(text, tuple(blocks))


def withdrawn(approval: Approval) -> Message:
    text = f"You have withdrawn your request to {approval.words}. Nothing was changed."
    return text_message(text, *_again(approval))


def form(approval: Approval, decision: str) -> Modal:
    """Asks for the reason of a decision."""
    approving = decision == APPROVING
    return Modal(
        FORM,
        "Approve" if approving else "Deny",
        (
            section(_what(approval)),
            form_fields.text_input(
                "Why?",
                REASON,
                multiline=True,
                max_length=MAX_REASON_LENGTH,
                optional=not approval.reason,
                hint="Who asked, and the other approvers, read it. It is on record.",
            ),
        ),
        "Approve" if approving else "Deny",
        value=Decide(approval.id, Decision(decision)).value(),
    )


def read(value: str) -> str:
    """The id of the request."""
    return unpack(value, 1)[0]


def _what(approval: Approval) -> str:
    because = f"\n> {named(approval.because, MAX_REASON_LENGTH)}" if approval.because else ""
    account = code(approval.key.project_id)
    return f"<@{approval.user_id}> asks to {approval.words}, with account {account}.{because}"


def _line(approval: Approval) -> str:
    how = (
        f"waits, lapses {date(approval.expires_at)}"
        if approval.state == WAITING
        else OUTCOMES[approval.state]
    )
    return f"{_id(approval)}: {approval.words}\n{how}"


def _votes(approval: Approval) -> tuple[Block, ...]:
    return tuple(context(_vote_line(vote)) for vote in approval.votes)


def _vote_line(vote: Vote) -> str:
    says = "approves" if vote.decision == APPROVING else "denies"
    why = f": {named(vote.reason, MAX_REASON_LENGTH)}" if vote.reason else ""
    return f"<@{vote.user_id}> {says}{why}"


def _ending(approval: Approval) -> str:
    return sentences([f"{_mark(approval)} {OUTCOMES[approval.state]}", approval.outcome])


def _mark(approval: Approval) -> str:
    return MARKS[approval.state]


def _id(approval: Approval) -> str:
    return f"Request {code(approval.id)}"


def _small_print(approval: Approval) -> str:
    said = sum(vote.decision == APPROVING for vote in approval.votes)
    of = f"{said} of {approval.people} have approved" if approval.people > 1 else ""
    ask = f"`/images approve {approval.id}` or `/images deny {approval.id}`"
    parts = [_id(approval), of, f"lapses {date(approval.expires_at)}", ask]
    return " · ".join(part for part in parts if part)


def _decide_buttons(approval: Approval) -> tuple[Block, Block]:
    value = pack(approval.id)
    yes = (
        button("Approve…", APPROVE_BECAUSE, value, style="primary")
        if approval.reason
        else button("Approve", APPROVE, value, style="primary")
    )
    return yes, button("Deny…", DENY, value, style="danger")


def _withdraw_button(approval: Approval) -> Block:
    return button("Withdraw", WITHDRAW, pack(approval.id), label=f"Withdraw {approval.id}")


def _again(approval: Approval) -> tuple[Block, ...]:
    if approval.state not in ASK_AGAIN:
        return ()
    again = button("Ask again", AGAIN, pack(approval.id), label=f"Ask again for {approval.id}")
    return (buttons(again),)


def _people(count: int) -> str:
    return "someone else's approval" if count == 1 else f"the approval of {count} other people"


def _whom(approval: Approval, approvers: int) -> str:
    if approval.channel_id:
        return f"in <#{approval.channel_id}>"
    return counted(approvers, "person", "people")


def _nobody(approval: Approval, approvers: int) -> tuple[Block, ...]:
    if approvers >= approval.people:
        return ()
    there = "nobody else can" if approvers == 0 else f"only {counted(approvers, 'person')} can"
    text = (
        f":warning: It takes {approval.people} and {there} approve for this account. Ask an admin "
        "of it to name more: `/images allow @someone approver`."
    )
    return (section(text),)
