"""
The facts of an operation, in one value from which cards, details and the audit log are made.

Cards, reminders, lists, the confirm page and the audit show it; when the operation is carried out
it is made again and compared with what was shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cloud.models import Image
from handlers.core.effects import Effect

ALL_ACCOUNTS = "*"
"""Means all accounts of a cloud."""
UNLISTED = "?"
"""Means accounts that the cloud does not list: members of an image that is not shared."""


@dataclass(frozen=True)
class ShownImage:
    """An image, as far as people are shown which one it is."""

    id: str
    name: str
    region: str
    size: int | None
    """Bytes; None if it has no data."""
    checksum: str = ""

    @classmethod
    def of(cls, image: Image) -> ShownImage:
        return cls(image.id, image.name, image.region, image.size, image.checksum or "")


@dataclass(frozen=True)
class Party:
    """An account that gains or loses access; ALL_ACCOUNTS or UNLISTED."""

    number: str
    nickname: str = ""
    """In the address book; "" if it has none."""
    named_by: str = ""
    """Slack's id of the person who gave it."""


EVERYBODY = (Party(ALL_ACCOUNTS),)


@dataclass(frozen=True)
class Change:
    """One value, before and after. "" means none."""

    name: str
    before: str
    after: str
    effect: Effect | None = None
    """Its effects on others."""


@dataclass(frozen=True)
class Facts:
    """All that is shown of an operation."""

    image: ShownImage | None = None
    gains: tuple[Party, ...] = ()
    """Who gains access."""
    loses: tuple[Party, ...] = ()
    changes: tuple[Change, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    """Other names and values: a container, a region, for how long."""
    because: str = ""
    """The requester's reason."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Facts:
        image = body.get("image")
        return cls(
            ShownImage(**image) if image else None,
            tuple(Party(**each) for each in body["gains"]),
            tuple(Party(**each) for each in body["loses"]),
            tuple(_change(each) for each in body["changes"]),
            tuple((name, value) for name, value in body["details"]),
            body["because"],
        )


def for_audit(facts: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the same facts as the audit keeps them: before, and after."""
    image = {"image": asdict(facts.image)} if facts.image else {}
    access = {
        "gains access": [_party(each) for each in facts.gains],
        "loses access": [_party(each) for each in facts.loses],
    }
    after = {each.name: each.after for each in facts.changes}
    given = {**dict(facts.details), **{name: who for name, who in access.items() if who}}
    return {each.name: each.before for each in facts.changes}, {**image, **after, **given}


@dataclass(frozen=True)
class Difference:
    """A fact that differs from what was shown. "" means none."""

    name: str
    shown: str
    now: str


def differences(shown: Facts, now: Facts) -> Sequence[Difference]:
    """Return what is not as it was shown."""
    before, after = dict(_values(shown)), dict(_values(now))
    names = [*before, *(name for name in after if name not in before)]
    found = (Difference(name, before.get(name, ""), after.get(name, "")) for name in names)
    return [each for each in found if each.shown != each.now]


def _values(facts: Facts) -> Iterator[tuple[str, str]]:
    """Every fact with its name, each once."""
    for name, value in (asdict(facts.image) if facts.image else {}).items():
        yield name, "" if value is None else str(value)
    for what, parties in (("gains access", facts.gains), ("loses access", facts.loses)):
        for each in parties:
            yield f"{what}: {each.number}", _party(each)
    for change in facts.changes:
        yield f"{change.name} before", change.before
        yield f"{change.name} after", change.after
    yield from facts.details
    yield "reason", facts.because


def _party(party: Party) -> str:
    by = f" (named {party.nickname} by {party.named_by})" if party.nickname else ""
    return f"{party.number}{by}"


def _change(body: Mapping[str, Any]) -> Change:
    effect = body.get("effect")
    return Change(body["name"], body["before"], body["after"], Effect(effect) if effect else None)
