"""Invitations, and answering them."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.core.places import ProducerRef
from handlers.core.replies import Message
from handlers.invitations.errors import NotInvited
from handlers.invitations.views import auto_accept, inbox, snooze
from sandbox.gallery.values import CONSUMERS, NOW, ODD, PERSON, PRODUCER, TROUBLE, card


def samples() -> Iterator[tuple[str, Message]]:
    yield "invitations, none", inbox.waiting([], "U2", NOW)
    yield "digest", inbox.waiting([card(created_at=None)], "U2", NOW)
    places = [card(1), card(2), card(3, region="ORD", size=None, image_name=ODD)]
    yield "invitations", inbox.waiting(places, "U2", NOW, troubles=[TROUBLE])
    many = [card(n, image_name=f"{ODD}{n}") for n in range(1, 31)]
    yield "invitations, many", inbox.waiting(many, "U2", NOW, page=2)
    by = PERSON.mention
    cases = {
        "accepted": inbox.Answered(card(status="accepted"), by, NOW),
        "rejected": inbox.Answered(card(status="rejected"), by, NOW),
        "accepted before": inbox.Answered(card(status="accepted"), by, NOW, before=True),
        "rejected elsewhere": inbox.Answered(card(status="rejected"), "", NOW, before=True),
    }
    for name, answered in cases.items():
        yield name, inbox.answered(answered)
        said = inbox.said(answered)
        yield f"{name}, by button", inbox.waiting(places[1:], "U2", NOW, said=said)
    yield "accepted, list unknown", inbox.just(said)
    said = inbox.withdrawn("web-server-1")
    yield "withdrawn", inbox.waiting(places[1:], "U2", NOW, said=said)
    by_itself = auto_accept.Trust(CONSUMERS, PRODUCER, PERSON.user_id)
    standing = inbox.Standing([by_itself], [ProducerRef(CONSUMERS.id, "5500555")])
    left_out = [card(1), card(2, snoozed=snooze.until(NOW)), card(3, muted=True)]
    for span in snooze.Span:
        said = snooze.snoozed("web-server-2", span)
        yield f"snoozed {span}", inbox.waiting(left_out, "U2", NOW, said=said)
    said = snooze.unsnoozed("web-server-2")
    yield "unsnoozed", inbox.waiting(places[:1], "U2", NOW, said=said, standing=standing)
    for name, said in {
        "muted": snooze.muted(PRODUCER),
        "unmuted": snooze.unmuted(PRODUCER),
        "trusted": auto_accept.trusted(by_itself, now=True),
        "trusted before": auto_accept.trusted(by_itself, now=False),
        "trusted no more": auto_accept.ended(PRODUCER, CONSUMERS),
        "trusted, but strict": auto_accept.strict(CONSUMERS),
    }.items():
        yield name, inbox.waiting([], "U2", NOW, said=said, standing=standing)
    offer = auto_accept.trust_button(ProducerRef(CONSUMERS.id, PRODUCER))
    yield "accepted, trust offered", inbox.answered(cases["accepted"], offer)
    outcomes = [("web", ""), ("db", inbox.WITHDRAWN), ("x", inbox.before("rejected"))]
    said = inbox.accepted_all([*outcomes, ("y", inbox.ON_A_PAGE)])
    yield "accepted all", inbox.waiting([], "U2", NOW, said=said)
    mixed = [card(1), card(2, status="rejected")]
    yield "which invitation", inbox.which(mixed, "web", NOW, [])


ERRORS: tuple[Exception, ...] = (
    NotInvited("web-server-1", standard=False),
    NotInvited("Debian 12", standard=True),
)
