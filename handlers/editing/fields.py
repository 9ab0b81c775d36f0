"""The fields of an image that may be changed, and what each may hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cloud.models import CORE_PROPERTIES, Image
from handlers.core.errors import Usage
from handlers.core.names import check_plane
from handlers.core.numbers import whole
from handlers.editing.errors import (
    BadField,
    NotRemovable,
    OneTagAtATime,
    ReadOnly,
    ReservedName,
    TooLongFor,
)

UPDATE = 'update IMAGE [key=value … -key tag+=T tag-=T] [because "…"]'
MAX_LENGTH = 255
"""Characters of a name, of a tag and of a property's name. Source: Glance's schema of an image."""
MAX_INTEGER = 2**31 - 1
"""What the cloud's database holds as a whole number."""
RESERVED = ("com.rackspace", "os_glance_")
"""How names begin that the cloud keeps to itself."""
DISCOURAGED = "org.openstack"
"""How names begin that are not meant for us. Source: concepts.rst, "HTTP PATCH method"."""
WRITABLE = frozenset(
    {
        *("name", "protected", "min_disk", "min_ram", "visibility", "os_hidden"),
        *("disk_format", "container_format"),
    }
)
"""Those of the API's own fields that may be set, tags apart; the formats while there is no data."""
READ_ONLY = (CORE_PROPERTIES - WRITABLE - {"tags"}) | {"location", "deleted", "deleted_at"}
Value = str | int | bool


def current_value(image: Image, name: str) -> Any:
    """Return an image's value of a field, or None. The API leaves out some zeros and noes."""
    unset = {"name": "", "min_disk": 0, "min_ram": 0, "protected": False, "os_hidden": False}
    found = image.raw.get(name)
    return unset.get(name) if found is None else found


def value(name: str, text: str) -> Value:
    """
    A property's new value, from what was typed.

    Raises:
        ReadOnly, ReservedName: nobody may set it.

        OneTagAtATime: it is the tags, which are not set at once.

        BadField, TooLongFor, BeyondPlane: it cannot hold that.
    """
    _check_settable(name)
    _unmarked("property's name", name)
    check_plane(f"{name}{text}")
    return _READERS.get(name, _text)(name, text)


def removal(name: str) -> str:
    """
    The name of a property that is to go.

    Raises:
        ReadOnly, ReservedName, OneTagAtATime: as `value`.

        NotRemovable: it belongs to every image.
    """
    _check_settable(name)
    if name in CORE_PROPERTIES:
        raise NotRemovable(name)
    return name


def tag(text: str) -> str:
    """
    A tag, from what was typed.

    Raises:
        BadField, TooLongFor: it is no valid tag.
    """
    name = text.strip()
    if not name:
        raise BadField("tag", name, "a word")
    if len(name) > MAX_LENGTH:
        raise TooLongFor("tag", MAX_LENGTH)
    return name


def new_tag(text: str) -> str:
    """
    A tag to be added, from what was typed.

    Raises:
        BadField, TooLongFor, BeyondPlane: it is no valid tag, or has marks of Slack's in it.
    """
    name = tag(text)
    _unmarked("tag", name)
    check_plane(name)
    return name


def _unmarked(what: str, name: str) -> None:
    """Slack shows names between backticks: one within a name was copied along with it."""
    if "`" in name:
        raise BadField(what, name, "a name without backticks")


def _check_settable(name: str) -> None:
    if name in ("tag", "tags", "tag+", "tag-", "tags+", "tags-"):
        raise OneTagAtATime
    if name in READ_ONLY:
        raise ReadOnly(name)
    if name.startswith(RESERVED):
        raise ReservedName(name, next(each for each in RESERVED if name.startswith(each)))
    if not name:
        raise Usage(UPDATE)
    if len(name) > MAX_LENGTH:
        raise TooLongFor("property's name", MAX_LENGTH)


def _text(_: str, text: str) -> str:
    return text


def _short_text(name: str, text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise TooLongFor(name, MAX_LENGTH)
    return text


def _whole_number(name: str, text: str) -> int:
    number = whole(text.strip())
    if number is None or number > MAX_INTEGER:
        unit = "GB" if name == "min_disk" else "MB"
        raise BadField(name, text, f"a whole number of {unit}, 0 or more")
    return number


def _yes_or_no(name: str, text: str) -> bool:
    match text.strip().casefold():
        case "yes" | "true" | "on" | "1":
            return True
        case "no" | "false" | "off" | "0":
            return False
    raise BadField(name, text, "`yes` or `no`")


def _visibility(name: str, text: str) -> str:
    word = text.strip().casefold()
    if word not in ("private", "shared", "community", "public"):
        raise BadField(name, text, "`private`, `shared` or `community`")
    return word


_READERS: Mapping[str, Callable[[str, str], Value]] = {
    "name": _short_text,
    "min_disk": _whole_number,
    "min_ram": _whole_number,
    "protected": _yes_or_no,
    "os_hidden": _yes_or_no,
    "visibility": _visibility,
}
