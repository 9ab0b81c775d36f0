"""What this workspace holds: its people, what each of them sees, and the modals they have open."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.slack.controls import control, controls
from sandbox.slack.tickets import Clock, Tickets

Json = dict[str, Any]
TEAM_ID = "T0SANDBOX"
TEAM_DOMAIN = "sandbox"
APP_ID = "A0CLOUDIMG"
BOT_ID = "B0CLOUDIMG"
BOT_USER_ID = "U0IMAGEBOT"
BOT_NAME = "Cloud Images"
BOT_HANDLE = "cloud-images"
CHANNEL_ID = "C0IMAGES"
CHANNEL_NAME = "cloud-images"

SET_BACK_S = 1.0
"""By which a clock is behind the newest message that was set back."""

BOT, SLACK, HUMAN = "bot", "slack", "person"


@dataclass(frozen=True)
class Person:
    """Someone in the workspace. Roles, not names: nobody here exists."""

    user_id: str
    name: str
    time_zone: str

    @property
    def handle(self) -> str:
        return self.name.lower().replace(" ", ".")

    @property
    def dm_channel(self) -> str:
        """Their conversation with the bot."""
        return f"D{self.user_id[1:]}"

    def utc_offset_s(self, at: float) -> int:
        offset = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(self.time_zone)).utcoffset()
        return int(offset.total_seconds()) if offset else 0


PEOPLE = (
    Person("U0PRODUCER", "Producer", "America/Chicago"),
    Person("U0CONSUMERA", "Consumer A", "America/New_York"),
    Person("U0CONSUMERB", "Consumer B", "Europe/London"),
)


@dataclass(frozen=True)
class Message:
    """One message as it is now. An edit makes a new value with the same `ts`, a later `version`."""

    ts: str
    channel_id: str
    text: str
    blocks: tuple[Json, ...] = ()
    author: str = BOT
    """`bot`, `slack` (Slack's own notices) or `person` (what was typed)."""
    user_id: str = ""
    """Who typed it."""
    only_for: str | None = None
    """The one person who sees it, if it is ephemeral."""
    version: int = 0
    edited: bool = False
    warnings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What Slack says beside it to a person whose click the app did not answer, by user id."""
    metadata: Json = field(default_factory=dict)
    """What the app has it carry, and nobody sees."""
    unfurls: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    """What the app shows below its addresses, by address."""

    @property
    def shown(self) -> tuple[Json, ...]:
        """Its blocks, and those below its addresses."""
        below = (block for unfurl in self.unfurls.values() for block in unfurl["blocks"])
        return (*self.blocks, *below)

    @property
    def ephemeral(self) -> bool:
        return self.only_for is not None

    def buttons(self) -> list[Json]:
        """Every interactive element in it, in reading order, each with its `block_id`."""
        return controls(self.shown)

    def element(self, action_id: str, label: str | None = None, nth: int = 0) -> Json:
        """One of its buttons or menus; *label* and *nth* tell those with the same id apart."""
        try:
            return control(self.shown, action_id, label, nth)
        except LookupError as missing:
            raise LookupError(f"{missing} of {self.text!r}") from None


@dataclass(frozen=True)
class View:
    """A modal or a home tab, as one person has it open."""

    id: str
    user_id: str
    body: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    errors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the app found wrong on submission, by block id."""

    def element(self, action_id: str) -> Json:
        """One of its inputs, buttons or menus."""
        return control(self.body["blocks"], action_id)

    @property
    def external_id(self) -> str:
        return str(self.body.get("external_id") or "")


class Workspace:
    """All that changes, behind one lock. Every change wakes those who wait on `changed`."""

    def __init__(self, people: Sequence[Person] = PEOPLE, clock: Clock = time.time) -> None:
        self.people = {person.user_id: person for person in people}
        self.clock = clock
        self.tickets = Tickets(clock)
        self.changed = threading.Condition()
        self.version = 0
        self.closed = False
        self.modals: dict[str, tuple[View, ...]] = dict.fromkeys(self.people, ())
        self.homes: dict[str, View] = {}
        self.left: set[str] = set()
        """People whose accounts were deactivated."""
        self.shared_channels: set[str] = set()
        """Channels that people of other workspaces read, too."""
        self.step_runs: dict[str, str] = {}
        """Steps of workflows that were begun: the step's callback id, by run."""
        self.step_outcomes: dict[str, Json] = {}
        """What the app ended them with: `{"outputs": …}` or `{"error": …}`, by run."""
        self.groups: dict[str, tuple[str, ...]] = {}
        """Who is in which user group."""
        self.files: dict[str, Any] = {}
        """What was uploaded, by id; see files.py."""
        self.group_handles: dict[str, str] = {}
        """What people type for it, after an @."""
        self._messages: dict[tuple[str, str], Message] = {}
        self._last_ts = 0.0
        self._stamps: set[str] = set()
        self._serial = 0

    def channel_name(self, channel_id: str) -> str | None:
        """Slack's name for a channel; None if the app is not in it."""
        if channel_id == CHANNEL_ID:
            return CHANNEL_NAME
        known = any(person.dm_channel == channel_id for person in self.people.values())
        return "directmessage" if known else None

    def post(
        self,
        channel_id: str,
        text: str,
        blocks: Sequence[Json] = (),
        *,
        author: str = BOT,
        user_id: str = "",
        only_for: str | None = None,
        metadata: Json | None = None,
    ) -> Message:
        with self.changed:
            named = self._named(blocks)
            message = Message(self._next_ts(), channel_id, text, named, author, user_id, only_for)
            return self._keep(replace(message, metadata=metadata or {}))

    def edit(self, message: Message, text: str, blocks: Sequence[Json]) -> Message:
        with self.changed:
            named = self._named(blocks)
            return self._keep(replace(message, text=text, blocks=named, edited=True, warnings={}))

    def unfurl(self, message: Message, unfurls: Mapping[str, Json]) -> None:
        """Show these below the message's addresses, beside what is there."""
        named = {
            url: {**each, "blocks": list(self.named(each["blocks"]))}
            for url, each in unfurls.items()
        }
        with self.changed:
            now = self._messages[message.channel_id, message.ts]
            self._keep(replace(now, unfurls={**now.unfurls, **named}))

    def warn(self, message: Message, user_id: str, warning: str) -> None:
        """Tell a person, beside a message, that their click went wrong; "" takes it away."""
        with self.changed:
            now = self._messages.get((message.channel_id, message.ts))
            if now and now.warnings.get(user_id, "") != warning:
                self._keep(replace(now, warnings={**now.warnings, user_id: warning}))

    def delete(self, message: Message) -> None:
        with self.changed:
            self._messages.pop((message.channel_id, message.ts), None)
            self._bump()

    def find(self, channel_id: str, ts: str) -> Message | None:
        with self.changed:
            return self._messages.get((channel_id, ts))

    def seen_by(self, user_id: str) -> list[Message]:
        """All that a person sees, oldest first, including what they typed."""
        mine = {self.people[user_id].dm_channel, CHANNEL_ID}
        with self.changed:
            return [
                message
                for message in self._messages.values()
                if message.channel_id in mine and message.only_for in (None, user_id)
            ]

    def said_in(self, channel_id: str) -> list[Message]:
        """All that everyone there sees, oldest first."""
        with self.changed:
            return [
                message
                for message in self._messages.values()
                if message.channel_id == channel_id and not message.ephemeral
            ]

    def show(self, user_id: str, *modals: View) -> None:
        """Put these modals, the last on top, before a person."""
        with self.changed:
            self.modals[user_id] = modals
            self._bump()

    def modal(self, view_id: str) -> View | None:
        """A modal that someone has open."""
        with self.changed:
            views = (view for stack in self.modals.values() for view in stack)
            return next((view for view in views if view.id == view_id), None)

    def swap(self, view_id: str, newer: View | None = None) -> None:
        """Put another value of an open modal in its place, or take it away."""
        with self.changed:
            for user_id, stack in self.modals.items():
                swapped = (newer if view.id == view_id else view for view in stack)
                self.modals[user_id] = tuple(view for view in swapped if view)
            self._bump()

    def publish(self, home: View) -> None:
        with self.changed:
            self.homes[home.user_id] = home
            self._bump()

    def new_id(self, prefix: str) -> str:
        with self.changed:
            self._serial += 1
            return f"{prefix}0{self._serial:08d}"

    def touch(self) -> None:
        """Wake those who wait for changes: something besides the messages is new."""
        with self.changed:
            self._bump()

    def clear(self) -> None:
        """Forget all that was said, and close what is open; people stay."""
        with self.changed:
            self._messages.clear()
            self.homes.clear()
            self.files.clear()
            self.modals = dict.fromkeys(self.people, ())
            self._bump()

    def close(self) -> None:
        with self.changed:
            self.closed = True
            self._bump()

    def named(self, blocks: Sequence[Json]) -> tuple[Json, ...]:
        """The blocks with the ids that Slack gives to those without."""
        with self.changed:
            return self._named(blocks)

    def _named(self, blocks: Sequence[Json]) -> tuple[Json, ...]:
        return tuple({"block_id": self.new_id("b"), **block} for block in blocks)

    def _next_ts(self) -> str:
        """One that no other message has, later than the last unless the clock was set back."""
        now = self.clock()
        if self._last_ts - now < SET_BACK_S:
            now = max(now, self._last_ts + 0.000_1)
        while f"{now:.6f}" in self._stamps:
            now += 0.000_1
        self._last_ts = now
        self._stamps.add(f"{now:.6f}")
        return f"{now:.6f}"

    def _keep(self, message: Message) -> Message:
        self._bump()
        kept = replace(message, version=self.version)
        self._messages[message.channel_id, message.ts] = kept
        return kept

    def _bump(self) -> None:
        self.version += 1
        self.changed.notify_all()
