"""Accounts, images and members that the samples speak of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from cloud import errors as cloud
from cloud.models import Image, Member, MemberStatus
from handlers.core import errors as user
from handlers.core.interactions import Person
from handlers.invitations.views import cards
from storage import Account

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
PERSON = Person("T1", "U2")
PRODUCER, CONSUMER = "1100111", "2200222"
ODD = "<!channel> *`bold`* _&_ \u202egnp.exe " + "very " * 40 + "long"

NAMES: Mapping[str, str | None] = MappingProxyType(
    {"usual": None, "short": "a", "long": "very" * 50 + "long", "hostile": ODD, "empty": ""}
)
"""What images and accounts are called, whatever a sample shows; None for its own names."""
_names: ContextVar[str | None] = ContextVar("names", default=None)


@contextmanager
def named(names: str) -> Iterator[None]:
    """Have the images and accounts of samples that are made within the block be called so."""
    token = _names.set(NAMES[names])
    try:
        yield
    finally:
        _names.reset(token)


def _called(usual: str) -> str:
    given = _names.get()
    return usual if given is None else given


def account(number: str, name: str) -> Account:
    return Account(
        id=f"a-{number}",
        team_id="T1",
        user_id="U2",
        cloud="https://identity.example/v2.0",
        project_id=number,
        project_name=_called(name),
        user_name="someone",
        regions=("DFW", "ORD"),
        region=None,
        linked_at=NOW,
        used_at=NOW,
        trouble={},
    )


def image(n: int = 1, **fields: Any) -> Image:
    raw = {
        "id": f"{n:08x}-1111-4222-8333-444455556666",
        "name": _called(f"web-server-{n}"),
        "status": "active",
        "visibility": "shared",
        "owner": PRODUCER,
        "size": 2_577_777_777,
        "min_disk": 20,
        "min_ram": 512,
        "protected": False,
        "disk_format": "vhd",
        "container_format": "ovf",
        "checksum": "554b8ab1b0d2a1f5e1b3d3f9c2f0a111",
        "tags": ["web", "2026"],
        "created_at": "2026-02-01T12:00:00Z",
        "updated_at": "2026-03-01T12:00:00Z",
        "os_distro": "debian",
        "os_version": "12",
        **fields,
    }
    return Image(raw.pop("region", "DFW"), raw)


def member(status: str = "pending", number: str = CONSUMER) -> Member:
    invited = NOW - timedelta(days=3)
    return Member(image().id, number, MemberStatus(status), invited, NOW - timedelta(hours=2))


def card(n: int = 1, **fields: Any) -> cards.Card:
    values: dict[str, Any] = {
        "account": CONSUMERS,
        "region": "DFW",
        "image_id": image(n).id,
        "image_name": _called(f"web-server-{n}"),
        "owner": PRODUCER,
        "size": 2_577_777_777,
        "invited_at": NOW - timedelta(days=n),
        "created_at": NOW - timedelta(days=30 + n),
    }
    return cards.Card(**{**values, **fields})


OWN = account(PRODUCER, "Producer")
CONSUMERS = account(CONSUMER, "Consumer A")
TROUBLE = user.Trouble(PRODUCER, "ORD", cloud.Unavailable("", retry_after=20))
