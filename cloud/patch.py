"""What to change of an image, as the JSON patch that the API takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cloud.models import Image

PATCH = "application/openstack-images-v2.1-json-patch"
"""Its media type; the API takes no other."""


@dataclass(frozen=True)
class Changes:
    """
    New values by property, and the properties to take away.

    `tags` is a list of texts, min_disk and min_ram are numbers, protected is a bool, all else
    are texts.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()

    def operations(self, image: Image) -> list[dict[str, Any]]:
        """
        The operations that turn *image* into the wanted one; what is equal already is left out.

        Source: getting-started/concepts.rst, HTTP PATCH
        """
        return [
            *(
                {"op": _op(image, name), "path": _pointer(name), "value": value}
                for name, value in self.values.items()
                if _differs(image, name, value)
            ),
            *(
                {"op": "remove", "path": _pointer(name)}
                for name in sorted(self.removed)
                if name in image.raw
            ),
        ]


def _op(image: Image, name: str) -> str:
    """An older API refuses `add` of what is there; every one refuses `replace` of what is not."""
    return "replace" if name in image.raw else "add"


def _differs(image: Image, name: str, value: Any) -> bool:
    if name not in image.raw:
        return True
    now = image.raw[name]
    return sorted(now or ()) != sorted(value) if name == "tags" else bool(now != value)


def _pointer(name: str) -> str:
    """One token of a JSON pointer (RFC 6901)."""
    return "/" + name.replace("~", "~0").replace("/", "~1")
