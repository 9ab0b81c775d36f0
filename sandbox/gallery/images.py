"""Lists, details, choices, and links to images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlers.core import errors as user
from handlers.core.interactions import Command
from handlers.core.replies import Message
from handlers.images.errors import NoLongerShared, OnlyOne
from handlers.images.views import browse as images
from handlers.images.views import choose as choose_views
from handlers.images.views import details as details_views
from handlers.images.views import message_shortcut, unfurl
from sandbox.gallery.values import (
    CONSUMER,
    CONSUMERS,
    NOW,
    ODD,
    OWN,
    PERSON,
    PRODUCER,
    TROUBLE,
    image,
    member,
)


def samples() -> Iterator[tuple[str, Message]]:
    yield from _browsing()
    yield from _links()


def _browsing() -> Iterator[tuple[str, Message]]:
    query = images.Query(OWN.id)
    many = [image(n, region="DFW" if n % 2 else "ORD") for n in range(1, 24)]
    yield "list", images.listing(query, OWN, many[:3], ["DFW", "ORD"])
    yield (
        "list, second page",
        images.listing(
            images.Query(OWN.id, "mine", ("web", "server"), tags=("web",), status="active", page=2),
            OWN,
            many,
            ["DFW", "ORD"],
        ),
    )
    yield "list, nothing", images.listing(images.Query(OWN.id, words=("x",)), OWN, [], ["DFW"])
    yield "list, nothing pending", images.listing(images.Query("a", "pending"), OWN, [], ["DFW"])
    yield "list, a region in trouble", images.listing(query, OWN, many[:1], ["DFW"], [TROUBLE])
    yield (
        "list, odd names",
        images.listing(
            query,
            CONSUMERS,
            [
                image(1, name=ODD, status="never_heard_of"),
                image(2, name=None, size=None, visibility="public"),
                image(3, owner=None, visibility="community"),
            ],
            ["DFW"],
        ),
    )
    yield "show, own", details_views.details(image(), OWN, NOW)
    yield "show, pending", details_views.details(image(), CONSUMERS, NOW, member())
    yield "show, accepted", details_views.details(image(), CONSUMERS, NOW, member("accepted"))
    yield "show, standard", details_views.details(image(visibility="public"), CONSUMERS, NOW)
    much: dict[str, Any] = {f"com.example.{ODD[:30]}.{n}": ODD for n in range(128)}
    yield (
        "show, odd and much",
        details_views.details(
            image(name=ODD, size=None, tags=[f"{ODD}{n}" for n in range(128)], **much), OWN, NOW
        ),
    )
    yield "look up, no id", message_shortcut.no_ids()
    yield (
        "look up, several",
        message_shortcut.found([(OWN, each) for each in many[:2]], ["deadbeef"], 2, [TROUBLE]),
    )
    several = [user.Match(OWN.id, PRODUCER, each) for each in many[:12]]
    share = Command(PERSON, "share", ("web", CONSUMER))
    yield "choice", choose_views.choice(user.SeveralImages(share, "web", several[:2], []))
    missing = user.NoSuchImage("wbe", ["DFW"], [TROUBLE], share, several[:3])
    yield "almost a name", choose_views.suggestion(missing, share)
    yield "choice of many", choose_views.choice(user.SeveralImages(share, ODD, several, [TROUBLE]))


def _links() -> Iterator[tuple[str, Message]]:
    yield "link, where everyone may look", unfurl.card(image())
    yield "link to an odd name", unfurl.card(image(name=ODD))
    yield "link, anywhere else", unfurl.link_only(image().id)


ERRORS: tuple[Exception, ...] = (
    OnlyOne(["mine", "shared"]),
    NoLongerShared(ODD, PRODUCER, CONSUMER, NOW),
    NoLongerShared("web-2026", PRODUCER, CONSUMER),
)
