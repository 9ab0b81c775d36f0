"""How one's accounts stand."""

from __future__ import annotations

from collections.abc import Iterator

from cloud import Capabilities, Way
from cloud import errors as cloud
from handlers.accounts.capabilities import abilities
from handlers.accounts.views import status
from handlers.accounts.views.status import Standing
from handlers.core.replies import Message
from sandbox.gallery.values import CONSUMERS, ODD, OWN, account

RACKSPACE = Capabilities(Way.TASK, Way.TASK, object_store=True, compute=True, import_methods=())
GLANCE = Capabilities(
    Way.STREAM, Way.DOWNLOAD, object_store=True, compute=False, import_methods=("web-download",)
)
BARE = Capabilities(Way.NONE, Way.NONE, object_store=False, compute=False, import_methods=())


def samples() -> Iterator[tuple[str, Message]]:
    admin, observer = ("cloudImages:admin",), ("cloudImages:observer", "compute:default")
    works = Standing(OWN, "someone", admin, abilities(admin), {"DFW": RACKSPACE, "ORD": RACKSPACE})
    looks = Standing(CONSUMERS, ODD, observer, abilities(observer), {"DFW": GLANCE, "ORD": BARE})
    limping = Standing(
        CONSUMERS,
        "someone",
        abilities=abilities(()),
        regions={"DFW": GLANCE, "ORD": cloud.Unavailable("", retry_after=20)},
        noted={"ORD": "Unavailable", "": "MadeUp"},
    )
    locked_out = Standing(
        account("3300333", ODD), "", trouble=cloud.BadCredentials(), noted={"DFW": "BadCredentials"}
    )
    yield "status", status.status([works])
    yield "status of several", status.status([works, looks, limping, locked_out])
    yield "status, no login works", status.status([locked_out])
    yield "status of many", status.status([limping] * 12)
