"""Changing an image: the form, and what was changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlers.core.replies import Message, Modal
from handlers.editing.parse import RequestedChanges
from handlers.editing.views import result as changes
from handlers.editing.views import update as updates
from sandbox.gallery.values import ODD, OWN, image

BEFORE = {"min_disk": 20, "os_version": "11", "old": "1", "new": None, "tags": ["web"]}
AFTER = {"min_disk": 40, "os_version": "", "old": None, "new": ODD, "tags": ["db", ODD]}
MANY: dict[str, Any] = {f"property_{n:03}": "v" * 300 for n in range(128)}


def samples() -> Iterator[tuple[str, Message | Modal]]:
    form = updates.form(image(), OWN)
    yield "update form", form
    yield "update form, nothing set", updates.form(image(name=None, tags=[], min_disk=0), OWN)
    odd = image(name=ODD[:255], tags=["t" * 255] * 128, motd="two\nlines", **MANY)
    yield "update form, too much", updates.form(odd, OWN)
    moved = image(updated_at="2026-03-02T12:00:00Z", name="theirs", min_ram=1024, note=ODD)
    asked = RequestedChanges(
        {"name": "mine", "note": "ours"}, frozenset({"os_version"}), ("db",), ("web",)
    )
    yield "update form, again", updates.again(moved, OWN, updates.Form.read(form.value), asked)
    full = RequestedChanges(
        dict.fromkeys(MANY, "w" * 300), tags=tuple(f"{n:0255}" for n in range(128))
    )
    yield (
        "update form, again and full",
        updates.again(odd, OWN, updates.Form.read(form.value), full),
    )
    yield "changed", changes.changed(image(), BEFORE, AFTER, "t" * 43)
    yield (
        "changed, many",
        changes.changed(image(name=ODD), dict.fromkeys(MANY), MANY, "t" * 43, ["org.openstack.x"]),
    )
    yield "unchanged", changes.unchanged(image())
    yield "change undone", changes.undone(image(), AFTER, BEFORE)
