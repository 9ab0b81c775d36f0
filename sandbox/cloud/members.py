"""
Image members: who an image is shared with, and what each has answered.

Source: a Glance of today, measured. Rackspace's differs in one thing: it shares private
images, and its images stay `private`.
"""

from __future__ import annotations

from dataclasses import replace

from werkzeug.wrappers import Response

from sandbox.cloud.access import may, must_own, owns
from sandbox.cloud.answers import as_json, empty
from sandbox.cloud.calls import Call
from sandbox.cloud.errors import Refusal, not_allowed
from sandbox.cloud.state import Json, Member, stamp

QUOTA = 128
ANSWERS = ("pending", "accepted", "rejected")
ONLY_SHARED = "Only shared images have members."


def list_members(call: Call, image_id: str) -> Response:
    """All of them for the owner; a consumer is shown only itself."""
    image = call.image_of_members(image_id)
    if image["visibility"] != "shared":
        raise Refusal(403, f"Not allowed to list members for image {image_id}: {ONLY_SHARED}")
    rows = call.region.members[image_id].values()
    all_of_them = call.user.operator or owns(call.user, image)
    shown = [m for m in rows if all_of_them or m.member_id == call.user.number]
    members = [_as_json(image_id, member) for member in shown]
    return as_json({"members": members, "schema": "/v2/schemas/members"})


def add_member(call: Call, image_id: str) -> Response:
    account = _account(call)
    image = call.image_of_members(image_id)
    _must_be_shared(image, "create")
    must_own(call.user, image, "add_member")
    rows = call.region.members[image_id]
    if len(rows) >= QUOTA:
        raise Refusal(
            413,
            f"Image member limit exceeded for image {image_id}: The limit has been exceeded "
            "on the number of allowed image members for this image. "
            f"Attempted: {len(rows) + 1}, Maximum: {QUOTA}:",
        )
    if account in rows:
        raise Refusal(409, f"Member {account} is duplicated for image {image_id}")
    return as_json(_as_json(image_id, call.state.add_member(call.region, image_id, account)))


def get_member(call: Call, image_id: str, account: str) -> Response:
    image = call.image_of_members(image_id)
    if image["visibility"] != "shared":
        raise Refusal(404, ONLY_SHARED)
    return as_json(_as_json(image_id, _found(call, image, account)))


def update_member(call: Call, image_id: str, account: str) -> Response:
    """Only the consumer may answer, and may change its mind as often as it likes."""
    status = _status(call)
    image = call.image_of_members(image_id)
    _must_be_shared(image, "update")
    member = _found(call, image, account)
    if owns(call.user, image) or not may(call.user.roles, "modify_member"):
        raise not_allowed("modify_member")
    if status not in ANSWERS:
        said = 'Incorrect request: Status must be "pending", "accepted" or "rejected".'
        raise Refusal(400, said)
    answered = replace(member, status=status, updated_at=call.state.clock())
    call.region.members[image_id][account] = answered
    return as_json(_as_json(image_id, answered))


def delete_member(call: Call, image_id: str, account: str) -> Response:
    """Only the owner may; a consumer can reject."""
    image = call.image_of_members(image_id)
    _must_be_shared(image, "delete")
    _found(call, image, account)
    must_own(call.user, image, "delete_member")
    del call.region.members[image_id][account]
    return empty()


def _must_be_shared(image: Json, what: str) -> None:
    if image["visibility"] != "shared":
        raise Refusal(403, f"Not allowed to {what} members for image {image['id']}.")


def _found(call: Call, image: Json, account: str) -> Member:
    member = call.region.members[image["id"]].get(account)
    seen = call.user.operator or owns(call.user, image) or account == call.user.number
    if member is None or not seen:
        said = f"{account} not found in the member list of the image {image['id']}."
        raise Refusal(404, said)
    return member


def _account(call: Call) -> str:
    """That it exists is not looked up, on no known service."""
    body = call.body()
    if not isinstance(body, dict):
        raise Refusal(400, 'Expected a member in the form: {"member": "image_id"}')
    if "member" not in body:
        raise Refusal(400, "Member to be added not specified")
    if not body["member"]:
        raise Refusal(400, "Member can't be empty")
    return str(body["member"])


def _status(call: Call) -> str:
    body = call.body()
    if not isinstance(body, dict):
        raise Refusal(400, 'Expected a status in the form: {"status": "status"}')
    if "status" not in body:
        raise Refusal(400, "Status not specified")
    return str(body["status"])


def _as_json(image_id: str, member: Member) -> Json:
    return {
        "member_id": member.member_id,
        "image_id": image_id,
        "status": member.status,
        "created_at": stamp(member.created_at),
        "updated_at": stamp(member.updated_at),
        "schema": "/v2/schemas/member",
    }
