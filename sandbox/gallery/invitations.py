"""Invitations, and answering them."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.message import Message
from handlers.views import invitations
from sandbox.gallery.values import NOW, ODD, PERSON, TROUBLE, card


def samples() -> Iterator[tuple[str, Message]]:
    yield "invitations, none", invitations.waiting([], "U2", NOW)
    yield "digest", invitations.waiting([card(created_at=None)], "U2", NOW)
    places = [card(1), card(2), card(3, region="ORD", size=None, image_name=ODD)]
    yield "invitations", invitations.waiting(places, "U2", NOW, troubles=[TROUBLE])
    many = [card(n, image_name=f"{ODD}{n}") for n in range(1, 31)]
    yield "invitations, many", invitations.waiting(many, "U2", NOW, page=2)
    by = PERSON.mention
    cases = {
        "accepted": invitations.Answered(card(status="accepted"), by, NOW),
        "rejected": invitations.Answered(card(status="rejected"), by, NOW),
        "accepted before": invitations.Answered(card(status="accepted"), by, NOW, before=True),
        "rejected elsewhere": invitations.Answered(card(status="rejected"), "", NOW, before=True),
    }
    for name, answered in cases.items():
        yield name, invitations.answered(answered)
        said = invitations.said(answered)
        yield f"{name}, by button", invitations.waiting(places[1:], "U2", NOW, said=said)
    yield "accepted, list unknown", invitations.just(said)
    said = invitations.withdrawn("web-server-1")
    yield "withdrawn", invitations.waiting(places[1:], "U2", NOW, said=said)
    mixed = [card(1), card(2, status="rejected")]
    yield "which invitation", invitations.which(mixed, "web", NOW, [])
