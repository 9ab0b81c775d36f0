"""Servers, images of them, and servers built from images."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from cloud import Flavor, Network, SecurityGroup, Server
from handlers.core.button_values import pack
from handlers.core.replies import Message, Modal
from handlers.servers.attachments import Attachable, Attachments
from handlers.servers.errors import (
    NetworkNeeded,
    NoSuchAttachment,
    NoSuchFlavor,
    NoSuchServer,
    NotBootable,
    ServerGone,
    TooSmall,
)
from handlers.servers.views import launch
from handlers.servers.views import list as servers
from handlers.servers.views import snapshot as snapshots
from handlers.servers.views.list import FoundServer
from sandbox.gallery.values import NOW, ODD, OWN, TROUBLE, image

FLAVOR = Flavor("general1-2", "2 GB General Purpose v1", 2, 2048, 40)
CLICK = "0123456789abcdef"
THERE = Attachable(
    (Network("n-1", "private"), Network("n-2", ODD)),
    ("laptop", ODD),
    (SecurityGroup("g-1", "default"), SecurityGroup("g-2", "web")),
)


def server(n: int = 1, **fields: Any) -> Server:
    return Server.from_json(
        {
            "id": f"{n:08x}-2222-4333-8444-555566667777",
            "name": f"web-{n}",
            "status": "ACTIVE",
            "image": {"id": image().id},
            "flavor": {"id": FLAVOR.id},
            "addresses": {"public": [{"addr": "203.0.113.5"}, {"addr": "2001:db8::5"}]},
            "created": (NOW - timedelta(days=n)).isoformat(),
            "updated": NOW.isoformat(),
            **fields,
        }
    )


def samples() -> Iterator[tuple[str, Message | Modal]]:
    some = [FoundServer(OWN, "DFW", server(n)) for n in range(1, 14)]
    odd = FoundServer(
        OWN,
        "ORD",
        server(name=ODD, status="NEVER_HEARD_OF", image="", flavor={"original_name": ODD}),
    )
    yield "servers", servers.servers(some[:2], (), ["DFW", "ORD"])
    yield "servers, many", servers.servers([odd, *some], ["web", ODD], ["DFW"], [TROUBLE])
    yield "servers, none", servers.servers([], (), ["DFW"])
    yield "which server?", snapshots.choice("web", [*some, odd], "golden", [TROUBLE])
    yield "which server, for a form?", snapshots.choice(ODD, some[:2], "", [])
    yield "snapshot?", snapshots.confirm(some[0], "golden", CLICK)
    yield "snapshot of a volume?", snapshots.confirm(odd, ODD, CLICK)
    yield "snapshot, the form", snapshots.form(odd, "golden-2026-03-05", CLICK)
    for new in (True, False):
        yield f"snapshot begun, {new}", snapshots.begun(some[0], "golden", "ab2cd3ef", new=new)
        yield f"launch begun, {new}", launch.begun("front", ODD, "ab2cd3ef", new=new)
    yield "no snapshot after all", snapshots.cancelled(pack(ODD))
    yield "launch?", launch.confirm(image(), OWN, "front", FLAVOR, Attachments(), CLICK)
    chosen = Attachments(THERE.networks[0], "laptop", THERE.groups)
    yield "launch, attached to?", launch.confirm(image(), OWN, ODD, FLAVOR, chosen, CLICK)
    yield "launch, the form", launch.form(image(name=ODD), OWN, THERE, CLICK)
    yield "launch, of any size", launch.form(image(min_disk=0, min_ram=0), OWN, Attachable(), CLICK)
    yield "no launch after all", launch.cancelled(pack(ODD))


ERRORS: tuple[Exception, ...] = (
    NoSuchServer("web", ["DFW", "ORD"]),
    NoSuchServer(ODD, [], [TROUBLE]),
    ServerGone(image().id),
    NoSuchFlavor("huge", "DFW", ["1 GB General Purpose v1", ODD]),
    NoSuchFlavor(ODD, "DFW", []),
    NetworkNeeded("DFW", ["private", ODD]),
    NoSuchAttachment("key pair", "laptop", "DFW", ["desk", ODD]),
    NoSuchAttachment("security group", ODD, "DFW", []),
    NoSuchAttachment("network", "private", "DFW", ["n-1", "n-2"], several=True),
    TooSmall("web", "512 MB Standard", 20, 1024),
    NotBootable("web", "queued"),
)
