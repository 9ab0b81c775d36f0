"""Deactivating and deleting an image."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.core.button_values import pack
from handlers.core.replies import Message
from handlers.editing.views import activation
from handlers.editing.views import delete as deletion
from handlers.ui.labels import cancelled
from sandbox.gallery.values import ODD, OWN, image, member


def samples() -> Iterator[tuple[str, Message]]:
    yield "deactivated", activation.switched(image(status="deactivated"), OWN)
    yield "reactivated", activation.switched(image(), OWN)
    yield "deactivated before", activation.already(image(status="deactivated"), OWN)
    yield "delete?", deletion.confirm_delete(image(), OWN, [])
    shared = [member(), member("accepted", "3300333"), member("rejected", "4400444")]
    yield "delete a shared one?", deletion.confirm_delete(image(name=ODD), OWN, shared, again=True)
    many = [member("accepted", f"{n:032}") for n in range(128)]
    yield "delete what many have?", deletion.confirm_delete(image(name=None), OWN, many)
    yield "delete a public one?", deletion.confirm_delete(image(visibility="public"), OWN, [])
    yield "delete a community one?", deletion.confirm_delete(image(visibility="community"), OWN, [])
    yield "not deleted after all", cancelled(pack("delete", "web-server-1"))
    yield "protected", deletion.protected(image(protected=True), OWN)
    yield "deleted", deletion.deleted(image(), [])
    yield "deleted, though shared", deletion.deleted(image(name=ODD), shared)
