"""Show the facts of an operation: a summary on cards and lists, all of them in its details."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers.core.facts import Change, Difference, Facts, ShownImage
from handlers.core.mentions import mentions
from handlers.ui.blocks import code, counted, exact_size, named, size, typed
from handlers.ui.operation_words import parties, party

SHOWN = 12
"""Changes in a list; the others are in the details."""
MAX_SHOWN_VALUE = 60
"""Characters shown of a value in a list."""
MAX_VALUE = 500
"""Characters shown of a value in the details."""


def gist(facts: Facts) -> Sequence[str]:
    """Which image, who gains or loses access, and what changes: a line each."""
    return [*([_image(facts.image)] if facts.image else []), *effects(facts)]


def effects(facts: Facts) -> Sequence[str]:
    """Who gains or loses access, and the first changes, before and after: a line each."""
    left = len(facts.changes) - SHOWN
    return [
        *([f"Gain access: {parties(facts.gains)}"] if facts.gains else []),
        *([f"Lose access: {parties(facts.loses)}"] if facts.loses else []),
        *(_change(each, MAX_SHOWN_VALUE) for each in facts.changes[:SHOWN]),
        *([f"…and {counted(left, 'more change')}"] if left > 0 else []),
        *(f"{name}: {named(value, MAX_SHOWN_VALUE)}" for name, value in facts.details),
    ]


def details(facts: Facts) -> Sequence[str]:
    """All of it, whole."""
    return list(_details(facts))


def difference(found: Difference) -> str:
    """What is not as it was shown."""
    before, now = (_value(each, MAX_SHOWN_VALUE) for each in (found.shown, found.now))
    return f"{named(found.name)} was {before} and is now {now}"


def bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)


def _image(image: ShownImage) -> str:
    known = (named(image.name or image.id), code(image.id[:8]), image.region, size(image.size))
    return f"Image: {' · '.join(known)}"


def _details(facts: Facts) -> Iterator[str]:
    if image := facts.image:
        yield f"Image: {named(image.name or image.id)}"
        yield f"Id: {code(image.id)}"
        yield f"Region: {image.region}"
        yield f"Size: {exact_size(image.size)}"
        yield f"Checksum: {code(image.checksum) if image.checksum else 'none'}"
    yield from (f"Gains access: {party(each)}" for each in facts.gains)
    yield from (f"Loses access: {party(each)}" for each in facts.loses)
    yield from (_change(each, MAX_VALUE) for each in facts.changes)
    yield from (f"{name}: {named(value, MAX_VALUE)}" for name, value in facts.details)


def _change(change: Change, limit: int) -> str:
    before, after = (_value(each, limit) for each in (change.before, change.after))
    return f"{typed(change.name)}: {before} → {after}"


def _value(text: str, limit: int) -> str:
    if mentions(text):
        return text
    return named(text, limit) if text else "none"
