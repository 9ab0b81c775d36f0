"""What a second person has to approve: asked for, decided, and carried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers import replays
from handlers.deeds import NeedsApproval, Sure
from handlers.denials import Decided, Lacking, NeedsReason, NoSuchRequest, OwnRequest
from handlers.errors import BadButton, NotForYou, Usage
from handlers.message import Message
from handlers.modal import FieldErrors, Modal, Reply
from handlers.permits import Permit
from handlers.replays import Request
from handlers.requests import Click, Command, Person, Submission
from handlers.roles import Held
from handlers.services import Services
from handlers.views import approvals as views
from handlers.views.blocks import clean, clip, unformatted
from handlers.views.errors import words
from storage import Approval, ApprovalState, Decision, Role

REQUESTS = "requests"
APPROVE = 'approve ID [because "…"]'
DENY = 'deny ID [because "…"]'

FIRST_REMINDER = timedelta(hours=1)
"""The next ones come after twice as long each."""
MOST_ASKED = 20
"""People who are sent a card each."""
OUTCOME = 300
"""Characters of how it ended that are kept."""

Perform = Callable[[Request, Services], tuple[Reply, bool]]
"""Answers a request for which everything is sure, and tells whether it was done."""


def ask(request: Request, needs: NeedsApproval, services: Services) -> Message:
    """Instead of doing it: have those asked who may approve."""
    deed, policy, person = needs.deed, needs.policy, request.person
    with (
        services.alone(f"ask {person.actor} {deed.key}"),
        services.audited(
            person.actor,
            "approval.ask",
            f"{deed.action} {deed.target}",
            account=deed.account.project_id,
            region=deed.region,
            detail=deed.because,
        ) as entry,
    ):
        approval, new = services.store.approvals.ask(
            team_id=deed.account.team_id,
            user_id=person.user_id,
            account_id=deed.account.id,
            key=deed.account.key,
            region=deed.region,
            action=deed.action,
            target=deed.target,
            words=deed.words,
            request=_kept(replays.pinned(request, deed), needs, services),
            because=deed.because,
            people=policy.people,
            reason=policy.reason,
            channel_id=policy.channel_id,
            life=timedelta(hours=policy.hours),
            first_reminder=FIRST_REMINDER,
        )
        entry.note(f"request {approval.id}")
    if new:
        draw(approval, services)
    return views.asked(approval, len(approvers(approval, services)), new=new)


def requests(command: Command, services: Services) -> Message:
    """/images requests: what waits for the person's decision, and what they asked for."""
    if command.words:
        raise Usage(REQUESTS)
    person = command.person
    waiting = decidable(person, command.channel_id, services)
    own = services.store.approvals.of(person.team_id, person.user_id)
    return views.requests(waiting, own)


def decidable(person: Person, channel_id: str, services: Services) -> Sequence[Approval]:
    """What waits for the person's decision."""
    return [
        approval
        for approval in services.store.approvals.waiting(person.team_id)
        if approval.user_id != person.user_id
        and person.user_id not in {vote.user_id for vote in approval.votes}
        and _may(person, approval, channel_id, services)
    ]


def approve(command: Command, services: Services) -> Message:
    """/images approve <id>: says yes to what somebody else has asked for."""
    return _by_command(command, Decision.APPROVE, APPROVE, services)


def deny(command: Command, services: Services) -> Message:
    """/images deny <id>: says no, which ends it."""
    return _by_command(command, Decision.DENY, DENY, services)


def approve_clicked(click: Click, services: Services) -> Message:
    """The Approve button of the card."""
    approval = _decidable(click.person, views.read(click.value), click.channel_id, services)
    return _decide(click.person, approval, Decision.APPROVE, "", services)


def because_clicked(click: Click, services: Services) -> Modal:
    """The Approve… button of an account that wants to know why."""
    return _form(click, Decision.APPROVE, services)


def deny_clicked(click: Click, services: Services) -> Modal:
    """The Deny… button of the card."""
    return _form(click, Decision.DENY, services)


def submitted(submission: Submission, services: Services) -> Reply:
    """The form for the reason, sent."""
    approval_id, decision = views.read_form(submission.value)
    if decision not in tuple(Decision):
        raise BadButton
    approval = _decidable(submission.person, approval_id, submission.channel_id, services)
    reason = submission.text(views.REASON)
    try:
        return _decide(submission.person, approval, Decision(decision), reason, services)
    except NeedsReason as error:
        return FieldErrors({views.REASON: unformatted(words(error))})


def withdraw_clicked(click: Click, services: Services) -> Message:
    """The Withdraw button of who asked."""
    approval = _own(click, services)
    with services.audited(
        click.person.actor, "approval.withdraw", approval.id, account=approval.key.project_id
    ):
        if not services.store.approvals.withdraw(approval.id, click.person.user_id):
            raise Decided(approval.id, approval.state, voted=False)
    approval = _known(approval.id, services)
    draw(approval, services)
    return views.withdrawn(approval)


def again(click: Click, services: Services) -> Request:
    """What the Ask again button of who asked asks for: the same, from the beginning."""
    approval = _own(click, services)
    request = replays.from_json(click.person, approval.request["request"])
    return replace(request, channel_id=click.channel_id, team_id=click.team_id)


def carry_out(approval: Approval, perform: Perform, services: Services) -> None:
    """
    Do what was approved, as who asked for it, having read everything again.

    Args:
        approval: claimed by the caller, who alone does it.
    """
    person = Person(approval.team_id, approval.user_id)
    approved = approval.said(Decision.APPROVE)
    sure = Sure(
        confirmed=approval.request["confirmed"],
        approved=approval.request["key"],
        approvers=tuple(Person(approval.team_id, vote.user_id).actor for vote in approved),
    )
    request = replays.from_json(person, approval.request["request"])
    reply, answered = perform(request, services.under(Permit(person, sure=sure)))
    done = answered and sure.approved in sure.passed
    answer = reply if isinstance(reply, Message) else Message("It could not be done.")
    state = ApprovalState.DONE if done else ApprovalState.FAILED
    outcome = "" if done else clip(answer.text, OUTCOME)
    if services.store.approvals.end(approval, state, outcome):
        now = _known(approval.id, services)
        draw(now, services)
        tell(now, views.carried_out(now, answer, done=done), services)


def tell_ended(approval: Approval, services: Services) -> None:
    """Say to who asked that it ended without being done, and redraw every copy of the card."""
    draw(approval, services)
    tell(approval, views.told(approval), services)


def remind(approval: Approval, services: Services) -> None:
    """Tell those who could still decide that it waits."""
    voted = {vote.user_id for vote in approval.votes}
    shown = views.reminder(approval)
    for user_id in sorted(approvers(approval, services) - voted)[:MOST_ASKED]:
        services.store.outbox.put(
            team_id=approval.team_id,
            user_id=user_id,
            text=shown.text,
            blocks=shown.blocks,
            dedupe_key=f"approval {approval.id} reminder {approval.reminders} {user_id}",
        )


def approvers(approval: Approval, services: Services) -> frozenset[str]:
    """Slack's ids of those who could approve it."""
    return services.roles.people(approval.key, Role.APPROVER) - {approval.user_id}


def draw(approval: Approval, services: Services) -> None:
    """
    Have every copy of its card, and that of who asked, show how it stands.

    It is read once more: of two who decide at the same time, the slower one draws last.
    """
    approval = services.store.approvals.get(approval.id) or approval
    beginning = f"approval {approval.id} "
    drawn = services.store.cards.places(beginning)
    places = {each.key: (each.user_id, each.channel) for each in drawn}
    failed = any(each.failed for each in drawn)
    if approval.state == ApprovalState.WAITING:
        places |= _places(approval, beginning, services, everyone=failed)
    shown = views.card(approval)
    for key, (user_id, channel) in places.items():
        mine = key == f"{beginning}own"
        message = views.own(approval) if mine else shown
        services.store.cards.draw(
            key=key,
            team_id=approval.team_id,
            user_id=user_id,
            channel=channel,
            text=message.text,
            blocks=message.blocks,
        )


def tell(approval: Approval, message: Message, services: Services) -> None:
    """Say something to who asked, once for each state."""
    services.store.outbox.put(
        team_id=approval.team_id,
        user_id=approval.user_id,
        text=message.text,
        blocks=message.blocks,
        dedupe_key=f"approval {approval.id} {approval.state}",
    )


def _kept(request: Request, needs: NeedsApproval, services: Services) -> dict[str, Any]:
    confirmed = services.permit.sure.confirmed if services.permit else ""
    kept = {"request": replays.to_json(request), "key": needs.deed.key}
    return {**kept, "confirmed": confirmed}


def _places(
    approval: Approval, beginning: str, services: Services, *, everyone: bool
) -> dict[str, tuple[str, str | None]]:
    """Where its cards belong, by key: a person or a channel. *everyone* has one in private, too."""
    places: dict[str, tuple[str, str | None]] = {f"{beginning}own": (approval.user_id, None)}
    if approval.channel_id:
        places[f"{beginning}channel"] = ("", approval.channel_id)
    if everyone or not approval.channel_id:
        for user_id in sorted(approvers(approval, services))[:MOST_ASKED]:
            places[f"{beginning}{user_id}"] = (user_id, None)
    return places


def _by_command(command: Command, decision: Decision, form: str, services: Services) -> Message:
    match command.words:
        case (word,):
            reason = ""
        case (word, because, *rest) if because.casefold() == "because" and rest:
            reason = " ".join(rest)
        case _:
            raise Usage(form)
    approval = _decidable(command.person, word, command.channel_id, services)
    return _decide(command.person, approval, decision, reason, services)


def _form(click: Click, decision: Decision, services: Services) -> Modal:
    approval = _decidable(click.person, views.read(click.value), click.channel_id, services)
    return views.form(approval, decision)


def _decidable(person: Person, word: str, channel_id: str, services: Services) -> Approval:
    """
    The request of that id, if the person may decide it.

    Raises:
        NoSuchRequest: none, or one of an account that is nothing to them.

        OwnRequest: they asked for it.

        Lacking: their role does not let them.

        Decided: it has ended, or they have voted.
    """
    approval = services.store.approvals.get(word.lower())
    if approval is None or approval.team_id != person.team_id:
        raise NoSuchRequest(word)
    if approval.user_id == person.user_id:
        raise OwnRequest(approval.id)
    held = _held(person, approval, channel_id, services)
    if held is None or held.role == Role.NONE:
        raise NoSuchRequest(word)
    if not held.here.allows(Role.APPROVER):
        number, admins = approval.key.project_id, services.roles.admins(approval.key)
        raise Lacking(number, held.role, Role.APPROVER, admins, held.ceiling)
    if approval.state != ApprovalState.WAITING or approval.expires_at <= services.clock():
        raise Decided(approval.id, _state(approval), voted=False)
    if person.user_id in {vote.user_id for vote in approval.votes}:
        raise Decided(approval.id, approval.state, voted=True)
    return approval


def _decide(
    person: Person, approval: Approval, decision: Decision, reason: str, services: Services
) -> Message:
    said = clip(clean(reason), views.LONGEST)
    if approval.reason and not said:
        raise NeedsReason(decision.value, approval.id)
    with services.audited(
        person.actor,
        f"approval.{decision}",
        f"{approval.id} {approval.action} {approval.target}",
        account=approval.key.project_id,
        region=approval.region,
        detail=said,
    ):
        now, counted = services.store.approvals.vote(approval.id, person.user_id, decision, said)
        if now is None:
            raise NoSuchRequest(approval.id)
        if not counted:
            raise Decided(now.id, _state(now), voted=now.state == ApprovalState.WAITING)
    if now.state == ApprovalState.DENIED:
        tell_ended(now, services)
    else:
        draw(now, services)
    return views.decided(now)


def _state(approval: Approval) -> str:
    """What it will be called at the next tick."""
    waiting = approval.state == ApprovalState.WAITING
    return ApprovalState.EXPIRED.value if waiting else approval.state.value


def _may(person: Person, approval: Approval, channel_id: str, services: Services) -> bool:
    held = _held(person, approval, channel_id, services)
    return held is not None and held.here.allows(Role.APPROVER)


def _held(person: Person, approval: Approval, channel_id: str, services: Services) -> Held | None:
    """The account it is about. The channel of the approvers bounds nobody who decides there."""
    for held in services.roles.held(person, channel_id):
        if held.account.key == approval.key:
            bound = channel_id != approval.channel_id
            return held if bound else replace(held, ceiling=Role.ADMIN)
    return None


def _own(click: Click, services: Services) -> Approval:
    approval = _known(views.read(click.value), services)
    if approval.team_id != click.person.team_id:
        raise NoSuchRequest(approval.id)
    if approval.user_id != click.person.user_id:
        raise NotForYou(approval.user_id)
    return approval


def _known(approval_id: str, services: Services) -> Approval:
    approval = services.store.approvals.get(approval_id)
    if approval is None:
        raise NoSuchRequest(approval_id)
    return approval
