"""
Rackspace's own tasks: `export` into an object store, and `import` from there.

Source: api-reference, the pages of tasks; for the words of failures Rackspace's own tests.
"""

from __future__ import annotations

from collections.abc import Callable

from sandbox.cloud.contents import BrokenOff, Content
from sandbox.cloud.object_state import ObjectAccount, tenant_of
from sandbox.cloud.object_store import add_dynamic_object
from sandbox.cloud.state import Json, Region, State, Task, TaskFailed

OPTIONS = "com.rackspace__1__options"
"""`0` if there is no licence that forbids an export."""


def export(region: Region, state: State, task: Task) -> Json:
    """An image becomes a dynamic large object, `<id>.vhd`."""
    container = str(task.input.get("receiving_swift_container", ""))
    with state.lock:
        image = _exportable(region, task)
        held = _account(region, task).containers.get(container)
        if held is None or set(container) & set("/?."):
            raise TaskFailed(f"Container not found. Container: {container}")
        name = f"{image['id']}.vhd"
        if held.alive(name, state.clock()):
            place = f"{container}/{name}"
            said = f"Object already exists in user's container. Container/Object: {place}"
            raise TaskFailed(said)
        content = region.contents[image["id"]]
        add_dynamic_object(region, state, task.user.number, container, name, content)
    return {"export_location": f"{container}/{name}"}


def import_(region: Region, state: State, task: Task) -> Json:
    """An object becomes an image, each time another one."""
    properties = task.input.get("image_properties") or {}
    if properties.keys() - {"name"}:
        said = "Unsupported element in image_properties, please consult the documentation."
        raise TaskFailed(said)
    content = _imported(region, state, task)
    fields = {
        "name": properties.get("name"),
        "status": "active",
        "size": content.size,
        "checksum": _checksum(content),
        "disk_format": "vhd",
        "container_format": "ovf",
        "image_type": "import",
        OPTIONS: "0",
    }
    with state.lock:
        image = state.add_image(region, task.user.number, fields)
        region.contents[image["id"]] = content
    return {"image_id": image["id"]}


RUNS: dict[str, Callable[[Region, State, Task], Json]] = {"export": export, "import": import_}


def _exportable(region: Region, task: Task) -> Json:
    image = region.images.get(task.input.get("image_uuid", ""))
    if image is None or image["owner"] != task.user.number:
        raise TaskFailed("An image may only be exported by the image owner.")
    options = image.get(OPTIONS, "0")
    if options != "0":
        raise TaskFailed(
            "Image cannot be exported due to licensing or billing restrictions "
            f"({OPTIONS}: '{options}')"
        )
    if image["status"] != "active":  # that it fails is documented, its words are not
        raise TaskFailed(f"Image {image['id']} is not active.")
    return image


def _imported(region: Region, state: State, task: Task) -> Content:
    container, _, name = str(task.input.get("import_from", "")).partition("/")
    if not container or not name:
        raise TaskFailed("Error: Image not found for import. Possible invalid location")
    with state.lock:
        account = _account(region, task)
        found = account.find(container, name, state.clock())
        if found is None:
            raise TaskFailed(f"Error: Swift could not find object {name}.")
        return account.whole(found, state.clock())


def _checksum(content: Content) -> str:
    try:
        return content.md5
    except BrokenOff:
        said = "Error: Image not found for import. Possible invalid location"
        raise TaskFailed(said) from None


def _account(region: Region, task: Task) -> ObjectAccount:
    return region.stores.get(tenant_of(task.user.number), ObjectAccount())
