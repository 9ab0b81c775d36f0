"""Explain the cloud's messages about failed tasks, with what to do next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from handlers.ui.blocks import code, named, sentences

_SAYINGS: Sequence[tuple[str, str]] = (
    (
        r"only be exported by the image owner",
        "Only the account that owns an image may export it. Build a server from it, make an image "
        "of that server with `/images snapshot`, and export that one.",
    ),
    (
        r"licensing or billing|com\.rackspace__1__options",
        "Its licence forbids exporting this image: it is, or was made of, Windows or Red Hat. "
        "Copy what you need from a server that runs it.",
    ),
    (
        r"container not found",
        "There is no such container, or its name has a `/`, `?` or `.` in it. Begin again with "
        "`/images export`, which offers to create one.",
    ),
    (
        r"already (has|exists)",
        "The container has an object of that name already, and it is not overwritten. Delete that "
        "first, or export into another container.",
    ),
    (
        r"not found for import|could not find object",
        "The object is not there: it was deleted or renamed, or stands in another region. Choose "
        "it from the menu of `/images import`.",
    ),
    (
        r"unsupported element in image_properties",
        "The cloud refused what it was asked for. Tell whoever runs this bot.",
    ),
    (
        r"deactivated",
        "A deactivated image has no data to give. Make it active with `/images reactivate` first.",
    ),
)
"""
By what the message says, loosely: the pages of the API and the service itself differ in words.

Source: the API's pages of tasks, and the constants of Rackspace's own tests.
"""

_CODES: Mapping[str, str] = {
    "111": "The VHD cannot be read. Make it anew, as one stand-alone file, and import that.",
    "396": "The object is not a VHD. Convert the disk to a VHD, for example with "
    "`qemu-img convert -O vpc`, and import that.",
    "413": "The disk in the VHD is larger than this cloud imports. Make it smaller, then try "
    "again.",
    "523": "The VHD is of a kind that is not imported: only fixed and dynamic ones are. "
    "Convert it, and import that.",
    "609": "The VHD's file is larger than this cloud imports. Make it smaller, then try again.",
    "614": "The VHD has no identity of its own: its UUID is all zeros. Convert the disk anew, and "
    "import that.",
    "721": "The VHD is only the difference to another one, its parent. Merge the two, and import "
    "the whole.",
}
"""Source: the API's page about importing."""

_CODE = re.compile(r"(?:^|\b(?:code|error)\b)[^\w]{0,3}(\d{3})\b", re.IGNORECASE)
READ_OF_MESSAGE = 2000
"""Characters of the cloud's words that are looked at."""
SAID = 300
"""Characters shown of the cloud's own words."""


def failure(transfer_id: str, message: str) -> str:
    """Say what happened and what to do next; *message* is the cloud's own, and may be empty."""
    said = f"It said: {named(message, SAID)}." if message else "It did not say why."
    known = meaning(message)
    if not known:
        known = f"Try again; if it stays so, give your provider {code(transfer_id)} and the time."
    return sentences(["The cloud could not do it.", said, known])


def meaning(message: str) -> str:
    """Look up what to do about a message; "" if it is not known."""
    message = message[:READ_OF_MESSAGE]
    for pattern, words in _SAYINGS:
        if re.search(pattern, message, re.IGNORECASE):
            return words
    found = _CODE.search(message)
    return _CODES.get(found[1], "") if found else ""
