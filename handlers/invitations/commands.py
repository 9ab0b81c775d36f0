"""List pending invitations, and answer them."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from cloud import Images
from cloud.errors import CloudError, NotFound
from cloud.models import Image, Member, MemberStatus, Visibility
from handlers.core import find_image
from handlers.core.errors import ImageGone, NotForYou, Usage, UserError
from handlers.core.interactions import Click, Command, Person
from handlers.core.operations import NeedsPage
from handlers.core.places import ImageRef
from handlers.core.region_queries import RegionResults
from handlers.core.replies import Block, Message
from handlers.core.services import Services
from handlers.images import browse as images
from handlers.invitations import auto_accept, inbox, respond
from handlers.invitations.errors import NotInvited
from handlers.invitations.share_records import invitation_card
from handlers.invitations.views import answers
from handlers.invitations.views import inbox as views
from handlers.ui.blocks import buttons, text_message
from handlers.ui.error_words import words
from handlers.ui.image_buttons import InvitationAnswer, Origin, accept_instead_button
from storage import Account

INVITATIONS = "invitations"
ACCEPT = "accept IMAGE"
REJECT = "reject IMAGE"

log = logging.getLogger(__name__)


def invitations(command: Command, services: Services) -> Message:
    """/images invitations: list the pending invitations to all the person's accounts."""
    if command.words:
        raise Usage(INVITATIONS)
    accounts = services.accounts_of(command.person)
    services.store.places.make_due_if_not_seen_lately([each.id for each in accounts])
    return inbox.list_message(command.person, accounts, services)


def page_clicked(click: Click, services: Services) -> Message:
    """Next and Previous. A list that was made for someone else does not become one's own."""
    asked = views.InboxPage.read(click.value)
    if asked.user_id != click.person.user_id:
        raise NotForYou(asked.user_id)
    accounts = services.accounts_of(click.person)
    return inbox.list_message(click.person, accounts, services, page=asked.page, size=asked.size)


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


def _answer_by_name(
    command: Command, form: str, status: MemberStatus, services: Services
) -> Message:
    if len(command.words) != 1:
        raise Usage(form)
    [word] = command.words
    gathered = find_image.find_invitations(command, word, services)
    invited = _memberships(gathered, services)
    match _unanswered(invited, status) or invited:
        case []:
            raise _nothing_to_answer(gathered)
        case [(account, image, _)]:
            answer = respond.respond(command.person, account, image, status, services)
            if answer is None:
                raise ImageGone(image.id)
            return answers.answered(answer, _offer_trust(answer, account, services))
        case several:
            cards = [invitation_card(a, image, m.created_at, m.status) for a, image, m in several]
            return views.ambiguous(cards, word, services.clock(), gathered.troubles)


Invitation = tuple[Account, Image, Member]


def _memberships(gathered: RegionResults[list[Image]], services: Services) -> list[Invitation]:
    """The images that someone else shared with the account, each with its own answer so far."""
    invited = []
    for place, found in gathered.results:
        for image in found:
            if image.owner != place.account.project_id and image.visibility != Visibility.PUBLIC:
                member = respond.membership(services.images(place.account, place.region), image.id)
                if member:
                    invited.append((place.account, image, member))
    return invited


def _unanswered(invited: Sequence[Invitation], status: MemberStatus) -> list[Invitation]:
    """Those that do not have this answer yet, if there are any."""
    return [each for each in invited if each[2].status != status]


def _nothing_to_answer(gathered: RegionResults[list[Image]]) -> UserError:
    place, image = next((p, image) for p, found in gathered.results for image in found)
    if image.visibility == Visibility.PUBLIC or image.owner == place.account.project_id:
        standard = image.visibility == Visibility.PUBLIC
        return NotInvited(image.name or image.id, standard=standard)
    return ImageGone(image.id)


def _answer_by_button(click: Click, status: MemberStatus, services: Services) -> Message:
    """
    Answer as the button says, if the invitation has the status that the button shows.

    A button whose invitation was withdrawn, or answered in the meantime, changes
    nothing; the message is redrawn and says so.
    """
    asked = InvitationAnswer.read(click.value)
    account = services.account(click.person, asked.place.account_id)
    image = _image(services.images(account, asked.place.region), asked.place.image_id)
    answer = (
        respond.respond(
            click.person, account, image, status, services, expected_status=asked.shown_status
        )
        if image
        else None
    )
    if image is None or answer is None:
        result = answers.withdrawn(_name(account.id, asked.place, services))
        return _redraw(click, asked, account, None, result, services)
    offer = _way_back(answer, account, services)
    return _redraw(click, asked, account, image, answers.answer_sentence(answer), services, offer)


def accept_all_clicked(click: Click, services: Services) -> Message:
    """The Accept all button: one after the other, each with its own outcome."""
    places = views.read_all(click.value)
    account = services.account(click.person, places[0].account_id)
    status = MemberStatus.ACCEPTED
    outcomes = [answer_one(click.person, place, status, services) for place in places]
    result = answers.answered_all(outcomes, status)
    return inbox.redraw(click, places[0].account_id, account, result, services)


def answer_one(
    person: Person, place: ImageRef, status: MemberStatus, services: Services
) -> tuple[str, str]:
    """Return the image's name, and what kept it from being answered; that stops no other."""
    name = place.image_id
    try:
        account = services.account(person, place.account_id)
        name = _name(place.account_id, place, services)
        image = _image(services.images(account, place.region), place.image_id)
        if image is None:
            return name, answers.WITHDRAWN
        name = image.name or image.id
        pending = MemberStatus.PENDING
        answer = respond.respond(person, account, image, status, services, expected_status=pending)
    except NeedsPage:
        return name, answers.ON_A_PAGE
    except (CloudError, UserError) as error:
        return name, words(error)
    if answer is None:
        return name, answers.WITHDRAWN
    return name, answers.already_answered(answer.card.status) if answer.before else ""


def _way_back(answer: answers.Answered, account: Account, services: Services) -> Block | None:
    """The button offered after an answer: after a rejection, Accept instead."""
    if answer.card.status == MemberStatus.REJECTED and not answer.before:
        return accept_instead_button(answer.card.place)
    return _offer_trust(answer, account, services)


def _offer_trust(answer: answers.Answered, account: Account, services: Services) -> Block | None:
    """Offer to trust the producer, after an acceptance."""
    if answer.before or answer.card.status != MemberStatus.ACCEPTED:
        return None
    return auto_accept.offer_button(account, answer.card.owner, services)


def _image(images: Images, image_id: str) -> Image | None:
    try:
        return images.get(image_id)
    except NotFound:
        return None


def _name(account_id: str, place: ImageRef, services: Services) -> str:
    known = services.store.invitations.find(account_id, place.region, place.image_id)
    return (known.image_name if known else "") or place.image_id


def _redraw(
    click: Click,
    asked: InvitationAnswer,
    account: Account,
    image: Image | None,
    result: str,
    services: Services,
    offer: Block | None = None,
) -> Message:
    """Redraw the message of the button from what the API says now, below the result."""
    if asked.origin == Origin.HOME:
        return text_message(result, *([buttons(offer)] if offer else ()))
    if asked.origin != Origin.IMAGE:
        return inbox.redraw(click, asked.place.account_id, account, result, services, offer)
    try:
        return images.details(account, image, services, result) if image else text_message(result)
    except CloudError:
        log.warning("an answer was given, but its message could not be redrawn", exc_info=True)
        return text_message(result)
