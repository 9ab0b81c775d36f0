"""Invitations, and answering them."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.message import Message
from handlers.views import invitations, snoozes, trusted
from sandbox.gallery.values import CONSUMERS, NOW, ODD, PERSON, PRODUCER, TROUBLE, card


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
    by_itself = trusted.Trust(CONSUMERS, PRODUCER, PERSON.user_id)
    standing = invitations.Standing([by_itself], [invitations.Muted(CONSUMERS.id, "5500555")])
    left_out = [card(1), card(2, snoozed=snoozes.until(NOW)), card(3, muted=True)]
    for span in snoozes.Span:
        said = snoozes.snoozed("web-server-2", span)
        yield f"snoozed {span}", invitations.waiting(left_out, "U2", NOW, said=said)
    said = snoozes.unsnoozed("web-server-2")
    yield "unsnoozed", invitations.waiting(places[:1], "U2", NOW, said=said, standing=standing)
    for name, said in {
        "muted": snoozes.muted(PRODUCER),
        "unmuted": snoozes.unmuted(PRODUCER),
        "trusted": trusted.trusted(by_itself, now=True),
        "trusted before": trusted.trusted(by_itself, now=False),
        "trusted no more": trusted.ended(PRODUCER, CONSUMERS),
        "trusted, but strict": trusted.strict(CONSUMERS),
    }.items():
        yield name, invitations.waiting([], "U2", NOW, said=said, standing=standing)
    offer = trusted.trust_button(CONSUMERS.id, PRODUCER)
    yield "accepted, trust offered", invitations.answered(cases["accepted"], offer)
    outcomes = [("web", ""), ("db", invitations.WITHDRAWN), ("x", invitations.before("rejected"))]
    said = invitations.accepted_all([*outcomes, ("y", invitations.ON_A_PAGE)])
    yield "accepted all", invitations.waiting([], "U2", NOW, said=said)
    mixed = [card(1), card(2, status="rejected")]
    yield "which invitation", invitations.which(mixed, "web", NOW, [])
