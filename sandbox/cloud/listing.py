"""
Which images a list shows, and in what order.

Source: a Glance of today, measured: filters are exact, the default page is 25 and the
largest 1,000, `next` keeps only the last of two tags, and a consumer sees what it accepted
unless it asks otherwise.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from sandbox.cloud.access import owns, sees
from sandbox.cloud.errors import Refusal
from sandbox.cloud.state import Json, Region, User

DEFAULT_PAGE, LARGEST_PAGE = 25, 1000
VISIBILITIES = ("public", "private", "shared", "community", "all")
STATUSES = ("pending", "accepted", "rejected", "all")
SORT_KEYS = (
    *("name", "status", "container_format", "disk_format", "size", "id"),
    *("created_at", "updated_at"),
)
TRUTHS = ("true", "false")
WITH_OPERATORS = frozenset({"id", "name", "status", "container_format", "disk_format"})
COMPARISONS = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "eq": operator.eq,
    "neq": operator.ne,
}
_CONTROL = ("limit", "marker", "sort", "sort_key", "sort_dir", "visibility", "member_status", "tag")

Args = MultiDict[str, str]
Test = Callable[[Json], bool]


def page(region: Region, user: User, args: Args) -> Json:
    """The body of GET /v2/images."""
    most, order = limit(args), _order(args)
    tests = _tests(args)
    fitting = [i for i in _visible(region, user, args) if all(fits(i) for fits in tests)]
    images = _after(_marker(region, user, args), fitting, order)[:most]
    body: Json = {"images": images, "first": link("images", args), "schema": "/v2/schemas/images"}
    if images and len(images) == most:
        body["next"] = link("images", args, images[-1]["id"])
    return body


def limit(args: Args) -> int:
    value = args.get("limit", str(DEFAULT_PAGE))
    if not value.removeprefix("-").isdigit():
        raise Refusal(400, "limit param must be an integer")
    if int(value) < 0:
        raise Refusal(400, "limit param must be positive")
    return min(int(value), LARGEST_PAGE)


def _visible(region: Region, user: User, args: Args) -> list[Json]:
    visibility, status = args.get("visibility"), args.get("member_status", "accepted")
    if visibility and visibility not in VISIBILITIES:
        raise Refusal(400, f"Invalid visibility value: {visibility}")
    if status not in STATUSES:
        raise Refusal(400, f"Invalid status: {status}")
    return [
        image
        for image in region.images.values()
        if _asked_for(image, visibility, user) and _listed(region, image, user, status)
    ]


def _asked_for(image: Json, visibility: str | None, user: User) -> bool:
    """Community images of others are shown only on request."""
    if visibility is None:
        return image["visibility"] != "community" or owns(user, image)
    return visibility in ("all", image["visibility"])


def _listed(region: Region, image: Json, user: User, status: str) -> bool:
    """One's own `shared` images pass whatever status is asked for: it is that of members."""
    if user.operator or owns(user, image) or image["visibility"] in ("public", "community"):
        return True
    member = region.members[image["id"]].get(user.number)
    if image["visibility"] != "shared" or member is None:
        return False
    return status in ("all", member.status)


def _tests(args: Args) -> list[Test]:
    """One for each filter; a filter that makes no sense is refused even if there is no image."""
    tags = {tag.strip() for tag in args.getlist("tag")}
    filters = {"os_hidden": "false", **dict(args.items())}
    tests = [_test(key, value) for key, value in filters.items() if key not in _CONTROL]
    return [lambda image: tags <= set(image["tags"]), *tests]


def _test(key: str, wanted: str) -> Test:
    if key == "changes-since":
        raise Refusal(400, 'The "changes-since" filter is no longer available on v2.')
    if key.endswith(("_min", "_max")):
        return _range_test(key, wanted)
    if key in ("created_at", "updated_at"):
        return _time_test(key, wanted)
    if key in ("protected", "os_hidden"):
        return _truth_test(key, wanted)
    if key in WITH_OPERATORS:
        names = _alternatives(wanted)
        return lambda image: image.get(key) in names
    return lambda image: image.get(key) is not None and str(image[key]) == wanted


def _range_test(key: str, wanted: str) -> Test:
    """Images without data have no size, and fit neither end."""
    name, compare = key[:-4], operator.ge if key.endswith("_min") else operator.le
    if not wanted.removeprefix("-").isdigit():
        raise Refusal(400, "Unable to filter on a range with a non-numeric value.")
    limit = int(wanted)
    return lambda image: image.get(name) is not None and compare(image[name], limit)


def _truth_test(key: str, wanted: str) -> Test:
    if key == "os_hidden":
        wanted = wanted.lower()
    if wanted not in TRUTHS:
        said = f"Invalid value '{wanted}' for '{key}' filter."
        raise Refusal(400, f"{said} Valid values are 'true' or 'false'.")
    return lambda image: image[key] is (wanted == "true")


def _alternatives(wanted: str) -> list[str]:
    """Read what is before a colon as an operator, in names too."""
    before, colon, value = wanted.partition(":")
    if not colon:
        return [wanted]
    if before not in ("in", "eq"):
        raise Refusal(400, f"Unable to filter by unknown operator '{before}'.")
    return [each.strip('"') for each in value.split(",")] if before == "in" else [value]


def _time_test(key: str, wanted: str) -> Test:
    """A time may have an operator before it; one of its own colons is none."""
    before, _, after = wanted.partition(":")
    compare, value = (
        COMPARISONS.get(before, operator.eq),
        after if before in COMPARISONS else wanted,
    )
    try:
        limit = _moment(value)
    except ValueError:
        said = f'Bad "{key}" query filter format. Use ISO 8601 DateTime notation.'
        if before not in COMPARISONS:
            said = "Unable to filter on a unknown operator."
        raise Refusal(400, said) from None
    return lambda image: bool(compare(_moment(image[key]), limit))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _order(args: Args) -> list[tuple[str, bool]]:
    """Keys, each with whether it descends; the time of creation and the id decide ties."""
    keys, directions = _new_sort(args) if "sort" in args else _old_sort(args)
    for key in keys:
        if key not in SORT_KEYS:
            allowed = f"It must be one of the following: {', '.join(SORT_KEYS)}."
            raise Refusal(400, f"Invalid sort key: {key}. {allowed}")
    for direction in directions:
        if direction not in ("asc", "desc"):
            raise Refusal(400, f"Invalid sort direction: {direction}")
    usual = directions[0] if len(directions) == 1 else "desc"
    if len(directions) == 1:
        directions = directions * len(keys)
    ties = [(key, usual) for key in ("created_at", "id") if key not in keys]
    pairs = [*zip(keys, directions, strict=True), *ties]
    return [(key, direction == "desc") for key, direction in pairs]


def _new_sort(args: Args) -> tuple[list[str], list[str]]:
    if "sort_key" in args or "sort_dir" in args:
        raise Refusal(400, "Old and new sorting syntax cannot be combined")
    pairs = [part.partition(":")[::2] for part in args["sort"].strip().split(",")]
    return [key.strip() for key, _ in pairs], [way.strip() or "desc" for _, way in pairs]


def _old_sort(args: Args) -> tuple[list[str], list[str]]:
    keys = args.getlist("sort_key") or ["created_at"]
    directions = args.getlist("sort_dir") or ["desc"]
    if len(directions) not in (1, len(keys)):
        raise Refusal(400, "Number of sort dirs does not match the number of sort keys")
    return keys, directions


def _marker(region: Region, user: User, args: Args) -> Json | None:
    """The image to go on after. It need not fit the filters, but be seen by the account."""
    marker = args.get("marker")
    image = region.images.get(marker or "")
    if marker is not None and image is None:
        raise Refusal(400, f"No image found with ID {marker}")
    if image is not None and not sees(user, region, image):
        raise Refusal(403, f"Forbidding request, image {marker} not visible")
    return image


def _after(marker: Json | None, images: list[Json], order: list[tuple[str, bool]]) -> list[Json]:
    """The images in order, from behind the marker on."""
    if marker is None:
        return _sorted(images, order)
    ordered = _sorted([*(i for i in images if i is not marker), marker], order)
    return ordered[ordered.index(marker) + 1 :]


def _sorted(images: list[Json], order: list[tuple[str, bool]]) -> list[Json]:
    images = list(images)
    for key, descending in reversed(order):
        images.sort(key=lambda image: _sort_value(image[key]), reverse=descending)
    return images


def _sort_value(value: Any) -> tuple[bool, Any]:
    """None sorts below everything."""
    return (value is not None, value if value is not None else 0)


def link(what: str, args: Args, marker: str | None = None) -> str:
    """A path that begins with /v2 wherever the service is; of two tags the last survives."""
    params = {key: value for key, value in args.items(multi=True) if key != "marker"}
    if marker:
        params["marker"] = marker
    return f"/v2/{what}?{urlencode(params)}" if params else f"/v2/{what}"
