"""What consumers are told without asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from handlers.core.replies import Message
from handlers.notifications.views import digest, escalation, login_warning
from handlers.notifications.views.digest import Digest, Over, Why
from sandbox.gallery.values import CONSUMERS, NOW, ODD, PERSON, card
from storage import Contact

WHY = Why([CONSUMERS.project_id], NOW + timedelta(days=1))
AT_ONCE = Why([CONSUMERS.project_id])


def samples() -> Iterator[tuple[str, Message]]:
    new = [card(n, created_at=None, mark="new") for n in (1, 2)]
    back = card(3, region="ORD", created_at=None, mark="you had snoozed it", image_name=ODD)
    over = [
        Over(card(4, status="accepted"), "<@U3>"),
        Over(card(5, status="rejected")),
        Over(card(6, status="accepted"), by_itself=True),
        Over(card(7, status="withdrawn", image_name=ODD)),
    ]
    many = [card(n, image_name=f"{ODD}{n}", mark="new") for n in range(1, 31)]
    cases = {
        "one new": Digest(new[:1]),
        "new and known": Digest([*new, back], known=3, over=over, snoozed=1, muted=2),
        "nothing new": Digest((), known=1, snoozed=1),
        "only endings": Digest((), over=over[:1]),
        "many": Digest(many, known=1_200, over=over * 5, snoozed=20, muted=20),
    }
    for name, what in cases.items():
        yield f"digest, {name}", digest.digest(what, "U2", WHY, NOW)
    yield "digest at once", digest.digest(cases["one new"], "U2", AT_ONCE, NOW)
    several = Why([CONSUMERS.project_id, "3300333"], WHY.next_at, PERSON.mention)
    yield "digest in a channel", digest.digest(cases["new and known"], "U2", several, NOW)
    yield (
        "digest, all that waits",
        digest.digest(Digest([card(1), card(2)]), "U2", AT_ONCE, NOW, fresh=False),
    )
    yield from _others()


def _others() -> Iterator[tuple[str, Message]]:
    ann = Contact(CONSUMERS.key, "U3", 5, PERSON.user_id)
    yield "contact", escalation.contact(CONSUMERS, ann)
    yield "contact, none", escalation.contact(CONSUMERS, None)
    yield "contact, set", escalation.contact(CONSUMERS, ann, done=True)
    yield "contact, off", escalation.contact(CONSUMERS, None, done=True)
    yield "contact, told", escalation.told(CONSUMERS, ann, PERSON.user_id)
    overdue = [card(n) for n in range(5, 18)]
    for count in (1, len(overdue)):
        cards = overdue[:count]
        yield f"contact, {count} overdue", escalation.overdue(CONSUMERS, "U2", cards, 5, NOW)
    for trouble in login_warning.WHY:
        yield f"login stopped, {trouble}", login_warning.stopped(CONSUMERS, trouble)
