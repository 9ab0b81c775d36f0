"""
The images of one region, with Glance's rules.

Source: a Glance of today, measured, where Rackspace's own pages are silent.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from sandbox.cloud import listing, patch, schema
from sandbox.cloud.access import may, must_operate, must_own
from sandbox.cloud.answers import as_json, empty
from sandbox.cloud.calls import Call
from sandbox.cloud.errors import BROKEN, Refusal, denied, not_allowed
from sandbox.cloud.state import Json


def list_images(call: Call) -> Response:
    return as_json(listing.page(call.region, call.user, call.request.args))


def create_image(call: Call) -> Response:
    fields = _new_fields(call.body())
    if not may(call.user.roles, "add_image"):
        raise not_allowed("add_image")
    owner = fields.pop("owner", call.user.number)
    if owner != call.user.number and not call.user.operator:
        raise denied(f"You are not permitted to create images owned by '{owner}'")
    if fields.get("visibility") == "public":
        must_operate(call.user, "publicize_image")
    if fields.get("id") in call.region.images:
        raise Refusal(409, f"Image ID {fields['id']} already exists!")
    image = call.state.add_image(call.region, owner, fields)
    answer = as_json(image, 201)
    answer.headers["Location"] = f"{call.request.base_url}/{image['id']}"
    return answer


def get_image(call: Call, image_id: str) -> Response:
    return as_json(call.image(image_id))


def update_image(call: Call, image_id: str) -> Response:
    operations = patch.changes(call.request)
    image = call.image(image_id)
    if not operations:
        return as_json(image)
    must_own(call.user, image, "modify_image")
    changed = patch.patched(image, operations, call.user)
    image.clear()
    image.update(changed, updated_at=call.now)
    return as_json(image)


def delete_image(call: Call, image_id: str) -> Response:
    try:
        image = call.image(image_id)
    except Refusal:
        raise Refusal(404, f"Failed to find image {image_id} to delete") from None
    must_own(call.user, image, "delete_image")
    if image["protected"]:
        raise Refusal(403, f"Image {image_id} is protected and cannot be deleted.")
    del call.region.images[image_id], call.region.members[image_id]
    call.region.contents.pop(image_id, None)
    call.region.staged.pop(image_id, None)
    return empty()


def add_tag(call: Call, image_id: str, tag: str) -> Response:
    schema.check("tags", [tag])
    image = call.image_of_members(image_id)
    must_own(call.user, image, "modify_image")
    return _tagged(call, image, [*image["tags"], tag])


def remove_tag(call: Call, image_id: str, tag: str) -> Response:
    image = call.image_of_members(image_id)
    must_own(call.user, image, "modify_image")
    if tag not in image["tags"]:
        raise Refusal(404, "The resource could not be found.")
    return _tagged(call, image, [each for each in image["tags"] if each != tag])


def deactivate(call: Call, image_id: str) -> Response:
    return _switched(call, image_id, "deactivate", "deactivated")


def reactivate(call: Call, image_id: str) -> Response:
    return _switched(call, image_id, "reactivate", "active")


def show_schema(call: Call, name: str) -> Response:
    return as_json(schema.published(name, call.state.provider))


def _new_fields(body: Any) -> Json:
    if not isinstance(body, dict):
        raise Refusal(500, BROKEN)
    for key, value in body.items():
        if key in schema.READ_ONLY - {"id"}:
            raise Refusal(403, f"Attribute '{key}' is read-only.")
        if schema.reserved(key):
            raise denied(f"Attribute '{key}' is reserved.")
        schema.check(key, value)
    return {**body, "tags": list(dict.fromkeys(body.get("tags", [])))}


def _tagged(call: Call, image: Json, tags: list[str]) -> Response:
    change = patch.Change("replace", "tags", tags, overwrites=True)
    image.update(patch.patched(image, [change], call.user), updated_at=call.now)
    return empty()


def _switched(call: Call, image_id: str, action: str, status: str) -> Response:
    image = call.image(image_id)
    must_own(call.user, image, action)
    if image["status"] not in ("active", "deactivated"):
        raise Refusal(403, f"Not allowed to {action} image in status '{image['status']}'")
    image.update(status=status, updated_at=call.now)
    return empty()
