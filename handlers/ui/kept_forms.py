"""Forms whose window was closed before their outcome was known, kept to be opened again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from handlers.core.button_values import ButtonValue
from handlers.core.errors import FormGone
from handlers.core.interactions import Click, Person
from handlers.core.replies import Block, FieldErrors, Message, Modal, Reply
from handlers.core.secret_detection import looks_like_key
from handlers.core.services import Services
from handlers.core.text import clean, escape
from handlers.ui.blocks import button, buttons, section
from storage import Store

KEPT_S = 24 * 3600.0
"""How long what was typed is kept."""
REOPEN = "forms.reopen"


@dataclass(frozen=True)
class Reopen(ButtonValue):
    form_id: str


def keep(form: Modal, person: Person, store: Store) -> str:
    """Keep a form with what was typed into it, but for secrets, for this person; return its id."""
    form = _without_secrets(form)
    payload = {
        "person": person.actor,
        "name": form.name,
        "title": form.title,
        "blocks": [dict(block) for block in form.blocks],
        "submit": form.submit,
        "value": form.value,
    }
    form_id = secrets.token_hex(16)
    store.once.remember(_key(form_id), payload, KEPT_S)
    return form_id


def not_accepted(form: Modal, errors: FieldErrors, form_id: str) -> Message:
    """Say why a form was not accepted whose window is closed, and offer to open it again."""
    text = f"Your form {_bold(form.title)} needs a correction."
    labels = {block.get("block_id"): _label(block) for block in form.blocks}
    reasons = "\n".join(
        f"• {escape(labels.get(field) or '')}{escape(clean(words))}"
        for field, words in errors.errors.items()
    )
    again = button("Reopen form…", REOPEN, Reopen(form_id).value())
    but = "" if _without_secrets(form) == form else ", except what looks like a password or a key"
    whole = section(f"{text} What you typed is kept for a day{but}.\n{reasons}")
    return Message(text, (whole, buttons(again)))


def next_step(form: Modal, form_id: str) -> Message:
    """Offer a form that was to follow one whose window is closed."""
    text = f"One more step: {_bold(form.title)}."
    onward = button("Open form…", REOPEN, Reopen(form_id).value())
    return Message(text, (section(text), buttons(onward)))


def reopen_clicked(click: Click, services: Services) -> Reply:
    """
    The button of these messages.

    Raises:
        FormGone: it is kept no longer, or for somebody else.
    """
    kept = services.store.once.recall(_key(Reopen.read(click.value).form_id))
    if kept is None or kept["person"] != click.person.actor:
        raise FormGone
    return Modal(kept["name"], kept["title"], tuple(kept["blocks"]), kept["submit"], kept["value"])


def _without_secrets(form: Modal) -> Modal:
    """Empty the fields in which something looks like a secret, whatever the form is kept for."""
    return replace(form, blocks=tuple(_without_secret(block) for block in form.blocks))


def _without_secret(block: Block) -> Block:
    element = block.get("element") or {}
    typed = element.get("initial_value")
    if not (isinstance(typed, str) and looks_like_key(typed)):
        return block
    empty = {key: value for key, value in element.items() if key != "initial_value"}
    return {**block, "element": empty}


def _key(form_id: str) -> str:
    return f"form {form_id}"


def _bold(title: str) -> str:
    return f"*{escape(clean(title))}*"


def _label(block: Mapping[str, Any]) -> str:
    text = (block.get("label") or {}).get("text")
    return f"{clean(text)}: " if text else ""
