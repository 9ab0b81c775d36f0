"""Changing what is said of an image: by words, by a form, and back again."""

from __future__ import annotations

from cloud.models import Image
from handlers.core import find_image
from handlers.core.errors import Usage
from handlers.core.interactions import Click, Command, Person, Submission
from handlers.core.places import ImageRef
from handlers.core.replies import FieldErrors, Message, Modal, Reply
from handlers.core.services import Services
from handlers.editing import apply as writing
from handlers.editing import form_values, undo
from handlers.editing import parse as changes
from handlers.editing.errors import NotChangeable
from handlers.editing.parse import UPDATE, RequestedChanges
from handlers.editing.views import result as change_views
from handlers.editing.views import update as views
from handlers.ui.blocks import unformatted
from handlers.ui.error_words import words
from storage import Account

PROTECT = "protect IMAGE"
UNPROTECT = "unprotect IMAGE"


def update(command: Command, services: Services) -> Reply:
    """/images update <image> key=value …: changes it; with the image alone, opens the form."""
    match command.words:
        case (word,):
            found = find_image.find_image(command, word, services)
            writing.must_own(found.image, found.account, "update")
            return views.form(found.image, found.account)
        case (word, *rest):
            asked = changes.read(rest)
            return _found(command, word, asked, services)
    raise Usage(UPDATE)


def opens(command: Command) -> bool:
    """Whether the form is asked for."""
    return len(command.words) == 1


def open_clicked(click: Click, services: Services) -> Modal:
    """The Update… button of an image."""
    account, image = _own(click.person, ImageRef.read(click.value), services)
    return views.form(image, account)


def make_shared_clicked(click: Click, services: Services) -> Message:
    """The Make it shared button of an image that can have no members yet."""
    account, image = _own(click.person, ImageRef.read(click.value), services)
    return change(
        click.person, account, image, RequestedChanges({"visibility": "shared"}), services
    )


def submitted(submission: Submission, services: Services) -> Reply:
    """The form, sent: saved, or shown again if someone was faster."""
    form = views.Form.read(submission.value)
    typed = {name: submission.text(form.field(name)) for name in form.texts}
    asked, errors = form_values.between(form.texts, typed)
    if errors:
        said = {form.field(name): unformatted(words(error)) for name, error in errors.items()}
        return FieldErrors(said)
    account, image = _own(submission.person, form.place, services)
    if form.moved(image):
        return views.again(image, account, form, asked)
    try:
        return change(submission.person, account, image, asked, services)
    except NotChangeable as error:
        return FieldErrors(_beside(form, error))


def protect(command: Command, services: Services) -> Message:
    """/images protect <image>: nobody can delete it until it is unprotected."""
    return _protecting(command, PROTECT, services, protected=True)


def unprotect(command: Command, services: Services) -> Message:
    """/images unprotect <image>: it can be deleted."""
    return _protecting(command, UNPROTECT, services, protected=False)


def undo_clicked(click: Click, services: Services) -> Message:
    """The Undo button of whatever was changed."""
    token = change_views.read_undo(click.value)
    place = undo.place_of(token, services)
    with writing.alone(place.region, place.image_id, services):
        undo.authorize_undo(click.person, token, services)
        spent, account, image = undo.redeem(click.person, token, services)
        back = writing.retag if spent.by == undo.TAGS else writing.update
        now = back(click.person, account, image, spent.changes(), services)
    return change_views.undone(now, spent.after, spent.before)


def change(
    person: Person, account: Account, image: Image, asked: RequestedChanges, services: Services
) -> Message:
    """
    Send what differs, and say what was and what is.

    Raises:
        NoSuchProperty, NoSuchTag: there is nothing to remove.

        UserError: as `writing.update` raises.
    """
    changes.check(asked, image)
    todo = changes.compared(asked, image)
    if not todo.values and not todo.removed:
        return change_views.unchanged(image)
    with writing.alone(image.region, image.id, services):
        now = writing.update(person, account, image, todo, services)
    before, after = writing.picture(image, todo), writing.picture(now, todo)
    token = undo.issue(account, before, now, services)
    return change_views.changed(now, before, after, token, asked.discouraged)


def _found(command: Command, word: str, asked: RequestedChanges, services: Services) -> Message:
    found = find_image.find_image(command, word, services)
    writing.must_own(found.image, found.account, command.verb)
    return change(command.person, found.account, found.image, asked, services)


def _protecting(command: Command, form: str, services: Services, *, protected: bool) -> Message:
    match command.words:
        case (word,):
            return _found(command, word, RequestedChanges({"protected": protected}), services)
    raise Usage(form)


def _own(person: Person, place: ImageRef, services: Services) -> tuple[Account, Image]:
    account, image = find_image.image_from_button(person, place, services)
    writing.must_own(image, account, "update")
    return account, image


def _beside(form: views.Form, error: NotChangeable) -> dict[str, str]:
    """The cloud's refusal at the fields that it speaks of."""
    named = [name if name in form.texts else form_values.METADATA for name in error.names]
    return {form.field(name): unformatted(words(error)) for name in named}
