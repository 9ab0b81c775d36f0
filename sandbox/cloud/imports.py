"""
Interoperable import: an image is made of data that was staged, or that the service downloads.

Today's Glance. Of all addresses only those of this cloud's own object stores answer here.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from sandbox.cloud import image_formats, tasks, temp_urls
from sandbox.cloud.access import must_own
from sandbox.cloud.answers import as_json, empty
from sandbox.cloud.calls import Call
from sandbox.cloud.contents import BrokenOff, Content
from sandbox.cloud.errors import BROKEN, Refusal
from sandbox.cloud.image_data import stored
from sandbox.cloud.state import Json, Provider, Region, State, Task, TaskFailed, stamp

METHODS = ["glance-direct", "web-download"]
STORES = [{"id": "file", "default": "true"}]
HOSTS = ("127.0.0.1",)
"""From where it may download."""
FAILED = "Task failed due to Internal Error"
TASK, FAILED_IN, LEFT = (
    f"os_glance_{each}" for each in ("import_task", "failed_import", "importing_to_stores")
)


def import_info(call: Call) -> Response:
    _must_import(call)
    told = {"description": "Import methods available.", "type": "array", "value": METHODS}
    return as_json({"import-methods": told})


def stores_info(call: Call) -> Response:
    _must_import(call)
    return as_json({"stores": STORES})


def usage_info(call: Call) -> Response:
    """No quotas are set."""
    _must_import(call)
    return as_json({"usage": {}})


def import_image(call: Call, image_id: str) -> Response:
    """It is taken now, and done later."""
    _must_import(call)
    body = call.body()
    method = _method(body)
    image = call.image(image_id)
    must_own(call.user, image, "modify_image")
    if TASK in image:
        raise Refusal(409, "Image has active task")
    _must_be_importable(image, method["name"])
    for each in body.get("stores", ()):
        if each != "file":
            raise Refusal(409, f"Store for identifier {each} not found")
    wanted = {"image_id": image_id, "import_req": body, "backend": ["file"]}
    region, state = call.region, call.state
    task = tasks.add(call, "api_image_import", wanted, lambda task: _import(region, state, task))
    image[TASK] = task.id
    return empty(202)


def tasks_of_image(call: Call, image_id: str) -> Response:
    """What was done to import an image. The address is told too, secret as it may be."""
    _must_import(call)
    try:
        call.image(image_id)
    except Refusal:
        raise Refusal(404, "The resource could not be found.") from None
    known = call.region.tasks.values()
    rows = [_shown(task, call) for task in known if task.input.get("image_id") == image_id]
    return as_json({"tasks": rows})


def _must_import(call: Call) -> None:
    if call.state.provider is Provider.RACKSPACE:
        raise Refusal(404, "The resource could not be found.")


def _method(body: Any) -> Json:
    """How it is to be imported, from where."""
    if not isinstance(body, dict) or not isinstance(body.get("method", {}), dict):
        raise Refusal(500, BROKEN)
    if "method" not in body:
        raise Refusal(400, "Import request requires a 'method' field.")
    method: Json = body["method"]
    if "name" not in method:
        raise Refusal(400, "Import request requires a 'name' field.")
    if method["name"] not in METHODS:
        raise Refusal(400, f"Unknown import method name '{method['name']}'.")
    if method["name"] == "web-download" and not _may_download(str(method.get("uri"))):
        raise Refusal(400, f"URI for web-download does not pass filtering: {method.get('uri')}")
    return method


def _may_download(uri: str) -> bool:
    parts = urlsplit(uri)
    return parts.scheme in ("http", "https") and parts.hostname in HOSTS


def _must_be_importable(image: Json, method: str) -> None:
    if image["status"] not in ("queued", "uploading"):
        raise Refusal(409, f"Image with status {image['status']} cannot be target for import")
    for field in ("container_format", "disk_format"):
        if image[field] is None:
            raise Refusal(409, f"'{field}' needs to be set before import")
    if (method, image["status"]) == ("glance-direct", "queued"):
        raise Refusal(409, "Image needs to be staged before 'glance-direct' method can be used")
    if (method, image["status"]) == ("web-download", "uploading"):
        raise Refusal(409, "Image needs to be in 'queued' state to use 'web-download' method")


def _import(region: Region, state: State, task: Task) -> Json:
    image_id, method = task.input["image_id"], task.input["import_req"]["method"]
    staged = region.staged.pop(image_id, None)
    content = staged or _at(state, str(method.get("uri")))
    told = _told(region.images.get(image_id), content)
    with state.lock:
        image = region.images.get(image_id)
        if image is None:
            raise TaskFailed(FAILED)
        image.pop(TASK, None)
        image.update({LEFT: "", FAILED_IN: "" if told else "file"})
        if content is None or told is None:
            image["status"] = "importing" if staged else "queued"
            raise TaskFailed(FAILED)
        region.contents[image_id] = content
        image.update(told, status="active", updated_at=stamp(state.clock()))
    task.message = f"Copied {content.size // 1024**2} MiB"
    return {"image_id": image_id}


def _told(image: Json | None, content: Content | None) -> Json | None:
    """Return facts of the bytes, if they are complete and of the expected format."""
    try:
        fits = image and content and not image_formats.mismatch(image, content)
        return stored(image, content) if fits and image and content else None
    except BrokenOff:
        return None


def _at(state: State, url: str) -> Content | None:
    """What one of our object stores gives for a temporary URL, read within the process."""
    parts = urlsplit(url)
    _, _, region_name, _, tenant, container, name = (*parts.path.split("/", 6), *[""] * 7)[:7]
    region = state.regions.get(region_name)
    request = Request(EnvironBuilder(unquote(parts.path), query_string=parts.query).get_environ())
    with state.lock:
        account = region.stores.get(tenant) if region else None
        if account is None or not temp_urls.good(request, account.keys, state):
            return None
        now = state.clock()
        found = account.find(unquote(container), unquote(name), now)
        return account.whole(found, now) if found else None


def _shown(task: Task, call: Call) -> Json:
    """Return a task as the image's tasks show it, which differs from the task itself."""
    ended = task.ended_at
    return {
        "id": task.id,
        "type": task.type,
        "status": tasks.status(task, call.state),
        "owner": task.user.number,
        "expires_at": stamp(ended + tasks.KEPT) if ended else None,
        "created_at": stamp(task.created_at),
        "updated_at": stamp(ended or task.created_at),
        "deleted_at": None,
        "deleted": False,
        "image_id": task.input["image_id"],
        "request_id": f"req-{task.id}",
        "user_id": task.user.id,
        "input": task.input,
        "result": task.result,
        "message": task.message,
    }
