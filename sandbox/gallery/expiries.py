"""Shares that end by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from cloud import errors as cloud
from handlers.core.replies import Message
from handlers.sharing.errors import BadSpan, NoEnd, ShareOver
from handlers.sharing.views import expiry as expiries
from handlers.sharing.views import members
from handlers.ui import error_words
from sandbox.gallery.values import CONSUMER, CONSUMERS, NOW, ODD, OWN, image, member
from storage import Expiry


def samples() -> Iterator[tuple[str, Message]]:
    odd = expiry(image_name=ODD, because=ODD * 5, span=timedelta(hours=36))
    yield "share ends soon", expiries.reminder(expiry())
    yield "share ends soon, odd", expiries.reminder(odd)
    yield "share with you ends soon", expiries.consumer_reminder(expiry())
    yield "share with you ends soon, odd", expiries.consumer_reminder(odd)
    yield "share with you extended", expiries.consumer_extended(expiry(), "U2")
    yield "share over", expiries.over(expiry())
    yield "share over, no reason given", expiries.over(expiry(because=""))
    yield "share with you over", expiries.consumer_over(expiry())
    yield "share late", expiries.late(expiry())
    gone, role = error_words.words(cloud.BadCredentials()), error_words.words(cloud.Forbidden())
    yield "share, login gone", expiries.locked(expiry(), gone, "U2")
    yield "share, login of a colleague", expiries.locked(expiry(), role, "U3")
    yield "share, account unlinked", expiries.unlinked(expiry())
    yield "share extended", expiries.just(expiries.extended(expiry(), now=True))
    yield "share extended before", expiries.just(expiries.extended(expiry(), now=False))
    some = [member(status, f"{n}") for n, status in enumerate(("pending", "accepted") * 5, 7700770)]
    ends = {each.member_id: expiry(number=each.member_id) for each in some[:4]}
    yield "members, some for a time", members.members(image(), OWN, some[:6], ends=ends)
    all_odd = {each.member_id: expiry(number=each.member_id, because=ODD * 5) for each in some}
    yield "members, all for a time", members.members(image(name=ODD), OWN, some, ends=all_odd)
    yield "member for a time", members.member(image(), OWN, member(), expiry())
    yield (
        "member for a time, seen by one",
        members.members(image(), CONSUMERS, [member()], ends={CONSUMER: expiry()}),
    )
    for n, error in enumerate(ERRORS, 1):
        yield f"share for a time, error {n}: {type(error).__name__}", error_words.explain(error)


ERRORS = (
    BadSpan("30m"),
    BadSpan(ODD),
    ShareOver("web-server-1", image().id, CONSUMER, timedelta(hours=12)),
    ShareOver(ODD, image().id, CONSUMER, timedelta(days=7)),
    ShareOver("web-server-1", image().id, CONSUMER, None),
    NoEnd("web-server-1", CONSUMER),
)


def expiry(**fields: Any) -> Expiry:
    values: dict[str, Any] = {
        "team_id": "T1",
        "cloud": OWN.cloud,
        "region": "DFW",
        "image_id": image().id,
        "number": CONSUMER,
        "account_id": OWN.id,
        "user_id": "U2",
        "project_id": OWN.project_id,
        "image_name": "web-server-1",
        "because": "ACME tests the new release",
        "span": timedelta(days=7),
        "ends_at": NOW + timedelta(days=1),
        "remind_at": None,
    }
    return Expiry(**{**values, **fields})
