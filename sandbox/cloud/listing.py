"""
Which images a list shows, and in what order.

Source: a Glance of today, measured: filters are exact, the default page is 25 and the
largest 1,000, `next` keeps only the last of two tags, and a consumer sees what it accepted
unless it asks otherwise.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
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
WITH_OPERATORS = frozenset({"id", "name", "status", "container_format", "disk_format"})
COMPARISONS = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "eq": operator.eq,
    "neq": operator.ne,
}

Args = MultiDict[str, str]
Test = Callable[[Json], bool]


def page(region: Region, account: str, args: Args) -> Json:
    """The body of GET /v2/images."""
    limit = _limit(args)
    tests = _tests(args)
    visible = _visible(region, account, args)
    fitting = _sorted([image for image in visible if all(fits(image) for fits in tests)], args)
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


def _tests(args: Args) -> list[Test]:
    """One for each filter; a filter that makes no sense is refused even if there is no image."""
    tags = set(args.getlist("tag"))
    filters = [_test(key, value) for key, value in args.items() if key not in _CONTROL]
    return [lambda image: tags <= set(image["tags"]), *filters]


def _test(key: str, wanted: str) -> Test:
    if key in ("size_min", "size_max"):
        return _size_test(key, wanted)
    if key in ("created_at", "updated_at"):
        return _time_test(key, wanted)
    if key in WITH_OPERATORS:
        names = _alternatives(wanted)
        return lambda image: image.get(key) in names
    return lambda image: key in image and _written(image[key]) == wanted


def _size_test(key: str, wanted: str) -> Test:
    """Images without data have no size, and fit neither."""
    if not wanted.removeprefix("-").isdigit():
        raise Refusal(400, f"Invalid value '{wanted}' for parameter '{key}'.")
    low, high = (int(wanted), None) if key == "size_min" else (0, int(wanted))
    return lambda image: (
        image["size"] is not None
        and image["size"] >= low
        and (high is None or image["size"] <= high)
    )


def _alternatives(wanted: str) -> list[str]:
    """Whatever stands before a colon is taken for an operator, in names too."""
    before, colon, value = wanted.partition(":")
    if not colon:
        return [wanted]
    if before not in ("in", "eq"):
        raise Refusal(400, f"Unable to filter by unknown operator '{before}'.")
    return value.split(",") if before == "in" else [value]


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _time_test(key: str, wanted: str) -> Test:
    before, _, value = wanted.partition(":")
    try:
        limit = datetime.fromisoformat(value)
        compare = COMPARISONS[before]
    except (KeyError, ValueError):
        raise Refusal(400, "Unable to filter on a unknown operator.") from None
    return lambda image: bool(compare(datetime.fromisoformat(image[key]), limit))


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
