"""Which operation answers which address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from sandbox.cloud import image_data, images, imports, members, metadef_items, metadefs, tasks
from sandbox.cloud.answers import as_json
from sandbox.cloud.errors import Refusal

_IMAGE = "/images/<image_id>"
_MEMBER = f"{_IMAGE}/members/<account>"
_NAMESPACE = "/metadefs/namespaces/<namespace>"
_OPERATIONS = (
    ("/images", "GET", images.list_images),
    ("/images", "POST", images.create_image),
    (_IMAGE, "GET", images.get_image),
    (_IMAGE, "PATCH", images.update_image),
    (_IMAGE, "DELETE", images.delete_image),
    (f"{_IMAGE}/file", "PUT", image_data.upload),
    (f"{_IMAGE}/file", "GET", image_data.download),
    (f"{_IMAGE}/stage", "PUT", image_data.stage),
    (f"{_IMAGE}/import", "POST", imports.import_image),
    (f"{_IMAGE}/tasks", "GET", imports.tasks_of_image),
    ("/info/import", "GET", imports.import_info),
    ("/info/stores", "GET", imports.stores_info),
    ("/info/usage", "GET", imports.usage_info),
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
    ("/schemas/<path:name>", "GET", images.show_schema),
    ("/metadefs/resource_types", "GET", metadefs.list_resource_types),
    ("/metadefs/namespaces", "GET", metadefs.list_namespaces),
    ("/metadefs/namespaces", "POST", metadefs.create_namespace),
    (_NAMESPACE, "GET", metadefs.get_namespace),
    (_NAMESPACE, "PUT", metadefs.update_namespace),
    (_NAMESPACE, "DELETE", metadefs.delete_namespace),
    (f"{_NAMESPACE}/resource_types", "GET", metadefs.list_associations),
    (f"{_NAMESPACE}/resource_types", "POST", metadefs.associate),
    (f"{_NAMESPACE}/resource_types/<name>", "DELETE", metadefs.dissociate),
    (f"{_NAMESPACE}/<plural>", "GET", metadef_items.list_items),
    (f"{_NAMESPACE}/<plural>", "POST", metadef_items.create_item),
    (f"{_NAMESPACE}/<plural>", "DELETE", metadef_items.delete_items),
    (f"{_NAMESPACE}/<plural>/<name>", "GET", metadef_items.get_item),
    (f"{_NAMESPACE}/<plural>/<name>", "PUT", metadef_items.update_item),
    (f"{_NAMESPACE}/<plural>/<name>", "DELETE", metadef_items.delete_item),
    (f"{_NAMESPACE}/tags/<name>", "POST", metadef_items.put_tag),
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
        Rule("/v3/auth/tokens", endpoint="show_token", methods=["GET"]),
        Rule("/v3/auth/catalog", endpoint="show_catalog"),
        Rule("/v3/auth/projects", endpoint="records.own_projects"),
        Rule("/v3/projects", endpoint="records.projects"),
        Rule("/v3/projects/<project_id>", endpoint="records.project"),
        Rule("/v3/users", endpoint="records.users"),
        Rule("/v3/users/<user_id>", endpoint="records.user"),
        Rule("/v3/users/<user_id>/projects", endpoint="records.projects_of_user"),
        Rule("/v3/domains/<domain_id>", endpoint="records.domain"),
    ]
)
"""Each endpoint names a method of Identity. It takes the request and the path's names."""


MINORS = (15, 13, 12, 11, 10, 9, 8, 17, 7, 6, 5, 4, 3, 2, 1, 0)
"""Of version 2, as a Glance of today lists them."""


def split(path: str) -> tuple[str, str, str]:
    """
    Region, version and path of an address of an Images API.

    Some catalogs add the account's number to the version, and it says nothing.
    """
    region, _, rest = path.removeprefix("/").partition("/")
    version, _, rest = rest.partition("/")
    number, slash, below = rest.partition("/")
    return region, version, f"/{below}" if slash and number.isdigit() else f"/{rest}"


def operation_of(method: str, path: str) -> tuple[Callable[..., Response], Mapping[str, str]]:
    """
    Raises:
        Refusal: 404, or 405, as Glance says them.
    """
    try:
        operation, values = IMAGES.bind("").match(path, "DELETE" if method == "HEAD" else method)
    except MethodNotAllowed as error:
        raise _wrong_method(method, error.valid_methods) from None
    except NotFound:
        raise Refusal(404, "The resource could not be found.") from None
    if method == "HEAD":
        raise _wrong_method(method, None)
    return operation, values


def _wrong_method(method: str, valid: Iterable[str] | None) -> Refusal:
    allowed = {"Allow": ", ".join(sorted(set(valid or ()) - {"HEAD"}))}
    return Refusal(405, f"The method {method} is not allowed for this resource. ", "", allowed)


def versions(request: Request) -> Response:
    """What a client that knows only the service's address asks for."""
    link = {"rel": "self", "href": f"{request.root_url}{split(request.path)[0]}/v2/"}
    status = {17: "CURRENT"}
    versions = [
        {"id": f"v2.{n}", "status": status.get(n, "SUPPORTED"), "links": [link]} for n in MINORS
    ]
    return as_json({"versions": versions}, 200 if request.path.endswith("/versions") else 300)
