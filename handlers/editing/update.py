"""Edit an image's name, tags and properties: by command, by form, and undo."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.models import Image, Visibility
from handlers.core import find_image
from handlers.core.errors import Usage
from handlers.core.interactions import Click, Command, Person, Submission
from handlers.core.places import ImageRef
from handlers.core.replies import FieldErrors, Message, Modal, Reply
from handlers.core.services import Services
from handlers.editing import access, apply, form_values, parse, undo
from handlers.editing.errors import NotChangeable
from handlers.editing.fields import UPDATE
from handlers.editing.parse import RequestedChanges
from handlers.editing.views import result as change_views
from handlers.editing.views import update as views
from handlers.editing.views import wake as wake_views
from handlers.ui.blocks import unformatted
from handlers.ui.error_words import words
from storage import Account

PROTECT = "protect IMAGE"
UNPROTECT = "unprotect IMAGE"


def update(command: Command, services: Services) -> Reply:
    """/images update <image> key=value …: change it; with the image alone, open the form."""
    match command.words:
        case (word,):
            found = find_image.find_image(command, word, services)
            apply.must_own(found.image, found.account, "update")
            return views.form(found.image, found.account)
        case (word, *rest):
            requested = parse.parse_words(rest)
            return _change_by_name(command, word, requested, services)
    raise Usage(UPDATE)


def opens(command: Command) -> bool:
    """Whether the form is asked for."""
    return len(command.words) == 1


def open_clicked(click: Click, services: Services) -> Modal:
    """The Update… button of an image."""
    account, image = _owned_image(click.person, ImageRef.read(click.value), services)
    return views.form(image, account)


def make_shared_clicked(click: Click, services: Services) -> Message:
    """The Make shared button of an image that can have no members yet."""
    account, image = _owned_image(click.person, ImageRef.read(click.value), services)
    return change(
        click.person, account, image, RequestedChanges({"visibility": "shared"}), services
    )


def submitted(submission: Submission, services: Services) -> Reply:
    """The form, sent: save it, or show it again if the image has changed since."""
    form = views.Form.read(submission.value)
    typed = {name: submission.text(form.field(name)) for name in form.texts}
    requested, errors = form_values.diff(form.texts, typed)
    if errors:
        errors_by_field = {
            form.field(name): unformatted(words(error)) for name, error in errors.items()
        }
        return FieldErrors(errors_by_field)
    account, image = _owned_image(submission.person, form.place, services)
    if form.changed_since(image):
        return views.conflict_form(image, account, form, requested)
    try:
        return change(submission.person, account, image, requested, services)
    except NotChangeable as error:
        return FieldErrors(_field_errors(form, error))


def protect(command: Command, services: Services) -> Message:
    """/images protect <image>: protect it from deletion."""
    return _set_protection(command, PROTECT, services, protected=True)


def unprotect(command: Command, services: Services) -> Message:
    """/images unprotect <image>: allow it to be deleted."""
    return _set_protection(command, UNPROTECT, services, protected=False)


def undo_clicked(click: Click, services: Services) -> Message:
    """The Undo button of whatever was changed."""
    token = change_views.read_undo(click.value)
    place = undo.image_of(token, services)
    with apply.lock_image(place.region, place.image_id, services):
        undo.authorize_undo(click.person, token, services)
        spent, account, image = undo.redeem(click.person, token, services)
        back = apply.update_tags if spent.by == undo.TAGS else apply.update
        now = back(click.person, account, image, spent.changes(), services)
    return change_views.undone(now, spent.after, spent.before)


def wake_clicked(click: Click, services: Services) -> Message:
    """The Make shared button of the question that names who gets access again."""
    asked = wake_views.Wake.read(click.value)
    account, image = _owned_image(click.person, asked.place, services)
    return change(click.person, account, image, asked.requested(), services, shown=asked.numbers)


def change(
    person: Person,
    account: Account,
    image: Image,
    requested: RequestedChanges,
    services: Services,
    *,
    shown: Sequence[str] = (),
) -> Message:
    """
    Send what differs, and show the values before and after.

    Members that an image had before it was made private get access again once it is shared:
    then ask first, with their names.

    Args:
        shown: the numbers of those that the question has named.

    Raises:
        NoSuchProperty, NoSuchTag: there is nothing to remove.

        UserError: as `apply.update` raises.
    """
    parse.check_removals(requested, image)
    changed = parse.differences(requested, image)
    if not changed.values and not changed.removed:
        return change_views.unchanged(image)
    if changed.values.get("visibility") == Visibility.SHARED:
        services.must_be_as_shown(apply.operation(account, image, changed, services))
        woken = access.dormant(account, image, services)
        if {each.number for each in woken} - set(shown):
            return wake_views.ask(image, account, woken, requested)
    with apply.lock_image(image.region, image.id, services):
        now = apply.update(person, account, image, changed, services)
    before, after = apply.changed_values(image, changed), apply.changed_values(now, changed)
    token = undo.issue(account, before, now, services)
    moved = change_views.Access(
        access.woken(account, image, now, services), access.lost(account, image, now, services)
    )
    return change_views.changed(now, before, after, token, requested.discouraged, moved)


def _change_by_name(
    command: Command, word: str, requested: RequestedChanges, services: Services
) -> Message:
    found = find_image.find_image(command, word, services)
    apply.must_own(found.image, found.account, command.verb)
    return change(command.person, found.account, found.image, requested, services)


def _set_protection(command: Command, form: str, services: Services, *, protected: bool) -> Message:
    match command.words:
        case (word,):
            return _change_by_name(
                command, word, RequestedChanges({"protected": protected}), services
            )
    raise Usage(form)


def _owned_image(person: Person, place: ImageRef, services: Services) -> tuple[Account, Image]:
    account, image = find_image.image_from_button(person, place, services)
    apply.must_own(image, account, "update")
    return account, image


def _field_errors(form: views.Form, error: NotChangeable) -> dict[str, str]:
    """Return the cloud's refusal for each field that it names."""
    named = [name if name in form.texts else form_values.METADATA for name in error.names]
    return {form.field(name): unformatted(words(error)) for name in named}
