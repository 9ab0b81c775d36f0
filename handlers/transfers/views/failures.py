"""Explain the cloud's messages about failed tasks, with what to do next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from handlers.ui.blocks import code, named, sentences

_SAYINGS: Sequence[tuple[str, str]] = (
    (
        r"only be exported by the image owner",
        "Only the account that owns an image can export it. Launch a server from it "
        "(`/images launch`), snapshot that server (`/images snapshot`), and export the snapshot.",
    ),
    (
        r"licensing or billing|com\.rackspace__1__options",
        "The licence of this image forbids exporting it: it is or was built from Windows or Red "
        "Hat. Copy what you need from a server that runs it.",
    ),
    (
        r"container not found",
        "That container does not exist, or its name contains a `/`, `?` or `.`. Start again with "
        "`/images export`, which offers to create one.",
    ),
    (
        r"already (has|exists)",
        "The container already has an object with that name, and I don't overwrite it. Delete it "
        "first, or export to another container.",
    ),
    (
        r"not found for import|could not find object",
        "The object was not found: it was deleted or renamed, or is in another region. Choose it "
        "from the menu of `/images import`.",
    ),
    (
        r"unsupported element in image_properties",
        "The cloud rejected the properties of the new image. Tell the people who run this bot.",
    ),
    (
        r"deactivated",
        "The data of a deactivated image can't be read. Reactivate it first: `/images reactivate`.",
    ),
)
"""
By what the message says, loosely: the pages of the API and the service itself differ in words.

Source: the API's pages of tasks, and the constants of Rackspace's own tests.
"""

_CODES: Mapping[str, str] = {
    "111": "The VHD cannot be read. Create it again as a single file, and import that.",
    "396": "The object is not a VHD. Convert the disk to a VHD, for example with "
    "`qemu-img convert -O vpc`, and import that.",
    "413": "The disk in the VHD is larger than this cloud can import. Shrink it, then try again.",
    "523": "Only fixed and dynamic VHDs can be imported. Convert it, and import that.",
    "609": "The VHD file is larger than this cloud can import. Shrink it, then try again.",
    "614": "The VHD has no identity: its UUID is all zeros. Convert the disk again, and import "
    "that.",
    "721": "The VHD is a differencing disk. Merge it with its parent, and import the result.",
}
"""Source: the API's page about importing."""

_CODE = re.compile(r"(?:^|\b(?:code|error)\b)[^\w]{0,3}(\d{3})\b", re.IGNORECASE)
READ_OF_MESSAGE = 2000
"""Characters of the cloud's words that are looked at."""
SAID = 300
"""Characters shown of the cloud's own words."""


def failure(transfer_id: str, message: str) -> str:
    """Say what happened and what to do next; *message* is the cloud's own, and may be empty."""
    said = (
        f"The cloud reported: {named(message, SAID)}." if message else "The cloud gave no reason."
    )
    known = meaning(message)
    if not known:
        known = (
            "Try again. If it keeps failing, give your provider the time and the id "
            f"{code(transfer_id)}."
        )
    return sentences([said, known])


def meaning(message: str) -> str:
    """Look up what to do about a message; "" if it is not known."""
    message = message[:READ_OF_MESSAGE]
    for pattern, words in _SAYINGS:
        if re.search(pattern, message, re.IGNORECASE):
            return words
    found = _CODE.search(message)
    return _CODES.get(found[1], "") if found else ""
