"""
The Images API v2 of one region: images and image members, with Glance's rules.

Source: a Glance of today, measured, where Rackspace's own pages are silent.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.cloud import listing
from sandbox.cloud.answers import as_json, empty
from sandbox.cloud.errors import Refusal
from sandbox.cloud.patch import patched
from sandbox.cloud.state import Json, Member, Region, State, User, stamp

MEMBER_QUOTA = 128
WRITERS = frozenset({"admin", "member", "cloudImages:admin", "cloudImages:creator"})
"""Roles that may change something; a reader or observer may only look."""
ANSWERS = ("pending", "accepted", "rejected")


class Images:
    """Each method answers one operation, for a user who is logged in."""

    def __init__(self, state: State) -> None:
        self._state = state

    def list_images(self, request: Request, user: User, region: Region) -> Response:
        return as_json(listing.page(region, user.number, request.args))

    def create_image(self, request: Request, user: User, region: Region) -> Response:
        _may(user, "add_image")
        body = _object(request)
        if body.get("visibility", "shared") not in ("shared", "private", "community", "public"):
            raise Refusal(400, "Provided object does not match schema 'image'")
        if body.get("visibility") == "public":
            raise Refusal(403, "You are not authorized to complete publicize_image action.")
        if body.get("id") in region.images:
            raise Refusal(409, f"Image ID {body['id']} already exists!")
        name = next(n for n, r in self._state.regions.items() if r is region)
        return as_json(self._state.add_image(name, user.number, body), 201)

    def get_image(self, request: Request, user: User, region: Region, image_id: str) -> Response:
        return as_json(_seen(region, user, image_id))

    def update_image(self, request: Request, user: User, region: Region, image_id: str) -> Response:
        image = _seen(region, user, image_id)
        if not _owns(user, image) or not WRITERS & set(user.roles):
            raise Refusal(403, "You are not authorized to complete modify_image action.")
        changed = patched(image, request)
        image.update(changed, updated_at=stamp(self._state.clock()))
        for gone in image.keys() - changed.keys() - {"updated_at"}:
            del image[gone]
        return as_json(image)

    def delete_image(self, request: Request, user: User, region: Region, image_id: str) -> Response:
        try:
            image = _seen(region, user, image_id)
        except Refusal:
            raise Refusal(404, f"Failed to find image {image_id} to delete") from None
        if not _owns(user, image) or not WRITERS & set(user.roles):
            raise Refusal(403, "You are not authorized to complete delete_image action.")
        if image["protected"]:
            raise Refusal(403, f"Image {image_id} is protected and cannot be deleted.")
        del region.images[image_id], region.members[image_id]
        return empty()

    def upload(self, request: Request, user: User, region: Region, image_id: str) -> Response:
        """Data is counted and thrown away."""
        image = _seen(region, user, image_id)
        if image["status"] != "queued":
            raise Refusal(
                409, f"Image status transition from {image['status']} to saving is not allowed"
            )
        data = request.get_data()
        image.update(
            status="active",
            size=len(data),
            checksum=hashlib.md5(data, usedforsecurity=False).hexdigest(),
            updated_at=stamp(self._state.clock()),
        )
        return empty()

    def list_members(self, request: Request, user: User, region: Region, image_id: str) -> Response:
        image = _seen(region, user, image_id, f"Image {image_id} not found.")
        if image["visibility"] != "shared":
            raise Refusal(
                403,
                f"Not allowed to list members for image {image_id}: "
                "Only shared images have members.",
            )
        rows = region.members[image_id].values()
        shown = [m for m in rows if _owns(user, image) or m.member_id == user.number]
        members = [_member_json(image_id, m) for m in shown]
        return as_json({"members": members, "schema": "/v2/schemas/members"})

    def add_member(self, request: Request, user: User, region: Region, image_id: str) -> Response:
        image = _seen(region, user, image_id, f"Image {image_id} not found.")
        if not _owns(user, image):
            raise Refusal(403, "You are not authorized to complete add_member action.")
        _may(user, "add_member")
        if image["visibility"] != "shared":
            raise Refusal(403, f"Not allowed to create members for image {image_id}.")
        account = _given(_object(request), "member")
        rows = region.members[image_id]
        if account in rows:
            raise Refusal(409, f"Member {account} is duplicated for image {image_id}")
        if len(rows) >= MEMBER_QUOTA:
            raise Refusal(
                413,
                f"Image member limit exceeded for image {image_id}: The limit has been exceeded "
                "on the number of allowed image members for this image.",
            )
        return as_json(_member_json(image_id, self.invite(region, image_id, account)))

    def get_member(
        self, request: Request, user: User, region: Region, image_id: str, account: str
    ) -> Response:
        return as_json(_member_json(image_id, _membership(user, region, image_id, account)[1]))

    def update_member(
        self, request: Request, user: User, region: Region, image_id: str, account: str
    ) -> Response:
        image, member = _membership(user, region, image_id, account)
        if _owns(user, image):
            raise Refusal(403, "You are not authorized to complete modify_member action.")
        _may(user, "modify_member")
        body = _object(request)
        if "status" not in body:
            raise Refusal(400, "Status not specified")
        if body["status"] not in ANSWERS:
            raise Refusal(
                400,
                'Incorrect request: Status must be "pending", "accepted" or "rejected".',
            )
        answered = replace(member, status=body["status"], updated_at=self._state.clock())
        region.members[image_id][account] = answered
        return as_json(_member_json(image_id, answered))

    def delete_member(
        self, request: Request, user: User, region: Region, image_id: str, account: str
    ) -> Response:
        image, _ = _membership(user, region, image_id, account)
        if not _owns(user, image) or not WRITERS & set(user.roles):
            raise Refusal(403, "You are not authorized to complete delete_member action.")
        del region.members[image_id][account]
        return empty()

    def invite(self, region: Region, image_id: str, account: str) -> Member:
        """A new row; an invitation always begins as pending."""
        now = self._state.clock()
        member = Member(account, "pending", now, now)
        region.members[image_id][account] = member
        return member


def _seen(region: Region, user: User, image_id: str, message: str = "") -> Json:
    """
    The image, if the account may see it: its owner, a member whatever it answered, and
    everyone if it is public or community.
    """
    image = region.images.get(image_id)
    if image is not None:
        member = user.number in region.members[image_id] and image["visibility"] == "shared"
        if member or _owns(user, image) or image["visibility"] in ("public", "community"):
            return image
    raise Refusal(404, message or f"No image found with ID {image_id}")


def _membership(user: User, region: Region, image_id: str, account: str) -> tuple[Json, Member]:
    image = _seen(region, user, image_id, f"Image {image_id} not found.")
    member = region.members[image_id].get(account)
    if member is None or not (_owns(user, image) or account == user.number):
        raise Refusal(404, f"{account} not found in the member list of the image {image_id}.")
    return image, member


def _owns(user: User, image: Json) -> bool:
    return bool(image["owner"] == user.number)


def _may(user: User, action: str) -> None:
    if not WRITERS & set(user.roles):
        raise Refusal(403, f"You are not authorized to complete {action} action.")


def _object(request: Request) -> Json:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise Refusal(400, "Malformed JSON in request body.")
    return body


def _given(body: Json, key: str) -> str:
    if key not in body:
        raise Refusal(400, "Member to be added not specified")
    if body[key] == "":
        raise Refusal(400, "Member can't be empty")
    return str(body[key])


def _member_json(image_id: str, member: Member) -> dict[str, Any]:
    return {
        "member_id": member.member_id,
        "image_id": image_id,
        "status": member.status,
        "created_at": stamp(member.created_at),
        "updated_at": stamp(member.updated_at),
        "schema": "/v2/schemas/member",
    }
