"""Words for the record of what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from handlers.errors import BadButton
from handlers.message import Block, Message
from handlers.views.blocks import button, buttons, code, context, counted, date, named, section
from handlers.views.values import number, pack, unpack

OLDER = "audit.older"
NEWEST = "audit.newest"
SHOWN = 10

DID: Mapping[str, str] = {
    "image.share": "shared an image",
    "image.unshare": "ended a share",
    "image.extend": "extended a share",
    "image.update": "updated an image",
    "image.tag": "changed tags",
    "image.delete": "deleted an image",
    "image.deactivate": "deactivated an image",
    "image.reactivate": "reactivated an image",
    "invitation.accept": "accepted an invitation",
    "invitation.reject": "rejected an invitation",
    "invitation.reopen": "reopened an invitation",
    "export.begin": "began an export",
    "import.begin": "began an import",
    "copy.begin": "began a copy",
    "snapshot.begin": "began an image of a server",
    "launch.begin": "began a new server",
    "object.link": "made a download link",
    "object_store.container": "created a container",
    "account.link": "linked an account",
    "account.unlink": "unlinked an account",
    "account.allow": "gave or took a role",
    "account.limit": "limited a channel",
    "account.policy": "changed the policy",
    "account.name": "changed the address book",
    "account.confirm": "was asked for the account's secret",
    "approval.ask": "asked for approval",
    "approval.approve": "approved",
    "approval.deny": "denied",
    "approval.withdraw": "withdrew a request",
    "approval.carry_out": "carried out what was approved",
    "approval.expire": "let a request lapse",
}
"""What has no words here is shown as it is called."""


@dataclass(frozen=True)
class Asked:
    """Which entries: what the command said, and how far one has paged."""

    by: str = ""
    action: str = ""
    target: str = ""
    account: str = ""
    region: str = ""
    since: datetime | None = None
    until: datetime | None = None
    failed: bool = False
    before: int = 0
    """Only what comes before this place in the chain; 0 for the newest."""

    @classmethod
    def read(cls, value: str) -> Asked:
        by, action, target, account, region, since, until, failed, before = unpack(value, 9)[:9]
        return cls(
            *(by, action, target, account, region, _moment(since), _moment(until)),
            failed=failed == "1",
            before=number(before),
        )

    def value(self) -> str:
        return pack(
            *(self.by, self.action, self.target, self.account, self.region),
            self.since.isoformat() if self.since else "",
            self.until.isoformat() if self.until else "",
            "1" if self.failed else "",
            str(self.before),
        )


class Entry(Protocol):
    """What is shown of an entry."""

    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def before(self) -> Mapping[str, Any]: ...
    @property
    def after(self) -> Mapping[str, Any]: ...
    @property
    def request_id(self) -> str: ...
    @property
    def approvers(self) -> tuple[str, ...]: ...


def record(entries: Sequence[Entry], asked: Asked, older: Asked | None) -> Message:
    """A page of it; *older* asks for the next one, if there is more."""
    if not entries:
        text = "Nothing on record fits that, of what you may see."
        return Message(text, (section(text), *_turns(asked, None)))
    what = "entry" if len(entries) == 1 else "entries"
    text = f"The record, newest first: {counted(len(entries), what, what)}."
    blocks = [section(text)]
    for entry in entries:
        blocks += _entry(entry)
    return Message(text, (*blocks, *_turns(asked, older), context(WHOSE)))


WHOSE = (
    "You see what was done with accounts that you can use, and what you did yourself. All of it: "
    "`python -m bot audit export`; whether anything was taken out: `python -m bot audit verify`."
)


def _entry(entry: Entry) -> list[Block]:
    did = DID.get(entry.action, named(entry.action))
    mark = {"done": "", "started": ":grey_question: "}.get(entry.outcome, ":x: ")
    head = f"{mark}{_who(entry.actor)} {did}: {named(entry.target, 150)}"
    changes = _changes(entry.before, entry.after)
    lines = [head, *([changes] if changes else [])]
    return [section("\n".join(lines)), context(_facts(entry))]


def _facts(entry: Entry) -> str:
    where = " in ".join(each for each in (_account(entry), entry.region) if each)
    by = ", ".join(_who(each) for each in entry.approvers)
    facts = [
        date(entry.at),
        where,
        _outcome(entry.outcome),
        named(entry.detail, 200) if entry.detail else "",
        f"approved by {by}" if by else "",
        code(entry.request_id) if entry.request_id else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def _account(entry: Entry) -> str:
    return f"account {code(entry.account)}" if entry.account else ""


def _outcome(outcome: str) -> str:
    if outcome == "started":
        return "never ended: its outcome is unknown"
    return outcome if outcome == "done" else named(outcome)


def _who(actor: str) -> str:
    team, _, user = actor.partition("/")
    return named(actor) if team in ("job", "program") or not user else f"<@{user}>"


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    shown = [
        f"{named(name, 40)}: {_value(before, name)} → {_value(after, name)}" for name in names[:5]
    ]
    more = f"and {len(names) - 5} more" if len(names) > 5 else ""
    return "; ".join([*shown, *([more] if more else [])])


def _value(held: Mapping[str, Any], name: str) -> str:
    value = held.get(name)
    if value in (None, "", [], {}):
        return "nothing"
    return named(", ".join(map(str, value)) if isinstance(value, list) else str(value), 60)


def _turns(asked: Asked, older: Asked | None) -> tuple[Block, ...]:
    turns = []
    if asked.before:
        turns.append(button("Newest", NEWEST, replace(asked, before=0).value()))
    if older:
        turns.append(button("Older", OLDER, older.value()))
    return (buttons(*turns),) if turns else ()


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadButton from error
