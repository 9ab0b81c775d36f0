"""
JSON patch as Glance understands it: add, replace and remove of one token.

Source: a Glance of today, measured. The older media type writes an operation as
`{"add": "/path", "value": …}`, and refuses to add what is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request

from sandbox.cloud import schema
from sandbox.cloud.access import must_operate
from sandbox.cloud.errors import Refusal, denied
from sandbox.cloud.state import Json, User

V20 = "application/openstack-images-v2.0-json-patch"
V21 = "application/openstack-images-v2.1-json-patch"
OPERATIONS = ("add", "remove", "replace")
BASE = frozenset(schema.FIELDS)
FOR_QUEUED = ("disk_format", "container_format")
PROPERTY_QUOTA = TAG_QUOTA = 128


@dataclass(frozen=True)
class Change:
    """One operation."""

    op: str
    key: str
    value: Any
    overwrites: bool
    """Whether `add` may replace what is there."""


def changes(request: Request) -> list[Change]:
    """The operations of a request; refused before the image is even looked for."""
    if request.mimetype not in (V20, V21):
        allowed = f"{V20}, {V21}"
        raise Refusal(
            415,
            f"The request media type {request.mimetype} is not supported by this server.\n",
            f"Image PATCH expects Content-Type one of: {allowed}",
            {"Accept-Patch": allowed},
        )
    raw = request.get_json(force=True, silent=True)
    if not isinstance(raw, list):
        raise Refusal(400, "Request body must be a JSON array of operation objects.")
    read = _read_v21 if request.mimetype == V21 else _read_v20
    return [_checked(*read(each), overwrites=request.mimetype == V21) for each in map(_object, raw)]


def patched(image: Json, operations: list[Change], user: User) -> Json:
    """The image after all of them, or a refusal of all of them."""
    changed = dict(image)
    for change in operations:
        _apply(changed, change, user)
    _within_quota(changed)
    return changed


def _object(raw: Any) -> Json:
    if not isinstance(raw, dict):
        raise Refusal(400, "Operations must be JSON objects.")
    return raw


def _read_v21(raw: Json) -> tuple[str, str, Json]:
    op, known = raw.get("op"), "It must be one of the following: add, remove, replace."
    if op is None:
        raise Refusal(400, f"Unable to find `op` in JSON Schema change. {known}")
    if op not in OPERATIONS:
        raise Refusal(400, f"Invalid operation: `{op}`. {known}")
    if "path" not in raw:
        raise Refusal(400, "Unable to find 'path' in JSON Schema change")
    return op, str(raw["path"]), raw


def _read_v20(raw: Json) -> tuple[str, str, Json]:
    found = [op for op in OPERATIONS if op in raw]
    if len(found) != 1:
        raise Refusal(
            400,
            "Operation objects must contain exactly one member named "
            '"add", "remove", or "replace".',
        )
    return found[0], str(raw[found[0]]), raw


def _checked(op: str, path: str, raw: Json, *, overwrites: bool) -> Change:
    key = _key(path)
    if op != "remove" and "value" not in raw:
        raise Refusal(400, f'Operation "{op}" requires a member named "value".')
    if key in schema.READ_ONLY:
        raise Refusal(403, f"Attribute '{key}' is read-only.")
    if schema.reserved(key):
        raise Refusal(403, f"Attribute '{key}' is reserved.")
    if op != "remove":
        schema.check(key, raw["value"])
    return Change(op, key, raw.get("value"), overwrites)


def _key(path: str) -> str:
    """The one token of a JSON pointer."""
    if not path.startswith("/"):
        raise Refusal(400, f'Pointer `{path}` does not start with "/".')
    if re.search(r"/\s*?/", path[1:]):
        raise Refusal(400, f'Pointer `{path}` contains adjacent "/".')
    if len(path) > 1 and path.endswith("/"):
        raise Refusal(400, f'Pointer `{path}` end with "/".')
    if re.search("~[^01]", path) or path.endswith("~"):
        raise Refusal(
            400, f'Pointer `{path}` contains "~" not part of a recognized escape sequence.'
        )
    if "/" in path[1:]:
        raise Refusal(400, f"Invalid JSON pointer for this resource: '{path}'")
    return path[1:].replace("~1", "/").replace("~0", "~").strip()


def _apply(image: Json, change: Change, user: User) -> None:
    if change.op == "remove" and change.key in BASE:
        raise denied(f"Property {change.key} may not be removed.")
    if change.op == "add" and not change.overwrites and change.key in image.keys() - BASE:
        raise _conflict(f"Property {change.key} already present.")
    if change.op != "add" and change.key not in image:
        raise _conflict(f"Property {change.key} does not exist.")
    if change.op == "remove":
        del image[change.key]
        return
    _may_hold(image, change, user)
    image[change.key] = change.value if change.key != "tags" else _distinct(change.value)


def _may_hold(image: Json, change: Change, user: User) -> None:
    if change.key == "owner" and not user.operator:
        raise denied("Owner can't be updated by non admin.")
    if (change.key, change.value) == ("visibility", "public"):
        must_operate(user, "publicize_image")
    if change.key in FOR_QUEUED and image["status"] != "queued":
        raise Refusal(403, f"Attribute {change.key} can be only replaced for a queued image.")


def _distinct(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(tags))


def _conflict(detail: str) -> Refusal:
    return Refusal(409, "There was a conflict when trying to complete your request.", detail)


def _within_quota(image: Json) -> None:
    properties = image.keys() - BASE - schema.READ_ONLY
    for what, count, most in (
        ("properties", len(properties), PROPERTY_QUOTA),
        ("tags", len(image["tags"]), TAG_QUOTA),
    ):
        if count > most:
            raise Refusal(
                413,
                f"The limit has been exceeded on the number of allowed image {what}. "
                f"Attempted: {count}, Maximum: {most}",
            )
