"""Requests for approval: ask, show, carry out. Decisions are in decide.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cloud import reference
from handlers.approvals import displays, replay
from handlers.approvals.access import may_decide
from handlers.approvals.errors import AlreadyDecided, NoSuchRequest
from handlers.approvals.shown import shown_facts
from handlers.approvals.terms import current_terms
from handlers.approvals.views import cards
from handlers.approvals.views import requests as views
from handlers.core.errors import BadButton, NotForYou
from handlers.core.facts import for_audit
from handlers.core.interactions import Click, Person, Request
from handlers.core.notify import notify
from handlers.core.operations import Clearances, NeedsApproval, Operation
from handlers.core.replies import Message, Reply
from handlers.core.request_context import RequestContext
from handlers.core.services import Services
from handlers.core.text import clip
from storage import (
    Approval,
    ApprovalState,
    Decision,
    Display,
    DisplayKind,
    Drawing,
    Role,
    Terms,
    Vote,
    of_account,
    of_person,
)

FIRST_REMINDER = timedelta(hours=1)
"""The next ones come after twice as long each."""
_OPEN = frozenset({ApprovalState.WAITING, ApprovalState.APPROVED, ApprovalState.RUNNING})
"""States of a request that may be waiting again, or is."""
MAX_APPROVERS_ASKED = 20
"""People who are sent a card each."""
MAX_OUTCOME_LENGTH = 300
"""Characters of how it ended that are kept."""

Perform = Callable[[Request, Services], tuple[Reply, bool]]
"""Answers a request that has its clearances; returns the reply, and whether it was answered."""


def ask_approvers(request: Request, needs: NeedsApproval, services: Services) -> Message:
    """Ask the approvers, instead of carrying the operation out."""
    operation, person = needs.operation, request.person
    with (
        services.lock(f"ask {person.actor} {operation.key}"),
        services.audited(
            person.actor,
            "approval.ask",
            f"{operation.action} {operation.target}",
            account=operation.account.key,
            region=operation.region,
            detail=operation.facts.because,
        ) as entry,
    ):
        entry.before, entry.after = for_audit(operation.facts)
        approval, new = _ask(request, needs, services)
        if not new and shown_facts(approval) not in (None, operation.facts):
            _replace(approval, services)
            approval, new = _ask(request, needs, services)
        entry.note(f"request {approval.id}")
    if new:
        redraw_cards(approval, services)
    return views.asked(approval, len(approvers(approval, services)), new=new)


def withdraw_clicked(click: Click, services: Services) -> Message:
    """The Withdraw button of who asked."""
    approval = own_request(click.person, click.value, services)
    with services.audited(
        click.person.actor, "approval.withdraw", approval.id, account=approval.key
    ):
        if not services.store.approvals.withdraw(approval.id, click.person.user_id):
            raise AlreadyDecided(approval.id, approval.state, voted=False)
    approval = get_request(approval.id, services)
    redraw_cards(approval, services)
    if views.is_listed(click.value):
        return displays.list_message(click.person, click.channel_id, services, result=approval)
    return views.withdrawn(approval)


def ask_again(click: Click, services: Services) -> Request:
    """Return the request to repeat when its requester presses Ask again."""
    approval = own_request(click.person, click.value, services)
    if not approval.request:
        raise BadButton
    request = replay.from_json(click.person, approval.request["request"])
    return replace(request, channel_id=click.channel_id, team_id=click.team_id)


def carry_out(approval: Approval, perform: Perform, services: Services) -> None:
    """
    Do what was approved, as who asked for it, having read everything again.

    Args:
        approval: claimed by the caller, who alone does it.
    """
    if not approval.request:
        _end(approval, views.unreadable(), services, done=False)
        return
    wanted = current_terms(approval, services)
    counted = [vote for vote in approval.votes if wanted.counts(vote)]
    if len(counted) < wanted.people:
        _wait_again(approval, wanted, services)
        return
    person = Person(approval.team_id, approval.user_id)
    clearances = _clearances(approval, counted)
    request = replay.from_json(person, approval.request["request"])
    reply, answered = perform(
        request, services.for_request(RequestContext(person, clearances=clearances))
    )
    done = answered and clearances.approved in clearances.authorized
    _end(
        approval, reply if isinstance(reply, Message) else views.not_as_shown(), services, done=done
    )


def _end(approval: Approval, answer: Message, services: Services, *, done: bool) -> None:
    """Note how it ended; say so to who asked, and if nothing was done to who approved it."""
    state = ApprovalState.DONE if done else ApprovalState.FAILED
    outcome = "" if done else clip(answer.text, MAX_OUTCOME_LENGTH)
    if not services.store.approvals.end(approval, state, outcome):
        return
    now = get_request(approval.id, services)
    redraw_cards(now, services)
    notify_requester(now, views.carried_out(now, answer, done=done), services)
    for vote in () if done else now.said(Decision.APPROVE):
        notify(
            Person(now.team_id, vote.user_id),
            views.not_done(now, answer),
            services.store,
            f"approval {now.id} {state} {vote.user_id}",
        )


def _wait_again(approval: Approval, wanted: Terms, services: Services) -> None:
    """A role was taken, or the policy asks for more people: it waits for other votes."""
    if not services.store.accounts.links(approval.key):
        _end(approval, views.account_gone(approval), services, done=False)
    elif services.store.approvals.reopen(approval, wanted.people):
        now = get_request(approval.id, services)
        redraw_cards(now, services)
        notify_requester(now, views.waits_again(now, wanted.counts), services)


def _clearances(approval: Approval, votes: Sequence[Vote]) -> Clearances:
    return Clearances(
        confirmed=approval.request["confirmed"],
        approved=approval.request["key"],
        approvers=tuple(Person(approval.team_id, vote.user_id).actor for vote in votes),
        shown=shown_facts(approval),
    )


def notify_ended(approval: Approval, services: Services) -> None:
    """Say to who asked that it ended without being done, and redraw every copy of the card."""
    redraw_cards(approval, services)
    notify_requester(approval, views.ended(approval), services)


def remind(approval: Approval, services: Services) -> None:
    """Remind the approvers who have not voted."""
    voted = {vote.user_id for vote in approval.votes}
    shown = displays.reminder(approval, services.clock())
    for user_id in sorted(approvers(approval, services) - voted)[:MAX_APPROVERS_ASKED]:
        notify(
            Person(approval.team_id, user_id),
            shown,
            services.store,
            f"approval {approval.id} reminder {approval.reminders} {user_id}",
        )


def approvers(approval: Approval, services: Services) -> frozenset[str]:
    """Slack's ids of those who could approve it."""
    return services.roles.people_with_role(approval.key, Role.APPROVER) - {approval.user_id}


def redraw_cards(approval: Approval, services: Services) -> None:
    """
    Redraw every copy of the approvers' card, the requester's card, and whatever else shows it.

    The request is read again: of two concurrent decisions, the slower one draws last. From now on
    the cards are redrawn when a role changes, too, until it has ended.
    """
    approval = services.store.approvals.get(approval.id) or approval
    beginning = f"approval {approval.id} "
    drawn = services.store.cards.places(beginning)
    places = {each.key: (each.user_id, each.channel) for each in drawn}
    failed = any(each.failed for each in drawn)
    if approval.state == ApprovalState.WAITING:
        places |= _places(approval, beginning, services, everyone=failed)
    account = of_account(approval.key.team_id, approval.key.cloud, approval.key.project_id)
    services.store.displays.changed(account, of_person(approval.team_id, approval.user_id))
    followed = _draw_cards(approval, places, services)
    if approval.state in _OPEN:
        services.store.displays.put(
            approval.team_id, approval.user_id, followed, display_id=f"cards of {approval.id}"
        )


def draw_cards_again(display: Display, services: Services) -> Drawing | None:
    """
    Redraw those cards of a request that were drawn before, after a role has changed.

    Returns:
        What to note of it; None once it has ended, which its cards then show.
    """
    approval = services.store.approvals.get(str(display.about["id"]))
    if approval is None:
        return None
    drawn = services.store.cards.places(f"approval {approval.id} ")
    places = {each.key: (each.user_id, each.channel) for each in drawn}
    drawing = _draw_cards(approval, places, services)
    return drawing if approval.state in _OPEN else None


def _draw_cards(
    approval: Approval, places: Mapping[str, tuple[str, str | None]], services: Services
) -> Drawing:
    read_at, key = services.clock(), approval.key
    for card_key, (user_id, channel) in places.items():
        message = _card(approval, card_key, user_id, services)
        services.store.cards.draw(
            key=card_key,
            team_id=approval.team_id,
            user_id=user_id,
            channel=channel,
            text=message.text,
            blocks=message.blocks,
            reference=reference.current(),
        )
    subject = of_account(key.team_id, key.cloud, key.project_id)
    return Drawing(DisplayKind.CARDS, {"id": approval.id}, "", [subject], read_at)


def _card(approval: Approval, key: str, user_id: str, services: Services) -> Message:
    """The card at its place. *user_id* is "" in the approvers' channel, which many read."""
    if key == f"approval {approval.id} own":
        return cards.requester_card(approval)
    person, waiting = Person(approval.team_id, user_id), approval.state == ApprovalState.WAITING
    if waiting and user_id and not may_decide(person, approval, "", services):
        return cards.no_longer_approver(approval)
    return cards.approver_card(approval)


def notify_requester(approval: Approval, message: Message, services: Services) -> None:
    """Say something to who asked, once for each state."""
    notify(
        Person(approval.team_id, approval.user_id),
        message,
        services.store,
        f"approval {approval.id} {approval.state}",
    )


def _ask(request: Request, needs: NeedsApproval, services: Services) -> tuple[Approval, bool]:
    """Return the request for approval, and whether it is new."""
    operation, policy = needs.operation, needs.policy
    return services.store.approvals.ask(
        team_id=operation.account.team_id,
        user_id=request.person.user_id,
        account_id=operation.account.id,
        key=operation.account.key,
        region=operation.region,
        action=operation.action,
        target=operation.target,
        words=operation.words,
        request=_to_store(replay.pin(request, operation), operation, services),
        because=operation.facts.because,
        people=policy.people,
        reason=policy.reason,
        channel_id=policy.channel_id,
        life=timedelta(hours=policy.hours),
        first_reminder=FIRST_REMINDER,
        reference=reference.current(),
    )


def _replace(approval: Approval, services: Services) -> None:
    """Withdraw what shows something else than what would be done now."""
    if services.store.approvals.withdraw(approval.id, approval.user_id):
        redraw_cards(approval, services)


def _to_store(request: Request, operation: Operation, services: Services) -> dict[str, Any]:
    confirmed = services.context.clearances.confirmed if services.context else ""
    return {
        "request": replay.to_json(request),
        "key": operation.key,
        "confirmed": confirmed,
        "shown": operation.facts.to_json(),
        "effects": sorted(operation.effects),
    }


def _places(
    approval: Approval, beginning: str, services: Services, *, everyone: bool
) -> dict[str, tuple[str, str | None]]:
    """The places of its cards, by key: a person or a channel. *everyone* gets a direct one, too."""
    places: dict[str, tuple[str, str | None]] = {f"{beginning}own": (approval.user_id, None)}
    if approval.channel_id:
        places[f"{beginning}channel"] = ("", approval.channel_id)
    if everyone or not approval.channel_id:
        for user_id in sorted(approvers(approval, services))[:MAX_APPROVERS_ASKED]:
            places[f"{beginning}{user_id}"] = (user_id, None)
    return places


def own_request(person: Person, value: str, services: Services) -> Approval:
    """
    Return the request of a button's value, if this person asked for it.

    Raises:
        NoSuchRequest, NotForYou: they did not.
    """
    approval = get_request(views.read(value), services)
    if approval.team_id != person.team_id:
        raise NoSuchRequest(approval.id)
    if approval.user_id != person.user_id:
        raise NotForYou(approval.user_id, "requests")
    return approval


def get_request(approval_id: str, services: Services) -> Approval:
    """
    Return the request with that id, as it is now.

    Raises:
        NoSuchRequest: there is no such request.
    """
    approval = services.store.approvals.get(approval_id)
    if approval is None:
        raise NoSuchRequest(approval_id)
    return approval
