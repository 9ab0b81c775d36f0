"""
The contents of a namespace of metadata definitions: objects, properties, and tags.

They are much alike, and a table tells in what they differ.

Source: a Glance of today, measured.
"""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.wrappers import Response

from sandbox.cloud import schema
from sandbox.cloud.access import must_operate
from sandbox.cloud.answers import as_json, empty
from sandbox.cloud.calls import Call
from sandbox.cloud.errors import BROKEN, Refusal
from sandbox.cloud.state import Json, Namespace

APPEND = "X-Openstack-Append"


@dataclass(frozen=True)
class Kind:
    """How the service names one of the three."""

    plural: str
    singular: str
    not_found: str
    exists: str

    def rows(self, held: Namespace) -> dict[str, Json]:
        rows: dict[str, Json] = getattr(held, self.plural)
        return rows


_DEFINITION = "A metadata definition {} with name={{}} already exists in namespace={{}}."
KINDS = {
    each.plural: each
    for each in (
        Kind("objects", "object", "metadata object", _DEFINITION.format("object")),
        Kind("properties", "property", "property", _DEFINITION.format("property")),
        Kind(
            "tags",
            "tag",
            "metadata tag",
            "A metadata tag with name={} already exists in namespace={}. "
            "(Please note that metadata tag names are case insensitive).",
        ),
    )
}


def list_items(call: Call, namespace: str, plural: str) -> Response:
    kind, held = _kind(plural), namespace_of(call, namespace)
    rows = _listed(kind, held)
    if plural == "objects":
        return as_json({plural: rows, "schema": "v2/schemas/metadefs/objects"})
    return as_json({plural: rows})


def create_item(call: Call, namespace: str, plural: str) -> Response:
    """Of tags several at once, which replace all that there are unless one says otherwise."""
    kind, body = _kind(plural), _body(call)
    if plural == "tags":
        return _create_tags(call, namespace, body)
    schema.check_whole(f"metadefs/{kind.singular}", body)
    held = namespace_of(call, namespace)
    must_operate(call.user, f"add_metadef_{kind.singular}")
    return as_json(_shown(kind, held, _add(call, kind, held, body)), 201)


def delete_items(call: Call, namespace: str, plural: str) -> Response:
    kind, held = _kind(plural), namespace_of(call, namespace)
    must_operate(call.user, f"delete_metadef_{kind.plural}")
    kind.rows(held).clear()
    return empty()


def get_item(call: Call, namespace: str, plural: str, name: str) -> Response:
    kind, held = _kind(plural), namespace_of(call, namespace)
    row = _found(kind, held, name)
    return as_json(_whole(kind, held, row))


def put_tag(call: Call, namespace: str, name: str) -> Response:
    """POST to the name of a tag makes it."""
    kind, held = KINDS["tags"], namespace_of(call, namespace)
    must_operate(call.user, "add_metadef_tag")
    return as_json(_add(call, kind, held, {"name": name}), 201)


def update_item(call: Call, namespace: str, plural: str, name: str) -> Response:
    """Replace it as a whole, its name too."""
    kind, body = _kind(plural), _body(call)
    schema.check_whole(f"metadefs/{kind.singular}", body)
    held = namespace_of(call, namespace)
    row = _found(kind, held, name)
    must_operate(call.user, f"modify_metadef_{kind.singular}")
    del kind.rows(held)[name]
    changed = _add(call, kind, held, body)
    changed["created_at"] = row["created_at"]
    return as_json(_shown(kind, held, changed))


def delete_item(call: Call, namespace: str, plural: str, name: str) -> Response:
    kind, held = _kind(plural), namespace_of(call, namespace)
    _found(kind, held, name)
    must_operate(call.user, f"delete_metadef_{kind.singular}")
    del kind.rows(held)[name]
    return empty()


def namespace_of(call: Call, name: str) -> Namespace:
    """The namespace. One that the account may not see is not there, and that in other words."""
    held = call.region.metadefs.get(name)
    if held is None:
        raise Refusal(404, f"Metadata definition namespace={name} was not found.")
    own = call.user.operator or held.fields["owner"] == call.user.number
    if held.fields["visibility"] == "private" and not own:
        raise Refusal(404, "The resource could not be found.")
    return held


def fill(call: Call, held: Namespace, body: Json) -> None:
    """A new namespace, with what was sent along."""
    for plural, kind in KINDS.items():
        rows = body.get(plural, ())
        if isinstance(rows, dict):
            rows = [{"name": name, **row} for name, row in rows.items()]
        for row in rows:
            _add(call, kind, held, row)


def all_of(call: Call, held: Namespace) -> Json:
    """Return all its contents; properties with the prefix of the requested resource type."""
    association = held.associations.get(call.request.args.get("resource_type", ""), {})
    prefix = association.get("prefix", "")
    found = {plural: _listed(kind, held, prefix) for plural, kind in KINDS.items()}
    return {plural: rows for plural, rows in found.items() if rows}


def _kind(plural: str) -> Kind:
    if plural not in KINDS:
        raise Refusal(404, "The resource could not be found.")
    return KINDS[plural]


def _listed(kind: Kind, held: Namespace, prefix: str = "") -> list[Json] | dict[str, Json]:
    """Newest first; properties by their name, of tags nothing but that."""
    rows = [_whole(kind, held, row) for row in reversed(kind.rows(held).values())]
    if kind.plural == "properties":
        return {f"{prefix}{row['name']}": row for row in rows}
    if kind.plural == "tags":
        return [{"name": row["name"]} for row in rows]
    return rows


def _whole(kind: Kind, held: Namespace, row: Json) -> Json:
    """A row as it is told later; of an object also what it lacks."""
    lacks: Json = {"required": [], "properties": {}} if kind.plural == "objects" else {}
    return {**lacks, **_shown(kind, held, row)}


def _shown(kind: Kind, held: Namespace, row: Json) -> Json:
    """A row as it is told: of a property no dates, of an object where it is."""
    if kind.plural == "properties":
        return {key: value for key, value in row.items() if not key.endswith("_at")}
    if kind.plural == "tags":
        return row
    place = f"/v2/metadefs/namespaces/{held.fields['namespace']}/objects/{row['name']}"
    return {**row, "self": place, "schema": "/v2/schemas/metadefs/object"}


def _found(kind: Kind, held: Namespace, name: str) -> Json:
    if name not in kind.rows(held):
        raise Refusal(404, f"Could not find {kind.not_found} {name}")
    return kind.rows(held)[name]


def _add(call: Call, kind: Kind, held: Namespace, row: Json) -> Json:
    name, rows = row["name"], kind.rows(held)
    if name in rows:
        raise Refusal(409, kind.exists.format(name, held.fields["namespace"]))
    rows[name] = {**row, "created_at": call.now, "updated_at": call.now}
    return rows[name]


def _create_tags(call: Call, namespace: str, body: Json) -> Response:
    if not isinstance(body.get("tags"), list):
        raise Refusal(500, BROKEN)
    kind, held = KINDS["tags"], namespace_of(call, namespace)
    must_operate(call.user, "add_metadef_tags")
    if call.request.headers.get(APPEND, "").lower() != "true":
        held.tags.clear()
    for row in body["tags"]:
        _add(call, kind, held, {"name": row["name"]})
    return as_json({"tags": [{"name": row["name"]} for row in body["tags"]]}, 201)


def _body(call: Call) -> Json:
    body = call.body()
    if not isinstance(body, dict):
        raise Refusal(500, BROKEN)
    return body
