"""
Which images a list shows, and in what order.

Source: a Glance of today, measured: filters are exact, the default page is 25 and the
largest 1,000, `next` keeps only the last of two tags, and a consumer sees what it accepted
unless it asks otherwise.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from sandbox.cloud.errors import Refusal
from sandbox.cloud.state import Json, Region

DEFAULT_PAGE, LARGEST_PAGE = 25, 1000
VISIBILITIES = ("public", "private", "shared", "community", "all")
STATUSES = ("pending", "accepted", "rejected", "all")
SORT_KEYS = (
    *("name", "status", "container_format", "disk_format", "size", "id"),
    *("created_at", "updated_at"),
)
_CONTROL = ("limit", "marker", "sort", "sort_key", "sort_dir", "visibility", "member_status", "tag")

Args = MultiDict[str, str]


def page(region: Region, account: str, args: Args) -> Json:
    """The body of GET /v2/images."""
    limit = _limit(args)
    fitting = _sorted([i for i in _visible(region, account, args) if _fits(i, args)], args)
    start = _after(fitting, args.get("marker"))
    images = fitting[start : start + limit]
    body: Json = {
        "images": images,
        "first": _link(args, None),
        "schema": "/v2/schemas/images",
    }
    if images and len(images) == limit:
        body["next"] = _link(args, images[-1]["id"])
    return body


def _limit(args: Args) -> int:
    value = args.get("limit", str(DEFAULT_PAGE))
    if not value.lstrip("-").isdigit():
        raise Refusal(400, "limit param must be an integer")
    if int(value) < 0:
        raise Refusal(400, "limit param must be positive")
    return min(int(value), LARGEST_PAGE)


def _visible(region: Region, account: str, args: Args) -> list[Json]:
    visibility, status = args.get("visibility"), args.get("member_status", "accepted")
    if visibility is not None and visibility not in VISIBILITIES:
        raise Refusal(400, f"Invalid visibility value: {visibility}")
    if status not in STATUSES:
        raise Refusal(400, f"Invalid status: {status}")
    return [
        image
        for image in region.images.values()
        if _listed(region, image, account, status)
        and visibility in (None, "all", image["visibility"])
        and (
            visibility == "community" or image["visibility"] != "community" or _owns(image, account)
        )
    ]


def _listed(region: Region, image: Json, account: str, status: str) -> bool:
    if _owns(image, account) or image["visibility"] in ("public", "community"):
        return True
    member = region.members[image["id"]].get(account)
    return (
        image["visibility"] == "shared" and member is not None and status in ("all", member.status)
    )


def _owns(image: Json, account: str) -> bool:
    return bool(image["owner"] == account)


def _fits(image: Json, args: Args) -> bool:
    if not set(args.getlist("tag")) <= set(image["tags"]):
        return False
    return all(_matches(image, key, value) for key, value in args.items() if key not in _CONTROL)


def _matches(image: Json, key: str, wanted: str) -> bool:
    if key in ("size_min", "size_max"):
        size = image["size"] or 0
        return size >= int(wanted) if key == "size_min" else size <= int(wanted)
    have = image.get(key)
    if key in ("created_at", "updated_at"):
        return _compared(str(have), wanted)
    if wanted.startswith("in:"):
        return str(have) in wanted.removeprefix("in:").split(",")
    if isinstance(have, bool):
        return str(have).lower() == wanted.lower()
    return have is not None and str(have) == wanted


def _compared(have: str, wanted: str) -> bool:
    operator, _, value = wanted.partition(":")
    try:
        left, right = datetime.fromisoformat(have), datetime.fromisoformat(value)
    except ValueError:
        raise Refusal(400, "Unable to filter on a unknown operator.") from None
    results = {
        "gt": left > right,
        "gte": left >= right,
        "lt": left < right,
        "lte": left <= right,
        "eq": left == right,
        "neq": left != right,
    }
    if operator not in results:
        raise Refusal(400, "Unable to filter on a unknown operator.")
    return results[operator]


def _sorted(images: list[Json], args: Args) -> list[Json]:
    images = sorted(images, key=lambda image: image["id"], reverse=True)
    for key, descending in reversed(_order(args)):
        images.sort(key=lambda image: _sort_value(image[key]), reverse=descending)
    return images


def _order(args: Args) -> list[tuple[str, bool]]:
    if "sort" in args and ("sort_key" in args or "sort_dir" in args):
        raise Refusal(400, "Old and new sorting syntax cannot be combined")
    if "sort" in args:
        pairs = [part.partition(":")[::2] for part in args["sort"].split(",")]
        order = [(key.strip(), (direction or "desc") == "desc") for key, direction in pairs]
    else:
        descending = args.get("sort_dir", "desc") == "desc"
        order = [(key, descending) for key in args.getlist("sort_key") or ["created_at"]]
    for key, _ in order:
        if key not in SORT_KEYS:
            allowed = ", ".join(SORT_KEYS)
            raise Refusal(
                400, f"Invalid sort key: {key}. It must be one of the following: {allowed}."
            )
    return order


def _sort_value(value: Any) -> tuple[bool, Any]:
    """None sorts below everything."""
    return (value is not None, value if value is not None else 0)


def _after(images: list[Json], marker: str | None) -> int:
    if marker is None:
        return 0
    for index, image in enumerate(images):
        if image["id"] == marker:
            return index + 1
    raise Refusal(400, f"No image found with ID {marker}")


def _link(args: Args, marker: str | None) -> str:
    """A path that begins with /v2 wherever the service is; of two tags the last survives."""
    params = {key: value for key, value in args.items(multi=True) if key != "marker"}
    if marker:
        params["marker"] = marker
    return f"/v2/images?{urlencode(params)}" if params else "/v2/images"
