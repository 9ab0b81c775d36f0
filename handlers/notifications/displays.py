"""Digests and notifications, drawn again after an invitation was answered, snoozed or withdrawn."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from handlers.core.interactions import Person, is_shared
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.invitations import displays as invitation_displays
from handlers.invitations import silenced as silencing
from handlers.invitations.inbox import snooze_key
from handlers.invitations.silenced import Silenced
from handlers.invitations.views import cards
from handlers.notifications import recipient_channels
from handlers.notifications.classify import Item, Kind
from handlers.notifications.views import digest as views
from storage import (
    AUTO_ACCEPT_JOB,
    Account,
    Display,
    DisplayKind,
    Drawing,
    Invitation,
    Snooze,
    State,
    invitation_key,
    of_link,
    of_person,
)

MAX_ITEMS = 50
"""Invitations of a digest that are followed up. It shows a few of them at a time."""
_MARKS = {Kind.NEW: "new", Kind.SNOOZE_ENDED: "you had snoozed it"}
_ENDED = "ended"
"""Kept of an invitation of whose end a digest says, or that there is access again."""


def card(item: Item) -> cards.Card:
    return _card(item, _MARKS.get(item.kind, ""))


def ended(item: Item) -> views.EndedInvitation:
    """Say who has answered, if that was through the bot."""
    shown, at = _card(item, ""), item.invitation.answered_at
    by = item.invitation.answered_by or ""
    if item.again:
        return views.EndedInvitation(shown, again=True, at=at)
    if by == AUTO_ACCEPT_JOB:
        return views.EndedInvitation(shown, automatically=True, at=at)
    team_id, _, user_id = by.partition("/")
    mention = Person(team_id, user_id).mention if user_id else ""
    return views.EndedInvitation(shown, mention, at=at)


def drawing(
    person: Person,
    accounts: Sequence[Account],
    items: Sequence[Item],
    why: views.Reason,
    read_at: datetime,
) -> Drawing:
    """Return how to draw a digest of these items again, which were read at that time."""
    kept = items[:MAX_ITEMS]
    about = {
        "accounts": [each.id for each in accounts],
        "items": [[*invitation_key(each.invitation), _kept_mark(each)] for each in kept],
        "why": {**asdict(why), "next_at": why.next_at.isoformat() if why.next_at else None},
    }
    shown = [_Shown(each.account, each.invitation) for each in kept]
    return _drawing(person, about, shown, read_at)


def _kept_mark(item: Item) -> str:
    ended = item.again or item.invitation.state == State.ENDED
    return _ENDED if ended else _MARKS.get(item.kind, "")


def draw_digest(display: Display, services: Services) -> Message | None:
    """
    Draw it with what became of each invitation.

    Once the person has none of its accounts any more, it shows no invitation. Return None if they
    may no longer send it to the channel that it is in: it stays as it is.
    """
    person, store = Person(display.team_id, display.user_id), services.store
    now = services.clock()
    own = store.accounts.of(person.team_id, person.user_id)
    accounts = {each.id: each for each in own if each.id in display.about["accounts"]}
    if not accounts and _is_own(display):
        return invitation_displays.no_access(display, services)
    if not _may_be_there(display, accounts.values(), services):
        return None
    silenced = silencing.silenced_for(person, services)
    shown = []
    for account_id, region, image_id, mark in display.about["items"]:
        known = store.invitations.find(account_id, region, image_id)
        if known and account_id in accounts:
            shown.append(_Shown.of(accounts[account_id], known, mark, silenced))
    content = views.Digest(
        cards=[each.card for each in shown if each.pending],
        known=_others(person, list(accounts), shown, silenced, services),
        ended=[ended(each.item) for each in shown if not each.pending],
    )
    message = views.digest(content, person.user_id, _why(display, now), now, new=False)
    return message.drawn_by(_drawing(person, display.about, shown, now))


def _may_be_there(display: Display, accounts: Collection[Account], services: Services) -> bool:
    """Whether it is in their own conversation, or in a channel that may have it still."""
    if _is_own(display):
        return True
    person = Person(display.team_id, display.user_id)
    return bool(accounts) and recipient_channels.may_use(person, accounts, services)


def _is_own(display: Display) -> bool:
    """Whether it is in the person's own conversation with the bot."""
    return not is_shared(display.channel)


@dataclass(frozen=True)
class _Shown:
    """An invitation as the person sees it now."""

    account: Account
    invitation: Invitation
    mark: str = ""
    snooze: Snooze | None = None
    muted: bool = False

    @classmethod
    def of(cls, account: Account, invitation: Invitation, mark: str, silenced: Silenced) -> _Shown:
        muted = silenced.muted(account, invitation.owner)
        return cls(account, invitation, mark, silenced.snoozed(invitation), muted)

    @property
    def pending(self) -> bool:
        return self.invitation.state == State.PENDING

    @property
    def item(self) -> Item:
        kind = Kind.KNOWN if self.pending else Kind.ENDED
        told = State.ENDED if self.mark == _ENDED else ""
        return Item(kind, self.account, self.invitation, told)

    @property
    def card(self) -> cards.Card:
        mark = self.mark if self.mark in _MARKS.values() else ""
        return replace(_card(self.item, mark), snooze=self.snooze, muted=self.muted)

    @property
    def state(self) -> list[str]:
        key, known = invitation_key(self.invitation), self.invitation
        silenced = [snooze_key(self.snooze), str(self.muted)]
        return [*key, known.state, known.answered_by or "", *silenced]


def _drawing(
    person: Person, about: Mapping[str, Any], shown: Sequence[_Shown], read_at: datetime
) -> Drawing:
    return Drawing(
        DisplayKind.DIGEST,
        about,
        json.dumps([each.state for each in shown]),
        [
            of_person(person.team_id, person.user_id),
            *map(of_link, about["accounts"]),
        ],
        read_at,
    )


def _others(
    person: Person,
    account_ids: Sequence[str],
    shown: Sequence[_Shown],
    silenced: Silenced,
    services: Services,
) -> int:
    """Count the pending invitations that the person was notified of otherwise."""
    store = services.store
    here = {invitation_key(each.invitation) for each in shown}
    told = store.delivered.of(person.team_id, person.user_id)
    pending = [each for id_ in account_ids for each in store.invitations.pending(id_)]
    return sum(
        invitation_key(each) in told
        and invitation_key(each) not in here
        and silenced.snoozed(each) is None
        for each in pending
    )


def _why(display: Display, now: datetime) -> views.Reason:
    """The time of the next digest is left out once it is past."""
    kept = display.about["why"]
    next_at = datetime.fromisoformat(kept["next_at"]) if kept["next_at"] else None
    upcoming = next_at if next_at and next_at > now else None
    return views.Reason(**{**kept, "next_at": upcoming})


def _card(item: Item, mark: str) -> cards.Card:
    return cards.Card.of(item.account, item.invitation, status=item.invitation.state, mark=mark)
