"""Which operation answers which address."""

from __future__ import annotations

from werkzeug.routing import Map, Rule

from sandbox.cloud import image_data, images, imports, members, tasks

_IMAGE = "/images/<image_id>"
_MEMBER = f"{_IMAGE}/members/<account>"
_OPERATIONS = (
    ("/images", "GET", images.list_images),
    ("/images", "POST", images.create_image),
    (_IMAGE, "GET", images.get_image),
    (_IMAGE, "PATCH", images.update_image),
    (_IMAGE, "DELETE", images.delete_image),
    (f"{_IMAGE}/file", "PUT", image_data.upload),
    (f"{_IMAGE}/file", "GET", image_data.download),
    (f"{_IMAGE}/import", "POST", imports.import_image),
    (f"{_IMAGE}/tasks", "GET", imports.tasks_of_image),
    ("/info/import", "GET", imports.import_info),
    ("/tasks", "GET", tasks.list_tasks),
    ("/tasks", "POST", tasks.create_task),
    ("/tasks/<task_id>", "GET", tasks.get_task),
    ("/tasks/<task_id>", "DELETE", tasks.delete_task),
    (f"{_IMAGE}/tags/<tag>", "PUT", images.add_tag),
    (f"{_IMAGE}/tags/<tag>", "DELETE", images.remove_tag),
    (f"{_IMAGE}/actions/deactivate", "POST", images.deactivate),
    (f"{_IMAGE}/actions/reactivate", "POST", images.reactivate),
    (f"{_IMAGE}/members", "GET", members.list_members),
    (f"{_IMAGE}/members", "POST", members.add_member),
    (_MEMBER, "GET", members.get_member),
    (_MEMBER, "PUT", members.update_member),
    (_MEMBER, "DELETE", members.delete_member),
    ("/schemas/<name>", "GET", images.show_schema),
)
IMAGES = Map(
    [Rule(path, endpoint=answer, methods=[method]) for path, method, answer in _OPERATIONS],
    merge_slashes=False,
)
"""Below a region's address and version. Each endpoint takes a Call and the path's names."""

IDENTITY = Map(
    [
        Rule("/", endpoint="versions"),
        Rule("/v3", endpoint="version_v3", strict_slashes=False),
        Rule("/v2.0", endpoint="version_v2", strict_slashes=False),
        Rule("/v2.0/tokens", endpoint="log_in_v2", methods=["POST"]),
        Rule("/v2.0/tokens", endpoint="revoke", methods=["DELETE"]),
        Rule("/v3/auth/tokens", endpoint="log_in_v3", methods=["POST"]),
        Rule("/v3/auth/tokens", endpoint="revoke", methods=["DELETE"]),
        Rule("/v3/auth/projects", endpoint="projects"),
    ]
)
"""Each endpoint is a method of Identity."""
