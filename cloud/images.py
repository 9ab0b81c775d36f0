"""The Images API v2 of one region, as one account: images and image members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from cloud.errors import Forbidden, Invalid, NotFound, UnexpectedAnswer
from cloud.models import Image, Member, MemberStatus
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
class Images:
    """The images of one region, as the account sees them whose token it is."""

    region: str
    project_id: str
    """The account that asks."""
    transport: Transport = field(repr=False)
    page_size: int = PAGE

    def list(
        self,
        filters: ImageFilter | None = None,
        *,
        sort: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Image]:
        """
        The images that fit, newest first, asked for page by page as they are read.

        An image deleted while its page was being read makes the listing start again,
        without repeating what it gave; other changes on the way show or not, as they fall.

        Args:
            sort: `name`, `status`, `size`, `id`, `created_at`, `updated_at`,
                `container_format` or `disk_format`, with `:asc` or `:desc` after it.

            limit: how many at most.

        Raises:
            cloud.errors.Invalid: a filter or sort key that the API does not know.

        Source: api-reference/methods/get-list-images-images.rst. The next page is asked for
        by marker and not by `next`, which starts with /v2/ whatever the endpoint, and loses
        one of two tags.
        """
        seen: set[str] = set()
        if limit == 0:
            return
        for raw in self._restarting(filters or ImageFilter(), sort, limit):
            if raw["id"] in seen:
                continue
            seen.add(raw["id"])
            yield Image(self.region, raw)
            if limit is not None and len(seen) >= limit:
                return

    def get(self, image_id: str) -> Image:
        """
        One image, also one that was shared and is not accepted.

        Raises:
            cloud.errors.NotFound: no such image, or none this account may see.

        Source: api-reference/methods/get-get-image-details-images-image-id.rst
        """
        body = self.transport.call("GET", _image(image_id))
        _part(body, "id")
        return Image(self.region, body)

    def pending_invitations(self) -> Iterator[Image]:
        """
        Images of others that wait for this account's answer.

        A Glance of today adds the account's own images whose visibility is `shared`; they
        are dropped. When an invitation was made is not told: ask `member` for it.
        """
        return (image for image in self.list(PENDING) if image.owner != self.project_id)

    def members(self, image_id: str) -> tuple[Member, ...]:
        """
        Whom an image is shared with: all of them for its owner, oneself for a consumer.

        Raises:
            cloud.errors.NotFound: no such image, or none this account may see.

            cloud.errors.Forbidden: its visibility allows no members (today's Glance).

        Source: api-reference/methods/get-list-image-members-images-image-id-members.rst
        """
        body = self.transport.call("GET", f"{_image(image_id)}/members")
        return tuple(_member(each) for each in _part(body, "members"))

    def member(self, image_id: str, consumer: str) -> Member:
        """
        One account's membership: for the image's owner, and for that account.

        Raises:
            cloud.errors.NotFound: the image is not shared with that account, or there is none.

        Source: api-reference/methods/
        get-get-image-member-details-images-image-id-members-member-id.rst
        """
        return _member(self.transport.call("GET", _membership(image_id, consumer)))

    def add_member(self, image_id: str, consumer: str) -> Member:
        """
        Share an image with an account. Access begins at once, before any answer.

        The API does not check that the account exists. Several identical requests at
        once have made several rows in a real Glance: let only one be under way.

        Raises:
            cloud.errors.NotFound: no such image, or none this account may see.

            cloud.errors.Forbidden: not the owner, a role too weak, or a visibility that
                allows no members.

            cloud.errors.Conflict: it is shared with that account already.

            cloud.errors.QuotaReached: as many members as the cloud allows (128 by default).

        Source: api-reference/methods/post-create-image-member-images-image-id-members.rst
        """
        path = f"{_image(image_id)}/members"
        return _member(self.transport.call("POST", path, body={"member": consumer}))

    def set_member_status(self, image_id: str, status: MemberStatus) -> Member:
        """
        Answer an invitation: set this account's own status on an image shared with it.

        Rejecting only hides the image; the account can still boot from it.

        Raises:
            cloud.errors.NotFound: no such image, or not shared with this account.

            cloud.errors.Forbidden: the caller owns the image, or its role is too weak.

        Source: api-reference/methods/put-update-image-member-images-image-id-members-member-id.rst
        """
        path = _membership(image_id, self.project_id)
        return _member(self.transport.call("PUT", path, body={"status": str(status)}))

    def remove_member(self, image_id: str, consumer: str) -> None:
        """
        End an account's access. Servers it has built from the image stay.

        Raises:
            cloud.errors.NotFound: not shared with that account, or no such image.

            cloud.errors.Forbidden: not the owner, or a role too weak.

        Source: api-reference/methods/
        delete-delete-image-member-images-image-id-members-member-id.rst
        """
        self.transport.call("DELETE", _membership(image_id, consumer))

    def _restarting(
        self, filters: ImageFilter, sort: str | None, limit: int | None
    ) -> Iterator[Mapping[str, Any]]:
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
            images = _rows(body)
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


def _image(image_id: str) -> str:
    return f"/images/{_segment(image_id)}"


def _membership(image_id: str, consumer: str) -> str:
    return f"{_image(image_id)}/members/{_segment(consumer)}"


def _segment(name: str) -> str:
    """One part of an address. HTTP libraries resolve `..`, quoted or not: it must not be sent."""
    try:
        quoted = quote(name, safe="")
    except UnicodeEncodeError:
        quoted = ""
    if quoted in ("", ".", ".."):
        raise NotFound(f"nothing is called {name!r}")
    return quoted


def _part(body: Any, name: str) -> Any:
    try:
        return body[name]
    except (KeyError, TypeError) as error:
        raise UnexpectedAnswer(f"the answer has no field {name}") from error


def _rows(body: Any) -> Sequence[Mapping[str, Any]]:
    rows = _part(body, "images")
    if isinstance(rows, list) and all(isinstance(row, dict) and "id" in row for row in rows):
        return rows
    raise UnexpectedAnswer("the answer is not a list of images")


def _member(body: Any) -> Member:
    try:
        return Member.from_json(body)
    except (KeyError, TypeError, ValueError) as error:
        raise UnexpectedAnswer("the answer is not an image member") from error
