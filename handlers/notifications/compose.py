"""Compose digests and instant notifications, and record what was delivered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.core.interactions import Person
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.notifications import displays, recipient_channels, slots
from handlers.notifications.classify import (
    Briefing,
    Group,
    Item,
    Kind,
    classify_invitations,
    groups,
)
from handlers.notifications.views import digest as views
from storage import ALL_ACCOUNTS, Account, Preference, invitation_key


def compose_message(
    person: Person,
    group: Group,
    briefing: Briefing,
    now: datetime,
    *,
    next_at: datetime | None = None,
    include_known: bool = False,
    former_channel: str = "",
) -> Message | None:
    """
    Return the digest or notification; None if there is nothing to say.

    Args:
        now: just before the briefing was read.

        next_at: when the next digest is due; None for an instant notification.

        include_known: show what was delivered before too, instead of counting it.

        former_channel: id of the channel that it may no longer be sent to.
    """
    shown = briefing.of(Kind.NEW, Kind.SNOOZE_ENDED, *([Kind.KNOWN] if include_known else []))
    at_once = next_at is None and not include_known
    digest = views.Digest(
        cards=[displays.card(item) for item in shown],
        known=0 if include_known or at_once else len(briefing.of(Kind.KNOWN)),
        ended=[displays.ended(item) for item in briefing.of(Kind.ENDED)],
        snoozed=len(briefing.of(Kind.SNOOZED)),
        muted=len(briefing.of(Kind.MUTED)),
    )
    if digest.empty:
        return None
    channel_for = person.mention if group.preference.channel_id and not at_once else ""
    numbers = list(dict.fromkeys(account.project_id for account in group.accounts))
    why = views.Reason(numbers, next_at, channel_for, former_channel)
    message = views.digest(digest, person.user_id, why, now, new=not include_known)
    items = [*shown, *briefing.of(Kind.ENDED)]
    return message.drawn_by(displays.drawing(person, group.accounts, items, why, now))


def destination_of(person: Person, group: Group, services: Services) -> tuple[Group, str]:
    """
    Return the group with the destination that is allowed now, and the former channel or "".

    Only an admin of all its accounts may send it to a channel; otherwise it goes to the person.
    """
    channel_id = group.preference.channel_id
    if not channel_id or recipient_channels.may_use(person, group.accounts, services):
        return group, ""
    return replace(group, preference=replace(group.preference, channel_id="")), channel_id


def preview(person: Person, services: Services, number: str = ALL_ACCOUNTS) -> Message | None:
    """
    Return all that is pending for a person, without recording it as delivered; None if nothing is.

    Whatever they have chosen to leave out is left out here too.

    Args:
        number: only of this account.
    """
    now = services.clock()
    slack_zone = services.store.people.time_zone(person.team_id, person.user_id)
    found: list[Item] = []
    accounts: list[Account] = []
    for group in groups(person, services):
        kept = [
            account for account in group.accounts if number in (ALL_ACCOUNTS, account.project_id)
        ]
        zone = slots.zone_of(group.preference, slack_zone)
        found += classify_invitations(person, replace(group, accounts=kept), zone, services).items
        accounts += kept
    whole = Group(number, Preference(), accounts)
    return compose_message(person, whole, Briefing(found), now, include_known=True)


def record_delivered(person: Person, briefing: Briefing, services: Services) -> bool:
    """
    Record all of it as delivered. False if some of the news was delivered meanwhile.

    Call it in the transaction that enqueues the message.
    """
    store, team_id, user_id = services.store, person.team_id, person.user_id
    news = True
    for item in briefing.of(Kind.NEW, Kind.SNOOZE_ENDED, Kind.ENDED):
        first = store.delivered.note(team_id, user_id, item.invitation)
        if item.kind == Kind.SNOOZE_ENDED:
            first = store.snoozes.end(team_id, user_id, invitation_key(item.invitation))
        news = news and first
    return news
