"""
The images of one region, with Glance's rules.

Source: a Glance of today, measured, where Rackspace's own pages are silent.
"""

from __future__ import annotations

from typing import Any

from werkzeug.http import parse_range_header
from werkzeug.wrappers import Request, Response

from sandbox.cloud import listing, patch, schema
from sandbox.cloud.access import may, must_own
from sandbox.cloud.answers import as_json, empty
from sandbox.cloud.calls import Call
from sandbox.cloud.contents import Content, kept
from sandbox.cloud.errors import Refusal, denied, not_allowed
from sandbox.cloud.state import Json

BROKEN = "The server has either erred or is incapable of performing the requested operation."


def list_images(call: Call) -> Response:
    return as_json(listing.page(call.region, call.user, call.request.args))


def create_image(call: Call) -> Response:
    fields = _new_fields(call.body())
    if not may(call.user.roles, "add_image"):
        raise not_allowed("add_image")
    if fields.get("owner", call.user.number) != call.user.number:
        raise denied(f"You are not permitted to create images owned by '{fields['owner']}'")
    if fields.get("visibility") == "public":
        raise not_allowed("publicize_image")
    if fields.get("id") in call.region.images:
        raise Refusal(409, f"Image ID {fields['id']} already exists!")
    image = call.state.add_image(call.region, call.user.number, fields)
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
    changed = patch.patched(image, operations)
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
    return empty()


def upload(call: Call, image_id: str) -> Response:
    """Data, all of it at once."""
    if call.request.mimetype != "application/octet-stream":
        raise Refusal(
            415,
            f"The request media type {call.request.mimetype} is not supported by this server.\n",
            f"Invalid content type {call.request.mimetype}",
        )
    image = call.image(image_id)
    must_own(call.user, image, "upload_image")
    missing = [key for key in patch.FOR_QUEUED if image[key] is None]
    if missing:
        said = f"Properties {', '.join(missing)} must be set prior to saving data."
        raise Refusal(400, said)
    if image["status"] != "queued":
        said = f"Image status transition from {image['status']} to saving is not allowed"
        raise Refusal(409, said)
    content = kept(call.request.get_data())
    call.region.contents[image_id] = content
    image.update(described(content), status="active", updated_at=call.now)
    return empty()


def download(call: Call, image_id: str) -> Response:
    """The bytes of an image, or from one on."""
    image = call.image(image_id)
    if image["status"] == "deactivated":
        said = "The requested image has been deactivated. Image data download is forbidden."
        raise Refusal(403, said)
    content = call.region.contents.get(image_id)
    if content is None:
        return empty()
    start, stop, status = _part_of(call.request, content.size)
    answer = Response(content.pieces(start, stop), status, mimetype="application/octet-stream")
    answer.headers["Content-Length"] = str(stop - start)
    if status == 206:
        answer.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{content.size}"
    return answer


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
    if name == "task":
        return as_json(schema.of_tasks(call.state.provider))
    if name not in schema.SCHEMAS:
        raise Refusal(404, "The resource could not be found.")
    return as_json(schema.SCHEMAS[name])


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


def described(content: Content) -> Json:
    """What the API tells of an image's bytes."""
    return {
        "size": content.size,
        "virtual_size": content.size,
        "checksum": content.md5,
        "os_hash_algo": "sha512",
        "os_hash_value": content.sha512,
    }


def _part_of(request: Request, size: int) -> tuple[int, int, int]:
    """First byte, the one after the last, and the status."""
    asked = parse_range_header(request.headers.get("Range"))
    found = asked.range_for_length(size) if asked else (0, size)
    if found is None:
        raise Refusal(416, "The Range requested is not available.")
    return found[0] or 0, found[1] or size, 206 if asked else 200


def _tagged(call: Call, image: Json, tags: list[str]) -> Response:
    change = patch.Change("replace", "tags", tags, overwrites=True)
    image.update(patch.patched(image, [change]), updated_at=call.now)
    return empty()


def _switched(call: Call, image_id: str, action: str, status: str) -> Response:
    image = call.image(image_id)
    must_own(call.user, image, action)
    if image["status"] not in ("active", "deactivated"):
        raise Refusal(403, f"Not allowed to {action} image in status '{image['status']}'")
    image.update(status=status, updated_at=call.now)
    return empty()
