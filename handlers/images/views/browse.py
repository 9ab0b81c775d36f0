"""Words for listing and showing images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cloud.models import Image, ImageStatus, Member, MemberStatus, Visibility
from handlers.core.button_values import ButtonValue
from handlers.core.errors import Match, NoSuchImage, SeveralImages, Trouble
from handlers.core.interactions import Command
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.ui.blocks import (
    MAX_FIELD,
    MAX_SECTION,
    age,
    button,
    buttons,
    code,
    command,
    context,
    counted,
    date,
    exact_size,
    fields,
    header,
    listed,
    named,
    section,
    size,
    text_message,
)
from handlers.ui.error_words import trouble_notes, words
from handlers.ui.image_buttons import (
    SHOW,
    answer_buttons,
    copy_button,
    export_button,
    members_button,
    update_button,
)
from handlers.ui.labels import account_label
from handlers.ui.paging import page_of, turns
from storage import Account

PAGE = "images.page"
PAGE_BACK = "images.page_back"
CHOOSE = "images.choose"

SHOWN = 10
"""Images on a page, and matches in a choice."""

KINDS: Mapping[str, tuple[str, str]] = {
    "": ("image", "images"),
    "mine": ("image of your own", "images of your own"),
    "standard": ("standard image", "standard images"),
    "community": ("community image", "community images"),
    "shared": ("image shared with you", "images shared with you"),
    "pending": ("image waiting for your answer", "images waiting for your answer"),
}


@dataclass(frozen=True)
class Query(ButtonValue):
    """What a list was asked for: everything that its Next button must ask again."""

    account_id: str
    kind: str = ""
    words: tuple[str, ...] = ()
    region: str | None = None
    tags: tuple[str, ...] = ()
    status: str = ""
    sort: str = "created"
    page: int = 1


def listing(
    query: Query,
    account: Account,
    images: Sequence[Image],
    regions: Sequence[str],
    troubles: Sequence[Trouble] = (),
) -> Message:
    """One page of *images*, which are all that fit the query, in order."""
    text = _headline(query, account, len(images), regions)
    page = page_of(images, query.page, SHOWN)
    blocks = [section(text), *(_row(image, account) for image in page.shown)]
    if not images:
        blocks.append(context(_nothing_found(query)))
    last = page.first + len(page.shown) - 1
    blocks += turns(
        page,
        lambda number: replace(query, page=number),
        back=PAGE_BACK,
        on=PAGE,
        place=f"Images {page.first}–{last} of {len(images):,}.",
    )
    return Message(text, (*blocks, *trouble_notes(troubles)))


def details(
    image: Image,
    account: Account,
    now: datetime,
    membership: Member | None = None,
    result: str = "",
) -> Message:
    """
    Show an image's properties, and the actions that this account has.

    *membership* is the account's own answer to an invitation, if it was invited;
    *result* says what a click has just done.
    """
    title = image.name or image.id
    text = result or f"{named(title)} in {image.region}: {image.status}, {size(image.size)}"
    blocks: list[Block] = [section(result)] if result else []
    blocks += [header(title), section(_relation_sentence(image, account, membership))]
    blocks += [*fields(*_facts(image, now)), *_metadata(image)]
    place = ImageRef.of(account, image)
    if image.owner == account.project_id:
        blocks += _owner_controls(image, account)
    elif membership:
        blocks += answer_buttons(place, membership.status)
    return Message(text, tuple(blocks))


def _owner_controls(image: Image, account: Account) -> Sequence[Block]:
    delete = f"Delete it: {command(f'delete {image.id}')}"
    update = update_button(image, account)
    if image.visibility == Visibility.PUBLIC:
        return buttons(update), context(delete)
    share = f"Share it: {command(f'share {image.id} ACCOUNT')}"
    answers = [members_button(image, account), update, *_transfer_buttons(image, account)]
    return buttons(*answers), context(f"{share} · {delete}")


def _transfer_buttons(image: Image, account: Account) -> Sequence[Block]:
    """Where its data may go, if it has any."""
    if image.status != ImageStatus.ACTIVE:
        return ()
    elsewhere = [copy_button(image, account)] if len(account.regions) > 1 else []
    return export_button(image, account), *elsewhere


@dataclass(frozen=True)
class Choice(ButtonValue):
    """One of several images, and the command that it completes."""

    verb: str
    place: ImageRef
    other_words: tuple[str, ...]


def choice(several: SeveralImages) -> Message:
    """Which one did you mean? A button each; pressing one runs the command with that image."""
    count = len(several.matches)
    text = f"{counted(count, 'image')} match {named(several.word)}. Which one do you mean?"
    blocks = [section(text), *_choices(several.command, several.word, several.matches)]
    if count > SHOWN:
        blocks.append(context(f"…and {count - SHOWN} more. Give the image's id instead."))
    return Message(text, (*blocks, *trouble_notes(several.troubles)))


def suggestion(missing: NoSuchImage, command: Command) -> Message:
    """No image is called so; those that are called like it, with the same buttons."""
    text = words(missing)
    choices = _choices(command, missing.word, missing.near)
    return text_message(text, *choices, *trouble_notes(missing.troubles))


def _choices(command: Command, word: str, matches: Sequence[Match]) -> list[Block]:
    """A button for each, that gives the command again with the image first."""
    rest = list(command.words)
    if word in rest:
        rest.remove(word)
    blocks = []
    for match in matches[:SHOWN]:
        place = ImageRef(match.account_id, match.image.region, match.image.id)
        value = Choice(command.verb, place, tuple(rest)).value()
        blocks.append(
            section(_match(match), button("This one", CHOOSE, value, label=place.image_id))
        )
    return blocks


def _headline(query: Query, account: Account, count: int, regions: Sequence[str]) -> str:
    singular, plural = KINDS[query.kind]
    number = counted(count, singular, plural) if count else f"No {plural}"
    words = [f"*{number}* in {listed(regions) or 'no region'}"]
    words += [f"matching {named(' '.join(query.words))}"] if query.words else []
    words += [f"tagged {listed([named(tag) for tag in query.tags])}"] if query.tags else []
    words += [f"with status {named(query.status)}"] if query.status else []
    order = f", {_order(query.sort)}" if count else ""
    return f"{', '.join(words)}; account {account_label(account)}{order}."


def _order(sort: str) -> str:
    return {
        "created": "newest first",
        "updated": "last changed first",
        "size": "largest first",
    }.get(sort, f"by {sort}")


def _nothing_found(query: Query) -> str:
    if query.kind == "pending":
        return "What you rejected can still be accepted: `/images accept IMAGE`."
    hint = "Invitations that wait for an answer are not in this list: see `/images invitations`."
    narrowed = query.words or query.tags or query.status or query.region
    return f"Try fewer words or options. {hint}" if narrowed else hint


def _row(image: Image, account: Account) -> Block:
    facts = [image.region, relation(image, account), *marks(image), size(image.size)]
    facts.append(str(image.status))
    text = (
        f"*{named(image.name)}*\n{' · '.join(facts)} · {date(image.created_at)}\n{code(image.id)}"
    )
    value = ImageRef.of(account, image).value()
    return section(text, button("Details", SHOW, value, label=f"Details of {image.name}"))


def relation(image: Image, account: Account) -> str:
    """What the image is to the account, in a word or two."""
    if image.visibility == Visibility.PUBLIC:
        return "standard"
    if image.owner == account.project_id:
        return "yours"
    if image.visibility == Visibility.COMMUNITY:
        return f"of {code(image.owner)}" if image.owner else "of another account"
    return f"shared by {code(image.owner)}" if image.owner else str(image.visibility)


def marks(image: Image) -> Sequence[str]:
    """What sets the image apart from others in a list."""
    community = ("community",) if image.visibility == Visibility.COMMUNITY else ()
    return (*community, "hidden") if image.hidden else community


def _relation_sentence(image: Image, account: Account, membership: Member | None) -> str:
    if image.visibility == Visibility.PUBLIC:
        return "A standard image of the provider, there for every account."
    if image.owner == account.project_id:
        return f"Owned by your account {account_label(account)}."
    whom = (
        f"account {code(image.owner)}" if image.owner else "an account that the cloud does not tell"
    )
    if membership is None:
        return f"Owned by {whom}. A nonstandard image."
    answer = {
        MemberStatus.PENDING: "You have not answered the invitation",
        MemberStatus.ACCEPTED: "Your account accepted it",
        MemberStatus.REJECTED: "Your account rejected it",
    }.get(membership.status, f"Your answer: {named(membership.status)}")
    when = "" if membership.status == MemberStatus.PENDING else f" {date(membership.updated_at)}"
    return (
        f"Shared by {whom} with your account {account_label(account)} "
        f"{date(membership.created_at)}. {answer}{when}. A nonstandard image: the provider's "
        "support for it is reduced."
    )


def _visibility(image: Image) -> str:
    community = "community: every account of this cloud can find and use it"
    name = community if image.visibility == Visibility.COMMUNITY else str(image.visibility)
    return (
        f"{name}; hidden: in lists only here and for those who ask for it" if image.hidden else name
    )


def _facts(image: Image, now: datetime) -> list[str]:
    formats = " in ".join(named(f) for f in (image.disk_format, image.container_format) if f)
    facts = {
        "Id": code(image.id),
        "Region": image.region,
        "Status": str(image.status),
        "Visibility": _visibility(image),
        "Size": exact_size(image.size),
        "Format": formats or "not set",
        "Needs": f"{image.min_disk} GB of disk, {image.min_ram} MB of memory",
        "Protected": "yes, it cannot be deleted" if image.protected else "no",
        "Created": f"{date(image.created_at)} ({age(image.created_at, now)} ago)",
        "Updated": _updated(image, now),
        "Checksum (MD5)": code(image.checksum) if image.checksum else "none yet",
        "Tags": _tags(image.tags),
    }
    return [f"*{name}*\n{value}" for name, value in facts.items()]


def _updated(image: Image, now: datetime) -> str:
    """The API does not promise this one."""
    if not image.raw.get("updated_at"):
        return "not told"
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


def _match(match: Match) -> str:
    image = match.image
    facts = [image.region, size(image.size), str(image.status), f"created {date(image.created_at)}"]
    owner = f"owner {code(image.owner)}" if image.owner else "owner unknown"
    return f"*{named(image.name)}* · {' · '.join(facts)}\n{code(image.id)} · {owner}"
