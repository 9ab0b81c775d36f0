"""Sharing, and whom an image is shared with."""

from __future__ import annotations

from collections.abc import Iterator

from cloud import errors as cloud
from handlers.message import Message
from handlers.views import errors, members, sharing
from handlers.views.values import pack
from sandbox.gallery.values import CONSUMER, CONSUMERS, ODD, OWN, image, member


def samples() -> Iterator[tuple[str, Message]]:
    yield "share?", sharing.confirm_share(image(), OWN, [CONSUMER], ())
    yield (
        "share with several?",
        sharing.confirm_share(
            image(), OWN, [CONSUMER, "3300333"], {CONSUMER}, [member("rejected", "4400444")]
        ),
    )
    yield "already shared", sharing.already_shared(image(), OWN, [member()])
    yield "already rejected", sharing.already_shared(image(), OWN, [member("rejected")])
    yield "already accepted", sharing.already_shared(image(), OWN, [member("accepted")])
    yield (
        "shared",
        sharing.shared(image(), OWN, [sharing.Outcome(CONSUMER, member(), new=True)], {CONSUMER}),
    )
    outcomes = [
        sharing.Outcome(CONSUMER, member(), new=True),
        sharing.Outcome("3300333", member(number="3300333"), new=True),
        sharing.Outcome("4400444", member("accepted", "4400444")),
        sharing.Outcome("5500555", trouble=errors.words(cloud.QuotaReached("limit exceeded"))),
    ]
    yield "shared with several", sharing.shared(image(), OWN, outcomes, {CONSUMER})
    yield "shared with none", sharing.shared(image(), OWN, outcomes[2:], ())
    yield "not shared after all", members.cancelled(pack("share", ODD))
    yield "unshare?", members.confirm_unshare(image(), OWN, member("accepted"))
    answers = ["pending", "accepted", "rejected", "never_heard_of"]
    some = [member(status, f"{n}") for n, status in enumerate(answers, 7700770)]
    yield "members", members.members(image(), OWN, some)
    yield "members, none", members.members(image(), OWN, [])
    yield "members, many", members.members(image(name=ODD), OWN, some * 32, page=2)
    yield "members, seen by one", members.members(image(), CONSUMERS, [member()])
    yield "member", members.member(image(), OWN, member("rejected"))
    for name, before, undone in (
        ("undone", member(), True),
        ("undone, though accepted", member("accepted"), True),
        ("unshared", member("rejected"), False),
        ("unshared before", None, False),
    ):
        said = members.unshared(image(), CONSUMER, before, undone=undone)
        yield name, members.members(image(), OWN, some[:1], said=said)
    yield "unshared, members unknown", members.just(said)
