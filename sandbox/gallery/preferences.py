"""How people hear of invitations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from handlers.core.replies import Message, Modal
from handlers.notifications.slots import Slot
from handlers.notifications.views import preferences
from handlers.notifications.views.preferences import Row
from sandbox.gallery.values import CONSUMER, NOW, ODD, PRODUCER
from storage import Mode, Preference, as_settings

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


def samples() -> Iterator[tuple[str, Message | Modal]]:
    usual = Row("", Preference(), "America/Chicago", NOW, "", COMING[:1])
    full = Row(CONSUMER, FULL, None, None, "channel_not_found", COMING[:1])
    yield "preferences", preferences.preferences([usual])
    yield "preferences saved", preferences.preferences([usual, full], CONSUMER)
    many = [replace(full, number=str(n)) for n in range(1, 30)]
    yield "preferences, many", preferences.preferences([usual, *many], "")
    for mode in Mode:
        row = Row("", Preference(mode=mode, days=(0, 6)), None)
        yield f"preferences, {mode}", preferences.preferences([row])
    yield "preferences form", preferences.form("", Preference())
    yield "preferences form, full", preferences.form(CONSUMER, FULL)
    yield "preferences preview", preferences.preview("", FULL, as_settings(FULL), COMING)
    off = replace(FULL, mode=Mode.OFF)
    yield "preferences preview, off", preferences.preview(CONSUMER, off, as_settings(off), [])
    yield "digest now, nothing", preferences.nothing()
