"""
The fields of the form that edits an image: what each shows, and what was typed.

What is typed is compared with what was shown, not with the image: only what the person has
changed is sent, whatever others have changed since.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cloud.models import Image, Visibility
from handlers.core.errors import UserError
from handlers.editing.errors import BadLine, GivenTwice, OwnField
from handlers.editing.fields import RESERVED, WRITABLE, Value, new_tag, tag, value
from handlers.editing.parse import RequestedChanges

OWN_FIELDS = ("name", "os_distro", "os_version", "min_disk", "min_ram", "protected", "visibility")
TAGS, METADATA = "tags", "metadata"
ORDER = ("name", TAGS, *OWN_FIELDS[1:], METADATA)
REMOVABLE = ("os_distro", "os_version")
"""Optional fields: emptied, they are removed."""

MAX_TEXT = 3000
"""Characters that Slack takes in a text field."""

FieldTexts = Mapping[str, str]
"""What the fields show or hold, by name; one that is not there was not shown."""


@dataclass(frozen=True)
class FormContent:
    """What a form shows of an image."""

    texts: FieldTexts
    left_out: tuple[str, ...] = ()
    """What no field can show: too long, or not to be written on a line."""


def form_content(image: Image, max_json: int) -> FormContent:
    """
    What the fields show of an image.

    Args:
        room: characters that the texts may take together, as JSON, for the form remembers them.
    """
    texts: dict[str, str] = {METADATA: ""}
    left_out: list[str] = []
    for name, text in _plain_texts(image):
        if text is not None and _fits({**texts, name: text}, max_json):
            texts[name] = text
        else:
            left_out.append(name)
    for name, held in sorted(_metadata_of(image).items()):
        text = _lines([*texts[METADATA].splitlines(), f"{name}={held}"])
        if _fits_a_line(name, held) and _fits({**texts, METADATA: text}, max_json):
            texts[METADATA] = text
        else:
            left_out.append(name)
    return FormContent({name: texts[name] for name in ORDER if name in texts}, tuple(left_out))


def diff(before: FieldTexts, typed: FieldTexts) -> tuple[RequestedChanges, Mapping[str, UserError]]:
    """The changes made in the fields, and why some cannot be read."""
    requested, errors = RequestedChanges(), dict[str, UserError]()
    for name, text in before.items():
        try:
            requested |= _READERS.get(name, _plain)(name, text.strip(), typed.get(name, "").strip())
        except UserError as error:
            errors[name] = error
    return requested, errors


def with_changes(texts: FieldTexts, requested: RequestedChanges) -> FieldTexts:
    """Return the fields as they would be if *requested* had been typed into them."""
    fields = {name: _to_text(requested.values.get(name, text)) for name, text in texts.items()}
    for name in requested.removed & fields.keys():
        fields[name] = ""
    if TAGS in texts:
        kept = [each for each in texts[TAGS].splitlines() if each not in requested.untags]
        fields[TAGS] = _lines(dict.fromkeys([*kept, *requested.tags]))
    metadata = dict(parse_metadata(texts[METADATA]))
    metadata |= {n: _to_text(v) for n, v in requested.values.items() if n not in OWN_FIELDS}
    fields[METADATA] = _lines(f"{n}={v}" for n, v in metadata.items() if n not in requested.removed)
    return fields


def parse_metadata(text: str) -> list[tuple[str, str]]:
    """
    Parse metadata as it is typed, `key=value` on each line.

    Raises:
        BadLine: a line is not.

        GivenTwice: a key is on two lines.
    """
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, equals, held = line.partition("=")
        if not equals or not name.strip():
            raise BadLine(line)
        if name.strip() in found:
            raise GivenTwice(name.strip())
        found[name.strip()] = held.strip()
    return list(found.items())


def _plain(name: str, before: str, text: str) -> RequestedChanges:
    if text == before:
        return RequestedChanges()
    if not text and name in REMOVABLE:
        return RequestedChanges(removed=frozenset({name}))
    return RequestedChanges({name: value(name, text)})


def _tags(_: str, before: str, text: str) -> RequestedChanges:
    had = before.splitlines()
    now = list(dict.fromkeys(tag(line) for line in text.splitlines() if line.strip()))
    return RequestedChanges(
        tags=tuple(new_tag(each) for each in now if each not in had),
        untags=tuple(each for each in had if each not in now),
    )


def _metadata(_: str, before: str, text: str) -> RequestedChanges:
    had, now = dict(parse_metadata(before)), dict(parse_metadata(text))
    for name in now:
        if name in OWN_FIELDS:
            raise OwnField(name)
    new = {name: value(name, held) for name, held in now.items() if had.get(name) != held}
    return RequestedChanges(new, frozenset(had.keys() - now.keys()))


_READERS: Mapping[str, Callable[[str, str, str], RequestedChanges]] = {
    TAGS: _tags,
    METADATA: _metadata,
}


def _plain_texts(image: Image) -> Iterable[tuple[str, str | None]]:
    """Each field but the metadata; None where its text would not come back as it was."""
    for name in ORDER[:-1]:
        if name == TAGS:
            whole = all(each == each.strip() and _one_line(each) for each in image.tags)
            yield name, _lines(sorted(image.tags)) if whole else None
        elif name != "visibility" or _may_choose_visibility(image):
            held = image.raw.get(name)
            text = _to_text("" if held is None else held)
            yield (
                name,
                text if text == text.strip() and not (text and not _one_line(text)) else None,
            )


def _may_choose_visibility(image: Image) -> bool:
    """
    Whether the cloud knows more visibilities than public and private, and lets owners choose.

    Shared images came to Glance with version 2.5 of its API, hidden ones with 2.7.
    """
    if image.visibility == Visibility.PUBLIC:
        return False
    return image.visibility != Visibility.PRIVATE or "os_hidden" in image.raw


def _metadata_of(image: Image) -> Mapping[str, Any]:
    """As the cloud holds them: what is no text would not come back from a line as it was."""
    return {
        name: image.raw[name]
        for name in image.properties
        if name not in OWN_FIELDS and not name.startswith(RESERVED)
    }


def _fits_a_line(name: str, held: Any) -> bool:
    if not isinstance(held, str) or name in WRITABLE:
        return False
    try:
        return parse_metadata(f"{name}={held}") == [(name, held)]
    except UserError:
        return False


def _one_line(text: str) -> bool:
    return len(text.splitlines()) == 1


def _to_text(held: Value) -> str:
    if isinstance(held, bool):
        return "yes" if held else "no"
    return str(held)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _fits(texts: FieldTexts, max_json: int) -> bool:
    whole = len(json.dumps(texts, ensure_ascii=False, separators=(",", ":")))
    return whole <= max_json and all(len(text) <= MAX_TEXT for text in texts.values())
