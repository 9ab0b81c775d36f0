"""Words for one image: its properties, and what this account can do with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cloud.models import Image, Member, MemberStatus, Visibility
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.ui.blocks import (
    MAX_FIELD,
    MAX_SECTION,
    age,
    buttons,
    code,
    command,
    context,
    date,
    exact_size,
    fields,
    header,
    named,
    section,
    size,
)
from handlers.ui.image_buttons import (
    answer_buttons,
    own_image_buttons,
)
from handlers.ui.labels import account_label
from storage import Account


def details(
    image: Image,
    account: Account,
    now: datetime,
    membership: Member | None = None,
    result: str = "",
    *,
    public: bool = False,
) -> Message:
    """
    Show an image's properties, and the actions that this account has.

    *membership* is the account's own membership, if the image is shared with it; *result* says
    what a click has just done. A *public* message names whose account it is, and has no buttons.
    """
    title = image.name or image.id
    text = result or f"{named(title)} in {image.region}: {image.status}, {size(image.size)}"
    blocks: list[Block] = [section(result)] if result else []
    blocks += [header(title), section(_relation_sentence(image, account, membership, public))]
    blocks += [*fields(*_facts(image, now)), *_metadata(image)]
    place = ImageRef.of(account, image)
    if public:
        return Message(text, tuple(blocks))
    if image.owner == account.project_id:
        delete = f"Delete: {command(f'delete {image.id}')}"
        blocks += [buttons(*own_image_buttons(image, account)), context(delete)]
    elif membership:
        blocks.append(buttons(*answer_buttons(place, membership.status)))
    return Message(text, tuple(blocks))


def _relation_sentence(
    image: Image, account: Account, membership: Member | None, public: bool
) -> str:
    whose = f"<@{account.user_id}>'s" if public else "your"
    if image.visibility == Visibility.PUBLIC:
        return "A standard image of the provider, available to every account."
    if image.owner == account.project_id:
        return f"Owned by {whose} account {account_label(account)}."
    whom = (
        f"account {code(image.owner)}" if image.owner else "an account that the cloud does not name"
    )
    if membership is None:
        return f"Owned by {whom}. A nonstandard image."
    if public:
        answered = f"{account_label(account)}: {membership.status}"
        return f"Shared by {whom} with {whose} account {answered}."
    answer = {
        MemberStatus.PENDING: "Pending",
        MemberStatus.ACCEPTED: "Accepted",
        MemberStatus.REJECTED: "Rejected",
    }.get(membership.status, f"Status {named(membership.status)}")
    when = "" if membership.status == MemberStatus.PENDING else f" {date(membership.updated_at)}"
    return (
        f"Shared by {whom} with your account {account_label(account)} "
        f"{date(membership.created_at)}. {answer}{when}. A nonstandard image, with limited support "
        "from the provider."
    )


def _visibility(image: Image) -> str:
    community = "community: every account in this cloud can find and use it"
    name = community if image.visibility == Visibility.COMMUNITY else str(image.visibility)
    return f"{name}; hidden: other tools list it only on request" if image.hidden else name


def _facts(image: Image, now: datetime) -> list[str]:
    formats = " in ".join(named(f) for f in (image.disk_format, image.container_format) if f)
    facts = {
        "Id": code(image.id),
        "Region": image.region,
        "Status": str(image.status),
        "Visibility": _visibility(image),
        "Size": exact_size(image.size),
        "Format": formats or "not set",
        "Minimum disk and RAM": f"{image.min_disk} GB, {image.min_ram} MB",
        "Protected": "yes, can't be deleted" if image.protected else "no",
        "Created": f"{date(image.created_at)} ({age(image.created_at, now)} ago)",
        "Updated": _updated(image, now),
        "Checksum (MD5)": code(image.checksum) if image.checksum else "none yet",
        "Tags": _tags(image.tags),
    }
    return [f"*{name}*\n{value}" for name, value in facts.items()]


def _updated(image: Image, now: datetime) -> str:
    """When it was updated; the API may leave that out."""
    if not image.raw.get("updated_at"):
        return "unknown"
    return f"{date(image.updated_at)} ({age(image.updated_at, now)} ago)"


def _tags(tags: Sequence[str]) -> str:
    """As many tags as a field holds."""
    shown = [named(tag, 40) for tag in tags]
    while len(", ".join(shown)) > MAX_FIELD - 100:
        shown.pop()
    left = len(tags) - len(shown)
    return (", ".join(shown) + (f" and {left} more" if left else "")) or "none"


def _metadata(image: Image) -> list[Block]:
    """The image's own properties, a line each, as many as two sections hold."""
    lines = [f"{named(k)}  {named(_text(v), 300)}" for k, v in sorted(image.properties.items())]
    if not lines:
        return [section("*Metadata*\nnone")]
    texts, left = _pack_lines(["*Metadata*", *lines])
    blocks = [section(text) for text in texts]
    return [*blocks, context(f"…and {left} more.")] if left else blocks


def _pack_lines(lines: Sequence[str], max_texts: int = 2) -> tuple[list[str], int]:
    """Lines gathered into texts of a section's length, and how many found no room."""
    texts = [""]
    for i, line in enumerate(lines):
        if len(texts[-1]) + len(line) + 1 > MAX_SECTION:
            if len(texts) == max_texts:
                return texts, len(lines) - i
            texts.append("")
        texts[-1] = f"{texts[-1]}\n{line}".strip()
    return texts, 0


def _text(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)
