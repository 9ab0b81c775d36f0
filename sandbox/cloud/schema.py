"""
What may be sent to a Glance, in the words of its own check.

`glance_schemas.json` is what a Glance of today publishes under `/v2/schemas`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.cloud.errors import Refusal
from sandbox.cloud.state import Json, Provider

SCHEMAS: dict[str, Json] = json.loads(Path(__file__).with_name("glance_schemas.json").read_text())
"""By name, as in an address: `image`, `metadefs/tags`."""
TEXT: Json = {"type": "string"}
READ_ONLY = frozenset(
    {
        *("id", "status", "size", "virtual_size", "checksum", "created_at", "updated_at"),
        *("self", "file", "schema", "direct_url", "os_hash_algo", "os_hash_value", "stores"),
    }
)
FIELDS: dict[str, Json] = {
    key: rule
    for key, rule in SCHEMAS["image"]["properties"].items()
    if key not in READ_ONLY - {"id"} | {"locations"}
}
"""What an image always has and its owner may set."""
RESERVED = frozenset({"location", "deleted", "deleted_at"})
OF_GLANCE = "os_glance_"
RACKSPACE_TASKS = ["export", "import"]
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "array": list,
    "integer": int,
    "number": (int, float),
    "object": dict,
    "null": type(None),
}


def check(key: str, value: Any) -> None:
    """Refuse a value that the field *key* of an image cannot hold."""
    _must_fit("image", value, FIELDS.get(key, TEXT))
    if key in ("min_disk", "min_ram") and value < 0:
        said = f"Invalid value '{value}' for parameter '{key}': Cannot be a negative value"
        raise Refusal(400, said)
    for each in value if key == "tags" else [value]:
        _no_four_bytes(key, each)


def check_whole(name: str, body: Json) -> None:
    """Refuse a body that is not as the schema *name* says."""
    _must_fit(SCHEMAS[name]["name"], body, {"type": "object", **SCHEMAS[name]})


def published(name: str, provider: Provider) -> Json:
    """
    Raises:
        Refusal: 404.
    """
    if name not in SCHEMAS:
        raise Refusal(404, "The resource could not be found.")
    if name in ("task", "tasks") and provider is Provider.RACKSPACE:
        text = json.dumps(SCHEMAS[name])
        glances = json.dumps(_task_types())
        found: Json = json.loads(text.replace(glances, json.dumps(RACKSPACE_TASKS)))
        return found
    return SCHEMAS[name]


def task_types(provider: Provider) -> list[str]:
    """What tasks a provider has."""
    return RACKSPACE_TASKS if provider is Provider.RACKSPACE else _task_types()


def reserved(key: str) -> bool:
    """Whether the name is Glance's own, and no property may have it."""
    return key in RESERVED or key.startswith(OF_GLANCE)


def _task_types() -> list[str]:
    types: list[str] = SCHEMAS["task"]["properties"]["type"]["enum"]
    return types


def _must_fit(name: str, value: Any, rule: Json) -> None:
    if wrong := next(_faults(value, rule), None):
        raise Refusal(400, f"Provided object does not match schema '{name}': {wrong}")


def _faults(value: Any, rule: Json) -> Iterator[str]:
    """What is wrong with a value; of JSON schema what Glance's schemas need here."""
    kinds = [rule["type"]] if isinstance(rule.get("type"), str) else rule.get("type", [])
    if kinds and not any(_is(value, kind) for kind in kinds):
        yield f"{value!r} is not of type {', '.join(map(repr, kinds))}"
    elif "enum" in rule and value not in rule["enum"]:
        yield f"{value!r} is not one of {rule['enum']}"
    elif isinstance(value, str):
        yield from _faults_of_text(value, rule)
    elif isinstance(value, list):
        for each in value:
            yield from _faults(each, rule.get("items", {}))
    elif isinstance(value, dict):
        yield from _faults_of_object(value, rule)


def _faults_of_text(value: str, rule: Json) -> Iterator[str]:
    if len(value) > rule.get("maxLength", 1 << 16):
        yield f"{value!r} is too long"
    if "pattern" in rule and not re.match(rule["pattern"], value):
        yield f"{value!r} does not match {rule['pattern']!r}"


def _faults_of_object(value: Json, rule: Json) -> Iterator[str]:
    for key in rule.get("required", ()):
        if key not in value:
            yield f"{key!r} is a required property"
    known = rule.get("properties", {})
    for key, each in value.items():
        if key in known:
            yield from _faults(each, known[key])
        elif rule.get("additionalProperties") is False:
            yield f"Additional properties are not allowed ({key!r} was unexpected)"


def _is(value: Any, kind: str) -> bool:
    """JSON tells true from 1."""
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _no_four_bytes(key: str, value: Any) -> None:
    """Its database knows no character beyond the basic plane, such as most emoji."""
    if max(key) > "\uffff":
        raise Refusal(400, "Property names can't contain 4 byte unicode.")
    if isinstance(value, str) and max(value, default="") > "\uffff":
        raise Refusal(400, f"{key.title()} can't contain 4 byte unicode characters.")
