"""The app's Home tab of a person, drawn from the store without asking a cloud."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from cloud.models import LONG_AGO
from handlers.accounts import commands as accounts
from handlers.accounts import status
from handlers.approvals.access import decidable
from handlers.core.interactions import Click, Command, Person
from handlers.core.notify import notify
from handlers.core.replies import Message
from handlers.core.roles import AccountAccess
from handlers.core.services import Services
from handlers.home.views import home as views
from handlers.home.views.home import Home
from handlers.home.views.home_facts import HomeFacts, Schedule, Steps
from handlers.images import browse as images
from handlers.invitations import commands as invitations
from handlers.invitations import silenced as silencing
from handlers.invitations.silenced import Silenced
from handlers.invitations.views import cards
from handlers.notifications import slots
from handlers.sharing import members
from handlers.transfers import tasks
from handlers.ui import error_words
from storage import (
    DisplayKind,
    Drawing,
    Invitation,
    Role,
    Share,
    Store,
    TransferState,
    of_account,
    of_groups,
    of_link,
    of_person,
)
from storage.errors import Unreachable

log = logging.getLogger(__name__)

MAX_TRANSFERS_READ = 100
"""Newest transfers of a person among which to find the running ones."""


def home(person: Person, services: Services, result: str = "") -> Home:
    """Return what the person's home shows now. Never raises: an error is shown there."""
    try:
        facts = _facts(person, services.clock(), services)
        return replace(views.home(facts, result), drawing=_drawing(person, facts))
    except Unreachable as error:
        log.warning("the home tab of %s: %s", person.actor, error)
        return views.broken(error_words.explain(error).text)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("reference %s: the home tab of %s broke", reference, person.actor)
        return views.broken(error_words.internal_error(reference).text)


def notify_installed(person: Person, store: Store) -> None:
    """Send a welcome, once, to the person who has installed the app."""
    _send_once(person, views.installed(), "installed", store)


def notify_first_link(person: Person, store: Store) -> None:
    """Send a welcome, once, to a person who has linked their first account."""
    _send_once(person, views.welcome(), "linked", store)


def link_clicked(click: Click, services: Services) -> Message:
    """The Link button."""
    return accounts.link(_command(click, "link"), services)


def images_clicked(click: Click, services: Services) -> Message:
    """The Look at images button."""
    return images.list_(_command(click, "list"), services)


def invitations_clicked(click: Click, services: Services) -> Message:
    """The All invitations button."""
    return invitations.invitations(_command(click, "invitations"), services)


def status_clicked(click: Click, services: Services) -> Message:
    """The button that checks the accounts."""
    return status.status(_command(click, "status"), services)


def transfer_clicked(click: Click, services: Services) -> Message:
    """The Details button of a running transfer."""
    return tasks.look_clicked(click, services)


def members_clicked(click: Click, services: Services) -> Message:
    """The Members button of an image that the person has shared."""
    return members.members_clicked(click, services)


def unlink_clicked(click: Click, services: Services) -> Message:
    """The Unlink… button: asks."""
    return accounts.ask_unlink_clicked(click, services)


def _command(click: Click, verb: str) -> Command:
    return Command(click.person, verb, channel_id=click.channel_id, team_id=click.team_id)


def _facts(person: Person, now: datetime, services: Services) -> HomeFacts:
    accesses = services.roles.accesses(person)
    silenced = silencing.silenced_for(person, services)
    pending = [(each, i) for each in accesses for i in _pending(each, services)]
    shown = [(each, i) for each, i in pending if not _is_silenced(each, i, silenced)]
    store, team, user = services.store, person.team_id, person.user_id
    store.places.make_due_if_not_seen_lately([each.account.id for each in accesses])
    running = store.transfers.of(team, user, MAX_TRANSFERS_READ)
    return HomeFacts(
        now=now,
        steps=Steps(
            linked=bool(accesses),
            viewed_images=images.has_listed(person, services),
            chose_schedule=bool(store.preferences.of(team, user)),
        ),
        invitations=[
            _pending_invitation(each, i)
            for each, i in sorted(shown, key=lambda pair: _since(pair[1]))
        ],
        silenced_count=len(pending) - len(shown),
        decidable=decidable(person, "", services),
        asked=store.approvals.of(team, user),
        shares=_shares(person, accesses, services),
        transfers=[each for each in running if each.state == TransferState.RUNNING],
        accesses=accesses,
        schedules=_schedules(person, accesses, services),
    )


def _drawing(person: Person, facts: HomeFacts) -> Drawing:
    """Two homes show the same if they would at the same moment, whatever a click has said above."""
    same_moment = views.home(replace(facts, now=LONG_AGO)).blocks
    accounts = [each.account for each in facts.accesses]
    return Drawing(
        DisplayKind.HOME,
        {},
        hashlib.sha256(json.dumps(same_moment).encode()).hexdigest(),
        [
            of_person(person.team_id, person.user_id),
            of_groups(person.team_id),
            *(of_link(each.id) for each in accounts),
            *(of_account(each.team_id, each.cloud, each.project_id) for each in accounts),
        ],
        facts.now,
    )


def _shares(
    person: Person, accesses: Sequence[AccountAccess], services: Services
) -> Sequence[Share]:
    """What the person has shared with the bot, the newest first."""
    readable = [each.account.key for each in accesses if each.effective_role.allows(Role.VIEWER)]
    found = [each for key in readable for each in services.store.shares.of_account(key)]
    mine = [each for each in found if each.user_id == person.user_id]
    return sorted(mine, key=lambda each: each.shared_at, reverse=True)


def _pending(access: AccountAccess, services: Services) -> Sequence[Invitation]:
    if not access.effective_role.allows(Role.VIEWER):
        return ()
    return services.store.invitations.pending(access.account.id)


def _is_silenced(access: AccountAccess, invitation: Invitation, silenced: Silenced) -> bool:
    muted = silenced.muted(access.account, invitation.owner)
    return muted or silenced.snoozed(invitation) is not None


def _pending_invitation(access: AccountAccess, invitation: Invitation) -> cards.Card:
    may_answer = access.effective_role.allows(Role.OPERATOR)
    return cards.Card.of(access.account, invitation, may_answer=may_answer)


def _since(invitation: Invitation) -> datetime:
    return invitation.invited_at or invitation.first_seen


def _schedules(
    person: Person, accesses: Sequence[AccountAccess], services: Services
) -> Sequence[Schedule]:
    """Of the accounts that the person has linked: they are not notified about others."""
    preferences = services.store.preferences.of(person.team_id, person.user_id)
    slack_zone = services.store.people.time_zone(person.team_id, person.user_id)
    found = []
    for number in dict.fromkeys(each.account.project_id for each in accesses if each.own):
        preference = slots.effective_preference(preferences, number)
        where = slots.zone_of(preference, slack_zone)
        coming = slots.next_slots(preference, where, services.clock(), 1)
        upcoming = next(islice(coming, 1), None)
        found.append(
            Schedule(
                number,
                preference.mode.digests,
                preference.mode.instant,
                preference.paused_until,
                upcoming.at if upcoming else None,
            )
        )
    return found


def send_message(person: Person, message: Message, store: Store) -> None:
    """Say in the person's messages what a click in their home has done."""
    notify(person, message, store)


def _send_once(person: Person, message: Message, what: str, store: Store) -> None:
    notify(person, message, store, f"welcome {what} {person.actor}")
