"""Approve and deny requests, with a reason."""

from __future__ import annotations

from dataclasses import replace

from handlers.approvals import displays
from handlers.approvals import requests as approvals
from handlers.approvals.access import access_to_request
from handlers.approvals.errors import AlreadyDecided, NeedsReason, NoSuchRequest, OwnRequest
from handlers.approvals.terms import current_terms
from handlers.approvals.views import requests as views
from handlers.core import reasons
from handlers.core.errors import NotForYou, Usage
from handlers.core.interactions import Click, Command, Person, Request, Submission
from handlers.core.replies import FieldErrors, Message, Modal, Reply
from handlers.core.services import Services
from handlers.ui.blocks import unformatted
from handlers.ui.error_words import words
from storage import Approval, ApprovalState, Decision, Role, Terms, Vote

REQUESTS = "requests [ID]"
APPROVE = 'approve ID [because "…"]'
DENY = 'deny ID [because "…"]'


def requests(command: Command, services: Services) -> Message:
    """/images requests [<id>]: what the person may decide, and their own; or all of one."""
    person = command.person
    match command.words:
        case ():
            pass
        case (word,):
            return views.details(_find_readable(person, word, command.channel_id, services))
        case _:
            raise Usage(REQUESTS)
    return displays.list_message(person, command.channel_id, services)


def page_clicked(click: Click, services: Services) -> Message:
    """Next and Previous. A list that was made for someone else does not become one's own."""
    asked = views.ListPage.read(click.value)
    if asked.user_id != click.person.user_id:
        raise NotForYou(asked.user_id, "requests")
    return displays.list_message(
        click.person, click.channel_id, services, page=asked.page, size=asked.size
    )


def approve(command: Command, services: Services) -> Message:
    """/images approve <id>: approve another person's request."""
    return _by_command(command, Decision.APPROVE, APPROVE, services)


def deny(command: Command, services: Services) -> Message:
    """/images deny <id>: deny another person's request, which ends it."""
    return _by_command(command, Decision.DENY, DENY, services)


def approve_clicked(click: Click, services: Services) -> Message:
    """The Approve button of the card."""
    approval = _find_decidable(click.person, views.read(click.value), click.channel_id, services)
    return _decide(click, approval, Decision.APPROVE, "", services)


def approve_with_reason_clicked(click: Click, services: Services) -> Modal:
    """The Approve… button of an account that wants to know why."""
    return _form(click, Decision.APPROVE, services)


def deny_clicked(click: Click, services: Services) -> Modal:
    """The Deny… button of the card."""
    return _form(click, Decision.DENY, services)


def details_clicked(click: Click, services: Services) -> Message:
    """The Details button of the card: all of it, before one decides."""
    word = views.read(click.value)
    approval = _find_readable(click.person, word, click.channel_id, services)
    return views.details(approval).as_note()


def submitted(submission: Submission, services: Services) -> Reply:
    """The form for the reason, sent."""
    asked = views.Decide.read(submission.value)
    approval = _find_decidable(
        submission.person, asked.approval_id, submission.channel_id, services
    )
    reason = submission.text(views.REASON)
    try:
        return _decide(submission, approval, asked.decision, reason, services)
    except NeedsReason as error:
        return FieldErrors({views.REASON: unformatted(words(error))})


def _by_command(command: Command, decision: Decision, form: str, services: Services) -> Message:
    match command.words:
        case (word,):
            reason = ""
        case (word, because, *rest) if because.casefold() == "because" and rest:
            reason = " ".join(rest)
        case _:
            raise Usage(form)
    approval = _find_decidable(command.person, word, command.channel_id, services)
    return _decide(command, approval, decision, reason, services)


def _form(click: Click, decision: Decision, services: Services) -> Modal:
    approval = _find_decidable(click.person, views.read(click.value), click.channel_id, services)
    form = views.form(approval, decision)
    if not views.is_listed(click.value):
        return form
    below = displays.list_message(click.person, click.channel_id, services)
    return replace(form, below=below.drawing)


def _find_readable(person: Person, word: str, channel_id: str, services: Services) -> Approval:
    """
    Return the request with that id, if the person asked for it or may decide it.

    Raises:
        NoSuchRequest, LacksRole: as `_must_approve_for`.
    """
    approval = _find(person, word, services)
    if approval.user_id != person.user_id:
        _must_approve_for(person, approval, channel_id, services)
    return approval


def _find_decidable(person: Person, word: str, channel_id: str, services: Services) -> Approval:
    """
    Return the request with that id, if the person may decide it.

    Raises:
        OwnRequest: they asked for it.

        NoSuchRequest, LacksRole: as `_must_approve_for`.

        AlreadyDecided: it has ended, or they have voted.
    """
    approval = _find(person, word, services)
    if approval.user_id == person.user_id:
        raise OwnRequest(approval.id, approval.key)
    _must_approve_for(person, approval, channel_id, services)
    if approval.state != ApprovalState.WAITING or approval.expires_at <= services.clock():
        raise AlreadyDecided(approval.id, _final_state(approval), voted=False)
    if person.user_id in {vote.user_id for vote in approval.votes}:
        raise AlreadyDecided(approval.id, approval.state, voted=True)
    return approval


def _find(person: Person, word: str, services: Services) -> Approval:
    approval = services.store.approvals.get(word.lower())
    if approval is None or approval.team_id != person.team_id:
        raise NoSuchRequest(word)
    return approval


def _must_approve_for(
    person: Person, approval: Approval, channel_id: str, services: Services
) -> None:
    """
    Raises:
        NoSuchRequest: the account is nothing to them.

        LacksRole: their role does not let them.
    """
    access = access_to_request(person, approval, channel_id, services)
    if access is None or access.role == Role.NONE:
        raise NoSuchRequest(approval.id)
    if not access.effective_role.allows(Role.APPROVER):
        raise services.roles.lacking(approval.key, access, Role.APPROVER)


def _decide(
    request: Request, approval: Approval, decision: Decision, reason: str, services: Services
) -> Message:
    """Vote, by what the account's policy asks for and who may approve at this moment."""
    text = reasons.tidy(reason)
    terms = current_terms(approval, services)
    if terms.reason and not text:
        raise NeedsReason(decision.value, approval.id)
    vote = Vote(request.person.user_id, decision, text, services.clock(), request.channel_id)
    now = _vote(approval, vote, terms, services)
    if now.state == ApprovalState.DENIED:
        approvals.notify_ended(now, services)
    else:
        approvals.redraw_cards(now, services)
    if isinstance(request, Click) and views.is_listed(request.value):
        return displays.list_message(request.person, request.channel_id, services, result=now)
    return views.decided(now)


def _vote(approval: Approval, vote: Vote, terms: Terms, services: Services) -> Approval:
    """Count the vote, and return the request as it is then."""
    with services.audited(
        f"{approval.team_id}/{vote.user_id}",
        f"approval.{vote.decision}",
        f"{approval.id} {approval.action} {approval.target}",
        account=approval.key,
        region=approval.region,
        detail=vote.reason,
    ):
        now, counted = services.store.approvals.vote(
            approval.id,
            vote.user_id,
            vote.decision,
            vote.reason,
            channel_id=vote.channel_id,
            terms=terms,
        )
        if now is None:
            raise NoSuchRequest(approval.id)
        if not counted:
            raise AlreadyDecided(
                now.id, _final_state(now), voted=now.state == ApprovalState.WAITING
            )
    return now


def _final_state(approval: Approval) -> str:
    """Its state at the next tick."""
    waiting = approval.state == ApprovalState.WAITING
    return ApprovalState.EXPIRED.value if waiting else approval.state.value
