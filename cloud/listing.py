"""Listing images page by page, whatever happens to them meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cloud import bodies
from cloud.errors import Forbidden, Invalid, UnexpectedAnswer
from cloud.transport import Transport

PAGE = 1000
"""Images in one answer: the most that any known service gives."""
RESTARTS = 5
"""How often a listing begins again because the image it stood at is gone."""


@dataclass(frozen=True)
class ImageFilter:
    """
    Which images to list. Everything is compared exactly; the API knows no substrings.

    Without a member status a consumer sees, of what is shared, only what was accepted.
    Sizes are in bytes; Rackspace's own tests skip them as broken.

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

    def params(self) -> Sequence[tuple[str, str]]:
        plain = {
            "name": self.name,
            "visibility": self.visibility,
            "member_status": self.member_status,
            "owner": self.owner,
            "status": self.status,
            "size_min": self.size_min,
            "size_max": self.size_max,
            **self.properties,
        }
        given = [(key, str(value)) for key, value in plain.items() if value is not None]
        return [*given, *(("tag", tag) for tag in self.tags)]


PENDING = ImageFilter(visibility="shared", member_status="pending")


@dataclass(frozen=True)
class Listing:
    """One way to walk through the images of a region."""

    transport: Transport
    page_size: int

    def walk(
        self, filters: ImageFilter, sort: str | None, limit: int | None
    ) -> Iterator[Mapping[str, Any]]:
        """
        The JSON of each image; of some again, if the listing had to begin again.

        The next page is asked for by marker: `next` starts with /v2/ whatever the endpoint,
        and loses one of two tags.
        """
        for _ in range(RESTARTS):
            try:
                yield from self._pages(filters, sort, limit)
            except _MarkerGone:
                continue
            except Invalid:
                spelled_out = _spelled_out(filters)
                if spelled_out == filters:
                    raise
                filters = spelled_out
                continue
            return
        raise UnexpectedAnswer("images are deleted faster than they can be listed")

    def _pages(
        self, filters: ImageFilter, sort: str | None, limit: int | None
    ) -> Iterator[Mapping[str, Any]]:
        size = min(limit or self.page_size, self.page_size)
        fixed = [("limit", str(size)), *_order(sort), *filters.params()]
        marker: str | None = None
        while True:
            body = self._page(fixed, marker)
            images = bodies.rows(body, "images")
            if images and images[-1]["id"] == marker:
                raise UnexpectedAnswer("the service gives the same page again and again")
            yield from images
            if not images or "next" not in body:
                return
            marker = images[-1]["id"]

    def _page(self, params: Sequence[tuple[str, str]], marker: str | None) -> Any:
        if marker is None:
            return self.transport.call("GET", "/images", params=params)
        try:
            return self.transport.call("GET", "/images", params=[*params, ("marker", marker)])
        except (Invalid, Forbidden) as error:
            raise _MarkerGone from error


class _MarkerGone(Exception):
    """The image at which the last page ended was deleted (400), or is no longer shared (403)."""


def _spelled_out(filters: ImageFilter) -> ImageFilter:
    """
    With the operator that today's Glance wants before a name with a colon, as `ubuntu:24.04`.

    An older one knows no operators, so the plain name is tried first.
    """
    name = filters.name or ""
    plain = ":" not in name or name.startswith("eq:")
    return filters if plain else replace(filters, name=f"eq:{name}")


def _order(sort: str | None) -> Sequence[tuple[str, str]]:
    """In the older syntax, which every Glance understands."""
    if not sort:
        return []
    key, _, direction = sort.partition(":")
    return [("sort_key", key), ("sort_dir", direction or "asc")]
