"""What consumers are told without asking: what is new, what they know of, and what has ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cloud.models import Image
from handlers import quiet, timetable, trusted
from handlers.message import Message
from handlers.quiet import Quiet
from handlers.requests import Person
from handlers.services import Services
from handlers.views import digests as views
from handlers.views import invitations as invitation_views
from storage import Account, AccountKey, Invitation, Preference, State, Telling
from storage.preferences import ALL
from storage.told import JOB, key_of

BY_ITSELF = timedelta(minutes=15)
"""How long the scheduler is given to accept what a trusted producer shares, before it is told."""


class Kind(StrEnum):
    """What an invitation is to a person at one time."""

    NEW = "new"
    BACK = "back"
    """It was snoozed, and that is over."""
    KNOWN = "known"
    OVER = "over"
    """It no longer waits, and they have not heard that."""
    SNOOZED = "snoozed"
    MUTED = "muted"
    UNHEARD = "unheard"
    """Not for them, or not yet."""


@dataclass(frozen=True)
class Item:
    kind: Kind
    account: Account
    invitation: Invitation

    @property
    def since(self) -> datetime:
        """When it could have been told first, by our own clock and not the cloud's."""
        return self.invitation.first_seen


@dataclass(frozen=True)
class Group:
    """Accounts of a person that one preference is of."""

    number: str
    preference: Preference
    accounts: Sequence[Account]


@dataclass(frozen=True)
class Briefing:
    """All that could be told to a person now, of some of their accounts."""

    items: Sequence[Item]

    def of(self, *kinds: Kind) -> list[Item]:
        return [item for item in self.items if item.kind in kinds]

    @property
    def urgent(self) -> list[Item]:
        """What is worth a message at once."""
        over = [item for item in self.of(Kind.OVER) if item.invitation.answered_by == JOB]
        return [*self.of(Kind.NEW, Kind.BACK), *over]


def groups(person: Person, services: Services) -> Iterator[Group]:
    """The accounts that a person has linked, by what they want to hear of them."""
    preferences = services.store.preferences.of(person.team_id, person.user_id)
    by_number: dict[str, list[Account]] = {}
    for account in services.store.accounts.of(person.team_id, person.user_id):
        number = account.project_id if account.project_id in preferences else ALL
        by_number.setdefault(number, []).append(account)
    for number, accounts in by_number.items():
        preference = timetable.effective(preferences, number)
        yield Group(number, preference, accounts)


def brief(person: Person, group: Group, zone: ZoneInfo, services: Services) -> Briefing:
    """
    What waits for these accounts, and what became of what had waited.

    Drawn from what the scheduler last saw, without asking the cloud; the buttons ask the cloud
    when they are pressed.
    """
    told = services.store.told.of(person.team_id, person.user_id)
    view = _View(person, group.preference, zone, quiet.of(person, services))
    items = []
    for account in group.accounts:
        trusts = trusted.producers(account, services)
        for each in services.store.invitations.of(account.id):
            known = told.get(key_of(each))
            if known and known.first_seen != each.first_seen:
                known = None
            kind = view.kind(account, each, known, by_itself=each.owner in trusts)
            items.append(Item(kind, account, each))
    return Briefing(sorted(items, key=lambda item: _order(item, group)))


@dataclass(frozen=True)
class _View:
    """How a person sees invitations now."""

    person: Person
    preference: Preference
    zone: ZoneInfo
    silence: Quiet

    def kind(
        self, account: Account, each: Invitation, known: Telling | None, *, by_itself: bool
    ) -> Kind:
        muted = self.silence.muted(account, each.owner)
        if each.state != State.PENDING:
            return Kind.OVER if not muted and self._ended(each, known) else Kind.UNHEARD
        if not self._fits(each):
            return Kind.UNHEARD
        if muted or self.silence.snoozed(each):
            return Kind.MUTED if muted else Kind.SNOOZED
        if by_itself and self.silence.now - each.first_seen <= BY_ITSELF:
            return Kind.UNHEARD
        if self.silence.back(each):
            return Kind.BACK
        return Kind.KNOWN if known else Kind.NEW

    def _ended(self, each: Invitation, known: Telling | None) -> bool:
        """What they did themselves is no news, nor what nobody can explain yet."""
        if each.state == State.GONE or each.answered_by == self.person.actor:
            return False
        if known is None:
            return each.answered_by == JOB
        return known.state == State.PENDING

    def _fits(self, each: Invitation) -> bool:
        """Whether it is what the person has asked for."""
        wanted = self.preference
        since = each.invited_at or each.first_seen
        return (
            (not wanted.regions or each.region in wanted.regions)
            and (not wanted.producers or each.owner in wanted.producers)
            and wanted.name.casefold() in each.image_name.casefold()
            and (
                not wanted.working_days
                or timetable.working_days(since, self.silence.now, self.zone) >= wanted.working_days
            )
        )


def message(
    person: Person,
    group: Group,
    briefing: Briefing,
    now: datetime,
    *,
    next_at: datetime | None = None,
    whole: bool = False,
) -> Message | None:
    """
    What to say of it; None if there is nothing.

    Args:
        next_at: when the next digest is due; None for what is told at once.

        whole: show what they know of too, instead of counting it.
    """
    shown = briefing.of(Kind.NEW, Kind.BACK, *([Kind.KNOWN] if whole else []))
    at_once = next_at is None and not whole
    digest = views.Digest(
        cards=[_card(item) for item in shown],
        known=0 if whole or at_once else len(briefing.of(Kind.KNOWN)),
        over=[_over(item) for item in briefing.of(Kind.OVER)],
        snoozed=len(briefing.of(Kind.SNOOZED)),
        muted=len(briefing.of(Kind.MUTED)),
    )
    if digest.empty:
        return None
    channel_for = person.mention if group.preference.channel_id and not at_once else ""
    numbers = list(dict.fromkeys(account.project_id for account in group.accounts))
    why = views.Why(numbers, next_at, channel_for)
    return views.digest(digest, person.user_id, why, now, fresh=not whole)


def digest_for(person: Person, services: Services) -> Message | None:
    """
    All that waits for a person, told at their own wish; None if nothing does.

    Whatever they have chosen to leave out is left out here too.
    """
    row = services.store.people.get(person.team_id, person.user_id)
    slack_zone = row.time_zone if row else None
    found: list[Item] = []
    accounts: list[Account] = []
    for group in groups(person, services):
        zone = timetable.zone(group.preference, slack_zone)
        found += brief(person, group, zone, services).items
        accounts += group.accounts
    whole = Group(ALL, Preference(), accounts)
    briefing = Briefing(found)
    note(person, briefing, services, whole=True)
    return message(person, whole, briefing, services.clock(), whole=True)


def note(person: Person, briefing: Briefing, services: Services, *, whole: bool = False) -> bool:
    """
    Note all of it as told. False if some of the news was told to them meanwhile.

    To be called in the transaction that has it said.
    """
    store, team_id, user_id = services.store, person.team_id, person.user_id
    news = True
    for item in briefing.of(Kind.NEW, Kind.BACK, Kind.OVER, *([Kind.KNOWN] if whole else [])):
        first = store.told.note(team_id, user_id, item.invitation)
        if item.kind == Kind.BACK:
            first = store.snoozes.end(team_id, user_id, key_of(item.invitation))
        news = news and (first or item.kind == Kind.KNOWN)
    return news


def shared_here(account: Account, image: Image, numbers: Sequence[str], services: Services) -> None:
    """
    Note at once what was shared through the bot, so that its own people need not wait.

    To be called after a share, with the account that shares. Those of the numbers that nobody
    in the workspace has linked are left alone, and so are regions that nobody looks at.
    """
    now = services.clock()
    for number in numbers:
        key = AccountKey(account.team_id, account.cloud, number)
        for link in services.store.accounts.links(key):
            looked_at = (link.region,) if link.region else link.regions
            if image.region in looked_at:
                seen = Invitation.of_image(link.id, image, now)
                services.store.invitations.begin(replace(seen, invited_at=now))


def _order(item: Item, group: Group) -> tuple[int, str, datetime]:
    waiting = item.invitation.invited_at or item.invitation.first_seen
    return group.accounts.index(item.account), item.invitation.region, waiting


_MARKS = {Kind.NEW: "new", Kind.BACK: "you had snoozed it"}


def _card(item: Item) -> invitation_views.Card:
    each = item.invitation
    return invitation_views.Card(
        account=item.account,
        region=each.region,
        image_id=each.image_id,
        image_name=each.image_name,
        owner=each.owner,
        size=each.size,
        invited_at=each.invited_at or each.first_seen,
        status=each.state,
        mark=_MARKS.get(item.kind, ""),
    )


def _over(item: Item) -> views.Over:
    by = item.invitation.answered_by or ""
    if by == JOB:
        return views.Over(_card(item), by_itself=True)
    team_id, _, user_id = by.partition("/")
    return views.Over(_card(item), Person(team_id, user_id).mention if user_id else "")
