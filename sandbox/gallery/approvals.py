"""Approvals: the cards, what is told, and lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from handlers.approvals.errors import AlreadyDecided, NeedsReason, NoSuchRequest, OwnRequest
from handlers.approvals.views import cards, confirm_on_page, explain
from handlers.approvals.views import requests as approvals
from handlers.core.effects import Effect
from handlers.core.facts import (
    EVERYBODY,
    UNLISTED,
    Change,
    Difference,
    Facts,
    Party,
    ShownImage,
)
from handlers.core.operations import ChangedSince, Operation
from handlers.core.replies import Message, Modal
from handlers.ui import operation_words
from sandbox.gallery.values import CONSUMER, NOW, ODD, OWN, PRODUCER, image
from storage import AccountKey, Approval, ApprovalState, Decision, Vote

FACTS = Facts(
    ShownImage.of(image()),
    gains=(Party(CONSUMER, ODD, "U5"), Party(UNLISTED)),
    loses=EVERYBODY,
    changes=(Change("visibility", "private", "shared", Effect.GIVES_BACK), Change(ODD, "", ODD)),
    details=(("for", "7 days"),),
    because="the release of March",
)
WANTED = Approval(
    id="a2b3c4",
    team_id="T1",
    user_id="U2",
    account_id="a-1",
    key=AccountKey("T1", "https://identity.example/v2.0", PRODUCER),
    region="DFW",
    action="image.share",
    target=f"{image().id} with {CONSUMER}",
    words=operation_words.share(image(), [CONSUMER], timedelta(days=7)),
    request={"shown": FACTS.to_json(), "effects": ["gives back access"]},
    because="the release of March",
    people=1,
    reason=False,
    channel_id="",
    state=ApprovalState.WAITING,
    outcome="",
    created_at=NOW,
    expires_at=NOW + timedelta(hours=8),
    remind_at=NOW + timedelta(hours=1),
    reminders=0,
    ended_at=None,
)
YES = Vote("U3", Decision.APPROVE, "", NOW)
NO = Vote("U4", Decision.DENY, ODD, NOW)
TWO = replace(WANTED, people=2, reason=True, channel_id="C7", votes=(YES,), because=ODD)


def samples() -> Iterator[tuple[str, Message | Modal]]:
    yield "approval asked for", approvals.asked(WANTED, 2, new=True)
    yield "approval, the form for a reason", explain.form(WANTED)
    yield "approval asked for in a channel", approvals.asked(TWO, 3, new=True)
    yield "approval asked for again", approvals.asked(WANTED, 1, new=False)
    yield "approval that nobody can give", approvals.asked(WANTED, 0, new=True)
    yield "approval that one of two can give", approvals.asked(TWO, 1, new=True)
    for state in ApprovalState:
        votes = (YES, NO) if state == ApprovalState.DENIED else (YES,)
        ended = replace(TWO, state=state, votes=votes)
        yield f"approval card, {state}", cards.approver_card(ended)
        yield f"approval decided by command, {state}", approvals.decided(ended)
        yield f"approval of one's own, {state}", cards.requester_card(ended)
    for name in sorted(cards.ASK_AGAIN):
        told = replace(WANTED, state=ApprovalState(name), votes=(NO,))
        yield f"approval result, {name}", approvals.ended(told)
    yield "approval card of one", cards.approver_card(WANTED)
    yield "approval details", approvals.details(WANTED)
    long = replace(FACTS, changes=tuple(Change(f"p{n}", ODD, ODD) for n in range(30)))
    much = replace(WANTED, request={"shown": long.to_json()})
    yield "approval card of much", cards.approver_card(much)
    yield "approval details of much", approvals.details(much)
    older = replace(WANTED, request={})
    yield "approval details, kept by the last release", approvals.details(older)
    yield "approval of the last release", cards.approver_card(older)
    yield "approval not done", approvals.not_done(WANTED, approvals.not_as_shown())
    yield "approval that cannot be read", approvals.unreadable()
    yield "approval of an account that is gone", approvals.account_gone(WANTED)
    yield "approval waits again", approvals.waits_again(TWO, lambda _: False)
    yield "approval reminder, no longer an approver", cards.no_longer_approver(WANTED)
    yield "approval reminder", cards.reminder(WANTED)
    done = replace(WANTED, state=ApprovalState.DONE, votes=(YES,))
    yield "approved and done", approvals.carried_out(done, Message("Shared."), done=True)
    failed = replace(done, state=ApprovalState.FAILED)
    yield "approved and failed", approvals.carried_out(failed, Message("It is gone."), done=False)
    yield "requests", approvals.requests([WANTED, TWO], [WANTED, failed])
    several = [replace(WANTED, id=f"a1b2c3d{n}") for n in range(9)]
    yield "requests, the second page", approvals.request_list(several, [failed], "U2", page=2)
    yield "requests, none", approvals.requests([], [])
    yield "request withdrawn", approvals.withdrawn(replace(WANTED, state=ApprovalState.WITHDRAWN))
    yield "approve, why?", approvals.form(TWO, cards.APPROVING)
    yield "deny, why?", approvals.form(WANTED, cards.DENYING)
    address = "https://bot.example/confirm/made-up"
    until = NOW + timedelta(minutes=10)
    operation = Operation("image.update", OWN, "DFW", "", WANTED.words, FACTS)
    yield "confirm on the page", confirm_on_page.ask(operation, address, until)
    yield "confirmed", confirm_on_page.answered(WANTED.words, Message("Shared."))
    for doing in (
        operation_words.change("deactivate", image()),
        operation_words.update(image(), Facts(changes=FACTS.changes)),
        operation_words.update(image(), replace(FACTS, gains=EVERYBODY)),
        operation_words.update(image(), FACTS),
        operation_words.update(image(), replace(FACTS, loses=())),
        operation_words.update(image(), replace(FACTS, loses=FACTS.gains * 9, gains=())),
        operation_words.unshare(image(), f"`{CONSUMER}`"),
        operation_words.delete(image(), [CONSUMER, PRODUCER]),
        operation_words.export(image(), "exports"),
        operation_words.download("exports", "web.vhd", "DFW"),
        operation_words.import_("exports", "web.vhd", ODD, "DFW"),
        operation_words.copy(image(), "ORD", [CONSUMER]),
        operation_words.answer("accept", image()),
        operation_words.snapshot("db-1", ODD, "DFW"),
        operation_words.launch(image(), "db-2", "1 GB"),
        operation_words.extend(image(), CONSUMER),
    ):
        yield f"approval to {doing[:60]}", cards.approver_card(replace(WANTED, words=doing))


ERRORS: tuple[Exception, ...] = (
    NoSuchRequest(ODD),
    OwnRequest("a2b3c4"),
    AlreadyDecided("a2b3c4", "denied", voted=False),
    AlreadyDecided("a2b3c4", "waiting", voted=True),
    NeedsReason("approve", "a2b3c4"),
    ChangedSince([Difference(f"{n} {ODD}", "", ODD) for n in range(7)]),
    ChangedSince([Difference("name", "web", "db")]),
)
