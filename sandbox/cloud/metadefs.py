"""
Metadata definitions: namespaces, and the resource types that they are for.

Only operators write them. The contents of a namespace are in `metadef_items`.

Source: a Glance of today, measured.
"""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.wrappers import Response

from sandbox.cloud import listing, metadef_items, schema
from sandbox.cloud.access import must_operate
from sandbox.cloud.answers import as_json, empty
from sandbox.cloud.calls import Call
from sandbox.cloud.errors import BROKEN, Refusal
from sandbox.cloud.metadef_items import KINDS, namespace_of
from sandbox.cloud.state import Json, Namespace, Provider

HERE = "metadefs/namespaces"
ASSOCIATIONS = "resource_type_associations"


def list_namespaces(call: Call) -> Response:
    """Newest first."""
    _must_have_them(call)
    args, most = call.request.args, listing.limit(call.request.args)
    if (visibility := args.get("visibility", "public")) not in ("public", "private"):
        raise Refusal(400, f"Invalid visibility value: {visibility}")
    rows = [_summary(each) for each in reversed(call.region.metadefs.values())]
    rows = [row for row in rows if _fits(call, row)]
    names = [row["namespace"] for row in rows]
    if (marker := args.get("marker")) is not None:
        if marker not in names:
            raise Refusal(404, f"Metadata definition namespace={marker} was not found.")
        rows = rows[names.index(marker) + 1 :]
    body: Json = {"namespaces": rows[:most], "schema": f"/v2/schemas/{HERE}"}
    if rows[:most] and len(rows) >= most:
        body["next"] = listing.link(HERE, args, rows[most - 1]["namespace"])
    return as_json({**body, "first": listing.link(HERE, args)})


def create_namespace(call: Call) -> Response:
    """With whatever it is to hold."""
    _must_have_them(call)
    must_operate(call.user, "add_metadef_namespace")
    body = checked(call, "metadefs/namespace")
    name, now = body["namespace"], call.now
    if name in call.region.metadefs:
        raise Refusal(409, f"The metadata definition namespace={name} already exists.")
    given = {key: value for key, value in body.items() if key not in (*KINDS, ASSOCIATIONS)}
    usual = {"visibility": "private", "protected": False, "owner": call.user.number}
    made = Namespace({**usual, **given, "created_at": now, "updated_at": now})
    call.region.metadefs[name] = made
    for row in body.get(ASSOCIATIONS, ()):
        _associate(call, made, row)
    metadef_items.fill(call, made, body)
    links = {"self": f"/v2/{HERE}/{name}", "schema": "/v2/schemas/metadefs/namespace"}
    answer = as_json({**made.fields, **body, **links}, 201)
    answer.headers["Location"] = f"{call.request.base_url}/{name}"
    return answer


def get_namespace(call: Call, namespace: str) -> Response:
    held = namespace_of(call, namespace)
    return as_json({**_summary(held), **metadef_items.all_of(call, held)})


def update_namespace(call: Call, namespace: str) -> Response:
    """Replace all of it: what is not sent is deleted."""
    body = checked(call, "metadefs/namespace")
    held = namespace_of(call, namespace)
    must_operate(call.user, "modify_metadef_namespace")
    usual = {"visibility": "private", "protected": False, "owner": held.fields["owner"]}
    dates = {"created_at": held.fields["created_at"], "updated_at": call.now}
    held.fields = {**usual, **body, **dates}
    call.region.metadefs[body["namespace"]] = call.region.metadefs.pop(namespace)
    return as_json(_summary(held, with_associations=False))


def delete_namespace(call: Call, namespace: str) -> Response:
    if namespace not in call.region.metadefs:
        raise Refusal(404, f"Namespace {namespace} not found")
    held = namespace_of(call, namespace)
    must_operate(call.user, "delete_metadef_namespace")
    if held.fields["protected"]:
        said = f"Metadata definition namespace {namespace} is protected and cannot be deleted."
        raise Refusal(403, said)
    del call.region.metadefs[namespace]
    return empty()


def list_resource_types(call: Call) -> Response:
    _must_have_them(call)
    return as_json({"resource_types": list(call.region.resource_types.values())})


def list_associations(call: Call, namespace: str) -> Response:
    held = namespace_of(call, namespace)
    return as_json({ASSOCIATIONS: list(held.associations.values())})


def associate(call: Call, namespace: str) -> Response:
    """A resource type that nobody has named before is known from then on."""
    body = checked(call, "metadefs/resource_type")
    held = namespace_of(call, namespace)
    must_operate(call.user, "add_metadef_resource_type_association")
    if body["name"] in held.associations:
        raise Refusal(
            409,
            "The metadata definition resource-type association of "
            f"resource-type={body['name']} to namespace={namespace} already exists.",
        )
    return as_json(_associate(call, held, body), 201)


def dissociate(call: Call, namespace: str, name: str) -> Response:
    held = namespace_of(call, namespace)
    if name not in held.associations:
        raise Refusal(404, f"Failed to find resource type {name} to delete")
    must_operate(call.user, "remove_metadef_resource_type_association")
    del held.associations[name]
    return empty()


def checked(call: Call, name: str) -> Json:
    """What was sent, if the schema *name* allows it."""
    body = call.body()
    if not isinstance(body, dict):
        raise Refusal(500, BROKEN)
    schema.check_whole(name, body)
    return body


def _associate(call: Call, held: Namespace, row: Json) -> Json:
    dates = {"created_at": call.now, "updated_at": call.now}
    call.region.resource_types.setdefault(row["name"], {"name": row["name"], **dates})
    held.associations[row["name"]] = {**row, **dates}
    return held.associations[row["name"]]


def _summary(held: Namespace, *, with_associations: bool = True) -> Json:
    name = held.fields["namespace"]
    links = {"self": f"/v2/{HERE}/{name}", "schema": "/v2/schemas/metadefs/namespace"}
    rows = list(held.associations.values()) if with_associations else []
    return {**held.fields, **({ASSOCIATIONS: rows} if rows else {}), **links}


def _fits(call: Call, row: Json) -> bool:
    """Whether the account sees the namespace, and it is one of those that were asked for."""
    args = call.request.args
    public = row["visibility"] == "public"
    seen = public or call.user.operator or row["owner"] == call.user.number
    wanted = set(args.get("resource_types", "").split(",")) - {""}
    fits = not wanted or bool(wanted & _names(row.get(ASSOCIATIONS, ())))
    return seen and fits and args.get("visibility", row["visibility"]) == row["visibility"]


def _names(rows: Iterable[Json]) -> set[str]:
    return {row["name"] for row in rows}


def _must_have_them(call: Call) -> None:
    if call.state.provider is Provider.RACKSPACE:
        raise Refusal(404, "The resource could not be found.")
