"""Every error that has a name."""

from __future__ import annotations

from collections.abc import Iterator

from cloud import ImageStatus
from cloud import errors as cloud
from handlers.accounts.errors import LentAccount, NotOneAccount
from handlers.addressbook.errors import (
    BadNickname,
    NameTaken,
    NobodysAccount,
    NoSuchName,
    NotAnAccount,
    NotOnePerson,
    PlainMention,
    SeveralAccounts,
)
from handlers.approvals.errors import AlreadyDecided, NeedsReason, NoSuchRequest, OwnRequest
from handlers.core import authorization_errors
from handlers.core import errors as user
from handlers.core.interactions import Command
from handlers.core.places import ImageRef
from handlers.core.replies import Message
from handlers.editing import errors as refusals
from handlers.images.errors import OnlyOne
from handlers.invitations.errors import NotInvited
from handlers.notifications import errors as daytimes
from handlers.permissions.errors import BadRule, NoSuchRole, NoSuchSubject, OwnerStays
from handlers.servers.errors import NoSuchFlavor, NoSuchServer, NotBootable, ServerGone, TooSmall
from handlers.sharing.errors import (
    NotShareable,
    NotShared,
    ShareWithSelf,
    TooLongWhy,
    TooManyAccounts,
)
from handlers.transfers import errors as obstacles
from handlers.transfers.errors import ObjectExists, TaskForgotten, Vanished
from handlers.ui import error_words, notices_resumed
from sandbox.gallery.values import CONSUMER, ODD, PERSON, PRODUCER, TROUBLE, image
from storage import Role
from storage.errors import Unreachable


def samples() -> Iterator[tuple[str, Message]]:
    for n, error in enumerate(ERRORS, 1):
        yield f"error {n}: {type(error).__name__}", error_words.explain(error)
    yield "error of ours", error_words.broken("1a2b3c4d")
    paused = "Slack said that the channel is not there"
    yield "notices resumed", notices_resumed.resumed(error_words.explain(user.Unreadable()), paused)


ERRORS: tuple[Exception, ...] = (
    user.Unreadable(),
    user.Usage("show IMAGE"),
    user.UnknownVerb("shwo", "show"),
    user.UnknownVerb("frobnicate", None),
    user.UnknownOption("regoin", "show IMAGE", "region"),
    user.UnknownOption("public", "accept IMAGE", None),
    user.BadValue("sort", "colour", "`created`, `name`, `size`"),
    user.NoValue("region", "DFW"),
    OnlyOne(["mine", "shared"]),
    user.TooLong(),
    user.BadButton(),
    user.NotLinked("T1", "U2"),
    user.NoPages("T1", "U2"),
    user.LooksLikeKey(),
    NotOneAccount("unlink [ACCOUNT]", [PRODUCER, CONSUMER]),
    user.NotYours(CONSUMER, "U3"),
    user.NotYours("", ""),
    user.NotForYou("U3"),
    user.NoSuchAccount("99", [PRODUCER, CONSUMER]),
    user.LostCredentials(PRODUCER),
    authorization_errors.OutsideWorkspace(),
    authorization_errors.LacksRole(PRODUCER, Role.VIEWER, Role.OPERATOR, ["U1", "U3"]),
    authorization_errors.LacksRole(PRODUCER, Role.NONE, Role.VIEWER, []),
    authorization_errors.LacksRole(
        PRODUCER, Role.ADMIN, Role.OPERATOR, ["U1"], ceiling=Role.VIEWER
    ),
    authorization_errors.LacksRole(PRODUCER, Role.VIEWER, Role.VIEWER, [], ceiling=Role.NONE),
    LentAccount(PRODUCER, "U1"),
    BadNickname(ODD),
    NameTaken("partner", CONSUMER),
    NoSuchName(ODD, "partner"),
    NoSuchName("partnr", None),
    PlainMention("@cara"),
    NotOnePerson("<#C1>"),
    NobodysAccount("U9"),
    SeveralAccounts("U9", [(CONSUMER, f"share web {CONSUMER}")]),
    TooLongWhy(200),
    daytimes.BadTime(ODD),
    daytimes.BadZone("zurich", "Europe/Zurich"),
    daytimes.BadZone(ODD, None),
    daytimes.BadChoice("snooze", "forever", "`1d` to `30d`"),
    daytimes.BadChoice("days", "", "one day at least"),
    authorization_errors.AskFirst(),
    authorization_errors.ConfirmFirst(),
    NoSuchRequest(ODD),
    OwnRequest("a2b3c4"),
    AlreadyDecided("a2b3c4", "denied", voted=False),
    AlreadyDecided("a2b3c4", "waiting", voted=True),
    NeedsReason("approve", "a2b3c4"),
    NoSuchSubject("ann"),
    authorization_errors.NoSuchChannel("ops"),
    NoSuchRole("boss"),
    OwnerStays("U1"),
    BadRule("share", "sometimes", "`never` or `always`"),
    user.NoSuchImage("web", ["DFW", "ORD"]),
    user.NoSuchImage(ODD, ["DFW"], [TROUBLE]),
    user.SeveralImages(Command(PERSON, "show", ("web",)), "web", [], []),
    user.ImageGone(image().id),
    NotInvited("web-server-1", standard=False),
    NotInvited("Debian 12", standard=True),
    user.NotOwner("web-server-1", PRODUCER, "share"),
    user.NotOwner("web-server-1", "", "unshare"),
    user.PublicImage("Debian 12"),
    NotShareable("a-1", image(visibility="private")),
    user.MissingRole("cloudImages:creator", "share images"),
    ShareWithSelf(PRODUCER),
    NotAnAccount("@someone"),
    TooManyAccounts(10),
    NotShared("web-server-1", image().id, CONSUMER),
    user.OutcomeUnknown("share images", f"members {image().id}"),
    user.UnderWay(),
    obstacles.NoWay("export", "DFW"),
    obstacles.NotExportable("web-server-1", "4"),
    obstacles.NotActive("web-server-1", image().id, ImageStatus.QUEUED),
    obstacles.NotActive("web-server-1", image().id, ImageStatus.DEACTIVATED),
    obstacles.BadContainer("my.exports", by_task=True),
    obstacles.BadContainer(ODD, by_task=False),
    obstacles.NoContainer(ImageRef("a-1", "DFW", image().id), "exports", "0123456789abcdef"),
    obstacles.NotALocation("web.vhd"),
    obstacles.NoSuchObject("exports/web.vhd", ["DFW", "ORD"]),
    obstacles.InSeveralPlaces("exports/web.vhd", [(PRODUCER, "DFW"), (PRODUCER, "ORD")]),
    obstacles.EmptyObject("exports/web.vhd"),
    obstacles.UnknownFormat("exports/web", ["qcow2", "raw", "vhd"]),
    obstacles.NothingChosen("a container"),
    obstacles.SameRegion("web-server-1", "DFW"),
    obstacles.KeysTaken("DFW"),
    obstacles.NoSuchTransfer("ab2cd3ef"),
    ObjectExists("exports", f"{image().id}.vhd"),
    Vanished("image", image().id),
    TaskForgotten(image().id),
    NoSuchServer("web", ["DFW", "ORD"]),
    NoSuchServer(ODD, [], [TROUBLE]),
    ServerGone(image().id),
    NoSuchFlavor("huge", "DFW", ["1 GB General Purpose v1", ODD]),
    NoSuchFlavor(ODD, "DFW", []),
    TooSmall("web", "512 MB Standard", 20, 1024),
    NotBootable("web", "queued"),
    user.BadName(255),
    refusals.BadField("min_disk", "20GB", "a whole number of GB, 0 or more"),
    refusals.BadField("tag", "", "a word"),
    refusals.TooLongFor("tag", 255),
    refusals.GivenTwice("os_version"),
    refusals.ReadOnly("status"),
    refusals.ReservedName("com.rackspace__1__options", "com.rackspace"),
    refusals.NotRemovable("name"),
    refusals.OneTagAtATime(),
    refusals.BadLine("os_version"),
    refusals.OwnField("os_version"),
    refusals.NoSuchProperty("os_vresion", "web-server-1", "os_version"),
    refusals.NoSuchTag("wbe", "web-server-1", "web"),
    refusals.NoSuchTag("db", ODD, None),
    refusals.NotChangeable(["licence"], "Property licence is protected"),
    refusals.TooLateToUndo(),
    refusals.MovedSince("web-server-1", image().id),
    refusals.NotOffered("deactivate"),
    refusals.StandardImage("Debian 12", "update"),
    refusals.WrongStatus("web-server-1", ImageStatus.QUEUED, "deactivate"),
    refusals.InUse("web-server-1", "the image is in use by a volume"),
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
    cloud.Forbidden("Policy doesn't allow it", service="compute"),
    cloud.NotFound("Flavor f-1 could not be found", service="compute"),
    cloud.Conflict("Instance is locked", service="compute"),
    cloud.ChoiceNeeded("Multiple possible networks found", service="compute"),
    cloud.QuotaReached("Quota exceeded for cores", service="compute"),
    cloud.ServiceFault("Unexpected API Error", service="compute"),
    cloud.LoginRefused(),
    cloud.Unavailable(retry_after=20),
    cloud.Unavailable(),
    cloud.NoSuchService("object-store", "DFW"),
    cloud.Corrupt("its sha512 is not the image's"),
    cloud.UnexpectedAnswer(),
    Unreachable("the database is locked"),
    cloud.CloudError("I'm a teapot"),
)
"""Every error that has a name, with what it may carry."""
