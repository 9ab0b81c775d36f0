"""Image members: whom an image is shared with, and what they have answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cloud import bodies, paths
from cloud.models import Member, MemberStatus
from cloud.transport import Transport

MEMBER, KEY = "an image member", "member_id"


@dataclass(frozen=True)
class Members:
    """The image members of one region, as the account sees them whose token it is."""

    region: str
    project_id: str
    """The account that asks."""
    transport: Transport = field(repr=False)

    def members(self, image_id: str) -> tuple[Member, ...]:
        """
        Whom an image is shared with: all of them for its owner, oneself for a consumer.

        Raises:
            cloud.errors.NotFound: no such image, or none this account may see.

            cloud.errors.Forbidden: its visibility allows no members (today's Glance).

        Source: api-reference/methods/get-list-image-members-images-image-id-members.rst
        """
        body = self.transport.call("GET", f"{paths.image(image_id)}/members")
        rows = bodies.rows(bodies.part(body, "members"), "members", KEY)
        return tuple(self._member(row, image_id) for row in rows)

    def member(self, image_id: str, consumer: str) -> Member:
        """
        One account's membership: for the image's owner, and for that account.

        Raises:
            cloud.errors.NotFound: the image is not shared with that account, or there is none.

        Source: api-reference/methods/
        get-get-image-member-details-images-image-id-members-member-id.rst
        """
        told = self.transport.call("GET", paths.membership(image_id, consumer))
        return self._member(told, image_id)

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
        path = f"{paths.image(image_id)}/members"
        told = self.transport.call("POST", path, body={"member": consumer})
        return self._member(told, image_id)

    def set_member_status(self, image_id: str, status: MemberStatus) -> Member:
        """
        Answer an invitation: set this account's own status on an image shared with it.

        Rejecting only hides the image; the account can still boot from it.

        Raises:
            cloud.errors.NotFound: no such image, or not shared with this account.

            cloud.errors.Forbidden: the caller owns the image, or its role is too weak.

        Source: api-reference/methods/put-update-image-member-images-image-id-members-member-id.rst
        """
        path = paths.membership(image_id, self.project_id)
        told = self.transport.call("PUT", path, body={"status": str(status)})
        return self._member(told, image_id)

    def remove_member(self, image_id: str, consumer: str) -> None:
        """
        End an account's access. Servers it has built from the image stay.

        Raises:
            cloud.errors.NotFound: not shared with that account, or no such image.

            cloud.errors.Forbidden: not the owner, or a role too weak.

        Source: api-reference/methods/
        delete-delete-image-member-images-image-id-members-member-id.rst
        """
        self.transport.call("DELETE", paths.membership(image_id, consumer))

    def _member(self, told: Any, image_id: str) -> Member:
        row = bodies.one(told, MEMBER, KEY)
        return Member.from_json({**row, "image_id": image_id})
