"""Words for importing objects as images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.message import Block
from handlers.views.blocks import button, buttons, section
from handlers.views.values import Place, pack, unpack

BOOT: Mapping[str, str] = {
    "vm_mode": "hvm",
    "img_config_drive": "mandatory",
    "xenapi_use_agent": "False",
}
"""
What an imported image usually needs before it boots on Rackspace.

Source: preparing-an-image-for-import-into-the-rackspace-open-cloud.md
"""
ALL = "all"
SET: Mapping[str, str] = {name: f"imports.{name}" for name in (*BOOT, ALL)}
"""Action ids: in one row no two buttons may have the same."""


@dataclass(frozen=True)
class Follow:
    """The value of those buttons: an image, and which property it is to get."""

    place: Place
    which: str

    @classmethod
    def read(cls, value: str) -> Follow:
        account_id, region, image_id, which, *_ = unpack(value, 4)
        return cls(Place(account_id, region, image_id), which)

    def value(self) -> str:
        return pack(*self.place.parts, self.which)

    @property
    def properties(self) -> Mapping[str, str]:
        return {name: text for name, text in BOOT.items() if self.which in (ALL, name)}


def follow_up(place: Place) -> Sequence[Block]:
    """What makes it boot, a button each."""
    each = [
        button(f"{name}={text}", SET[name], Follow(place, name).value())
        for name, text in BOOT.items()
    ]
    every = button("Set all three", SET[ALL], Follow(place, ALL).value(), style="primary")
    why = "If no server boots from it, it needs these properties."
    return section(why), buttons(every, *each)
