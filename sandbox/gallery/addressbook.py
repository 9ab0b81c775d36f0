"""The address book."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.addressbook.errors import (
    BadNickname,
    LooksLike,
    MeansAnother,
    NameTaken,
    NobodysAccount,
    NoSuchName,
    NotAnAccount,
    NotOnePerson,
    PartedNumber,
    PlainMention,
    SeveralAccounts,
)
from handlers.addressbook.views import addressbook
from handlers.core.replies import Message
from sandbox.gallery.values import CONSUMER, NOW, ODD, OWN
from storage import Name, PastName

PARTNER = Name(OWN.cloud, CONSUMER, "partner", "U3", NOW)
BEFORE = PastName("3300333", "partner", "U3", "U7", NOW)
STRANGE = Name(OWN.cloud, "3300333", ODD, "U3", NOW)


def samples() -> Iterator[tuple[str, Message]]:
    yield "address book", addressbook.book(OWN, [PARTNER, STRANGE])
    yield "address book, empty", addressbook.book(OWN, [])
    yield "address book, many", addressbook.book(OWN, [PARTNER, STRANGE] * 20, 2)
    said = addressbook.name_changed(CONSUMER, "partner", None)
    yield "named", addressbook.book(OWN, [PARTNER], result=said)
    said = addressbook.name_changed(CONSUMER, "friend", PARTNER)
    yield "renamed", addressbook.book(OWN, [PARTNER], result=said)
    for before in (PARTNER, None):
        said = addressbook.name_forgotten(CONSUMER, before)
        yield f"forgotten {before is None}", addressbook.book(OWN, [], result=said)
    for now in ("3300333", ""):
        told = addressbook.changed_notice("U3", "partner", CONSUMER, now)
        yield f"a name that others used, now {now or 'none'}", told


ERRORS: tuple[Exception, ...] = (
    BadNickname(ODD),
    NameTaken("partner", CONSUMER),
    LooksLike("p4rtner", "partner", CONSUMER),
    NoSuchName(ODD, "partner"),
    NoSuchName("partnr", None),
    PlainMention("@cara"),
    NotOnePerson("<#C1>"),
    NobodysAccount("U9"),
    PartedNumber("2 200 222", CONSUMER),
    MeansAnother(PARTNER, BEFORE, [(CONSUMER, f"unshare web {CONSUMER}"), ("9", "")]),
    SeveralAccounts("U9", [(CONSUMER, f"share web {CONSUMER}")]),
    NotAnAccount("@someone"),
)
