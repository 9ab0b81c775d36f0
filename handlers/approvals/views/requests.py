"""Words for approvals: replies to requesters and approvers, lists, and the form for a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from handlers.approvals.shown import shown_facts
from handlers.approvals.views.cards import (
    APPROVING,
    DENYING,
    FAILED,
    LISTED,
    MARKS,
    OUTCOMES,
    WAITING,
    again_buttons,
    approvals_given,
    approver_card,
    ask_again,
    decisions,
    details_button,
    ended_how,
    id_label,
    mark,
    request_words,
    requester_buttons,
    shown,
    small_print,
    vote_line,
    votes,
    wanted,
)
from handlers.core.button_values import ButtonValue, pack, unpack
from handlers.core.reasons import MAX_REASON_LENGTH
from handlers.core.replies import Block, Message, Modal, fitted
from handlers.ui import facts_shown, form_fields, rows
from handlers.ui.alerts import Level, callout
from handlers.ui.blocks import (
    Part,
    as_parts,
    buttons,
    code,
    context,
    counted,
    date,
    emoji,
    listed,
    moment,
    mono,
    section,
    sentences,
    short_id,
    text_message,
    who,
)
from handlers.ui.paging import page_of, turns
from handlers.ui.rows import facts
from storage import Approval, Decision, Vote

FORM = "approvals.decide"
REASON = "approvals.reason"
PAGE, PAGE_BACK = "approvals.page", "approvals.page_back"
SHOWN = 10
"""Requests on a page at most: fewer if they would not fit one message."""
PER_SECTION = 5
"""Lines of the details in one section, which holds 3,000 characters."""


@dataclass(frozen=True)
class Decide(ButtonValue):
    """The value of the form for the reason: the request, and what is decided."""

    approval_id: str
    decision: Decision


@dataclass(frozen=True)
class ListPage(ButtonValue):
    """The value of Next and Previous: whose list it is, and the page to show."""

    user_id: str
    page: int
    size: int = SHOWN
    """Requests on the pages by which it is counted."""


def asked(approval: Approval, approvers: int, *, new: bool) -> Message:
    """Answer the requester; *approvers* is how many people could approve."""
    again = "" if new else "You have already asked for this. "
    text = (
        f"{again}This needs {_people(approval.people)}. I asked {_whom(approval, approvers)} and "
        "will do it as soon as it is approved."
    )
    return Message(
        text,
        (
            section(f"{MARKS[WAITING]} {text}"),
            section(request_words(approval)),
            *shown(approval),
            *_nobody(approval, approvers),
            buttons(*requester_buttons(approval)),
            context(
                f"{id_label(approval)} · expires {date(approval.expires_at)} · `/images requests`"
            ),
        ),
    )


def ended(approval: Approval) -> Message:
    """Notify the requester that it ended without being carried out."""
    text = sentences([f"Your request to {wanted(approval)}:", OUTCOMES[approval.state]])
    why = [vote_line(vote) for vote in approval.votes if vote.decision == DENYING]
    blocks = [section(f"{MARKS[approval.state]} {text}"), *(section(each) for each in why)]
    return Message(text, (*blocks, *ask_again(approval), context(id_label(approval))))


def carried_out(approval: Approval, answer: Message, *, done: bool) -> Message:
    """Notify the requester of the outcome after its approval."""
    by = listed([f"<@{vote.user_id}>" for vote in approval.votes if vote.decision == APPROVING])
    text = f"{by} approved your request to {wanted(approval)}."
    blocks = answer.blocks or (section(answer.text),)
    again = () if done else ask_again(approval)
    return Message(f"{text} {answer.text}", (section(text), *blocks, *again))


def not_done(approval: Approval, answer: Message) -> Message:
    """For those who approved it: it could not be done, and why."""
    asked_for = f"the request of <@{approval.user_id}> to {wanted(approval)}"
    text = f"You approved {asked_for}, but it failed. {answer.text}"
    return text_message(f"{MARKS[FAILED]} {text}", context(id_label(approval)))


def not_as_shown() -> Message:
    """For a request whose command would now open a form or ask a question."""
    return text_message(
        "Something changed after this was approved, so nothing was done. Check it, then ask again."
    )


def account_gone(approval: Approval) -> Message:
    """For a request about an account that nobody has linked any more."""
    number = code(approval.key.project_id)
    return text_message(
        f"Account {number} is no longer linked, so nothing was done. Link it with `/images link`, "
        "then ask again."
    )


def unreadable() -> Message:
    """The answer where the database no longer holds what was asked for."""
    return text_message("The stored request can't be read, so nothing was done. Ask again.")


def waits_again(approval: Approval, counts: Callable[[Vote], bool]) -> Message:
    """Notify the requester that it needs more votes than count now."""
    lost = [v.user_id for v in approval.votes if v.decision == APPROVING and not counts(v)]
    no_longer = f" {listed([f'<@{who}>' for who in lost])} can no longer approve." if lost else ""
    text = (
        f"Your request to {wanted(approval)} is pending again: it needs {_people(approval.people)}."
        f"{no_longer}"
    )
    return text_message(f"{MARKS[WAITING]} {text}", context(small_print(approval)))


def details(approval: Approval) -> Message:
    """Everything about a request."""
    facts = shown_facts(approval)
    lines = (
        facts_shown.details(facts) if facts else ["Requested with an earlier version of this bot"]
    )
    if effects := approval.request.get("effects"):
        lines = [*lines, f"Effects: {listed(effects)}"]
    parts = range(0, len(lines), PER_SECTION)
    blocks = [section(facts_shown.bullets(lines[n : n + PER_SECTION])) for n in parts]
    return Message(
        f"Details of {id_label(approval)}: {wanted(approval)}",
        (
            section(request_words(approval)),
            *blocks,
            *votes(approval),
            context(small_print(approval)),
        ),
    )


def decided(approval: Approval) -> Message:
    """After a vote by command: the card as it is now."""
    return approver_card(approval)


def requests(
    decidable: Sequence[Approval],
    own_: Sequence[Approval],
    *origin: str,
    result: Approval | None = None,
    total: int | None = None,
) -> Message:
    """
    List the requests that this person can decide, and their own.

    Args:
        origin: `LISTED`, where a decision is to redraw the list.

        result: the request that a click has just decided.

        total: how many they can decide, if others are on other pages.
    """
    total = len(decidable) if total is None else total
    text = (
        f"{counted(total, 'request')} for you to decide"
        if total
        else "No requests for you to decide."
    )
    said = f"{mark(result)} {_line(result)}" if result else ""
    blocks: list[Block] = [section(said)] if said else []
    blocks.append(section(f"*{text}*" if total else text))
    for each in decidable:
        blocks += _decidable_row(each, *origin, alone=total == 1)
    if own_:
        blocks.append(section("*Your requests*"))
    for each in own_:
        blocks += _own_row(each, *origin)
    return Message(sentences([said, text]), tuple(blocks))


def request_list(
    decidable: Sequence[Approval],
    own_: Sequence[Approval],
    user_id: str,
    *,
    page: int = 1,
    size: int = SHOWN,
    result: Approval | None = None,
) -> Message:
    """
    List as `requests` what is on a page of them, as many as fit one message.

    Args:
        size: requests on the pages by which *page* is counted.
    """
    total = len(decidable)

    def build(count: int) -> Message:
        cut = page_of([*decidable, *own_], page, count)
        left = max(0, total - cut.first + 1)
        waiting, own = cut.shown[:left], cut.shown[left:]
        listed_ = requests(waiting, own, LISTED, result=result, total=total)
        more = turns(cut, lambda n: ListPage(user_id, n, count), back=PAGE_BACK, on=PAGE)
        return replace(listed_, blocks=(*listed_.blocks, *more))

    return fitted(build, min(max(1, size), SHOWN))


def _decidable_row(approval: Approval, *origin: str, alone: bool) -> list[Block]:
    """Who asks for what; then all that its card shows, for it can be approved from here."""
    known = shown_facts(approval)
    effects = facts_shown.effects(known) if known else ()
    image_id = mono(short_id(known.image.id)) if known and known.image else ""
    because: list[Part] = ["because ", mono(approval.because, MAX_REASON_LENGTH)]
    return rows.row(
        [who(approval.user_id), " asks to ", *as_parts(wanted(approval), leads=True)],
        facts(
            ["account ", mono(approval.key.project_id)],
            image_id,
            *map(as_parts, effects),
            because if approval.because else "",
            approvals_given(approval),
            ["expires ", moment(approval.expires_at)],
            mono(approval.id),
        ),
        decisions(approval, pack(approval.id, *origin), primary=alone),
        [details_button(approval)],
    )


def _own_row(approval: Approval, *origin: str) -> list[Block]:
    words = wanted(approval)
    pending = approval.state == WAITING
    return rows.row(
        [emoji(mark(approval)), " ", *as_parts(f"{words[0].upper()}{words[1:]}", leads=True)],
        facts(
            "pending" if pending else as_parts(ended_how(approval).rstrip(".")),
            approvals_given(approval) if pending else "",
            ["expires ", moment(approval.expires_at)] if pending else "",
            mono(approval.id),
        ),
        requester_buttons(approval, *origin) if pending else again_buttons(approval),
        [details_button(approval)],
    )


def withdrawn(approval: Approval) -> Message:
    text = f"Withdrew your request to {wanted(approval)}. Nothing was changed."
    return text_message(text, *ask_again(approval))


def form(approval: Approval, decision: str) -> Modal:
    """The form for the reason of a decision."""
    approving = decision == APPROVING
    return Modal(
        FORM,
        "Approve" if approving else "Deny",
        (
            section(request_words(approval)),
            *shown(approval),
            form_fields.text_input(
                "Reason",
                REASON,
                multiline=True,
                max_length=MAX_REASON_LENGTH,
                optional=not approval.reason,
                hint="The requester and the other approvers see it, and the audit keeps it.",
            ),
        ),
        "Approve" if approving else "Deny",
        value=Decide(approval.id, Decision(decision)).value(),
    )


def read(value: str) -> str:
    """The id of the request."""
    return unpack(value, 1)[0]


def is_listed(value: str) -> bool:
    """Whether the button is in a list of requests."""
    return LISTED in unpack(value, 1)[1:]


def _line(approval: Approval) -> str:
    how = (
        f"Pending, expires {date(approval.expires_at)}"
        if approval.state == WAITING
        else ended_how(approval)
    )
    return f"{id_label(approval)}: {wanted(approval)}\n{how}"


def _people(count: int) -> str:
    return "someone else's approval" if count == 1 else f"the approval of {count} other people"


def _whom(approval: Approval, approvers: int) -> str:
    if approval.channel_id:
        return f"in <#{approval.channel_id}>"
    return counted(approvers, "person", "people")


def _nobody(approval: Approval, approvers: int) -> tuple[Block, ...]:
    if approvers >= approval.people:
        return ()
    few = (
        "nobody else" if approvers == 0 else f"only {counted(approvers, 'other person', 'others')}"
    )
    text = (
        f"This needs {_people(approval.people)}, and {few} can approve on this account. "
        "Ask an admin to add approvers: `/images allow @someone approver`."
    )
    return (callout(Level.WARNING, text),)
