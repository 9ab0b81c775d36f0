"""The form for a verb typed alone: it asks for the image, and what else the verb needs."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from handlers.core import reasons
from handlers.core.button_values import ButtonValue
from handlers.core.interactions import Command, Submission
from handlers.core.places import ImageRef
from handlers.core.replies import Modal, Reply
from handlers.core.routing import Pick, Verb, typed_alone
from handlers.core.services import Services
from handlers.ui import typeahead
from handlers.ui.form_fields import reason, text_input
from handlers.ui.form_fields import typeahead as menu
from handlers.ui.typeahead_options import IMAGE

FORM = "images.pick"
OTHER = "images.other_words"


@dataclass(frozen=True)
class Picked(ButtonValue):
    """The value of the form: the verb that it is for."""

    verb: str


def wanted(verb: Verb, command: Command) -> bool:
    """Whether the form is to be opened: the verb needs an image, and nothing was typed."""
    return verb.picks is not None and typed_alone(command)


def open_form(verb: Verb, command: Command, services: Services) -> Reply:
    """Open it; the images are read meanwhile."""
    services.accounts_of(command.person)
    typeahead.prefetch(command.person, "", services, IMAGE)
    picks = verb.picks or Pick()
    return pick_form(verb.name, picks.label, with_reason=picks.reason or bool(services.reason))


def pick_form(verb: str, label: str = "", *, with_reason: bool = False) -> Modal:
    """Ask for the image; *label* is that of the other words, if the verb takes some."""
    other = [text_input(label, OTHER, max_length=300)] if label else []
    other += [reason()] if with_reason else []
    return Modal(
        FORM,
        "Choose an image",
        (menu("Image", IMAGE, placeholder="Name or id"), *other),
        submit=verb.capitalize(),
        value=Picked(verb).value(),
    )


def picked_command(submission: Submission, services: Services) -> Command:
    """Return the command that the form completes, with its image by id."""
    place = ImageRef.read(submission.text(IMAGE))
    account = services.account(submission.person, place.account_id)
    where = {"region": (place.region,), "account": (account.project_id,)}
    other = submission.text(OTHER).split()
    why = submission.text(reasons.FIELD)
    return Command(
        submission.person,
        Picked.read(submission.value).verb,
        (place.image_id, *other, *((reasons.BECAUSE, why) if why else ())),
        MappingProxyType(where),
        submission.channel_id,
        team_id=submission.team_id,
    )
