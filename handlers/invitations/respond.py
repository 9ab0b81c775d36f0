"""Answer an invitation for an account, once, and find out who has answered it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cloud import Images
from cloud.errors import NotFound
from cloud.models import Image, Member, MemberStatus
from handlers.core import cloud_roles
from handlers.core.interactions import Person
from handlers.core.operations import Operation, audit_facts
from handlers.core.services import Services
from handlers.invitations.share_records import invitation_card
from handlers.invitations.views import answers, cards
from handlers.tracking import tracking
from handlers.ui import operation_words
from storage import AUTO_ACCEPT_JOB, Account, Trust

MAX_AUDIT_ENTRIES = 500
"""Newest audit entries searched for who gave an answer."""


def respond(
    person: Person,
    account: Account,
    image: Image,
    status: MemberStatus,
    services: Services,
    *,
    expected_status: str | None = None,
) -> answers.Answered | None:
    """
    Set the account's answer, unless it is that already; None if it is no longer invited.

    If the status is not *expected_status*, which a button shows, nothing is changed.
    """
    with services.lock(_claim(account, image)):
        member = membership(services.images(account, image.region), image.id)
        if member is None:
            return None
        answered_meanwhile = expected_status is not None and expected_status != member.status
        card = invitation_card(account, image, member.created_at, status)
        if answered_meanwhile or member.status == status:
            return _answered_before(card, account, member, services)
        words = operation_words.answer(_VERBS[status], image)
        services.authorize(Operation.on_image(_action(status), account, image, words))
        now = _set_status(person, account, image, status, services)
    return answers.Answered(card, person.mention, now.updated_at)


def accept_trusted(
    trust: Trust, account: Account, images: Images, image: Image, services: Services
) -> bool:
    """
    Accept an invitation that nobody has answered, because its producer is trusted.

    Use the login of the person who trusts; audit it as the job's, approved by them.

    Raises:
        cloud.errors.Forbidden: that login may not accept any more.
    """
    with services.lock(_claim(account, image)):
        member = membership(images, image.id)
        if member is None or member.status != MemberStatus.PENDING:
            return False
        _accept_as_job(trust, account, images, image, services)
    return True


def _claim(account: Account, image: Image) -> str:
    return f"answer {account.project_id} {image.region} {image.id}"


def _accept_as_job(
    trust: Trust, account: Account, images: Images, image: Image, services: Services
) -> None:
    with services.audited(
        f"{account.team_id}/{AUTO_ACCEPT_JOB}",
        _action(MemberStatus.ACCEPTED),
        image.id,
        **audit_facts(account, image),
        approvers=[f"{account.team_id}/{trust.user_id}"],
    ) as entry:
        entry.note(f"trusts {trust.producer}")
        now = images.set_member_status(image.id, MemberStatus.ACCEPTED)
    _record(account, image, now, AUTO_ACCEPT_JOB, services)


def _set_status(
    person: Person, account: Account, image: Image, status: MemberStatus, services: Services
) -> Member:
    with (
        services.audited(person.actor, _action(status), image.id, **audit_facts(account, image)),
        cloud_roles.translating_errors(
            cloud_roles.ADMIN, f"{_VERBS[status]} invitations", f"show {image.id}"
        ),
    ):
        now = services.images(account, image.region).set_member_status(image.id, status)
    _record(account, image, now, person.actor, services)
    return now


def _record(account: Account, image: Image, now: Member, actor: str, services: Services) -> None:
    """Record the answer for everyone who has linked the account."""
    for link in cloud_roles.links_to(account, services.store):
        services.store.invitations.answered(
            link.id, image.region, image.id, now.status, actor, now.updated_at
        )
    tracking.invitation_answered(account, image, now.status, now.updated_at, services)


_VERBS: Mapping[str, str] = {
    MemberStatus.ACCEPTED: "accept",
    MemberStatus.REJECTED: "reject",
    MemberStatus.PENDING: "reopen",
}


def _answered_before(
    card: cards.Card, account: Account, member: Member, services: Services
) -> answers.Answered:
    now = replace(card, status=member.status)
    known = services.store.invitations.find(account.id, card.region, card.image_id)
    if known and known.answered_by == AUTO_ACCEPT_JOB and known.state == now.status:
        return answers.Answered(now, answers.AUTOMATICALLY, member.updated_at, before=True)
    by = _answered_by(now, account, services)
    return answers.Answered(now, by.mention if by else "", member.updated_at, before=True)


def _answered_by(card: cards.Card, account: Account, services: Services) -> Person | None:
    """
    Who of this workspace gave the answer, as far as is known here.

    An invitation answered before the scheduler saw it is only in the audit.
    """
    known = services.store.invitations.find(account.id, card.region, card.image_id)
    if known and known.answered_by:
        actor = known.answered_by if known.state == card.status else ""
    else:
        actor = _last_to_answer(card, account, services)
    team_id, _, user_id = actor.partition("/")
    ours = team_id == account.team_id and "/" not in user_id
    return Person(team_id, user_id) if ours else None


def _last_to_answer(card: cards.Card, account: Account, services: Services) -> str:
    for row in services.store.audit.recent(MAX_AUDIT_ENTRIES):
        place = (row.target, row.account, row.region, row.outcome)
        if place == (card.image_id, account.project_id, card.region, "done"):
            return row.actor if row.action == _action(MemberStatus(card.status)) else ""
    return ""


def _action(status: MemberStatus) -> str:
    return f"invitation.{_VERBS.get(status, status)}"


def membership(images: Images, image_id: str) -> Member | None:
    try:
        return images.member(image_id, images.project_id)
    except NotFound:
        return None
