"""Which fields of an image may be changed, and how people write that: in a command, or a form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cloud.models import CORE_PROPERTIES, Image
from cloud.patch import Changes
from handlers.core.errors import Usage
from handlers.core.numbers import whole
from handlers.core.suggestions import closest
from handlers.editing.errors import (
    BadField,
    GivenTwice,
    NoSuchProperty,
    NoSuchTag,
    NotRemovable,
    OneTagAtATime,
    ReadOnly,
    ReservedName,
    TooLongFor,
)

UPDATE = "update IMAGE [key=value … -key tag+=T tag-=T]"

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

_TAG = re.compile(r"tags?([+-])=(.*)", re.DOTALL)
_REMOVAL = re.compile(r"-([^=]+)", re.DOTALL)
_SETTING = re.compile(r"([^-=][^=]*)=(.*)", re.DOTALL)

Value = str | int | bool


@dataclass(frozen=True)
class RequestedChanges:
    """What is to be changed, read and checked, but not yet compared with the image."""

    values: Mapping[str, Value] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    """To be added."""
    untags: tuple[str, ...] = ()
    """To be taken away."""

    def __bool__(self) -> bool:
        return bool(self.values or self.removed or self.tags or self.untags)

    def __or__(self, other: RequestedChanges) -> RequestedChanges:
        return RequestedChanges(
            {**self.values, **other.values},
            self.removed | other.removed,
            self.tags + other.tags,
            self.untags + other.untags,
        )

    @property
    def discouraged(self) -> Sequence[str]:
        return sorted(name for name in self.values if name.startswith(DISCOURAGED))


def parse_words(words: Iterable[str]) -> RequestedChanges:
    """
    Parse `key=value`, `-key`, `tag+=T` and `tag-=T`, as in `/images update`.

    Raises:
        Usage: a word is none of these.

        GivenTwice: two of them change the same property or tag.

        UserError: as `value` and `removal` raise.
    """
    requested, seen = RequestedChanges(), set[str]()
    for word in words:
        subject, one = _parse_word(word)
        if subject in seen:
            raise GivenTwice(subject)
        seen.add(subject)
        requested |= one
    return requested


def _parse_word(word: str) -> tuple[str, RequestedChanges]:
    """Return what the word changes, for finding duplicates, and the change."""
    if found := _TAG.fullmatch(word):
        if found[1] == "+":
            name = new_tag(found[2])
            return f"tag {name}", RequestedChanges(tags=(name,))
        name = tag(found[2])
        return f"tag {name}", RequestedChanges(untags=(name,))
    if found := _REMOVAL.fullmatch(word):
        name = removal(found[1].strip())
        return name, RequestedChanges(removed=frozenset({name}))
    if found := _SETTING.fullmatch(word):
        name = found[1].strip()
        return name, RequestedChanges({name: value(name, found[2])})
    raise Usage(UPDATE)


def check_removals(requested: RequestedChanges, image: Image) -> None:
    """
    Refuse to remove what the image does not have: it is a misspelling.

    Raises:
        NoSuchProperty, NoSuchTag: the image has not what is to be removed.
    """
    called = image.name or image.id
    for name in sorted(requested.removed - image.raw.keys()):
        raise NoSuchProperty(name, called, closest(name, sorted(image.properties)))
    for name in requested.untags:
        if name not in image.tags:
            raise NoSuchTag(name, called, closest(name, image.tags))


def differences(requested: RequestedChanges, image: Image) -> Changes:
    """Return the requested changes that differ from what the image has."""
    values: dict[str, Any] = {
        name: value
        for name, value in requested.values.items()
        if current_value(image, name) != value
    }
    tags = [each for each in image.tags if each not in requested.untags]
    tags += [each for each in requested.tags if each not in tags]
    if set(tags) != set(image.tags):
        values["tags"] = tags
    return Changes(values, requested.removed & image.raw.keys())


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

        BadField, TooLongFor: it cannot hold that.
    """
    _check_settable(name)
    _unmarked("property's name", name)
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
        BadField, TooLongFor: it is none.
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
        BadField, TooLongFor: it is none, or has marks of Slack's in it.
    """
    name = tag(text)
    _unmarked("tag", name)
    return name


def _unmarked(what: str, name: str) -> None:
    """Slack shows names between backticks: one within a name was copied along with it."""
    if "`" in name:
        raise BadField(what, name, "no backtick")


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
