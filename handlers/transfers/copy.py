"""Copy images to other regions of their account."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.models import Image
from handlers.addressbook import recipients
from handlers.core import find_image
from handlers.core.errors import Usage
from handlers.core.interactions import Click, Command, Person, Submission
from handlers.core.lists import listed
from handlers.core.names import new_question_id
from handlers.core.operations import Operation
from handlers.core.parties import parties
from handlers.core.places import ImageRef
from handlers.core.replies import FieldErrors, Message, Modal, Reply
from handlers.core.services import Services
from handlers.sharing.errors import ShareWithSelf
from handlers.sharing.parse import check_count
from handlers.transfers import export as exports
from handlers.transfers import transfers
from handlers.transfers.copy_plan import member_numbers, plan_copy
from handlers.transfers.errors import CopiedWithoutSharing, NothingChosen
from handlers.transfers.plans import CopyPlan
from handlers.transfers.views import copy as views
from handlers.transfers.views.copy import Copy
from handlers.ui import operation_words
from handlers.ui.blocks import unformatted
from handlers.ui.error_words import words
from handlers.ui.typeahead_options import REGION
from storage import Account, Kind

COPY = 'copy IMAGE [to REGION] [with WITH…] [because "…"]'


def copy(command: Command, services: Services) -> Reply:
    """/images copy <image> to <region>: ask, with the plan; with the image alone, open a form."""
    word, target, whom = _read(command.words)
    found = find_image.find_image(command, word, services)
    account, image = found.account, found.image
    place = ImageRef.of(account, image)
    if not target:
        return _form(account, image, services)
    numbers = recipients.account_numbers(command, account, whom, services)
    if account.project_id in numbers:
        raise ShareWithSelf(account.project_id)
    asked = Copy.of(place, new_question_id(), target, numbers, services.reason)
    return _confirm(account, image, asked, services)


def opens(command: Command) -> bool:
    """Whether the command opens the form."""
    return len(command.words) == 1


def open_clicked(click: Click, services: Services) -> Modal:
    """Open the form: the Copy… button of an image."""
    account, image = find_image.image_from_button(
        click.person, ImageRef.read(click.value), services
    )
    return _form(account, image, services)


def submitted(submission: Submission, services: Services) -> Reply:
    """Ask, with the plan: the form, sent."""
    target = submission.text(REGION)
    if not target:
        return FieldErrors({REGION: unformatted(words(NothingChosen("a region")))})
    asked = Copy.read(submission.value)
    shares = submission.chosen(views.SHARES)
    asked = Copy.of(asked.place, asked.click, target, shares, services.reason)
    account, image = find_image.image_from_button(submission.person, asked.place, services)
    return _confirm(account, image, asked, services)


def confirm_clicked(click: Click, services: Services) -> Message:
    """Begin: a Start button of the plan. Pressed twice, it begins once."""
    asked = Copy.read(click.value)
    return _begin(click.person, asked, services.because(asked.because))


def cancel_clicked(click: Click, _: Services) -> Message:
    """Say that nothing was done: the Cancel button of the plan."""
    return views.cancelled(click.value)


def _read(words: Sequence[str]) -> tuple[str, str, list[str]]:
    """Read image, region and accounts to share with; "" and none where not given."""
    match words:
        case (word,):
            return word, "", []
        case (word, to, target) if to.casefold() == "to":
            return word, target, []
        case (word, to, target, with_, *whom) if (
            to.casefold() == "to" and with_.casefold() == "with" and whom
        ):
            return word, target, check_count(listed(whom))
    raise Usage(COPY)


def _form(account: Account, image: Image, services: Services) -> Modal:
    exports.exportable(account, image, services)
    return views.form(image, account, member_numbers(account, image, services), new_question_id())


def _confirm(account: Account, image: Image, asked: Copy, services: Services) -> Message:
    plan = plan_copy(account, image, asked, services)
    shared = member_numbers(account, image, services)
    left_out = sorted(set(image.properties) - set(plan.fields))
    return views.confirm(
        image,
        account,
        plan,
        asked,
        shared,
        left_out,
        nicknames=recipients.nicknames(account, services),
        unknown=recipients.unknown_numbers(asked.shares, account, services),
    )


def _begin(person: Person, asked: Copy, services: Services) -> Message:
    account, image = find_image.image_from_button(person, asked.place, services)
    plan = plan_copy(account, image, asked, services)
    services.authorize(_operation(account, image, plan, services))
    transfer, new = transfers.begin(
        person,
        account,
        image.region,
        Kind.COPY,
        click=asked.click,
        key=f"copy {account.cloud} {image.region} {image.id} {plan.target_region}",
        title=plan.image_name,
        plan=plan,
        services=services,
    )
    left_out = sorted(set(plan.shares) - set(transfer.plan.get("shares", ())))
    if left_out:
        raise CopiedWithoutSharing(plan.image_name, plan.target_region, left_out)
    return views.begun(image, plan.target_region, transfer.id, new=new)


def _operation(account: Account, image: Image, plan: CopyPlan, services: Services) -> Operation:
    return Operation.on_image(
        "image.copy",
        account,
        image,
        operation_words.copy(image, plan.target_region, plan.shares),
        target=" ".join([image.id, "to", plan.target_region, *sorted(plan.shares)]),
        gains=parties(account, plan.shares, services),
        details=(("to region", plan.target_region),),
    )
