"""
Escape values for the filter languages of services: the only module that does.

None of these languages is equality: today's Glance reads `in:a,b` and `eq:x` in a name, and
Compute's name is a regular expression. What can be asked for is asked for in that language, and
all of it is compared here, too: some services ignore what they do not know, and many databases
compare without regard to case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cloud.models import Image

Params = Sequence[tuple[str, str]]

_WITH_OPERATORS = ("name", "status")
"""Of what we ask for, what Glance reads operators in. Source: its db/sqlalchemy/api.py."""
_TAKEN = frozenset(
    {
        *("limit", "marker", "sort", "sort_key", "sort_dir", "visibility", "member_status", "tag"),
        *("name", "id", "status", "owner", "os_hidden", "created_at", "updated_at"),
        *("changes-since", "deleted", "tags", "properties"),
    }
)
"""Words of Glance's own among the parameters: a property of that name cannot be asked for."""


@dataclass(frozen=True)
class ImageFilter:
    """
    Which images to list. Everything is compared exactly; the API knows no substrings.

    Without a member status a consumer sees, of what is shared, only what was accepted.
    Sizes are in bytes.

    Source: api-reference/methods/get-list-images-images.rst
    """

    name: str | None = None
    visibility: str | None = None
    member_status: str | None = None
    """A MemberStatus, or `all`."""
    owner: str | None = None
    status: str | None = None
    tags: tuple[str, ...] = ()
    """All of them must be there."""
    size_min: int | None = None
    size_max: int | None = None
    properties: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Any other attribute, an image's own properties included."""
    hidden: bool = False
    """Also those that are hidden, which are in no listing that does not ask for them."""

    def questions(self) -> Iterator[Params]:
        """
        What to ask, until one of them is answered by an image that fits.

        A value with a colon needs an operator on today's Glance, and must have none on an older
        one, which takes it for a part of the value.
        """
        plain = self._plain()
        spelled = {
            key: f"eq:{value}" if key in _WITH_OPERATORS and ":" in value else value
            for key, value in plain.items()
        }
        for values in (spelled, plain) if spelled != plain else (plain,):
            yield [*values.items(), *(("tag", tag) for tag in self.tags if _can_be_asked(tag))]

    def fits(self, image: Image) -> bool:
        """Whether an image is one of those, but for the visibility, which is the service's."""
        return (
            self.name in (None, image.name)
            and self.owner in (None, image.owner)
            and self.status in (None, image.status)
            and set(self.tags) <= set(image.tags)
            and self._size_fits(image.size)
            and all(_told(image.raw.get(key)) == said for key, said in self.properties.items())
        )

    def _plain(self) -> dict[str, str]:
        asked = {
            "name": self.name,
            "visibility": self.visibility,
            "member_status": self.member_status,
            "owner": self.owner,
            "status": self.status,
            "size_min": self.size_min,
            "size_max": self.size_max,
        }
        given = {key: str(value) for key, value in asked.items() if value is not None}
        own = {key: said for key, said in self.properties.items() if _free(key)}
        return {**own, **given}

    def _size_fits(self, size: int | None) -> bool:
        if self.size_min is None and self.size_max is None:
            return True
        return size is not None and (self.size_min or 0) <= size <= (
            size if self.size_max is None else self.size_max
        )


PENDING = ImageFilter(visibility="shared", member_status="pending", hidden=True)


def server_name(name: str) -> Params:
    """
    Servers whose name holds the longest part that every language of patterns reads as itself.

    Compute's language is that of its database. Callers compare the whole name.
    """
    plain = max(re.findall(r"[A-Za-z0-9_-]+", name, re.ASCII), key=len, default="")
    return [("name", plain)] if plain else []


def _free(key: str) -> bool:
    return key not in _TAKEN and not key.endswith(("_min", "_max"))


def _can_be_asked(tag: str) -> bool:
    """Glance takes the white space around a tag away."""
    return bool(tag) and tag == tag.strip()


def _told(value: Any) -> str | None:
    return str(value).lower() if isinstance(value, bool) else None if value is None else str(value)
