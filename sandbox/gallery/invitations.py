"""Invitations, and answering them."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.core.places import ProducerRef
from handlers.core.replies import Message, Modal
from handlers.invitations.errors import NotInvited, NotPending
from handlers.invitations.views import answer_form, answers, auto_accept, inbox, snooze
from handlers.ui.blocks import text_message
from handlers.ui.image_buttons import accept_instead_button
from sandbox.gallery.values import CONSUMERS, NOW, ODD, PERSON, PRODUCER, TROUBLE, card
from storage import Snooze


def samples() -> Iterator[tuple[str, Message | Modal]]:
    yield "invitations, none", inbox.pending([], "U2", NOW)
    yield "invitations, of no account any more", inbox.no_access()
    yield "digest", inbox.pending([card(created_at=None)], "U2", NOW)
    places = [card(1), card(2), card(3, region="ORD", size=None, image_name=ODD)]
    yield "invitations", inbox.pending(places, "U2", NOW, troubles=[TROUBLE])
    many = [card(n, image_name=f"{ODD}{n}") for n in range(1, 31)]
    yield "invitations, many", inbox.pending(many, "U2", NOW, page=2)
    by = PERSON.mention
    cases = {
        "accepted": answers.Answered(card(status="accepted"), by, NOW),
        "rejected": answers.Answered(card(status="rejected"), by, NOW),
        "accepted before": answers.Answered(card(status="accepted"), by, NOW, before=True),
        "rejected elsewhere": answers.Answered(card(status="rejected"), "", NOW, before=True),
    }
    for name, answered in cases.items():
        yield name, answers.answered(answered)
        said = answers.answer_sentence(answered)
        yield f"{name}, by button", inbox.pending(places[1:], "U2", NOW, result=said)
    yield "accepted, list unknown", text_message(said)
    said = answers.withdrawn("web-server-1")
    yield "withdrawn", inbox.pending(places[1:], "U2", NOW, result=said)
    by_itself = auto_accept.Trust(CONSUMERS, PRODUCER, PERSON.user_id)
    standing = inbox.AutomaticRules([by_itself], [ProducerRef(CONSUMERS.id, "5500555")])
    left_out = [card(1), card(2, snooze=Snooze(NOW, "")), card(3, muted=True)]
    for span in snooze.SnoozeLength:
        said = snooze.snoozed("web-server-2", span)
        yield f"snoozed {span}", inbox.pending(left_out, "U2", NOW, result=said)
    said = snooze.unsnoozed("web-server-2")
    yield "unsnoozed", inbox.pending(places[:1], "U2", NOW, result=said, rules=standing)
    for name, said in {
        "muted": snooze.muted(PRODUCER),
        "unmuted": snooze.unmuted(PRODUCER),
        "trusted": auto_accept.trusted(by_itself, new=True),
        "trusted before": auto_accept.trusted(by_itself, new=False),
        "trusted no more": auto_accept.ended(PRODUCER, CONSUMERS),
        "trusted, but strict": auto_accept.strict(CONSUMERS),
    }.items():
        yield name, inbox.pending([], "U2", NOW, result=said, rules=standing)
    back = accept_instead_button(card(1).place)
    said = answers.answer_sentence(cases["rejected"])
    yield "rejected, a way back", inbox.pending([], "U2", NOW, result=said, offer=back)
    offer = auto_accept.trust_button(ProducerRef(CONSUMERS.id, PRODUCER))
    yield "accepted, trust offered", answers.answered(cases["accepted"], offer)
    outcomes = [("web", ""), ("db", answers.WITHDRAWN), ("x", answers.already_answered("rejected"))]
    said = answers.answered_all([*outcomes, ("y", answers.ON_A_PAGE)], "accepted")
    yield "accepted all", inbox.pending([], "U2", NOW, result=said)
    said = answers.answered_all(outcomes[:1], answer_form.snoozed(NOW))
    yield "snoozed by form", inbox.pending(left_out, "U2", NOW, result=said)
    yield "muted by form", inbox.pending([], "U2", NOW, result=answer_form.muted([PRODUCER, "55"]))
    yield "muted nobody", text_message(answer_form.muted([]))
    yield "answer form", answer_form.form(many)
    yield "answer form of one", answer_form.form(places[:1], answer_form.Answer.REJECT)
    yield "nothing to answer", answer_form.nothing_pending()
    mixed = [card(1), card(2, status="rejected")]
    yield "which invitation", inbox.ambiguous(mixed, "web", NOW, [])


ERRORS: tuple[Exception, ...] = (
    NotInvited("web-server-1", standard=False),
    NotInvited("Debian 12", standard=True),
    NotPending("web-server-1", "accepted"),
)
