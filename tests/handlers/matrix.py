"""A world in which everything that one can say, press and send has been made for real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import handlers
from handlers import Click, Command, Modal, Person, Reply, Services, Submission
from handlers.figures import GB
from handlers.message import Message
from handlers.views import downloads, expiries, imports, launch, members, sharing
from handlers.views.values import Place, pack
from sandbox.cloud import CloudStandIn
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import buttons, filled

COMMANDS: Mapping[str, str] = {
    "list": "list",
    "show": "show web",
    "update": "update web min_ram=7",
    "tag": "tag web blue",
    "untag": "untag web old",
    "protect": "protect web",
    "unprotect": "unprotect locked",
    "deactivate": "deactivate web",
    "reactivate": "reactivate off",
    "delete": "delete web",
    "share": f"share web {CONSUMER_B}",
    "unshare": f"unshare web {CONSUMER_A}",
    "members": "members web",
    "member": f"member web {CONSUMER_A}",
    "invitations": "invitations",
    "accept": "accept gift-1",
    "reject": "reject gift-2",
    "contact": "contact",
    "digest": "digest daily 08:00",
    "export": "export web exports",
    "import": "import exports/disk.vhd new-image",
    "copy": "copy web to ORD",
    "download": "download exports/disk.vhd",
    "tasks": "tasks",
    "task": "task none",
    "use": f"use {PRODUCER}",
    "name": f"name {CONSUMER_B} friend",
    "rights": "rights",
    "allow": "allow <@U77> viewer",
    "limit": "limit <#C77> viewer",
    "policy": "policy share never",
    "servers": "servers",
    "snapshot": "snapshot db-1 copy-of-it",
    "launch": "launch web web-2 1",
    "report": "report",
    "audit": "audit",
    "status": "status",
}
"""Of each verb that takes a role."""

_SHOWN = (
    *("list", "show web", "show off", "update web min_ram=5", "delete web", "delete locked"),
    *(f"share web {CONSUMER_B}", "share web 999999", f"share web {CONSUMER_A} for 7d"),
    *(
        f"unshare web {CONSUMER_A}",
        "share secret 55",
        "members web",
        "invitations",
        "accept gift-3",
    ),
    *("name", "audit", "accounts", "allow <@U78> viewer", "export web exports"),
    *("export web nowhere", f"copy web to ORD with {CONSUMER_A}", "copy web to ORD", "servers"),
    *("snapshot db-1 snap", "snapshot twin snap", "launch web n1 1", "tasks", "status"),
)
"""Said to see their buttons; nothing is pressed."""


@dataclass
class World:
    """The producer's account with something of everything, and the buttons that were seen."""

    services: Services
    cloud: CloudStandIn
    owner: Person
    values: dict[str, str] = field(default_factory=dict)
    """By action id, as it stood on a button."""
    forms: dict[str, Modal] = field(default_factory=dict)

    def furnish(self) -> None:
        """Make it, see its buttons, and press those that lead to others."""
        self._images()
        for number in range(16):
            self.say(f"name {7_700_000 + number} partner-{number}")
        for text in _SHOWN:
            self.say(text)
        for action_id in _LEADING:
            if action_id in self.values:
                self.press(action_id)
        self.say("members web")
        for card in self.services.store.cards.claim(100):
            self._take(Message(card.text, tuple(card.blocks)))
        self._by_hand()
        for text in _FORMS:
            self.say(text)

    def say(self, text: str) -> Reply:
        return self._take(handlers.answer(self.command(self.owner, text), self.services))

    def press(self, action_id: str) -> Reply:
        return self._take(handlers.answer(self.click(self.owner, action_id), self.services))

    def command(self, person: Person, text: str, channel: str = "C1", team: str = "") -> Command:
        return handlers.parse(person, text, channel, team)

    def click(self, person: Person, action_id: str, channel: str = "C1", team: str = "") -> Click:
        value = self.values[action_id]
        return Click(person, action_id, value, channel_id=channel, team_id=team)

    def form(self, person: Person, name: str, channel: str = "C1", team: str = "") -> Submission:
        form = self.forms[name]
        given = {**filled(form), **_FILLED.get(name, {})}
        return Submission(person, name, form.value, given, channel, team)

    def changes(self) -> list[tuple[str, str]]:
        """What was asked of the cloud that changes something."""
        return [
            (method, path)
            for method, path, _ in self.cloud.requests
            if method not in ("GET", "HEAD") and "/tokens" not in path
        ]

    def _take(self, reply: Reply) -> Reply:
        if isinstance(reply, Modal):
            self.forms.setdefault(reply.name, reply)
        elif isinstance(reply, Message):
            for each in [*buttons(reply), *_menus(reply.blocks)]:
                self.values.setdefault(each["action_id"], each.get("value", ""))
        return reply

    def _images(self) -> None:
        cloud = self.cloud
        mine: dict[str, Any] = {"owner": PRODUCER, "region": "DFW", "size": GB}
        web = cloud.add_image(name="web", visibility="shared", tags=["old"], **mine)
        cloud.add_image(name="locked", protected=True, **mine)
        cloud.add_image(name="off", status="deactivated", **mine)
        cloud.add_image(name="secret", visibility="private", **mine)
        for number in range(12):
            cloud.add_image(name=f"more-{number}", **mine)
            cloud.add_member(web, str(6_600_000 + number))
        cloud.add_member(web, CONSUMER_A)
        for number in range(12):
            gift = cloud.add_image(
                owner=CONSUMER_B, name=f"gift-{number}", region="DFW", visibility="shared"
            )
            cloud.add_member(gift, PRODUCER)
        cloud.add_object(PRODUCER, "exports", "disk.vhd", b"x" * 100, "DFW")
        for name in ("db-1", "twin", "twin"):
            cloud.add_server(PRODUCER, name=name, region="DFW")
        account = self.services.account_of(self.owner)
        [image] = [
            each for each in self.services.images(account, "DFW").list() if each.name == "web"
        ]
        self.place = Place(account.id, "DFW", image.id)

    def _by_hand(self) -> None:
        """Buttons that stand in what only a job says, or that take an hour to come by."""
        account_id = self.place.account_id
        share = pack(*self.place.parts, CONSUMER_A)
        stored = downloads.Stored(account_id, "DFW", "exports", "disk.vhd").value()
        transfer = pack(self.services.store.transfers.running()[0].id)
        asked = launch.Launch(self.place, "c1", "n2", "1").value()
        follow = {
            action: imports.Follow(self.place, which).value()
            for which, action in imports.SET.items()
        }
        nothing = dict.fromkeys(("home.images", "home.invitations", "home.status"), pack())
        by_hand = {
            **follow,
            **nothing,
            "home.transfer": transfer,
            "images.lookup": f"look at {self.place.image_id}",
            "downloads.link": stored,
            "launch.confirm": asked,
            "shares.remind": share,
            "accounts.use": pack(account_id),
            "activation.reactivate": pack(*self.place.parts),
            "sharing.confirm_unknown": sharing.Share(self.place, ("999999",)).value(),
            "sharing.members_back": members.Page(self.place, 1).value(),
            "expiries.extend": expiries.Extend(
                self.place, CONSUMER_A, self.services.clock(), expiries.Origin.REMINDER
            ).value(),
            "preferences.open": pack(""),
            "preferences.forget": pack(""),
            "preferences.save": pack("", "{}"),
            "snoozes.snooze": pack(*self.place.parts, "1d"),
            "snoozes.unsnooze": pack(*self.place.parts),
            "snoozes.unmute": pack(account_id, CONSUMER_B),
            "trusted.end": pack(account_id, CONSUMER_B),
        }
        self.values = {**by_hand, **self.values}


def _menus(blocks: Any) -> list[dict[str, Any]]:
    """Menus of a message, with the value of their first option."""
    found: list[dict[str, Any]] = []
    if isinstance(blocks, Mapping):
        if blocks.get("type") == "overflow" or "options" in blocks:
            value = blocks["options"][0]["value"]
            found.append({"action_id": blocks["action_id"], "value": value})
        for value in blocks.values():
            found += _menus(value)
    elif isinstance(blocks, list | tuple):
        for each in blocks:
            found += _menus(each)
    return found


_LEADING = (
    *("images.page", "sharing.members", "names.page", "audit.older", "invitations.page"),
    *("sharing.confirm", "trusted.trust", "snoozes.mute", "exports.create"),
)
"""Pressed, for the buttons of what they answer."""
_FORMS = (
    *("update web", "export web", "import exports/disk.vhd", "import", "copy web"),
    *("snapshot db-1", "launch web", "digest form"),
)
_FILLED: Mapping[str, Mapping[str, str]] = {
    "exports.form": {"exports.container": "exports"},
    "copies.form": {"copies.region": "ORD"},
    "launch.form": {"launch.name": "n3", "launch.flavor": "1"},
}
