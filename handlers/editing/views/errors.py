"""Words for why an image is not changed as asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from handlers.editing import errors as user
from handlers.ui.blocks import code, listed, named

WORDS: Mapping[type[Exception], str | Callable[[Any], str]] = {
    user.BadField: lambda e: (
        f"{named(e.name)} cannot be {named(e.value) if e.value else 'empty'}. It takes {e.allowed}."
    ),
    user.TooLongFor: lambda e: f"A {e.what} has at most {e.most} characters. Make it shorter.",
    user.GivenTwice: lambda e: (
        f"{named(e.what)} is there twice. Say once what is to become of it. Nothing was changed."
    ),
    user.ReadOnly: lambda e: (
        f"{named(e.name)} is set by the cloud alone. Leave it out. Nothing was changed."
    ),
    user.ReservedName: lambda e: (
        f"{named(e.name)} cannot be changed: properties that begin with `{e.prefix}` are the "
        "provider's own. Take another name. Nothing was changed."
    ),
    user.NotRemovable: lambda e: (
        f"Every image has {named(e.name)}: it cannot be removed. Give it another value, "
        f"as in {code(f'{e.name}=…')}."
    ),
    user.OneTagAtATime: "Add a tag with `tag+=web` and take one away with `tag-=web`; "
    "several at once if you like.",
    user.BadLine: lambda e: f"{named(e.line)} is not `key=value`. Write a property on each line.",
    user.OwnField: lambda e: f"{named(e.name)} has a field of its own. Change it there.",
    user.NoSuchProperty: lambda e: (
        f"{named(e.image)} has no property {named(e.name)} of its own that could be removed."
        f"{_meant(e.suggestion)} Nothing was changed."
    ),
    user.NoSuchTag: lambda e: (
        f"{named(e.image)} has no tag {named(e.tag)}.{_meant(e.suggestion)} Nothing was changed."
    ),
    user.NotChangeable: lambda e: (
        f"The cloud does not let you change {listed([named(name) for name in e.names])}: "
        f"{named(e.said, 300)}. Leave it out. Nothing was changed."
    ),
    user.TooLateToUndo: "An Undo works once and for 10 minutes, and this one no longer does. "
    "Nothing was changed. Change the image back with `/images update`.",
    user.MovedSince: lambda e: (
        f"{named(e.name)} was changed again since, and undoing would undo that too. Nothing was "
        f"changed. Look with {code(f'/images show {e.image_id}')}, then use `/images update`."
    ),
    user.NotOffered: lambda e: (
        f"This cloud does not let its users {e.doing} images. Nothing was changed."
    ),
    user.StandardImage: lambda e: (
        f"{named(e.name)} is a standard image: only the provider may {e.doing} it. Nothing was "
        "changed. Build a server from it, and make an image of your own of that."
    ),
    user.WrongStatus: lambda e: (
        f"{named(e.name)} is {e.status}: only an active image can be deactivated, and only a "
        f"deactivated one reactivated. Nothing was changed."
    ),
    user.InUse: lambda e: (
        f"The cloud does not delete {named(e.name)} while something needs it: "
        f"{named(e.said, 300)}. Nothing was changed."
    ),
}


def _meant(suggestion: str | None) -> str:
    return f" Did you mean {named(suggestion)}?" if suggestion else ""
