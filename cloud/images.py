"""The Images API v2 of one region, as one account: its images; their members are in `members`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from cloud import bodies, paths
from cloud.errors import Conflict, Forbidden, Invalid, NotFound
from cloud.filters import PENDING, ImageFilter, Params
from cloud.members import Members
from cloud.models import Image, ImageStatus, Visibility
from cloud.patch import PATCH, Changes
from cloud.streams import Download
from cloud.tasks import Task
from cloud.walk import walk

PAGE = 1000
"""Images in one answer: the most that any known service gives."""
HIDDEN = ("os_hidden", "true")


@dataclass(frozen=True)
class Images(Members):
    """The images of one region, as the account sees them whose token it is."""

    page_size: int = PAGE

    def list(
        self,
        filters: ImageFilter | None = None,
        *,
        sort: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Image]:
        """
        The images that fit, newest first and hidden ones last, asked for as they are read.

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
        wanted = filters or ImageFilter()
        size = self.page_size if limit is None else min(limit, self.page_size)
        fixed = [("limit", str(size)), *_order(sort)]
        return islice(self._fitting(wanted, fixed), limit)

    def get(self, image_id: str) -> Image:
        """
        One image, also one that was shared and is not accepted.

        Raises:
            cloud.errors.NotFound: no such image, or none this account may see.

        Source: api-reference/methods/get-get-image-details-images-image-id.rst
        """
        return self._image(self.transport.call("GET", paths.image(image_id)))

    def visible(self, name: str | None = None) -> Iterator[Image]:
        """
        All that this account may see: also what is hidden, and invitations however answered.

        Community images of others may be very many, and are looked for by *name* only. An image
        may come twice.
        """
        wanted = ImageFilter(name=name, hidden=True)
        yield from self.list(wanted)
        yield from self.list(replace(wanted, visibility=Visibility.SHARED, member_status="all"))
        if name is not None:
            yield from self.community(name)

    def community(self, name: str | None = None) -> Iterator[Image]:
        """Community images, of whichever account; none on a cloud that knows no such visibility."""
        try:
            yield from self.list(
                ImageFilter(name=name, visibility=Visibility.COMMUNITY, hidden=True)
            )
        except Invalid:
            return

    def pending_invitations(self) -> Iterator[Image]:
        """
        Images of others that wait for this account's answer.

        A Glance of today adds the account's own images whose visibility is `shared`; they
        are dropped. When an invitation was made is not told: ask `member` for it.
        """
        return (image for image in self.list(PENDING) if image.owner != self.project_id)

    def create(self, fields: Mapping[str, Any]) -> Image:
        """
        A new image without data. An `id` may be given, so that it is made only once.

        Raises:
            cloud.errors.Conflict: there is one of that id.

            cloud.errors.QuotaReached: as many images, or bytes of them, as the cloud allows.

        Source: image-api-v2, Create image
        """
        return self._image(self.transport.call("POST", "/images", body=dict(fields)))

    def update(self, image: Image, changes: Changes) -> Image:
        """
        Change an image, all of it or nothing; *image* is as it was read last.

        Whether a property is added or replaced depends on what is there, and an older API
        refuses the wrong word: so after a 409 the image is read again, and changed once more.

        Raises:
            cloud.errors.Forbidden: a property that may not be changed, which the message names,
                or a role too weak.

            cloud.errors.Invalid: a value that the API does not take.

            cloud.errors.Conflict: somebody else changes it at the same time.

            cloud.errors.QuotaReached: as many properties or tags as the cloud allows.

        Source: api-reference/methods/patch-update-image-images-image-id.rst
        """
        try:
            return self._patch(image, changes)
        except Conflict:
            return self._patch(self.get(image.id), changes)

    def add_tag(self, image_id: str, tag: str) -> None:
        """
        Put a tag on an image. It may be there already.

        Raises:
            cloud.errors.QuotaReached: as many tags as the cloud allows (128 by default).

        Source: api-reference/methods/put-add-image-tag-images-image-id-tags-tag.rst
        """
        self.transport.call("PUT", paths.tag(image_id, tag))

    def remove_tag(self, image_id: str, tag: str) -> None:
        """
        Raises:
            cloud.errors.NotFound: the image has no such tag, or there is none.

        Source: api-reference/methods/delete-delete-image-tag-images-image-id-tags-tag.rst
        """
        self.transport.call("DELETE", paths.tag(image_id, tag))

    def deactivate(self, image_id: str) -> None:
        """
        Let nobody boot from an image or read its data, until it is reactivated.

        Raises:
            cloud.errors.Forbidden: it is not active, or the role is too weak.

            cloud.errors.NotFound: no such image; or a cloud that knows no deactivating.

        Source: image-api-v2, Deactivate image
        """
        self.transport.call("POST", f"{paths.image(image_id)}/actions/deactivate")

    def reactivate(self, image_id: str) -> None:
        """Raises as deactivate."""
        self.transport.call("POST", f"{paths.image(image_id)}/actions/reactivate")

    def delete(self, image_id: str) -> None:
        """
        Delete an image, and with it all sharing. Servers that were built from it stay.

        Raises:
            cloud.errors.Forbidden: it is protected, not one's own, or the role is too weak.

            cloud.errors.Conflict: it is in use.

            cloud.errors.NotFound: it is gone already.

        Source: api-reference/methods/delete-delete-image-images-image-id.rst
        """
        self.transport.call("DELETE", paths.image(image_id))

    def import_methods(self) -> tuple[str, ...]:
        """
        The ways of interoperable import that this cloud has; none on an older one.

        Source: image-api-v2, Import methods and values discovery
        """
        try:
            body = self.transport.call("GET", "/info/import")
        except (NotFound, Invalid, Forbidden):
            return ()
        return bodies.texts(bodies.part(bodies.part(body, "import-methods"), "value"))

    def import_from(self, image_id: str, url: str) -> None:
        """
        Have the cloud download the data of a queued image (`web-download`).

        It answers before it has begun. *url* may be a secret: no error tells it.

        Raises:
            cloud.errors.Conflict: the image has data, or is being imported; or its formats
                are not set.

            cloud.errors.Invalid: the cloud downloads nothing from there.

        Source: image-api-v2, Import an image
        """
        body = {"method": {"name": "web-download", "uri": url}}
        self.transport.ask("POST", f"{paths.image(image_id)}/import", body=body, secrets=[url])

    def tasks_of(self, image_id: str) -> tuple[Task, ...]:
        """
        What the cloud did to import an image; empty where it does not tell.

        Source: image-api-v2, Show tasks associated with image
        """
        try:
            body = self.transport.call("GET", f"{paths.image(image_id)}/tasks")
        except (NotFound, Forbidden):
            return ()
        return tuple(map(Task.from_json, bodies.rows(bodies.part(body, "tasks"), "tasks")))

    def data(self, image_id: str, offset: int = 0) -> AbstractContextManager[Download]:
        """
        The bytes of an image, from *offset* on, as they come.

        Raises:
            cloud.errors.Forbidden: it is deactivated, or the role is too weak.

            cloud.errors.NotFound: no such image, or a cloud that gives no data.

        Source: image-api-v2, Download binary image data
        """
        return self.transport.download(f"{paths.image(image_id)}/file", offset)

    def _fitting(self, wanted: ImageFilter, fixed: Params) -> Iterator[Image]:
        shown = {}
        for image in self._answered(wanted, fixed):
            shown[image.id] = image.knows_hidden
            yield image
        if wanted.hidden and all(shown.values()):
            for image in self._answered(wanted, [*fixed, HIDDEN]):
                if image.id not in shown:
                    yield image

    def _answered(self, wanted: ImageFilter, fixed: Params) -> Iterator[Image]:
        """By the first way to ask that is understood, and finds anything."""
        found, understood, refusal = False, False, None
        for question in wanted.questions():
            try:
                for row in walk(partial(self._page, [*fixed, *question]), "id", "images"):
                    image = Image(self.region, row)
                    if wanted.fits(image):
                        found = True
                        yield image
            except Invalid as error:
                refusal = refusal or error
            else:
                understood = True
            if found:
                return
        if refusal and not understood:
            raise refusal

    def _page(self, params: Params, more: Params) -> Sequence[Mapping[str, Any]]:
        body = self.transport.call("GET", "/images", params=[*params, *more])
        return bodies.rows(bodies.part(body, "images"), "images")

    def _patch(self, image: Image, changes: Changes) -> Image:
        operations = changes.operations(image)
        if not operations:
            return image
        return self._image(
            self.transport.call("PATCH", paths.image(image.id), body=operations, content_type=PATCH)
        )

    def _image(self, body: Any) -> Image:
        return Image(self.region, bodies.one(body, "an image"))


def import_failed(image: Image) -> bool:
    """Whether a cloud says that it could not import an image's data. It does not say why."""
    return bool(image.raw.get("os_glance_failed_import"))


def importing(image: Image) -> bool:
    """Whether a cloud is at it."""
    return bool(image.raw.get("os_glance_import_task")) or image.status in (
        ImageStatus.IMPORTING,
        ImageStatus.SAVING,
        ImageStatus.UPLOADING,
    )


def _order(sort: str | None) -> Params:
    """In the older syntax, which every Glance understands."""
    if not sort:
        return []
    key, _, direction = sort.partition(":")
    return [("sort_key", key), ("sort_dir", direction or "asc")]
