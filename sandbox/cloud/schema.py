"""What an image's fields may hold, in the words of Glance's own schema check."""

from __future__ import annotations

import re
from typing import Any

from sandbox.cloud.errors import Refusal
from sandbox.cloud.state import Json, Provider

VISIBILITIES = ("community", "public", "private", "shared")
FORMATS = (
    *(None, "ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop"),
)
CONTAINERS = (None, "ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed")
UUID = "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$"
TEXT: Json = {"type": "string"}
TAG: Json = {"type": "string", "maxLength": 255}
FIELDS: dict[str, Json] = {
    "id": {"type": "string", "pattern": UUID},
    "name": {"type": ["null", "string"], "maxLength": 255},
    "owner": {"type": ["null", "string"], "maxLength": 255},
    "visibility": {"type": "string", "enum": list(VISIBILITIES)},
    "protected": {"type": "boolean"},
    "os_hidden": {"type": "boolean"},
    "tags": {"type": "array", "items": TAG},
    "disk_format": {"type": ["null", "string"], "enum": list(FORMATS)},
    "container_format": {"type": ["null", "string"], "enum": list(CONTAINERS)},
    "min_disk": {"type": "integer"},
    "min_ram": {"type": "integer"},
}
SCHEMAS: dict[str, Json] = {
    "image": {"name": "image", "properties": FIELDS, "additionalProperties": TEXT},
    "member": {"name": "member", "properties": {"member_id": TEXT, "status": TEXT}},
    "images": {"name": "images", "properties": {"images": {"type": "array"}}},
    "members": {"name": "members", "properties": {"members": {"type": "array"}}},
}
READ_ONLY = frozenset(
    {
        *("id", "status", "size", "virtual_size", "checksum", "created_at", "updated_at"),
        *("self", "file", "schema", "direct_url", "os_hash_algo", "os_hash_value"),
    }
)
RESERVED = frozenset({"location", "deleted", "deleted_at"})
OF_GLANCE = "os_glance_"
_TYPES = {"string": str, "boolean": bool, "array": list, "integer": int, "null": type(None)}


def check(key: str, value: Any) -> None:
    """Refuse a value that the field *key* cannot hold."""
    rule = FIELDS.get(key, TEXT)
    _check(value, rule)
    for each in value if rule["type"] == "array" else ():
        _check(each, rule["items"])
    if key in ("min_disk", "min_ram") and value < 0:
        said = f"Invalid value '{value}' for parameter '{key}': Cannot be a negative value"
        raise Refusal(400, said)
    _no_four_bytes(key, value)


def task_types(provider: Provider) -> list[str]:
    """What tasks a provider has."""
    if provider is Provider.RACKSPACE:
        return ["export", "import"]
    return ["import", "api_image_import", "location_import"]


def of_tasks(provider: Provider) -> Json:
    """The task schema."""
    kinds = {**TEXT, "enum": task_types(provider)}
    return {"name": "task", "properties": {"id": TEXT, "type": kinds}}


def reserved(key: str) -> bool:
    """Whether the name is Glance's own, and no property may have it."""
    return key in RESERVED or key.startswith(OF_GLANCE)


def _check(value: Any, rule: Json) -> None:
    kinds = [rule["type"]] if isinstance(rule["type"], str) else rule["type"]
    if not any(_is(value, kind) for kind in kinds):
        raise _mismatch(f"{value!r} is not of type {', '.join(map(repr, kinds))}")
    if "enum" in rule and value not in rule["enum"]:
        raise _mismatch(f"{value!r} is not one of {rule['enum']}")
    if value is not None and len(str(value)) > rule.get("maxLength", 1 << 16):
        raise _mismatch(f"{value!r} is too long")
    if "pattern" in rule and not re.match(rule["pattern"], value):
        raise _mismatch(f"{value!r} does not match {rule['pattern']!r}")


def _is(value: Any, kind: str) -> bool:
    """JSON tells true from 1."""
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _mismatch(what: str) -> Refusal:
    return Refusal(400, f"Provided object does not match schema 'image': {what}")


def _no_four_bytes(key: str, value: Any) -> None:
    """Its database knows no character beyond the basic plane, such as most emoji."""
    if isinstance(value, str) and max(value, default="") > "\uffff":
        raise Refusal(400, f"{key.title()} can't contain 4 byte unicode characters.")
