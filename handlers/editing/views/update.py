"""The form that changes an image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cloud.models import Image
from handlers.core.button_values import number, pack, unpack
from handlers.core.errors import BadButton
from handlers.core.numbers import whole
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Modal, Option
from handlers.editing import form_values
from handlers.editing.fields import MAX_LENGTH
from handlers.editing.form_values import METADATA, TAGS, FieldTexts, FormContent
from handlers.editing.parse import RequestedChanges
from handlers.editing.views.result import MAX_SHOWN_VALUE, SHOWN
from handlers.ui.alerts import Level, alert
from handlers.ui.blocks import code, command, context, listed, named, section
from handlers.ui.form_fields import number_input, radio, reason, select, text_input
from handlers.ui.labels import account_label, image_label
from storage import Account

FORM = "updates.form"

MAX_VALUE = 3000
"""Characters Slack takes as a form's value."""
_YES_NO = (Option("No", "no"), Option("Yes: it can't be deleted", "yes"))
_VISIBILITIES = (
    Option("Private: your account only", "private"),
    Option("Shared: accounts that you share it with, too", "shared"),
    Option("Community: every account in this cloud", "community"),
)


@dataclass(frozen=True)
class Form:
    """The value of the form: what it showed of which image, and when that was changed last."""

    place: ImageRef
    updated_at: str
    """As in the API."""
    redraws: int
    """How often it was redrawn. Slack keeps what was typed in a field of the same name."""
    texts: FieldTexts

    @classmethod
    def read(cls, value: str) -> Form:
        account_id, region, image_id, updated_at, redraws, *texts = unpack(value, 5)
        if len(texts) % 2:
            raise BadButton
        place = ImageRef(account_id, region, image_id)
        return cls(
            place, updated_at, number(redraws), dict(zip(texts[::2], texts[1::2], strict=True))
        )

    def value(self) -> str:
        texts = [part for pair in self.texts.items() for part in pair]
        return pack(*self.place.parts, self.updated_at, str(self.redraws), *texts, most=MAX_VALUE)

    def changed_since(self, image: Image) -> bool:
        """
        Whether the image was changed since the form was drawn.

        The cloud's `updated_at` has whole seconds, so what the fields show is compared too.
        """
        same = (image.raw.get("updated_at") or "") == self.updated_at
        return not same or form_values.form_content(image, self.max_json).texts != self.texts

    @property
    def max_json(self) -> int:
        """Characters that the texts may take, as JSON."""
        return MAX_VALUE - len(replace(self, texts={}).value())

    def field(self, name: str) -> str:
        """What the field of that name is called this time."""
        return f"{name}.{self.redraws}" if self.redraws else name


def form(image: Image, account: Account) -> Modal:
    """Everything about an image that its owner can change, as it is now."""
    now, shown = _start(image, account, 0)
    return _modal(image, account, now, shown, now.texts, ())


def conflict_form(image: Image, account: Account, sent: Form, requested: RequestedChanges) -> Modal:
    """The form again, with both values, because someone has changed the image."""
    now, shown = _start(image, account, sent.redraws + 1)
    desired = form_values.with_changes(now.texts, requested)
    unseen = dict.fromkeys(shown.left_out, "a value that the form can't show")
    long = [name for name, text in desired.items() if len(text) > form_values.MAX_TEXT]
    theirs, yours = {**_flatten(now.texts), **unseen}, {**_flatten(desired), **unseen}
    notice = (
        alert(
            Level.WARNING,
            "*Someone changed this image after you opened the form.* Your changes are not saved "
            "yet. Check the values, then save again.",
        ),
        section(_conflicts(_flatten(sent.texts), theirs, yours)),
        *((alert(Level.WARNING, _too_long(long)),) if long else ()),
    )
    texts = {name: text if name not in long else now.texts[name] for name, text in desired.items()}
    return _modal(image, account, now, shown, texts, notice)


def _start(image: Image, account: Account, redraws: int) -> tuple[Form, FormContent]:
    place = ImageRef.of(account, image)
    empty = Form(place, image.raw.get("updated_at") or "", redraws, {})
    shown = form_values.form_content(image, empty.max_json)
    return replace(empty, texts=shown.texts), shown


def _modal(
    image: Image,
    account: Account,
    now: Form,
    shown: FormContent,
    texts: FieldTexts,
    notice: tuple[Block, ...],
) -> Modal:
    blocks = [
        section(f"{image_label(image)} · {code(image.id[:8])} · account {account_label(account)}")
    ]
    blocks += [*notice, *(_input(name, now.field(name), texts[name]) for name in now.texts)]
    blocks.append(reason())
    if shown.left_out:
        blocks.append(context(_left_out(shown.left_out, image)))
    return Modal(FORM, "Update image", tuple(blocks), "Save", now.value())


def _input(name: str, field: str, text: str) -> Block:
    match name:
        case "min_disk" | "min_ram":
            return number_input(_LABELS[name], field, initial=whole(text))
        case "protected":
            return radio(_LABELS[name], field, _YES_NO, initial=text)
        case "visibility":
            return select(_LABELS[name], field, _VISIBILITIES, initial=text, hint=_HINTS[name])
    return text_input(
        _LABELS[name],
        field,
        initial=text,
        hint=_HINTS.get(name, ""),
        optional=True,
        multiline=name in (TAGS, METADATA),
        max_length=MAX_LENGTH if name == "name" else form_values.MAX_TEXT,
    )


_LABELS: Mapping[str, str] = {
    "name": "Name",
    TAGS: "Tags, one per line",
    "os_distro": "Operating system (os_distro)",
    "os_version": "OS version (os_version)",
    "min_disk": "Minimum disk, in GB (min_disk)",
    "min_ram": "Minimum RAM, in MB (min_ram)",
    "protected": "Protected",
    "visibility": "Visibility",
    METADATA: "Metadata, one property per line",
}
_HINTS: Mapping[str, str] = {
    "visibility": "Private ends access for all accounts that it is shared with.",
    METADATA: "key=value. To remove a property, delete its line.",
}


def _left_out(names: tuple[str, ...], image: Image) -> str:
    some = [named(name, MAX_SHOWN_VALUE) for name in names[:SHOWN]]
    more = [f"{len(names) - SHOWN} more"] if len(names) > SHOWN else []
    return (
        f"This form can't show {listed([*some, *more])}, and saving does not change that. "
        f"Change it with {command(f'update {image.id} key=value')}"
    )


def _conflicts(began: FieldTexts, now: FieldTexts, desired: FieldTexts) -> str:
    """What others have changed, and what this person entered there."""
    lines = []
    for name in dict.fromkeys([*began, *now]):
        if began.get(name) != now.get(name):
            before, after = _shown(began.get(name)), _shown(now.get(name))
            theirs = f"• {named(name)}: was {before}, is now {after}"
            yours = desired.get(name) != now.get(name)
            lines.append(f"{theirs}; you: {_shown(desired.get(name))}" if yours else theirs)
    more = [f"…and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "\n".join([*lines[:SHOWN], *more]) or "None of these fields has changed."


def _too_long(names: Sequence[str]) -> str:
    return (
        f"Both changes together are too long for the field {listed(names)}, so it shows theirs "
        "only. Enter yours again."
    )


def _flatten(texts: FieldTexts) -> FieldTexts:
    """With the metadata property by property."""
    flat = {name: text for name, text in texts.items() if name != METADATA}
    if TAGS in flat:
        flat[TAGS] = ", ".join(sorted(flat[TAGS].splitlines()))
    return {**flat, **dict(form_values.parse_metadata(texts.get(METADATA, "")))}


def _shown(text: str | None) -> str:
    return named(text, MAX_SHOWN_VALUE) if text else "nothing"
