"""
A sample of every message the bot can send, made from plain values.

`python -m sandbox.gallery` reads them aloud. The tests hold each against Slack's rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cloud import errors as cloud
from cloud.models import Image, Member, MemberStatus
from handlers import VERBS
from handlers import errors as user
from handlers.message import Message
from handlers.requests import Command, Person
from handlers.views import errors, images, invitations, members, notices, sharing
from handlers.views import help as helps
from handlers.views.values import pack
from storage import Account
from storage.errors import Unreachable

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
PERSON = Person("T1", "U2")
PRODUCER, CONSUMER = "1100111", "2200222"
ODD = "<!channel> *`bold`* _&_ \u202egnp.exe " + "very " * 40 + "long"


def account(number: str, name: str) -> Account:
    return Account(
        id=f"a-{number}",
        team_id="T1",
        user_id="U2",
        cloud="https://identity.example/v2.0",
        project_id=number,
        project_name=name,
        user_name="someone",
        regions=("DFW", "ORD"),
        region=None,
        linked_at=NOW,
        trouble={},
    )


def image(n: int = 1, **fields: Any) -> Image:
    raw = {
        "id": f"{n:08x}-1111-4222-8333-444455556666",
        "name": f"web-server-{n}",
        "status": "active",
        "visibility": "shared",
        "owner": PRODUCER,
        "size": 2_577_777_777,
        "min_disk": 20,
        "min_ram": 512,
        "protected": False,
        "disk_format": "vhd",
        "container_format": "ovf",
        "checksum": "554b8ab1b0d2a1f5e1b3d3f9c2f0a111",
        "tags": ["web", "2026"],
        "created_at": "2026-02-01T12:00:00Z",
        "updated_at": "2026-03-01T12:00:00Z",
        "os_distro": "debian",
        "os_version": "12",
        **fields,
    }
    return Image(raw.pop("region", "DFW"), raw)


def member(status: str = "pending", number: str = CONSUMER) -> Member:
    invited = NOW - timedelta(days=3)
    return Member(image().id, number, MemberStatus(status), invited, NOW - timedelta(hours=2))


def card(n: int = 1, **fields: Any) -> invitations.Card:
    values: dict[str, Any] = {
        "account": CONSUMERS,
        "region": "DFW",
        "image_id": image(n).id,
        "image_name": f"web-server-{n}",
        "owner": PRODUCER,
        "size": 2_577_777_777,
        "invited_at": NOW - timedelta(days=n),
        "created_at": NOW - timedelta(days=30 + n),
    }
    return invitations.Card(**{**values, **fields})


OWN = account(PRODUCER, "Producer")
CONSUMERS = account(CONSUMER, "Consumer A")
TROUBLE = user.Trouble(PRODUCER, "ORD", cloud.Unavailable("", retry_after=20))


def _helps() -> Iterator[tuple[str, Message]]:
    yield "help", helps.everything([(verb.form, verb.help) for verb in VERBS])
    for verb in VERBS:
        yield f"help {verb.name}", helps.one(verb.form, verb.help, verb.more, sorted(verb.options))


def _images() -> Iterator[tuple[str, Message]]:
    query = images.Query(OWN.id)
    many = [image(n, region="DFW" if n % 2 else "ORD") for n in range(1, 24)]
    yield "list", images.listing(query, OWN, many[:3], ["DFW", "ORD"])
    yield (
        "list, second page",
        images.listing(
            images.Query(OWN.id, "mine", ("web", "server"), tags=("web",), status="active", page=2),
            OWN,
            many,
            ["DFW", "ORD"],
        ),
    )
    yield "list, nothing", images.listing(images.Query(OWN.id, words=("x",)), OWN, [], ["DFW"])
    yield "list, nothing pending", images.listing(images.Query("a", "pending"), OWN, [], ["DFW"])
    yield "list, a region in trouble", images.listing(query, OWN, many[:1], ["DFW"], [TROUBLE])
    yield (
        "list, odd names",
        images.listing(
            query,
            CONSUMERS,
            [
                image(1, name=ODD, status="never_heard_of"),
                image(2, name=None, size=None, visibility="public"),
                image(3, owner=None, visibility="community"),
            ],
            ["DFW"],
        ),
    )
    yield "show, own", images.details(image(), OWN, NOW)
    yield "show, pending", images.details(image(), CONSUMERS, NOW, member())
    yield "show, accepted", images.details(image(), CONSUMERS, NOW, member("accepted"))
    yield "show, standard", images.details(image(visibility="public"), CONSUMERS, NOW)
    much: dict[str, Any] = {f"com.example.{ODD[:30]}.{n}": ODD for n in range(128)}
    yield (
        "show, odd and much",
        images.details(
            image(name=ODD, size=None, tags=[f"{ODD}{n}" for n in range(128)], **much), OWN, NOW
        ),
    )
    several = [user.Match(OWN.id, PRODUCER, each) for each in many[:12]]
    share = Command(PERSON, "share", ("web", CONSUMER))
    yield "choice", images.choice(user.Several(share, "web", several[:2], []))
    yield "choice of many", images.choice(user.Several(share, ODD, several, [TROUBLE]))


def _sharing() -> Iterator[tuple[str, Message]]:
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


def _invitations() -> Iterator[tuple[str, Message]]:
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


def _errors() -> Iterator[tuple[str, Message]]:
    for n, error in enumerate(ERRORS, 1):
        yield f"error {n}: {type(error).__name__}", errors.explain(error)
    yield "error of ours", errors.broken("1a2b3c4d")
    paused = "Slack said that the channel is not there"
    yield "notices resumed", notices.resumed(errors.explain(user.Unreadable()), paused)


ERRORS: tuple[Exception, ...] = (
    user.Unreadable(),
    user.Usage("show IMAGE"),
    user.UnknownVerb("shwo", "show"),
    user.UnknownVerb("frobnicate", None),
    user.UnknownOption("regoin", "show IMAGE", "region"),
    user.UnknownOption("public", "accept IMAGE", None),
    user.BadValue("sort", "colour", "`created`, `name`, `size`"),
    user.NoValue("region", "DFW"),
    user.OnlyOne(["mine", "shared"]),
    user.TooLong(),
    user.BadButton(),
    user.NotLinked("T1", "U2"),
    user.NotYours(CONSUMER, "U3"),
    user.NotYours("", ""),
    user.NotForYou("U3"),
    user.NoSuchAccount("99", [PRODUCER, CONSUMER]),
    user.LostCredentials(PRODUCER),
    user.NoSuchImage("web", ["DFW", "ORD"]),
    user.NoSuchImage(ODD, ["DFW"], [TROUBLE]),
    user.Several(Command(PERSON, "show", ("web",)), "web", [], []),
    user.Gone(image().id),
    user.NotInvited("web-server-1", standard=False),
    user.NotInvited("Debian 12", standard=True),
    user.NotOwner("web-server-1", PRODUCER, "share"),
    user.NotOwner("web-server-1", "", "unshare"),
    user.PublicImage("Debian 12"),
    user.NotShareable("web-server-1", "private", image().id),
    user.MissingRole("cloudImages:creator", "share images"),
    user.ShareWithSelf(PRODUCER),
    user.NotAnAccount("@someone"),
    user.TooManyAccounts(10),
    user.NotShared("web-server-1", image().id, CONSUMER),
    user.OutcomeUnknown("share images", f"members {image().id}"),
    user.UnderWay(),
    user.UserError(),
    cloud.BadConfiguration("no cloud named 'x' in clouds.yaml"),
    cloud.BadCredentials(),
    cloud.MfaRequired(),
    cloud.LoginForbidden(),
    cloud.Unauthorized(),
    cloud.NoImageService(),
    cloud.NoSuchRegion("LON", ("DFW", "ORD")),
    cloud.Invalid("Member can't be empty"),
    cloud.Forbidden(),
    cloud.NotFound(),
    cloud.Conflict(),
    cloud.QuotaReached("Image member limit exceeded"),
    cloud.Unavailable(retry_after=20),
    cloud.Unavailable(),
    cloud.UnexpectedAnswer(),
    Unreachable("the database is locked"),
    cloud.CloudError("I'm a teapot"),
)
"""Every error that has a name, with what it may carry."""

SAMPLES: Mapping[str, Message] = dict(
    sample for topic in (_helps, _images, _sharing, _invitations, _errors) for sample in topic()
)


def aloud(message: Message) -> Iterator[str]:
    """What a person would read, a line for each block."""
    for block in message.blocks:
        yield from _texts(block)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if part.get("type") == "button":
            yield f"[{part['text']['text']}]"
        elif isinstance(part.get("text"), str):
            yield part["text"]
        else:
            for key in ("text", "fields", "accessory", "elements"):
                yield from _texts(part.get(key))
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _texts(each)


if __name__ == "__main__":
    for name, sample in SAMPLES.items():
        print(f"\n=== {name}", *aloud(sample), sep="\n")  # noqa: T201 - that is its use
