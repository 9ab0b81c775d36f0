"""Digests, notifications, second contacts and preferences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from handlers.core.replies import Message, Modal
from handlers.notifications.errors import BadChoice, BadTime, BadZone
from handlers.notifications.views import (
    digest,
    escalation,
    login_warning,
    preferences,
    preferences_form,
)
from handlers.notifications.views.digest import Digest, EndedInvitation, Reason
from handlers.notifications.views.preferences import Row
from sandbox.gallery.values import CONSUMER, CONSUMERS, NOW, ODD, PERSON, PRODUCER, card
from storage import Contact, Mode, Preference, Slot, as_settings


def samples() -> Iterator[tuple[str, Message | Modal]]:
    yield from _digests()
    yield from _preferences()


WHY = Reason([CONSUMERS.project_id], NOW + timedelta(days=1))
AT_ONCE = Reason([CONSUMERS.project_id])


def _digests() -> Iterator[tuple[str, Message | Modal]]:
    new = [card(n, created_at=None, mark="new") for n in (1, 2)]
    back = card(3, region="ORD", created_at=None, mark="you had snoozed it", image_name=ODD)
    over = [
        EndedInvitation(card(4, status="accepted"), "<@U3>"),
        EndedInvitation(card(5, status="rejected")),
        EndedInvitation(card(6, status="accepted"), automatically=True),
        EndedInvitation(card(7, status="withdrawn", image_name=ODD)),
        EndedInvitation(card(8, status="ended")),
        EndedInvitation(card(9, status="accepted"), again=True),
    ]
    many = [card(n, image_name=f"{ODD}{n}", mark="new") for n in range(1, 31)]
    cases = {
        "one new": Digest(new[:1]),
        "new and known": Digest([*new, back], known=3, ended=over, snoozed=1, muted=2),
        "nothing new": Digest((), known=1, snoozed=1),
        "only endings": Digest((), ended=over[:1]),
        "only endings, of every kind": Digest((), ended=over),
        "many": Digest(many, known=1_200, ended=over * 5, snoozed=20, muted=20),
    }
    for name, what in cases.items():
        yield f"digest, {name}", digest.digest(what, "U2", WHY, NOW)
    yield "digest at once", digest.digest(cases["one new"], "U2", AT_ONCE, NOW)
    yield "digest not in its channel", digest.channel_unreachable("C7")
    several = Reason([CONSUMERS.project_id, "3300333"], WHY.next_at, PERSON.mention)
    yield "digest in a channel", digest.digest(cases["new and known"], "U2", several, NOW)
    yield (
        "digest, all that waits",
        digest.digest(Digest([card(1), card(2)]), "U2", AT_ONCE, NOW, new=False),
    )
    yield from _others()


def _others() -> Iterator[tuple[str, Message | Modal]]:
    ann = Contact(CONSUMERS.key, "U3", 5, PERSON.user_id)
    yield "contact form", escalation.form(CONSUMERS, ann)
    yield "contact form, none yet", escalation.form(CONSUMERS, None)
    yield "contact, set", escalation.contact(CONSUMERS, ann)
    yield "contact, off", escalation.contact(CONSUMERS, None)
    yield "contact, told", escalation.you_are_contact(CONSUMERS, ann, PERSON.user_id)
    overdue = [card(n) for n in range(5, 18)]
    for count in (1, len(overdue)):
        cards = overdue[:count]
        yield f"contact, {count} overdue", escalation.overdue(CONSUMERS, "U2", cards, 5, NOW)
    for trouble in login_warning.WHY:
        yield f"login stopped, {trouble}", login_warning.stopped(CONSUMERS, trouble)


FULL = Preference(
    mode=Mode.DIGEST,
    days=(0, 1, 2, 3, 4),
    times=("09:00", "16:00"),
    zone="Europe/Zurich",
    quiet_from="22:00",
    quiet_to="07:00",
    weekends=False,
    regions=("DFW", "ORD"),
    producers=(PRODUCER,),
    name=ODD[:80],
    working_days=2,
    channel_id="C7",
    paused_until=NOW + timedelta(days=3),
)
COMING = [Slot("2026-03-06 09:00", NOW + timedelta(days=n)) for n in range(1, 4)]


def _preferences() -> Iterator[tuple[str, Message | Modal]]:
    usual = Row("", Preference(), "America/Chicago", NOW, "", COMING[:1])
    full = Row(CONSUMER, FULL, None, None, "channel_not_found", COMING[:1])
    yield "preferences", preferences.preferences([usual])
    yield "preferences saved", preferences.preferences([usual, full], CONSUMER)
    many = [replace(full, number=str(n)) for n in range(1, 30)]
    yield "preferences, many", preferences.preferences([usual, *many], "")
    for mode in Mode:
        row = Row("", Preference(mode=mode, days=(0, 6)), None)
        yield f"preferences, {mode}", preferences.preferences([row])
    yield "preferences form", preferences_form.form("", Preference())
    yield "preferences form, full", preferences_form.form(CONSUMER, FULL)
    yield "preferences preview", preferences.preview("", FULL, as_settings(FULL), COMING)
    off = replace(FULL, mode=Mode.OFF)
    yield "preferences preview, off", preferences.preview(CONSUMER, off, as_settings(off), [])
    yield "digest now, nothing", preferences.nothing_pending()


ERRORS: tuple[Exception, ...] = (
    BadTime(ODD),
    BadZone("IST", ["Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"]),
    BadZone(ODD, []),
    BadChoice("snooze", "forever", "`1d` to `30d`"),
    BadChoice("days", "", "one day at least"),
)
