"""Words for copying images to other regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloud.models import Image
from handlers.core.button_values import ButtonValue, pack, unpack
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message, Modal, Option
from handlers.transfers.plans import CopyPlan
from handlers.transfers.views import progress
from handlers.transfers.views.phases import phases
from handlers.ui.alerts import Level, callout
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    context,
    counted,
    listed,
    named,
    section,
    size,
    text_message,
)
from handlers.ui.form_fields import checkboxes, reason, typeahead
from handlers.ui.labels import (
    NO_NICKNAMES,
    Nicknames,
    account_label,
    image_label,
    number_label,
    reason_blocks,
)
from handlers.ui.typeahead_options import REGION
from storage import Account

START = "copies.start"
START_SHARED = "copies.start_shared"
CANCEL = "copies.cancel"
FORM = "copies.form"
SHARES = "copies.shares"

BECAUSE = "because "
SAME = "same"
"""In place of account numbers: the members that the image has when the copy begins."""
NAMED = 10
"""Accounts listed by number, and properties by name."""
COPY_OF = "imagebot_copy_of"
"""The new image's property that names the old one: neither id nor checksum are the same."""


@dataclass(frozen=True)
class Copy(ButtonValue):
    """Value of the buttons and the form: an image, and the region to copy it to."""

    place: ImageRef
    click: str
    """Token of this question: however often it is answered, one copy begins."""
    target: str = ""
    rest: tuple[str, ...] = ()
    """What `shares` and `because` give; the reason after BECAUSE."""

    @classmethod
    def of(
        cls,
        place: ImageRef,
        click: str,
        target: str = "",
        shares: Sequence[str] = (),
        because: str = "",
    ) -> Copy:
        return cls(place, click, target, (*shares, *([f"{BECAUSE}{because}"] if because else [])))

    @property
    def shares(self) -> tuple[str, ...]:
        """Account numbers, or SAME."""
        return tuple(each for each in self.rest if not each.startswith(BECAUSE))

    @property
    def because(self) -> str:
        """Why it is copied; "" if nobody said."""
        said = (each for each in self.rest if each.startswith(BECAUSE))
        return next(said, "").removeprefix(BECAUSE)


def form(image: Image, account: Account, members: Sequence[str], click: str) -> Modal:
    """Ask for the region, and whether to share the copy with the same accounts."""
    shares = checkboxes("Sharing", SHARES, [Option(_same(members), SAME)])
    return Modal(
        FORM,
        "Copy an image",
        (
            section(f"Copy {image_label(image)} in your account {account_label(account)}."),
            typeahead("To region", REGION, placeholder="ORD"),
            *([shares] if members else []),
            reason(),
            context("You'll see the plan before anything starts."),
        ),
        submit="Show plan",
        value=Copy.of(ImageRef.of(account, image), click).value(),
    )


def confirm(
    image: Image,
    account: Account,
    plan: CopyPlan,
    asked: Copy,
    members: Sequence[str],
    left_out: Sequence[str],
    *,
    nicknames: Nicknames = NO_NICKNAMES,
    unknown: Sequence[str] = (),
) -> Message:
    """
    Ask whether to start, and show the plan.

    Args:
        members: account numbers that the image is shared with now.

        left_out: names of properties that are not copied.

        nicknames: names in the address book, by account number.

        unknown: those to share with that nobody in the workspace has linked or named.
    """
    regions = f"from {plan.source_region} to {plan.target_region}"
    text = f"Copy {image_label(image)} {regions}, in your account {account_label(account)}?"
    lines = [
        *_copied(image, plan, left_out),
        *_meanwhile(plan),
        _shared(plan, members, nicknames),
    ]
    return text_message(
        text,
        section(_steps(plan)),
        section("\n".join(f"• {line}" for line in lines)),
        *([_slips(unknown)] if unknown else []),
        *reason_blocks(asked.because),
        buttons(*_answers(image, asked, members)),
    )


def begun(image: Image, target: str, transfer_id: str, *, new: bool) -> Message:
    return progress.begun(f"copying {image_label(image)} to {target}", transfer_id, new=new)


def cancelled(value: str) -> Message:
    text = f"Cancelled: {named(unpack(value, 1)[0])} was not copied."
    return text_message(text)


def _answers(image: Image, asked: Copy, members: Sequence[str]) -> list[Block]:
    """Offer to share the copy again only if the question is still open."""
    answers = [button("Start", START, asked.value(), style="primary")]
    if members and not asked.shares:
        shared = Copy.of(asked.place, asked.click, asked.target, [SAME], asked.because)
        answers.append(button("Start and share again", START_SHARED, shared.value()))
    return [*answers, button("Cancel", CANCEL, pack(image.name or image.id))]


def _steps(plan: CopyPlan) -> str:
    steps = [phase.words for phase in phases("copy", plan.to_json(), {}, "")]
    return "\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1))


def _copied(image: Image, plan: CopyPlan, left_out: Sequence[str]) -> list[str]:
    own = [name for name in plan.fields if name not in ("tags", "min_disk", "min_ram")]
    own = [name for name in own if name not in ("protected", COPY_OF)]
    properties = counted(len(own), "property", "properties")
    tags = counted(len(image.tags), "tag")
    also = ", protection" if plan.fields.get("protected") else ""
    lines = [
        f"Copied: data ({size(plan.size)}), {properties}, {tags}, minimum disk and RAM{also}.",
        f"The copy gets a new id and checksum. Its property {code(COPY_OF)} holds this image's id.",
    ]
    if left_out:
        some = [named(name, 60) for name in left_out[:NAMED]]
        more = [f"{len(left_out) - NAMED} more"] if len(left_out) > NAMED else []
        lines.append(f"Not copied, because the cloud sets it: {listed([*some, *more])}.")
    return lines


def _meanwhile(plan: CopyPlan) -> list[str]:
    both = plan.imports == "task"
    regions = f"{plan.source_region} and {plan.target_region}"
    where = f"in {regions}" if both else f"in {plan.source_region}"
    return [
        f"Temporary data: container {code(plan.container)} {where}, created if needed. I delete "
        "the data at the end, even if the copy fails.",
        "This can take hours. I'll tell you when it is done.",
    ]


def _shared(plan: CopyPlan, members: Sequence[str], nicknames: Nicknames) -> str:
    if plan.shares:
        whom = _numbers(plan.shares, nicknames)
        return f"The copy will be shared with {whom}, who have to accept it again."
    if members:
        return f"The image is shared with {_numbers(members, nicknames)}; the copy will not be."
    return "The copy will not be shared."


def _same(members: Sequence[str]) -> str:
    return f"Share the copy with the same {counted(len(members), 'account')}"


def _slips(unknown: Sequence[str]) -> Block:
    which = listed([code(number) for number in unknown])
    return callout(
        Level.WARNING,
        f"Nobody in this workspace knows {which}. A typo gives a stranger access.",
    )


def _numbers(members: Sequence[str], nicknames: Nicknames) -> str:
    some = [number_label(number, nicknames) for number in members[:NAMED]]
    more = [f"{len(members) - NAMED} more"] if len(members) > NAMED else []
    return listed([*some, *more])
