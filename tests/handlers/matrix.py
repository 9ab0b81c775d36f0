"""
A world in which everything that one can say, press, send and look up has been made for real.

It is made once. Then the cloud is sealed, so that whatever is tried finds it as it was, and
each try that may change what the bot remembers has a copy of that.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request as HttpRequest
from werkzeug.wrappers import Response

import handlers
from cloud import AuthType, Clouds, Credentials
from handlers import Click, Command, Modal, Person, Reply, Search, Services, Submission
from handlers.approvals.views import requests as approval_views
from handlers.core.button_values import pack
from handlers.core.chart import GB
from handlers.core.directory import EmptyDirectory
from handlers.core.places import ImageRef
from handlers.core.replies import Message
from handlers.editing.parse import RequestedChanges
from handlers.editing.views.wake import Wake
from handlers.help.groups import GROUPS
from handlers.images.views import choose as choose_views
from handlers.sharing import expiry
from handlers.sharing.views import expiry as expiry_views
from handlers.sharing.views import form as share_forms
from handlers.sharing.views.share import KnownAccounts, Share
from handlers.transfers.views import download as downloads
from handlers.transfers.views import import_ as imports
from handlers.transfers.views.tasks import TaskRef
from handlers.ui import kept_forms
from handlers.ui.image_buttons import MembersPage
from sandbox.cloud import CloudStandIn
from storage import Role, Store, new_key
from storage.clock import utc_now
from tests import taking
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PASSWORD, PRODUCER
from tests.handlers.talk import buttons, filled, options
from tests.waiting import PATIENCE_S

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

OWNER = Person("T1", "U1")
"""Linked the producer's account first."""
ASKER = Person("T1", "U80")
"""Operates the account, and has asked for what needs an approval."""
NOWHERE = "9900999"
"""An account that nobody shares anything with."""
SAFE = frozenset({"GET", "HEAD"})
NO_PLACE = ImageRef("", "", "")
SILENT = frozenset({"audit_log", "audit_head", "once", "outbox"})
"""Tables in which a refusal may leave something: what was tried, and claims that it took."""

FLAVOR = "1 GB General Purpose v1"
COMMANDS: Mapping[str, str] = {
    "help": "help",
    "link": "link",
    "accounts": "accounts",
    "unlink": "unlink",
    "requests": "requests",
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
    "share": f"share basis {CONSUMER_B}",
    "unshare": f"unshare web {CONSUMER_A}",
    "members": "members web",
    "member": f"member web {CONSUMER_A}",
    "invitations": "invitations",
    "accept": "accept gift-1",
    "reject": "reject gift-2",
    "contact": "contact <@U77> 5",
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
    "launch": f'launch web web-2 "{FLAVOR}"',
    "report": "report",
    "audit": "audit",
    "status": "status",
}
"""Of each verb but those for which the id of a request must be known."""

_SHOWN = (
    *("list", "show web", "show off", "delete web", "delete locked", f"share basis {CONSUMER_B}"),
    *(
        "share hidden 55",
        f"unshare web {CONSUMER_A}",
        "members web",
        "invitations",
    ),
    *(
        "name",
        "audit",
        "accounts",
        "unlink",
        "allow <@U78> viewer",
        "contact <@U78> 3",
        "export more-1 exports",
    ),
    *("export web nowhere", "copy web to ORD", "servers"),
    *("snapshot db-1 snap", "snapshot twin snap", f'launch web n1 "{FLAVOR}"', "tasks", "status"),
)
"""Said to see their buttons."""
_LEADING = (
    *("images.page", "sharing.members", "names.page", "audit.older", "invitations.page"),
    "trusted.trust",
)
"""Pressed, for the buttons of what they answer."""
_FORMS = (
    *("update web", "export web", "import exports/disk.vhd", "import", "copy web"),
    *("snapshot db-1", "launch web", "digest form", "share", "policy", "allow", "limit"),
    *("contact", "accept"),
)
_FILLED: Mapping[str, Mapping[str, str]] = {
    "updates.form": {"min_ram": "9"},
    "launch.form": {"launch.name": "n3"},
    "imports.form": {"imports.name": "new-image"},
    "rights.roles_form": {"rights.people": "U77", "rights.role": "viewer"},
    "rights.limit_form": {"rights.channels": "C77", "rights.role": "viewer"},
    "contacts.form": {"contacts.who": "U77"},
    "rights.policy_form": {"policy.people": "2"},
    "approvals.explain_form": {"request.because": "it is for the release"},
    "approvals.decide": {"approvals.reason": "it is not ready"},
}


class Sealable(CloudStandIn):
    """A cloud that can be sealed: whatever would change it is written down, and answered 503."""

    sealed = False
    spoil: Callable[[HttpRequest, Response], Response] | None = None
    """Makes another answer of each."""

    def _serve(self, request: HttpRequest) -> WSGIApplication:
        answer = self._usual(request)
        if self.spoil and isinstance(answer, Response):
            return self.spoil(request, answer)
        return answer

    def _usual(self, request: HttpRequest) -> WSGIApplication:
        if self.sealed and request.method not in SAFE and "/tokens" not in request.path:
            request.get_data(cache=True)
            return Response("sealed", 503)
        return super()._serve(request)


class Groups(EmptyDirectory):
    """A user group for each role, with one person in it, and one that has none."""

    def group_handles(self, team_id: str) -> Mapping[str, str]:
        return {"S77": "ops"} if team_id == "T1" else {}

    def members(self, team_id: str, group_id: str) -> frozenset[str]:
        known = {f"S-{role}": f"U6{n}" for n, role in enumerate(Role)}
        return (
            frozenset({known[group_id]}) if team_id == "T1" and group_id in known else frozenset()
        )


@dataclass
class World:
    """The producer's account with something of everything, and the buttons that were seen."""

    services: Services
    cloud: Sealable
    path: Path
    """Of what the bot remembers."""
    keys: Sequence[str]
    values: dict[str, str] = field(default_factory=dict)
    """By action id, as it stood on a button."""
    forms: dict[str, Modal] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    """By menu: the first of its options."""
    place: ImageRef = NO_PLACE
    """Of the image `web`."""
    off: str = ""
    """The id of an image that is deactivated."""
    hidden: str = ""
    """The id of an image that is private."""
    texts: dict[str, str] = field(default_factory=lambda: dict(COMMANDS))

    def furnish(self) -> None:
        """Make it, see its buttons, and press those that lead to others."""
        for user_id, number in (("U1", PRODUCER), ("U2", CONSUMER_A), ("U3", CONSUMER_B)):
            self.link(Person("T1", user_id), number)
        self._things()
        for n in range(16):
            self.say(f"name {7_700_000 + n} partner-{n}")
        self._press(self.say(f"share web {CONSUMER_B} for 7d"), "sharing.confirm")
        self._press(self.say("share basis 999999"), "sharing.confirm")
        self.say("accept gift-3")
        for used in ("sharing.confirm", "invitations.accept", "invitations.reject"):
            self.values.pop(used, None)
        for text in _SHOWN:
            self.say(text)
        for action_id in _LEADING:
            self.take(handlers.answer(self.click(OWNER, action_id), self.services))
        self._by_hand()
        self._approvals()
        self.say("update web min_ram=5")
        for text in _FORMS:
            self.say(text)
        image = self.services.images(self.services.current_account(OWNER), "DFW").get(
            self.place.image_id
        )
        unknown = Share(self.place, ("77",))
        self.take(share_forms.sure_form(image, unknown, {"77": ()}, KnownAccounts()))
        self._choose()

    def seal(self) -> None:
        self.cloud.sealed = True

    @contextmanager
    def fresh(self) -> Iterator[World]:
        """The same, with a copy of what the bot remembers."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "store.db"
            with (
                closing(sqlite3.connect(self.path)) as kept,
                closing(sqlite3.connect(path)) as copied,
            ):
                copied.execute("pragma synchronous = off")  # nobody's disk has to survive
                kept.backup(copied)
            with closing(Store.open(f"sqlite:///{path}", self.keys)) as store:
                yield replace(self, services=replace(self.services, store=store), path=path)

    def link(self, person: Person, number: str) -> None:
        options = {"username": f"user-{number}", "password": PASSWORD, "project_id": number}
        url = self.cloud.auth_url_v3
        options["user_domain_id"] = "default"
        self.services.store.accounts.link(
            person.team_id,
            person.user_id,
            cloud=url,
            project_id=number,
            project_name=f"Company {number}",
            user_name=f"user-{number}",
            regions=("DFW", "ORD"),
            region=None,
            credentials=Credentials(AuthType.V3_PASSWORD, url, options).to_json(),
        )

    def say(self, text: str, person: Person = OWNER) -> Reply:
        return self.take(handlers.answer(handlers.parse(person, text, "C1"), self.services))

    def command(self, person: Person, name: str, channel: str = "C1", team: str = "") -> Command:
        return handlers.parse(person, self.texts[name], channel, team)

    def click(self, person: Person, action_id: str, channel: str = "C1", team: str = "") -> Click:
        value = self.values[action_id]
        return Click(person, action_id, value, channel_id=channel, team_id=team)

    def form(self, person: Person, name: str, channel: str = "C1", team: str = "") -> Submission:
        form = self.forms[name]
        chosen = {menu: value for menu, value in self.chosen.items() if menu in filled(form)}
        given = {**filled(form), **chosen, **_first_of_several(form), **_FILLED.get(name, {})}
        return Submission(person, name, form.value, given, channel, team)

    def search(self, person: Person, menu: str, channel: str = "C1") -> Search:
        form = next((each for each in self.forms.values() if menu in _external(each)), None)
        value = form.value if form else pack(*self.place.parts[:2])
        return Search(person, menu, "", value, channel)

    def changes(self) -> list[tuple[str, str]]:
        """What was asked of the cloud that would change something."""
        return [
            (method, path)
            for method, path, _ in self.cloud.requests
            if method not in SAFE and "/tokens" not in path
        ]

    def remembered(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that the bot remembers, by table."""
        with closing(sqlite3.connect(self.path)) as db:
            tables = db.execute("select name from sqlite_master where type = 'table'").fetchall()
            names = {str(name) for (name,) in tables} - SILENT
            return {n: db.execute(f"select * from {n}").fetchall() for n in names}  # noqa: S608

    def take(self, reply: Reply) -> Reply:
        """See the buttons of an answer."""
        if isinstance(reply, Modal):
            self.forms.setdefault(reply.name, reply)
        elif isinstance(reply, Message):
            for action_id, value in _pressable(reply):
                self.values.setdefault(action_id, value)
        return reply

    def _press(self, reply: Reply, action_id: str, person: Person = OWNER) -> Reply:
        assert isinstance(reply, Message)
        value = next(value for name, value in _pressable(reply) if name == action_id)
        click = Click(person, action_id, value, channel_id="C1")
        return self.take(handlers.answer(click, self.services))

    def _things(self) -> None:
        cloud = self.cloud
        mine: dict[str, Any] = {"owner": PRODUCER, "region": "DFW", "size": GB}
        web = cloud.add_image(name="web", visibility="shared", tags=["old"], **mine)
        cloud.add_image(name="basis", visibility="shared", **mine)
        cloud.add_image(name="locked", protected=True, **mine)
        self.off = cloud.add_image(name="off", status="deactivated", **mine)
        self.hidden = cloud.add_image(name="hidden", visibility="private", **mine)
        for number in range(12):
            cloud.add_image(name=f"more-{number}", **mine)
            cloud.add_member(web, str(6_600_000 + number))
            gift = cloud.add_image(CONSUMER_B, name=f"gift-{number}", visibility="shared")
            cloud.add_member(gift, PRODUCER)
        cloud.add_member(web, CONSUMER_A)
        cloud.add_object(PRODUCER, "exports", "disk.vhd", b"x" * 100, "DFW")
        for name in ("db-1", "twin", "twin"):
            cloud.add_server(PRODUCER, name=name, region="DFW")
        account = self.services.current_account(OWNER)
        self.place = ImageRef(account.id, "DFW", web)

    def _by_hand(self) -> None:
        """Buttons that stand in what only a job or the home says, or that take long to come by."""
        account_id, here = self.place.account_id, self.place.value()
        account = self.services.current_account(OWNER)
        image = self.services.images(account, "DFW").get(self.place.image_id)
        until = expiry.of_image(account, image, self.services)[CONSUMER_B].ends_at
        reminder = expiry_views.Origin.REMINDER
        self.values = {
            **{
                action: imports.Follow(self.place, which).value()
                for which, action in imports.SET.items()
            },
            **dict.fromkeys(("home.images", "home.invitations", "home.status"), pack()),
            "home.link": pack(),
            **{f"help.{name}": name for name in (*GROUPS, "back")},
            "home.transfer": pack(self.services.store.transfers.running()[0].id),
            "home.members": MembersPage(self.place).value(),
            "home.unlink": pack(account_id),
            **dict.fromkeys(("approvals.page", "approvals.page_back"), pack(OWNER.user_id, "1")),
            "forms.reopen": kept_forms.Reopen("f0e1").value(),
            "images.lookup": f"look at {self.place.image_id}",
            "images.find": "",
            "images.choose": choose_views.Choice("tag", self.place, ("blue",)).value(),
            "accounts.run": pack("tag web blue"),
            "accounts.use": pack(account_id),
            "activation.reactivate": pack(*self.place.parts[:2], self.off),
            "downloads.link": downloads.Stored(account_id, "DFW", "exports", "disk.vhd").value(),
            "expiries.extend": expiry_views.Extend(self.place, CONSUMER_B, until, reminder).value(),
            "preferences.forget": pack(""),
            "preferences.open": pack(""),
            "preferences.save": pack("", "{}"),
            "workflows.decline": pack("Fx0123456789"),
            "shares.remind": pack(*self.place.parts, CONSUMER_B),
            "sharing.instead": Share(self.place, (CONSUMER_B,)).value(),
            "sharing.members_back": MembersPage(self.place, 1).value(),
            "snoozes.snooze": pack(*self.place.parts, "1d"),
            "snoozes.mute": pack(account_id, CONSUMER_B),
            "snoozes.unmute": pack(account_id, CONSUMER_B),
            "snoozes.unsnooze": here,
            "transfers.task": TaskRef(account_id, "DFW", "none").value(),
            "transfers.stop": pack(self.services.store.transfers.running()[0].id),
            "updates.wake": Wake.of(
                replace(self.place, image_id=self.hidden),
                RequestedChanges({"visibility": "shared"}),
                [CONSUMER_A],
            ).value(),
            "trusted.end": pack(account_id, CONSUMER_B),
            **self.values,
        }

    def _approvals(self) -> None:
        """Two that wait, of which one wants a reason, and one that was withdrawn."""
        self.say("allow <@U80> operator")
        self.say("policy share always unshare always")
        withdrawn = self._press(
            self._asked(f"unshare web {CONSUMER_A}"), "approvals.withdraw", ASKER
        )
        self.take(withdrawn)
        for used in ("approvals.withdraw", "approvals.explain"):
            self.values.pop(used)
        for text in (f"share basis {CONSUMER_B}", f"share basis {CONSUMER_A}"):
            self._press(self._asked(text), "approvals.explain", ASKER)
            for card in taking.cards(self.services.store, 100):
                self.take(Message(card.text, tuple(card.blocks)))
            self.say("policy --reason required")
        self.say("policy share never unshare never --reason optional")
        [waiting] = approval_views.read(self.values["approvals.approve"]).split()
        self.texts |= {"approve": f"approve {waiting}", "deny": f"deny {waiting}"}
        self.take(handlers.answer(self.click(OWNER, "approvals.deny"), self.services))

    def _asked(self, text: str) -> Reply:
        question = self.say(text, ASKER)
        assert isinstance(question, Message)
        action_id = _pressable(question)[0][0]
        return self._press(question, action_id, ASKER)

    def _choose(self) -> None:
        for menu in handlers.ROUTES.menus:
            options = handlers.DISPATCHER.find_options(self.search(OWNER, menu), self.services)
            self.chosen.update((menu, option.value) for option in options[:1])


@contextmanager
def made(folder: Path) -> Iterator[World]:
    """A furnished world, and its cloud sealed."""
    path, keys = folder / "store.db", [new_key()]
    with (
        Sealable(regions=("DFW", "ORD")) as cloud,
        closing(Store.open(f"sqlite:///{path}", keys)) as store,
        closing(Clouds(timeout_s=(PATIENCE_S, PATIENCE_S))) as clouds,
    ):
        for number in (PRODUCER, CONSUMER_A, CONSUMER_B, NOWHERE):
            cloud.add_account(number, f"Company {number}", f"user-{number}", password=PASSWORD)
        store.migrate()
        world = World(Services(store, clouds, utc_now, directory=Groups()), cloud, path, keys)
        world.furnish()
        world.seal()
        yield world


def _pressable(message: Message) -> list[tuple[str, str]]:
    """Buttons and menus of a message: each with its value, a menu with that of its first option."""
    both = (*buttons(message), *options(message))
    found = [(each["action_id"], each.get("value", "")) for each in both]
    return found + list(_menus(message.blocks))


def _menus(part: Any) -> Iterator[tuple[str, str]]:
    if isinstance(part, Mapping):
        if part.get("type") != "overflow" and "options" in part and "action_id" in part:
            yield part["action_id"], part["options"][0]["value"]
        for value in part.values():
            yield from _menus(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _menus(each)


def _first_of_several(form: Modal) -> dict[str, str]:
    """The first option of each menu that takes several."""
    elements = [block["element"] for block in form.blocks if block["type"] == "input"]
    several = [each for each in elements if each["type"] == "multi_static_select"]
    return {each["action_id"]: each["options"][0]["value"] for each in several}


def _external(form: Modal) -> list[str]:
    """The menus of a form whose options we give."""
    elements = [block["element"] for block in form.blocks if block["type"] == "input"]
    kinds = ("external_select", "multi_external_select")
    return [element["action_id"] for element in elements if element["type"] in kinds]
