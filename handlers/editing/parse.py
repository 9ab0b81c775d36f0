"""Parse the changes to an image, as people write them in a command or a form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cloud.models import Image
from cloud.patch import Changes
from handlers.core.errors import Usage
from handlers.core.suggestions import closest
from handlers.editing.errors import GivenTwice, NoSuchProperty, NoSuchTag
from handlers.editing.fields import (
    DISCOURAGED,
    UPDATE,
    Value,
    current_value,
    new_tag,
    removal,
    tag,
    value,
)

_TAG = re.compile(r"tags?([+-])=(.*)", re.DOTALL)
_REMOVAL = re.compile(r"-([^=]+)", re.DOTALL)
_SETTING = re.compile(r"([^-=][^=]*)=(.*)", re.DOTALL)


@dataclass(frozen=True)
class RequestedChanges:
    """What is to be changed, read and checked, but not yet compared with the image."""

    values: Mapping[str, Value] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    """Tags to add."""
    untags: tuple[str, ...] = ()
    """Tags to remove."""

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
