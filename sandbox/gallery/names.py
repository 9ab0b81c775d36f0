"""The address book."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.message import Message
from handlers.views import names
from sandbox.gallery.values import CONSUMER, NOW, ODD, OWN
from storage import Name

PARTNER = Name(OWN.cloud, CONSUMER, "partner", "U3", NOW)
STRANGE = Name(OWN.cloud, "3300333", ODD, "U3", NOW)


def samples() -> Iterator[tuple[str, Message]]:
    yield "address book", names.book(OWN, [PARTNER, STRANGE])
    yield "address book, empty", names.book(OWN, [])
    yield "address book, many", names.book(OWN, [PARTNER, STRANGE] * 20, 2)
    said = names.named_now(CONSUMER, "partner", None)
    yield "named", names.book(OWN, [PARTNER], said=said)
    said = names.named_now(CONSUMER, "friend", PARTNER)
    yield "named anew", names.book(OWN, [PARTNER], said=said)
    for before in (PARTNER, None):
        said = names.forgotten(CONSUMER, before)
        yield f"forgotten {before is None}", names.book(OWN, [], said=said)
