"""Errors that any topic may meet, and the message where an error has no name."""

from __future__ import annotations

from collections.abc import Iterator

from cloud import errors as cloud
from handlers.core import authorization_errors
from handlers.core import errors as user
from handlers.core.interactions import Command
from handlers.core.operations import NeedsApproval, NeedsPage, Operation
from handlers.core.replies import Block, FieldErrors, Message, Modal
from handlers.ui import (
    alerts,
    error_words,
    form_fields,
    kept_forms,
    notices_resumed,
    operation_words,
    pick_image,
    tables,
)
from handlers.ui.blocks import named
from sandbox.gallery.values import CONSUMER, ODD, OWN, PERSON, PRODUCER, TROUBLE, image
from storage import Policy, Role
from storage.errors import Unreachable


def samples() -> Iterator[tuple[str, Message | Modal]]:
    yield "error of ours", error_words.internal_error("1a2b3c4d")
    paused = "Slack reported: channel not found"
    form = Modal("updates.form", "Edit image", (form_fields.text_input("Name", "name"),), "Save")
    errors = FieldErrors({"name": "There is one of that name.", "": "Try <again>."})
    yield "form not accepted", kept_forms.not_accepted(form, errors, "f0e1")
    yield "form to follow", kept_forms.next_step(form, "f0e1")
    yield "image wanted", pick_image.pick_form("show")
    yield "image and reason wanted", pick_image.pick_form("delete", with_reason=True)
    yield "image and tags wanted", pick_image.pick_form("tag", "Tags")
    yield "notices resumed", notices_resumed.resumed(error_words.explain(user.Unreadable()), paused)
    yield "alerts", Modal("alerts", "Alerts", tuple(_alerts()))
    yield "table", Message("Made up", (tables.data_table("Made up", ("Name", "Size"), _rows()),))
    one = tables.data_table("Made up", ("Name", "Size", "State"), [("web", "", "active")])
    yield "table of one row", Message("Made up", (one,))


def _alerts() -> Iterator[Block]:
    for level in alerts.Level:
        yield alerts.alert(level, f"Short, of the level *{level}*.")
        yield alerts.alert(level, f"{named(ODD)} is what a stranger named. See `/images help`.")
        yield alerts.alert(level, f"Too long for an alert, and {named(ODD)} again. " * 2)
    yield alerts.field_error("There is one of that name: *not* <!channel>.")
    yield alerts.field_error(f"Longer than an alert takes, below its field. {ODD} " * 2)


def _rows() -> list[tables.Row]:
    """Short, long, hostile and empty values, and one row more than is shown."""
    odd: list[tables.Row] = [
        ("web", tables.Figure(2, "2")),
        (ODD, tables.Figure(10**15, f"{10**15:,} bytes of data")),
        ("", ""),
        ("<!channel> *bold* <https://example.com|here>", "`code`"),
    ]
    return odd + [(f"row {n}", tables.Figure(n, str(n))) for n in range(tables.MAX_ROWS - 3)]


SHARE = Operation.on_image(
    "image.share", OWN, image(), operation_words.share(image(), [CONSUMER], None)
)
ERRORS: tuple[Exception, ...] = (
    user.Unreadable(),
    user.Usage("show IMAGE"),
    user.Usage("audit", ["--since 7d", "--failed"]),
    user.NoImageSaid("share IMAGE WITH…"),
    user.NotAnImage("<@U9>"),
    authorization_errors.HereIsPrivate(),
    user.UnknownVerb("shwo", "show"),
    user.UnknownVerb("frobnicate", None),
    user.UnknownOption("regoin", "show IMAGE", "region"),
    user.UnknownOption("public", "accept IMAGE", None),
    user.BadValue("sort", "colour", "`created`, `name`, `size`"),
    user.NoValue("region", "DFW"),
    user.TooLong(),
    user.BadButton(),
    user.FormGone(),
    user.PersonLeft("U9"),
    user.NotLinked("T1", "U2"),
    user.WhichAccount("web", [OWN, OWN]),
    user.WhichAccount("", [OWN, OWN]),
    user.NoPages("T1", "U2"),
    user.LooksLikeKey(),
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
    authorization_errors.RoleLost(PRODUCER, Role.OPERATOR, ["U1"]),
    authorization_errors.GroupUnknown(),
    authorization_errors.AskFirst(),
    NeedsApproval(SHARE, Policy()),
    NeedsPage(SHARE),
    authorization_errors.ConfirmFirst(),
    authorization_errors.NoSuchChannel("ops"),
    user.NoSuchImage("web", ["DFW", "ORD"]),
    user.NoSuchImage(ODD, ["DFW"], [TROUBLE]),
    user.SeveralImages(Command(PERSON, "show", ("web",)), "web", [], []),
    user.ImageGone(image().id),
    user.NotOwner("web-server-1", PRODUCER, "share"),
    user.NotOwner("web-server-1", "", "unshare"),
    user.PublicImage("Debian 12"),
    user.MissingRole("cloudImages:creator", "share images"),
    user.OutcomeUnknown("share images", f"members {image().id}"),
    user.UnderWay(),
    user.BadName(255),
    user.OneDash("mine"),
    user.ReadByOthers("C1", "list --public"),
    user.BeyondPlane("🚀"),
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
    cloud.NoSuchService("object-store", "DFW"),
    cloud.Corrupt("its sha512 is not the image's"),
    cloud.Forbidden("Policy doesn't allow it", service="compute"),
    cloud.NotFound("Flavor f-1 could not be found", service="compute"),
    cloud.Conflict("Instance is locked", service="compute"),
    cloud.ChoiceNeeded("Multiple possible networks found", service="compute"),
    cloud.QuotaReached("Quota exceeded for cores", service="compute"),
    cloud.ServiceFault("Unexpected API Error", service="compute"),
    cloud.LoginRefused(),
    cloud.UnexpectedAnswer(),
    Unreachable("the database is locked"),
    cloud.CloudError("I'm a teapot"),
)
