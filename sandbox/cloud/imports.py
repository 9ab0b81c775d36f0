"""
Interoperable import: the service downloads an image's data from an address. Today's Glance.

Of all addresses only those of this cloud's own object stores answer here.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from sandbox.cloud import tasks, temp_urls
from sandbox.cloud.access import must_own
from sandbox.cloud.answers import as_json, empty
from sandbox.cloud.calls import Call
from sandbox.cloud.contents import Content
from sandbox.cloud.errors import Refusal
from sandbox.cloud.state import Json, Provider, Region, State, Task, TaskFailed, stamp

METHODS = ["glance-direct", "web-download"]


def import_info(call: Call) -> Response:
    if call.state.provider is Provider.RACKSPACE:
        raise Refusal(404, "The resource could not be found.")
    told = {"description": "Import methods available.", "type": "array", "value": METHODS}
    return as_json({"import-methods": told})


def import_image(call: Call, image_id: str) -> Response:
    """It is taken now, and done later."""
    if call.state.provider is Provider.RACKSPACE:
        raise Refusal(404, "The resource could not be found.")
    method = call.body().get("method", {})
    _must_know(method)
    image = call.image(image_id)
    must_own(call.user, image, "modify_image")
    if image["status"] != "queued":
        raise Refusal(409, f"Image with status {image['status']} cannot be target for import")
    for field in ("container_format", "disk_format"):
        if image[field] is None:
            raise Refusal(409, f"'{field}' needs to be set before import")
    if image.get("os_glance_import_task"):
        raise Refusal(409, "Image has an import task under way already")
    region, state = call.region, call.state
    task = tasks.add(
        call,
        "api_image_import",
        {"image_id": image_id, "import_req": {"method": method}},
        lambda task: _download(region, state, task),
    )
    image["os_glance_import_task"] = task.id
    image["os_glance_failed_import"] = ""
    return empty(202)


def _must_know(method: Json) -> None:
    name, uri = method.get("name"), str(method.get("uri", ""))
    if name not in METHODS:
        raise Refusal(400, f"Unknown import method name '{name}'.")
    if name == "glance-direct":
        raise Refusal(409, "Image needs to be staged before 'glance-direct' method can be used")
    if urlsplit(uri).scheme not in ("http", "https"):
        raise Refusal(400, f"URI for web-download does not pass filtering: {uri}")


def _download(region: Region, state: State, task: Task) -> Json:
    image = region.images.get(task.input["image_id"])
    if image is None:
        raise TaskFailed("Image not found")
    image.pop("os_glance_import_task", None)
    content = _at(state, task.input["import_req"]["method"]["uri"])
    if content is None:
        image["os_glance_failed_import"] = "file"
        raise TaskFailed("Internal Error")
    region.contents[image["id"]] = content
    image.update(
        status="active",
        size=content.size,
        virtual_size=content.size,
        checksum=content.md5,
        os_hash_algo="sha512",
        os_hash_value=content.sha512,
        updated_at=stamp(state.clock()),
    )
    return {"image_id": image["id"]}


def _at(state: State, url: str) -> Content | None:
    """What one of our object stores gives for a temporary URL."""
    parts = urlsplit(url)
    _, _, region_name, _, tenant, container, name = (*parts.path.split("/", 6), *[""] * 7)[:7]
    region = state.regions.get(region_name)
    account = region.stores.get(tenant) if region else None
    request = Request(EnvironBuilder(unquote(parts.path), query_string=parts.query).get_environ())
    now = state.clock()
    if account is None or not temp_urls.good(request, account.keys.values(), now):
        return None
    found = account.find(unquote(container), unquote(name), now)
    return account.whole(found, now) if found else None
