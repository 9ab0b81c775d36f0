"""Deactivate an image, so that nobody can boot it, and reactivate it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cloud import Images
from cloud.errors import Invalid, NotFound
from cloud.models import Image, ImageStatus
from handlers.core import cloud_roles, find_image
from handlers.core.errors import Usage
from handlers.core.interactions import Click, Command, Person
from handlers.core.operations import Operation
from handlers.core.parties import with_access
from handlers.core.places import ImageRef
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.editing import apply
from handlers.editing.errors import NotOffered, WrongStatus
from handlers.editing.views import activation as views
from handlers.ui import operation_words
from storage import Account

DEACTIVATE = 'deactivate IMAGE [because "…"]'
REACTIVATE = 'reactivate IMAGE [because "…"]'


@dataclass(frozen=True)
class _Switch:
    verb: str
    form: str
    call: Callable[[Images, str], None]
    before: ImageStatus
    after: ImageStatus


_OFF = _Switch(
    "deactivate", DEACTIVATE, Images.deactivate, ImageStatus.ACTIVE, ImageStatus.DEACTIVATED
)
_ON = _Switch(
    "reactivate", REACTIVATE, Images.reactivate, ImageStatus.DEACTIVATED, ImageStatus.ACTIVE
)


def deactivate(command: Command, services: Services) -> Message:
    """/images deactivate <image>: stop everyone from booting it or reading its data."""
    return _by_command(command, _OFF, services)


def reactivate(command: Command, services: Services) -> Message:
    """/images reactivate <image>: make it active again."""
    return _by_command(command, _ON, services)


def reactivate_clicked(click: Click, services: Services) -> Message:
    """The Reactivate button."""
    account, image = find_image.image_from_button(
        click.person, ImageRef.read(click.value), services
    )
    return _change_status(click.person, account, image, _ON, services)


def _by_command(command: Command, switch: _Switch, services: Services) -> Message:
    match command.words:
        case (word,):
            found = find_image.find_image(command, word, services)
            return _change_status(command.person, found.account, found.image, switch, services)
    raise Usage(switch.form)


def _change_status(
    person: Person, account: Account, image: Image, switch: _Switch, services: Services
) -> Message:
    apply.must_own(image, account, switch.verb)
    if image.status == switch.after:
        return views.already(image, account)
    if image.status != switch.before:
        raise WrongStatus(image.name or image.id, image.status, switch.verb)
    services.authorize(_operation(account, image, switch, services))
    with apply.lock_image(image.region, image.id, services):
        _call_cloud(person, account, image, switch, services)
    now = services.images(account, image.region).get(image.id)
    return views.switched(now, account)


def _operation(account: Account, image: Image, switch: _Switch, services: Services) -> Operation:
    """Return the facts: everybody else with access loses it, or gets it back."""
    words = operation_words.change(switch.verb, image)
    others = with_access(account, image, services)
    gains, loses = (others, ()) if switch == _ON else ((), others)
    action = f"image.{switch.verb}"
    return Operation.on_image(action, account, image, words, gains=gains, loses=loses)


def _call_cloud(
    person: Person, account: Account, image: Image, switch: _Switch, services: Services
) -> None:
    """A cloud that has no such action answers 404 or 405, though the image is there."""
    images = services.images(account, image.region)
    with (
        apply.audited(person, f"image.{switch.verb}", account, image, services) as entry,
        cloud_roles.translating_errors(
            cloud_roles.ADMIN, f"{switch.verb} images", f"show {image.id}"
        ),
    ):
        entry.before, entry.after = {"status": switch.before}, {"status": switch.after}
        try:
            switch.call(images, image.id)
        except NotFound as error:
            images.get(image.id)
            raise NotOffered(switch.verb) from error
        except Invalid as error:
            if error.status != 405:
                raise
            raise NotOffered(switch.verb) from error
