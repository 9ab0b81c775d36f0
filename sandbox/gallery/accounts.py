"""Linking and checking accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cloud import Capabilities, Way
from cloud import errors as cloud
from handlers.accounts.capabilities import abilities
from handlers.accounts.errors import LentAccount, NotOneAccount
from handlers.accounts.views import accounts, status
from handlers.accounts.views.status import AccountStatus
from handlers.core.errors import ReadByOthers
from handlers.core.replies import Message
from handlers.core.roles import AccountAccess
from sandbox.gallery.values import CONSUMER, CONSUMERS, NOW, ODD, OWN, PRODUCER, account
from storage import Role


def samples() -> Iterator[tuple[str, Message]]:
    yield from _linking()
    yield from _status()


PAGE = "https://bot.example/link/made-up"


def _linking() -> Iterator[tuple[str, Message]]:
    until = NOW + timedelta(minutes=10)
    yield "link", accounts.link(PAGE, until)
    yield "link first", accounts.link(PAGE, until, 'show "my <image>"')
    for role in ("cloudImages:admin", "cloudImages:creator", "made-up"):
        yield f"linked, {role}", accounts.linked(OWN, abilities([role]))
    yield "linked another", accounts.linked(OWN, abilities(["member"]), CONSUMERS)
    yield "linked by another", accounts.linked_by(CONSUMERS, Role.OPERATOR, "203.0.113.7, Firefox")
    yield "linked by one forbidden", accounts.linked_by(CONSUMERS, Role.NONE, "")
    choices = [(OWN, f"rights --account {OWN.id}"), (CONSUMERS, "rights")]
    yield "which account?", accounts.which("web", choices, OWN.user_id)
    own, lent = AccountAccess(OWN, Role.ADMIN), AccountAccess(CONSUMERS, Role.VIEWER, own=False)
    nothing = AccountAccess(CONSUMERS, Role.NONE)
    yield "accounts", accounts.accounts([own, lent, nothing])
    yield "accounts, many", accounts.accounts([own] * 30, accounts.used(OWN, "DFW"))
    yield "accounts, none chosen", accounts.accounts([lent, lent], accounts.choose_first())
    yield "unlink?", accounts.confirm_unlink(OWN, 2, 3)
    yield "unlink, an admin?", accounts.confirm_unlink(OWN, 0, 1, accounts.LastLogin(2, True))
    yield "unlinked", accounts.unlinked(OWN)
    yield "not unlinked", accounts.unlink_cancelled(OWN)
    asked = ReadByOthers("C0PARTNERS", "list --public --public=anyway")
    yield "public, for others too?", accounts.ask_before_public(asked)
    yield "linked, and now?", accounts.offer_command("accept web")


RACKSPACE = Capabilities(Way.TASK, Way.TASK, object_store=True, compute=True, import_methods=())
GLANCE = Capabilities(
    Way.STREAM, Way.DOWNLOAD, object_store=True, compute=False, import_methods=("web-download",)
)
BARE = Capabilities(Way.NONE, Way.NONE, object_store=False, compute=False, import_methods=())


def _status() -> Iterator[tuple[str, Message]]:
    admin, observer = ("cloudImages:admin",), ("cloudImages:observer", "compute:default")
    works = AccountStatus(
        OWN,
        "someone",
        admin,
        abilities(admin),
        {"DFW": RACKSPACE, "ORD": RACKSPACE},
        looked_at={"DFW": NOW, "ORD": None},
    )
    looks = AccountStatus(
        CONSUMERS, ODD, observer, abilities(observer), {"DFW": GLANCE, "ORD": BARE}
    )
    limping = AccountStatus(
        CONSUMERS,
        "someone",
        abilities=abilities(()),
        regions={"DFW": GLANCE, "ORD": cloud.Unavailable("", retry_after=20)},
        scheduler_errors={"ORD": "Unavailable", "": "MadeUp"},
    )
    locked_out = AccountStatus(
        account("3300333", ODD),
        "",
        trouble=cloud.BadCredentials(),
        scheduler_errors={"DFW": "BadCredentials"},
    )
    yield "status", status.status([works])
    yield "status of several", status.status([works, looks, limping, locked_out])
    yield "status, no login works", status.status([locked_out])
    yield "status of many", status.status([limping] * 12)


ERRORS: tuple[Exception, ...] = (
    NotOneAccount("unlink [ACCOUNT]", [PRODUCER, CONSUMER]),
    LentAccount(PRODUCER, "U1"),
)
