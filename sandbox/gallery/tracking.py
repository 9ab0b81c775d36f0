"""Cards and notifications to producers about their shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from handlers.core.replies import Message
from handlers.tracking.views import tracking
from sandbox.gallery.values import CONSUMER, NOW, ODD, OWN, PRODUCER, image
from storage import Share

SHARE = Share(
    team_id="T1",
    cloud=OWN.cloud,
    region="DFW",
    image_id=image().id,
    number=CONSUMER,
    account_id=OWN.id,
    user_id="U2",
    project_id=PRODUCER,
    image_name="web-server-1",
    status="pending",
    shared_at=NOW - timedelta(days=4),
)
FIVE = [
    replace(SHARE, number=f"{n}", status=status, answered_at=NOW if status != "pending" else None)
    for n, status in enumerate(("accepted", "pending", "rejected", "pending", "odd"), 7700770)
]
NAMES = {CONSUMER: "partner"}


def samples() -> Iterator[tuple[str, Message]]:
    yield "share card", tracking.card([SHARE], NAMES)
    yield "share card of five", tracking.card(FIVE)
    yield "share card of many", tracking.card([replace(each, image_name=ODD) for each in FIVE] * 8)
    yield "share card, over", tracking.no_longer_shared(ODD, image().id, "DFW")
    yield "share rejected", tracking.rejected(SHARE, NAMES)
    yield "shares waiting", tracking.pending_shares([SHARE, replace(SHARE, image_name=ODD)], NAMES)
    yield "shares waiting, many", tracking.pending_shares([SHARE] * 40)
    yield "share reminded", tracking.reminded(SHARE, ["U3", "U4"], NAMES)
    yield "share reminded nobody", tracking.reminded(SHARE, [])
    yield "share reminded before", tracking.reminded_before(SHARE, NAMES)
    yield "share answered meanwhile", tracking.answered_meanwhile(replace(SHARE, status="accepted"))
