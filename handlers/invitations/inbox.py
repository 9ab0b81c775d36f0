"""The list of a person's pending invitations: for a command, and again after each button."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from cloud import Images
from cloud.errors import CloudError
from cloud.models import Image
from handlers.core.interactions import Click, Person
from handlers.core.places import AccountRegion, ProducerRef, account_regions
from handlers.core.region_queries import RegionResults
from handlers.core.replies import Block, Message
from handlers.core.services import Services
from handlers.invitations import silenced as silencing
from handlers.invitations.share_records import invitation_card
from handlers.invitations.silenced import Silenced
from handlers.invitations.views import auto_accept as trusted_views
from handlers.invitations.views import cards
from handlers.invitations.views import inbox as views
from handlers.ui.blocks import text_message
from storage import (
    Account,
    DisplayKind,
    Drawing,
    Invitation,
    InvitationKey,
    Role,
    Snooze,
    invitation_key,
    of_account,
    of_link,
    of_person,
)

log = logging.getLogger(__name__)

NO_ACCESS = "no access "
"""Before what a list showed until its person lost access."""


def list_message(
    person: Person,
    accounts: Sequence[Account],
    services: Services,
    *,
    page: int = 1,
    size: int = views.SHOWN,
    result: str = "",
    offer: Block | None = None,
) -> Message:
    """List the pending invitations to these accounts; those snoozed or muted come last."""
    now = services.clock()
    gathered = services.query_images(account_regions(accounts), _pending)
    if not result:
        gathered = gathered.or_raise()
    cards = [*_for_reader(person, _cards(person, gathered, services), services)]
    message = views.pending(
        _silenced_last(cards),
        person.user_id,
        now,
        page=page,
        size=size,
        result=result,
        offer=offer,
        rules=_automatic_rules(person, accounts, {card.owner for card in cards}, services),
        troubles=gathered.troubles,
    )
    return message.drawn_by(_drawing(person, accounts, cards, page, size, now))


def pending_cards(
    person: Person, accounts: Sequence[Account], services: Services
) -> Sequence[cards.Card]:
    """Return the pending invitations to these accounts; those snoozed or muted come last."""
    gathered = services.query_images(account_regions(accounts), _pending).or_raise()
    return _silenced_last(_cards(person, gathered, services))


def known_list(
    person: Person,
    accounts: Sequence[Account],
    services: Services,
    *,
    page: int,
    size: int = views.SHOWN,
    only: Collection[InvitationKey] | None = None,
) -> Message:
    """
    List the pending invitations to these accounts as the scheduler knows them.

    Args:
        only: for others to read, if given: no invitations but these, and nothing of what the
            person has snoozed, muted or trusted.
    """
    now = services.clock()
    places = {(each.account.id, each.region): each.account for each in account_regions(accounts)}
    others_read = only is not None
    silenced = (
        silencing.nothing_silenced(services)
        if others_read
        else silencing.silenced_for(person, services)
    )
    cards = [
        _known_card(places[account.id, each.region], each, silenced)
        for account in accounts
        for each in services.store.invitations.pending(account.id)
        if (account.id, each.region) in places and (only is None or invitation_key(each) in only)
    ]
    cards = [*_for_reader(person, cards, services)]
    owners = {card.owner for card in cards}
    rules = views.NO_RULES if others_read else _automatic_rules(person, accounts, owners, services)
    message = views.pending(
        _silenced_last(cards), person.user_id, now, page=page, size=size, rules=rules
    )
    return message.drawn_by(_drawing(person, accounts, cards, page, size, now))


def redraw(
    click: Click,
    account_id: str,
    account: Account,
    result: str,
    services: Services,
    offer: Block | None = None,
) -> Message:
    """
    Redraw the list of the button from what the API says now, below the result.

    The result is shown even if the list cannot be redrawn.

    Args:
        account_id: the link in the button's value; *account* is the presser's own.
    """
    try:
        mine = account.id == account_id
        accounts = services.accounts_of(click.person) if mine else [account]
        return list_message(click.person, accounts, services, result=result, offer=offer)
    except CloudError:
        log.warning("something was done, but its message could not be redrawn", exc_info=True)
        return text_message(result)


def _cards(
    person: Person, gathered: RegionResults[list[Image]], services: Services
) -> list[cards.Card]:
    silenced = silencing.silenced_for(person, services)
    return [
        _card(place, image, silenced, services)
        for place, pending in gathered.results
        for image in pending
    ]


def _for_reader(
    person: Person, found: Sequence[cards.Card], services: Services
) -> Iterator[cards.Card]:
    """Note which of them the person's role lets them answer where they read it."""
    answerable = _answerable(person, services)
    return (replace(each, may_answer=each.account.id in answerable) for each in found)


def _answerable(person: Person, services: Services) -> set[str]:
    """Return the ids of the accounts whose invitations the person may answer here."""
    channel = services.context.channel_id if services.context else ""
    accesses = services.roles.accesses(person, channel)
    return {each.account.id for each in accesses if each.effective_role.allows(Role.OPERATOR)}


def _card(place: AccountRegion, image: Image, silenced: Silenced, services: Services) -> cards.Card:
    """When the account was invited is known if the scheduler has seen it: the list has no date."""
    known = services.store.invitations.find(place.account.id, place.region, image.id)
    return replace(
        invitation_card(place.account, image, known.invited_at if known else None),
        snooze=silenced.snoozed(known) if known else None,
        muted=silenced.muted(place.account, image.owner),
    )


def _known_card(account: Account, invitation: Invitation, silenced: Silenced) -> cards.Card:
    return cards.Card.of(
        account,
        invitation,
        snooze=silenced.snoozed(invitation),
        muted=silenced.muted(account, invitation.owner),
    )


def _silenced_last(found: Sequence[cards.Card]) -> list[cards.Card]:
    return sorted(found, key=lambda card: bool(card.snooze or card.muted))


def snooze_key(snooze: Snooze | None) -> str:
    """In one text, what a person sees of a snooze."""
    if snooze is None:
        return ""
    return snooze.until.isoformat() if snooze.until else "until it changes"


def _drawing(
    person: Person,
    accounts: Sequence[Account],
    found: Sequence[cards.Card],
    page: int,
    size: int,
    read_at: datetime,
) -> Drawing:
    ids = [each.id for each in accounts]
    shown = sorted(
        [*each.place.parts, snooze_key(each.snooze), str(each.muted), str(each.may_answer)]
        for each in found
    )
    return Drawing(
        DisplayKind.INVITATIONS,
        {"accounts": ids, "page": page, "size": size},
        json.dumps(shown),
        subjects(person, accounts),
        read_at,
    )


def subjects(person: Person, accounts: Sequence[Account]) -> list[str]:
    """What a list of these accounts' invitations is redrawn for."""
    keys = (each.key for each in accounts)
    return [
        of_person(person.team_id, person.user_id),
        *(of_link(each.id) for each in accounts),
        *(of_account(each.team_id, each.cloud, each.project_id) for each in keys),
    ]


def keys_of(shown: str) -> Collection[InvitationKey]:
    """Return the invitations that a list shows, by what its drawing says of that."""
    rows = json.loads(shown.removeprefix(NO_ACCESS))
    return {(account_id, region, image_id) for account_id, region, image_id, *_ in rows}


def _automatic_rules(
    person: Person, accounts: Sequence[Account], shown: set[str], services: Services
) -> views.AutomaticRules:
    """Return the trusted producers, and the muted ones that have no card in the list."""
    store = services.store
    answerable = _answerable(person, services)
    of_cloud = {account.cloud: account.id for account in accounts}
    return views.AutomaticRules(
        trusts=[
            trusted_views.Trust(
                account, trust.producer, trust.user_id, may_end=account.id in answerable
            )
            for account in accounts
            for trust in store.trusted.of(account.key)
        ],
        mutes=[
            ProducerRef(of_cloud[mute.cloud], mute.producer)
            for mute in store.snoozes.muted(person.team_id, person.user_id)
            if mute.cloud in of_cloud and mute.producer not in shown
        ],
    )


def _pending(images: Images) -> list[Image]:
    return sorted(images.pending_invitations(), key=lambda image: image.created_at)
