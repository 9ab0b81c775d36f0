"""JSON patch as Glance understands it: add, replace and remove of one token."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request

from sandbox.cloud.errors import Refusal
from sandbox.cloud.state import Json

MEDIA_TYPES = (
    "application/openstack-images-v2.1-json-patch",
    "application/openstack-images-v2.0-json-patch",
)
READ_ONLY = frozenset(
    {
        *("id", "status", "size", "virtual_size", "checksum", "created_at", "updated_at"),
        *("self", "file", "schema", "os_hash_algo", "os_hash_value"),
    }
)
CORE = frozenset({"name", "tags", "visibility", "protected", "min_disk", "min_ram", "os_hidden"})


def patched(image: Json, request: Request) -> Json:
    """The image after the request, or a refusal of all of it."""
    if request.mimetype not in MEDIA_TYPES:
        raise Refusal(
            415,
            f"The request media type {request.mimetype} is not supported by this server. Image "
            f"PATCH expects Content-Type one of: {', '.join(MEDIA_TYPES)}",
        )
    operations = request.get_json(force=True, silent=True)
    if not isinstance(operations, list):
        raise Refusal(400, "Malformed JSON in request body.")
    changed = dict(image)
    for operation in operations:
        _apply(changed, operation)
    return changed


def _apply(image: Json, operation: Json) -> None:
    op, path = operation.get("op"), str(operation.get("path"))
    if op not in ("add", "replace", "remove"):
        raise Refusal(
            400,
            f"Invalid operation: `{op}`. It must be one of the following: add, remove, replace.",
        )
    if not path.startswith("/") or "/" in path[1:]:
        raise Refusal(400, f"Invalid JSON pointer for this resource: '{path}'")
    key = path[1:].replace("~1", "/").replace("~0", "~")
    if key in READ_ONLY:
        raise Refusal(403, f"Attribute '{key}' is read-only.")
    if op == "remove":
        _remove(image, key)
        return
    if op == "replace" and key not in image:
        raise _conflict(key)
    image[key] = _checked(key, operation.get("value"))


def _remove(image: Json, key: str) -> None:
    if key in CORE:
        raise Refusal(
            403, f"Access was denied to this resource. Property {key} may not be removed."
        )
    if key not in image:
        raise _conflict(key)
    del image[key]


def _conflict(key: str) -> Refusal:
    return Refusal(
        409,
        "There was a conflict when trying to complete your request. "
        f"Property {key} does not exist.",
    )


def _checked(key: str, value: Any) -> Any:
    if key == "owner":
        raise Refusal(
            403, "Access was denied to this resource. Owner can't be updated by non admin."
        )
    if key == "visibility" and value == "public":
        raise Refusal(403, "You are not authorized to complete publicize_image action.")
    if key == "name" and max(value or "", default="") > "\uffff":
        raise Refusal(400, "Name can't contain 4 byte unicode characters.")
    if key not in CORE and not isinstance(value, str):
        raise Refusal(
            400, f"Provided object does not match schema 'image': {value} is not of type 'string'"
        )
    return value
