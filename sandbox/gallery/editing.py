"""Changing, deactivating and deleting an image."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloud import ImageStatus
from handlers.core.button_values import pack
from handlers.core.facts import Party
from handlers.core.replies import Message, Modal
from handlers.editing.errors import (
    BadField,
    BadLine,
    GivenTwice,
    InUse,
    MovedSince,
    NoSuchProperty,
    NoSuchTag,
    NotChangeable,
    NotOffered,
    NotRemovable,
    OneTagAtATime,
    OwnField,
    ReadOnly,
    ReservedName,
    StandardImage,
    TooLateToUndo,
    TooLongFor,
    WrongStatus,
)
from handlers.editing.parse import RequestedChanges
from handlers.editing.views import activation, wake
from handlers.editing.views import delete as deletion
from handlers.editing.views import result as changes
from handlers.editing.views import update as updates
from handlers.ui.labels import cancelled
from sandbox.gallery.values import CONSUMER, ODD, OWN, PRODUCER, image, member


def samples() -> Iterator[tuple[str, Message | Modal]]:
    yield from _changes()
    woken = (Party(CONSUMER, ODD, "U5"), Party(PRODUCER))
    asked = RequestedChanges({"visibility": "shared"})
    back, lost = changes.Access(back=woken), changes.Access(lost=woken)
    yield "made shared, with whom", changes.changed(image(), BEFORE, AFTER, "t", (), back)
    yield "made private, to whom", changes.changed(image(), BEFORE, AFTER, "t", (), lost)
    yield "make it shared, with whom", wake.ask(image(), OWN, woken, asked)
    yield from _deletion()


BEFORE = {"min_disk": 20, "os_version": "11", "old": "1", "new": None, "tags": ["web"]}
AFTER = {"min_disk": 40, "os_version": "", "old": None, "new": ODD, "tags": ["db", ODD]}
MANY: dict[str, Any] = {f"property_{n:03}": "v" * 300 for n in range(128)}


def _changes() -> Iterator[tuple[str, Message | Modal]]:
    form = updates.form(image(), OWN)
    yield "update form", form
    yield "update form, nothing set", updates.form(image(name=None, tags=[], min_disk=0), OWN)
    odd = image(name=ODD[:255], tags=["t" * 255] * 128, motd="two\nlines", **MANY)
    yield "update form, too much", updates.form(odd, OWN)
    moved = image(updated_at="2026-03-02T12:00:00Z", name="theirs", min_ram=1024, note=ODD)
    asked = RequestedChanges(
        {"name": "mine", "note": "ours"}, frozenset({"os_version"}), ("db",), ("web",)
    )
    yield (
        "update form, again",
        updates.conflict_form(moved, OWN, updates.Form.read(form.value), asked),
    )
    full = RequestedChanges(
        dict.fromkeys(MANY, "w" * 300), tags=tuple(f"{n:0255}" for n in range(128))
    )
    yield (
        "update form, again and full",
        updates.conflict_form(odd, OWN, updates.Form.read(form.value), full),
    )
    yield "changed", changes.changed(image(), BEFORE, AFTER, "t" * 43)
    yield (
        "changed, many",
        changes.changed(image(name=ODD), dict.fromkeys(MANY), MANY, "t" * 43, ["org.openstack.x"]),
    )
    yield "unchanged", changes.unchanged(image())
    yield "change undone", changes.undone(image(), AFTER, BEFORE)


def _deletion() -> Iterator[tuple[str, Message]]:
    yield "deactivated", activation.switched(image(status="deactivated"), OWN)
    yield "reactivated", activation.switched(image(), OWN)
    yield "deactivated before", activation.already(image(status="deactivated"), OWN)
    yield "delete?", deletion.confirm_delete(image(), OWN, [])
    shared = [member(), member("accepted", "3300333"), member("rejected", "4400444")]
    yield "delete, with a reason?", deletion.confirm_delete(image(), OWN, [], ODD)
    yield "delete a shared one?", deletion.confirm_delete(image(name=ODD), OWN, shared, again=True)
    many = [member("accepted", f"{n:032}") for n in range(128)]
    yield "delete what many have?", deletion.confirm_delete(image(name=None), OWN, many)
    yield "delete a public one?", deletion.confirm_delete(image(visibility="public"), OWN, [])
    yield "delete a community one?", deletion.confirm_delete(image(visibility="community"), OWN, [])
    yield "not deleted after all", cancelled(pack("delete", "web-server-1"))
    yield "protected", deletion.protected(image(protected=True), OWN)
    yield "deleted", deletion.deleted(image(), [])
    yield "deleted, though shared", deletion.deleted(image(name=ODD), shared)


ERRORS: tuple[Exception, ...] = (
    BadField("min_disk", "20GB", "a whole number of GB, 0 or more"),
    BadField("tag", "", "a word"),
    TooLongFor("tag", 255),
    GivenTwice("os_version"),
    ReadOnly("status"),
    ReservedName("com.rackspace__1__options", "com.rackspace"),
    NotRemovable("name"),
    OneTagAtATime(),
    BadLine("os_version"),
    OwnField("os_version"),
    NoSuchProperty("os_vresion", "web-server-1", "os_version"),
    NoSuchTag("wbe", "web-server-1", "web"),
    NoSuchTag("db", ODD, None),
    NotChangeable(["licence"], "Property licence is protected"),
    TooLateToUndo(),
    MovedSince("web-server-1", image().id),
    NotOffered("deactivate"),
    StandardImage("Debian 12", "update"),
    WrongStatus("web-server-1", ImageStatus.QUEUED, "deactivate"),
    InUse("web-server-1", "the image is in use by a volume"),
)
