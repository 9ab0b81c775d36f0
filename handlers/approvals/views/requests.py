"""Words for approvals: answers to who asks and decides, lists, and the form for a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.approvals.views.cards import (
    APPROVING,
    DENYING,
    MARKS,
    MAX_REASON_LENGTH,
    OUTCOMES,
    WAITING,
    approver_card,
    ask_again,
    decide_buttons,
    id_label,
    mark,
    request_words,
    small_print,
    vote_line,
    votes,
    withdraw_button,
)
from handlers.core.button_values import ButtonValue, unpack
from handlers.core.replies import Block, Message, Modal
from handlers.ui import form_fields
from handlers.ui.blocks import (
    buttons,
    context,
    counted,
    date,
    listed,
    section,
    sentences,
    text_message,
)
from storage import Approval, Decision

FORM = "approvals.decide"
REASON = "approvals.reason"


@dataclass(frozen=True)
class Decide(ButtonValue):
    """The value of the form for the reason: the request, and what is decided."""

    approval_id: str
    decision: Decision


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
            section(request_words(approval)),
            *_nobody(approval, approvers),
            buttons(withdraw_button(approval)),
            context(
                f"{id_label(approval)} · lapses {date(approval.expires_at)} · `/images requests`"
            ),
        ),
    )


def ended(approval: Approval) -> Message:
    """For the requester: it has ended without being carried out."""
    text = sentences([f"Your request to {approval.words}:", OUTCOMES[approval.state]])
    why = [vote_line(vote) for vote in approval.votes if vote.decision == DENYING]
    blocks = [section(f"{MARKS[approval.state]} {text}"), *(section(each) for each in why)]
    return Message(text, (*blocks, *ask_again(approval), context(id_label(approval))))


def carried_out(approval: Approval, answer: Message, *, done: bool) -> Message:
    """For the requester: it was approved, and this is the outcome."""
    by = listed([f"<@{vote.user_id}>" for vote in approval.votes if vote.decision == APPROVING])
    text = f"{by} approved your request to {approval.words}."
    blocks = answer.blocks or (section(answer.text),)
    again = () if done else ask_again(approval)
    return Message(f"{text} {answer.text}", (section(text), *blocks, *again))


def decided(approval: Approval) -> Message:
    """After a vote by command: the card as it is now."""
    return approver_card(approval)


def requests(decidable: Sequence[Approval], own_: Sequence[Approval]) -> Message:
    """The requests that this person may decide, and their own."""
    text = f"{counted(len(decidable), 'request')} for you to decide."
    blocks: list[Block] = [section(f"*{text}*" if decidable else "Nothing waits for you.")]
    for each in decidable:
        blocks += [section(request_words(each)), *votes(each), buttons(*decide_buttons(each))]
        blocks.append(context(small_print(each)))
    if own_:
        blocks.append(section("*What you asked for*"))
    for each in own_:
        blocks.append(section(f"{mark(each)} {_line(each)}"))
        if each.state == WAITING:
            blocks.append(buttons(withdraw_button(each)))
        blocks += ask_again(each)
    return Message(text, tuple(blocks))


def withdrawn(approval: Approval) -> Message:
    text = f"You have withdrawn your request to {approval.words}. Nothing was changed."
    return text_message(text, *ask_again(approval))


def form(approval: Approval, decision: str) -> Modal:
    """Asks for the reason of a decision."""
    approving = decision == APPROVING
    return Modal(
        FORM,
        "Approve" if approving else "Deny",
        (
            section(request_words(approval)),
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


def _line(approval: Approval) -> str:
    how = (
        f"waits, lapses {date(approval.expires_at)}"
        if approval.state == WAITING
        else OUTCOMES[approval.state]
    )
    return f"{id_label(approval)}: {approval.words}\n{how}"


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
