"""
What a Glance of today makes of an image's bytes: they must be what its disk format says.

Its further checks, for data that is unsafe to open, are not stood in for.

Source: a Glance of today, measured; glance/location.py, set_data.
"""

from __future__ import annotations

from itertools import islice

from sandbox.cloud.contents import Content
from sandbox.cloud.state import Json

MAGIC = {
    "qcow2": (0, b"QFI\xfb"),
    "vhd": (0, b"conectix"),
    "vhdx": (0, b"vhdxfile"),
    "vmdk": (0, b"KDMV"),
    "vdi": (0x40, b"\x7f\x10\xda\xbe"),
    "iso": (0x8001, b"CD001"),
}
"""The bytes by which a format is recognised, and their offset."""
VIRTUAL_SIZE = {"qcow2": 24, "vhd": 40}
"""Where a format tells the size that its disk has, as 8 bytes."""


def mismatch(image: Json, content: Content) -> str:
    """What is wrong with the bytes, if anything is. Only what is in no container is looked at."""
    claimed, found = image["disk_format"], _format(content)
    fits = claimed in ("raw", found) or (found == "raw" and claimed not in MAGIC)
    if fits or image["container_format"] != "bare":
        return ""
    return f"Image disk_format {claimed} does not match stream data {found}"


def virtual_size(image: Json, content: Content) -> int | None:
    """The size of the disk that the bytes are of, if it can be told."""
    if image["container_format"] != "bare":
        return None
    if image["disk_format"] == "raw":
        return content.size or None
    if (start := VIRTUAL_SIZE.get(image["disk_format"])) is None:
        return None
    return int.from_bytes(_part(content, start, 8)) or None


def _format(content: Content) -> str:
    for name, (start, magic) in MAGIC.items():
        if _part(content, start, len(magic)) == magic:
            return name
    return "raw"


def _part(content: Content, start: int, length: int) -> bytes:
    return b"".join(islice(content.pieces(start, start + length), length))
