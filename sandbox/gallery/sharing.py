"""Sharing, for good or for a time, and whom an image is shared with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cloud import errors as cloud
from handlers.core.button_values import pack
from handlers.core.places import ImageRef
from handlers.core.replies import Message, Modal
from handlers.sharing.errors import (
    BadSpan,
    MembersAsleep,
    NoEnd,
    NotShareable,
    NotShared,
    ShareOver,
    ShareWithSelf,
    TooLongWhy,
    TooManyAccounts,
)
from handlers.sharing.views import confirm, members, remind
from handlers.sharing.views import expiry as expiries
from handlers.sharing.views import form as forms
from handlers.sharing.views import share as sharing
from handlers.sharing.views.share import KnownAccounts, Notified, Share
from handlers.ui import error_words
from handlers.ui.blocks import text_message
from handlers.ui.labels import cancelled
from handlers.ui.typeahead_options import image as menu_image
from sandbox.gallery.values import CONSUMER, CONSUMERS, NOW, ODD, OWN, PRODUCER, card, image, member
from storage import Expiry, Name, PastName


def samples() -> Iterator[tuple[str, Message | Modal]]:
    yield from _shares()
    yield from _expiries()


PLACE = ImageRef.of(OWN, image())


def _shares() -> Iterator[tuple[str, Message | Modal]]:
    one, two = Share(PLACE, (CONSUMER,)), Share(PLACE, (CONSUMER, "3300333"))
    week = Share(PLACE, (CONSUMER,), timedelta(days=7), ODD)
    known = KnownAccounts({CONSUMER: "partner"}, {CONSUMER})
    yield "share?", confirm.confirm_share(image(), one, KnownAccounts(), (), NOW)
    rejected = [member("rejected", "4400444")]
    yield (
        "share with several?",
        confirm.confirm_share(image(), two, known, rejected, NOW),
    )
    yield "share form", forms.share_form()
    yield "share form of an image", forms.share_form(menu_image(image(), OWN).option)
    slip = {"3300333": ["3300383"]}
    yield "share with a slip?", confirm.confirm_share(image(), two, known, (), NOW, slip)
    yield "share, in detail?", confirm.share_details(image(), OWN, week, known, (), NOW)
    yield "share for a week?", confirm.confirm_share(image(), week, known, (), NOW)
    person = Share(PLACE, (CONSUMER, "3300333"), people={CONSUMER: "U9"})
    yield "share with a person?", confirm.confirm_share(image(), person, known, (), NOW)
    near = {CONSUMER: [], "3300333": [CONSUMER]}
    yield "share with unknown ones, by form?", forms.sure_form(image(), two, near, known)
    yield "share with unknown ones?", confirm.confirm_unknown(image(), two, near, known)
    yield (
        "share with an unknown one?",
        confirm.confirm_unknown(image(), one, {CONSUMER: []}, known),
    )
    changed = [
        (
            Name(OWN.cloud, CONSUMER, "partner", "U7", NOW),
            PastName("3300333", "partner", "U3", "U7", NOW),
        )
    ]
    yield "share with a changed name?", confirm.confirm_changed(image(), one, changed)
    both = confirm.confirm_unknown(image(), two, near, known, changed)
    yield "share with an unknown one and a changed name?", both
    yield "already shared", sharing.already_shared(image(), OWN, [member()], known)
    yield "already rejected", sharing.already_shared(image(), OWN, [member("rejected")], known)
    yield "already accepted", sharing.already_shared(image(), OWN, [member("accepted")], known)
    done = [sharing.Outcome(CONSUMER, member(), new=True)]
    yield "shared", sharing.shared(image(), OWN, one, done, KnownAccounts(linked={CONSUMER}))
    ending = [replace(done[0], until=NOW + timedelta(days=7))]
    yield "shared for a week", sharing.shared(image(), OWN, week, ending, known)
    outcomes = [
        sharing.Outcome(CONSUMER, member(), new=True),
        sharing.Outcome("3300333", member(number="3300333"), new=True),
        sharing.Outcome("4400444", member("accepted", "4400444")),
        sharing.Outcome("5500555", trouble=error_words.words(cloud.QuotaReached("limit exceeded"))),
    ]
    hers = [replace(outcomes[0], notified=Notified.NOW), outcomes[1]]
    yield "shared with a person", sharing.shared(image(), OWN, person, hers, known)
    quiet = [replace(outcomes[0], notified=Notified.LATER), outcomes[1]]
    yield "shared with a person, at night", sharing.shared(image(), OWN, person, quiet, known)
    yield (
        "shared with a person, not notified",
        sharing.shared(image(), OWN, person, outcomes[:2], known),
    )
    for name, because, until in (
        ("notified of a share", "", None),
        ("notified of a share, with everything", ODD, NOW + timedelta(days=7)),
    ):
        yield name, sharing.shared_with_you(card(), "U3", because, until, NOW)
    yield "shared with several", sharing.shared(image(), OWN, two, outcomes, known)
    yield "shared with none", sharing.shared(image(), OWN, two, outcomes[2:], KnownAccounts())
    yield "not shared after all", cancelled(pack("share", ODD))
    names = {CONSUMER: "partner"}
    yield "unshare?", members.confirm_unshare(image(), OWN, member("accepted"))
    yield (
        "unshare, with a reason?",
        members.confirm_unshare(image(), OWN, member("accepted"), names, "it is old"),
    )
    yield "unshare a partner?", members.confirm_unshare(image(), OWN, member("accepted"), names)
    answers = ["pending", "accepted", "rejected", "never_heard_of"]
    some = [member(status, f"{n}") for n, status in enumerate(answers, 7700770)]
    yield "members", members.members(image(), OWN, some)
    partners = {f"{n}": f"{ODD}{n}" for n in range(7700770, 7700780)}
    yield "members, named", members.members(image(), OWN, some, nicknames=partners)
    yield "members, none", members.members(image(), OWN, [])
    yield "members, many", members.members(image(name=ODD), OWN, some * 32, page=2)
    yield "members, seen by one", members.members(image(), CONSUMERS, [member()])
    yield "member", members.member(image(), OWN, member("rejected"))
    yield "member, named", members.member(image(), OWN, member("rejected"), None, names)
    for name, before, undone in (
        ("undone", member(), True),
        ("undone, though accepted", member("accepted"), True),
        ("unshared", member("rejected"), False),
        ("unshared before", None, False),
    ):
        said = members.unshared(image(), CONSUMER, before, names, undone=undone)
        yield name, members.members(image(), OWN, some[:1], result=said)
    yield "unshared, members unknown", text_message(said)
    yield "asked again", remind.reminder(card(), "U2", NOW)


def _expiries() -> Iterator[tuple[str, Message]]:
    odd = expiry(image_name=ODD, because=ODD * 5, span=timedelta(hours=36))
    yield "share ends soon", expiries.reminder(expiry())
    yield "share ends soon, odd", expiries.reminder(odd)
    yield "share with you ends soon", expiries.consumer_reminder(expiry())
    yield "share with you ends soon, odd", expiries.consumer_reminder(odd)
    yield "share with you extended", expiries.consumer_extended(expiry(), "U2")
    yield "share over", expiries.ended(expiry())
    yield "share over, no reason given", expiries.ended(expiry(because=""))
    yield "share with you over", expiries.consumer_ended(expiry())
    for visibility in ("private", "community"):
        yield f"share over, and {visibility}", expiries.asleep(expiry(), visibility)
    yield "share late", expiries.late(expiry())
    gone, role = error_words.words(cloud.BadCredentials()), error_words.words(cloud.Forbidden())
    yield "share, login gone", expiries.login_cannot_end(expiry(), gone, "U2")
    yield "share, login of a colleague", expiries.login_cannot_end(expiry(), role, "U3")
    yield "share, account unlinked", expiries.unlinked(expiry())
    yield "share extended", text_message(expiries.extended(expiry(), now=True))
    yield "share extended before", text_message(expiries.extended(expiry(), now=False))
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


ERRORS: tuple[Exception, ...] = (
    TooLongWhy(200),
    NotShareable("a-1", image(visibility="private")),
    MembersAsleep("a-1", image(visibility="private")),
    ShareWithSelf(PRODUCER),
    TooManyAccounts(10),
    NotShared("web-server-1", image().id, CONSUMER),
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
