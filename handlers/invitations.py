"""Invitations: what waits for an answer, and answering it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cloud import Images
from cloud.errors import CloudError, NotFound
from cloud.models import Image, Member, MemberStatus, Visibility
from handlers import access, images, resolve
from handlers.errors import Gone, NotForYou, NotInvited, Usage, UserError
from handlers.message import Message
from handlers.requests import Click, Command, Person
from handlers.services import Gathered, Place, Services, places_of
from handlers.views import invitations as views
from storage import Account

INVITATIONS = "invitations"
ACCEPT = "accept IMAGE"
REJECT = "reject IMAGE"

RECENT = 500
"""Audit entries looked through for who gave an answer."""

log = logging.getLogger(__name__)


def invitations(command: Command, services: Services) -> Message:
    """/images invitations: all that waits for the person's accounts, in every region."""
    if command.words:
        raise Usage(INVITATIONS)
    return _waiting(command.person, services.accounts_of(command.person), services)


def page(click: Click, services: Services) -> Message:
    """Next and Previous. A list that was made for someone else does not become one's own."""
    turn = views.Turn.read(click.value)
    if turn.user_id != click.person.user_id:
        raise NotForYou(turn.user_id)
    accounts = services.accounts_of(click.person)
    return _waiting(click.person, accounts, services, page=turn.page)


def accept(command: Command, services: Services) -> Message:
    """/images accept <image>: put an image that was shared with you in your list."""
    return _answer_by_name(command, ACCEPT, MemberStatus.ACCEPTED, services)


def reject(command: Command, services: Services) -> Message:
    """/images reject <image>: keep an image that was shared with you out of your list."""
    return _answer_by_name(command, REJECT, MemberStatus.REJECTED, services)


def accept_clicked(click: Click, services: Services) -> Message:
    """The Accept button."""
    return _answer_by_button(click, MemberStatus.ACCEPTED, services)


def reject_clicked(click: Click, services: Services) -> Message:
    """The Reject button."""
    return _answer_by_button(click, MemberStatus.REJECTED, services)


def _waiting(
    person: Person,
    accounts: Sequence[Account],
    services: Services,
    *,
    page: int = 1,
    said: str = "",
) -> Message:
    gathered = services.in_regions(places_of(accounts), _pending)
    if not said:
        gathered = gathered.checked()
    cards = [
        _card(place.account, image, _invited_at(place, image.id, services))
        for place, pending in gathered.results
        for image in pending
    ]
    return views.waiting(
        cards,
        person.user_id,
        services.clock(),
        page=page,
        said=said,
        troubles=gathered.troubles,
    )


def _pending(images: Images) -> list[Image]:
    return sorted(images.pending_invitations(), key=lambda image: image.created_at)


def _invited_at(place: Place, image_id: str, services: Services) -> datetime | None:
    """When the account was invited, if the scheduler has seen it: the list does not tell."""
    known = services.store.invitations.find(place.account.id, place.region, image_id)
    return known.invited_at if known else None


def _card(
    account: Account,
    image: Image,
    invited_at: datetime | None = None,
    status: str = MemberStatus.PENDING,
) -> views.Card:
    return views.Card(
        account=account,
        region=image.region,
        image_id=image.id,
        image_name=image.name,
        owner=image.owner,
        size=image.size,
        invited_at=invited_at,
        created_at=image.created_at,
        status=status,
    )


def _answer_by_name(
    command: Command, form: str, status: MemberStatus, services: Services
) -> Message:
    if len(command.words) != 1:
        raise Usage(form)
    [word] = command.words
    gathered = resolve.invited(command, word, services)
    invited = _memberships(gathered, services)
    match _open(invited, status) or invited:
        case []:
            raise _nothing_to_answer(gathered)
        case [(account, image, member)]:
            answer = _answer(command.person, account, image, member, status, services)
            return views.answered(answer)
        case several:
            cards = [_card(a, image, m.created_at, m.status) for a, image, m in several]
            return views.which(cards, word, services.clock(), gathered.troubles)


Invited = tuple[Account, Image, Member]


def _memberships(gathered: Gathered[list[Image]], services: Services) -> list[Invited]:
    """The images that someone else shared with the account, each with its own answer so far."""
    invited = []
    for place, found in gathered.results:
        for image in found:
            if image.owner != place.account.project_id and image.visibility != Visibility.PUBLIC:
                member = _member(services.images(place.account, place.region), image.id)
                if member:
                    invited.append((place.account, image, member))
    return invited


def _open(invited: Sequence[Invited], status: MemberStatus) -> list[Invited]:
    """Those that do not have this answer yet: they are what is meant, if there are any."""
    return [each for each in invited if each[2].status != status]


def _nothing_to_answer(gathered: Gathered[list[Image]]) -> UserError:
    place, image = next((p, image) for p, found in gathered.results for image in found)
    if image.visibility == Visibility.PUBLIC or image.owner == place.account.project_id:
        standard = image.visibility == Visibility.PUBLIC
        return NotInvited(image.name or image.id, standard=standard)
    return Gone(image.id)


def _member(images: Images, image_id: str) -> Member | None:
    try:
        return images.member(image_id, images.project_id)
    except NotFound:
        return None


def _answer_by_button(click: Click, status: MemberStatus, services: Services) -> Message:
    """
    Answer as the button says, if the invitation still stands as it did when it was drawn.

    A button whose invitation was withdrawn, or answered in the meantime, changes
    nothing; the message is redrawn and says so.
    """
    asked = views.Answer.read(click.value)
    account = services.account(click.person, asked.place.account_id)
    cloud = services.images(account, asked.place.region)
    member = _member(cloud, asked.place.image_id)
    image = _image(cloud, asked.place.image_id) if member else None
    if member is None or image is None:
        said = views.withdrawn(_remembered_name(asked, account, services))
        return _redrawn(click, asked, account, None, said, services)
    wanted = status if member.status == asked.seen else MemberStatus(member.status)
    answer = _answer(click.person, account, image, member, wanted, services)
    return _redrawn(click, asked, account, image, views.said(answer), services)


def _image(images: Images, image_id: str) -> Image | None:
    try:
        return images.get(image_id)
    except NotFound:
        return None


def _remembered_name(asked: views.Answer, account: Account, services: Services) -> str:
    place = asked.place
    known = services.store.invitations.find(account.id, place.region, place.image_id)
    return (known.image_name if known else "") or place.image_id


def _answer(
    person: Person,
    account: Account,
    image: Image,
    member: Member,
    status: MemberStatus,
    services: Services,
) -> views.Answered:
    """Set the account's answer, unless it is that already."""
    card = _card(account, image, member.created_at, status)
    if member.status == status:
        return _answered_before(card, account, member, services)
    with (
        services.alone(f"answer {account.project_id} {image.region} {image.id}"),
        services.store.audit.entry(
            person.actor,
            _action(status),
            image.id,
            account=account.project_id,
            region=image.region,
        ),
        access.changing(access.ADMIN, f"{_DOING[status]} invitations", f"show {image.id}"),
    ):
        now = services.images(account, image.region).set_member_status(image.id, status)
    for link in access.links_of(account, services.store):
        services.store.invitations.answered(
            link.id, image.region, image.id, status, person.actor, now.updated_at
        )
    return views.Answered(card, person.mention, now.updated_at)


_DOING: Mapping[str, str] = {
    MemberStatus.ACCEPTED: "accept",
    MemberStatus.REJECTED: "reject",
    MemberStatus.PENDING: "reopen",
}


def _answered_before(
    card: views.Card, account: Account, member: Member, services: Services
) -> views.Answered:
    now = replace(card, status=member.status)
    by = _who(now, account, services)
    return views.Answered(now, by.mention if by else "", member.updated_at, before=True)


def _who(card: views.Card, account: Account, services: Services) -> Person | None:
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
    return Person(team_id, user_id) if team_id == account.team_id else None


def _last_to_answer(card: views.Card, account: Account, services: Services) -> str:
    for row in services.store.audit.recent(RECENT):
        place = (row.target, row.account, row.region, row.outcome)
        if place == (card.image_id, account.project_id, card.region, "done"):
            return row.actor if row.action == _action(MemberStatus(card.status)) else ""
    return ""


def _action(status: MemberStatus) -> str:
    return f"invitation.{_DOING.get(status, status)}"


def _redrawn(
    click: Click,
    asked: views.Answer,
    account: Account,
    image: Image | None,
    said: str,
    services: Services,
) -> Message:
    """
    The message that the button stood in, from the API's truth, with what has just been said.

    The answer stands whatever happens here, so trouble in redrawing must not hide it.
    """
    try:
        if asked.origin == views.Origin.IMAGE:
            return images.details(account, image, services, said) if image else views.just(said)
        mine = account.id == asked.place.account_id
        accounts = services.accounts_of(click.person) if mine else [account]
        return _waiting(click.person, accounts, services, said=said)
    except CloudError:
        log.warning("an answer was given, but its message could not be redrawn", exc_info=True)
        return views.just(said)
