"""
What Compute takes, by its published schema (microversion 2.1).

Source: nova, api/openstack/compute/schemas/servers.py; its words are those of its validator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from werkzeug.wrappers import Response

from sandbox.cloud.answers import as_json
from sandbox.cloud.errors import Refusal
from sandbox.cloud.state import Json

OF_SERVER = frozenset(
    {
        *("name", "imageRef", "flavorRef", "adminPass", "metadata", "networks", "key_name"),
        *("accessIPv4", "accessIPv6", "personality", "availability_zone", "config_drive"),
        *("block_device_mapping", "block_device_mapping_v2", "OS-DCF:diskConfig", "min_count"),
        *("max_count", "return_reservation_id", "security_groups", "user_data"),
    }
)
OF_IMAGE = frozenset({"name", "metadata"})
KEY = re.compile(r"[a-zA-Z0-9-_:. ]{1,255}")
LONGEST = 255


def versions(address: str, asked: str) -> Response:
    """What discovery asks for: all versions, or the one that there is."""
    version = {
        "id": "v2.1",
        "status": "CURRENT",
        "version": "2.1",
        "min_version": "2.1",
        "updated": "2013-07-23T11:33:21Z",
        "links": [{"rel": "self", "href": f"{address}/v2.1/"}],
    }
    if not asked:
        return as_json({"versions": [version]})
    if asked != "v2.1":
        return as_json({"itemNotFound": {"code": 404, "message": "Not Found"}}, 404)
    return as_json({"version": version})


def part(body: Any, name: str, known: frozenset[str], required: Iterable[str]) -> Json:
    """Return the value of *name*, with no unknown keys and all required ones."""
    found = body.get(name) if isinstance(body, dict) else None
    if not isinstance(found, dict):
        raise _invalid(name, found, f"{found!r} is not of type 'object'")
    for key in required:
        if key not in found:
            raise _invalid(name, found, f"'{key}' is a required property")
    if unknown := sorted(found.keys() - known):
        verb = "was" if len(unknown) == 1 else "were"
        names = ", ".join(map(repr, unknown))
        said = f"Additional properties are not allowed ({names} {verb} unexpected)"
        raise _invalid(name, found, said)
    _check_name(found.get("name"))
    _check_metadata(found.get("metadata", {}))
    return found


def _check_name(name: Any) -> None:
    if not isinstance(name, str):
        raise _invalid("name", name, f"{name!r} is not of type 'string'")
    if not name or name != name.strip():
        said = "An invalid 'name' value was provided. The name must be: printable characters. "
        raise _invalid("name", name, f"{said}Can not start or end with whitespace.")
    if len(name) > LONGEST:
        raise _invalid("name", name, f"{name!r} is too long")


def _check_metadata(metadata: Any) -> None:
    if not isinstance(metadata, dict):
        raise _invalid("metadata", metadata, f"{metadata!r} is not of type 'object'")
    for key, value in metadata.items():
        if not KEY.fullmatch(key):
            said = f"{key!r} does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{{1,255}}$'"
            raise _invalid("metadata", metadata, said)
        if not isinstance(value, str):
            raise _invalid(key, value, f"{value!r} is not of type 'string'")
        if len(value) > LONGEST:
            raise _invalid(key, value, f"{value!r} is too long")


def _invalid(path: str, value: Any, said: str) -> Refusal:
    return Refusal(400, f"Invalid input for field/attribute {path}. Value: {value}. {said}")
