"""Words for listing images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cloud.models import Image, Visibility
from handlers.core.button_values import ButtonValue
from handlers.core.errors import Trouble
from handlers.core.replies import Block, Message
from handlers.ui import rows
from handlers.ui.blocks import (
    Part,
    context,
    counted,
    listed,
    moment,
    mono,
    named,
    section,
    short_id,
    size,
    strong,
)
from handlers.ui.error_words import trouble_notes
from handlers.ui.image_buttons import own_image_buttons, show_button
from handlers.ui.labels import account_label
from handlers.ui.paging import page_of, turns
from handlers.ui.rows import facts
from storage import Account

PAGE = "images.page"
PAGE_BACK = "images.page_back"

SHOWN = 6
"""Images on a page: with their buttons they stay well below Slack's 13,200 characters."""

KINDS: Mapping[str, tuple[str, str]] = {
    "": ("image", "images"),
    "mine": ("own image", "own images"),
    "standard": ("standard image", "standard images"),
    "community": ("community image", "community images"),
    "shared": ("image shared with this account", "images shared with this account"),
    "pending": ("pending image", "pending images"),
}


@dataclass(frozen=True)
class Query(ButtonValue):
    """What a list shows: everything that its Next button has to ask for again."""

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
    """One page of *images*, which are all that match the query, in order."""
    text = _headline(query, account, len(images), regions)
    page = page_of(images, query.page, SHOWN)
    blocks = [section(text)]
    for each in page.shown:
        blocks += row(each, account)
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
        "updated": "last updated first",
        "size": "largest first",
    }.get(sort, f"by {sort}")


def _nothing_found(query: Query) -> str:
    if query.kind == "pending":
        return "You can still accept what you rejected: `/images accept IMAGE`."
    hint = "Pending invitations are not in this list: see `/images invitations`."
    narrowed = query.words or query.tags or query.status or query.region
    return f"Try fewer words or options. {hint}" if narrowed else hint


def row(image: Image, account: Account) -> list[Block]:
    """An image in a list, with what its account can do with it."""
    own = image.owner == account.project_id
    buttons = [show_button(image, account)]
    buttons += own_image_buttons(image, account, in_row=True) if own else []
    return rows.row(
        facts(strong(image.name), relation(image, account), *marks(image)),
        facts(
            image.region,
            size(image.size),
            str(image.status),
            moment(image.created_at),
            mono(short_id(image.id)),
        ),
        buttons[: rows.MAX_BUTTONS],
        buttons[rows.MAX_BUTTONS :],
    )


def relation(image: Image, account: Account) -> Sequence[Part]:
    """How the account relates to the image, in a word or two."""
    if image.visibility == Visibility.PUBLIC:
        return ("standard",)
    if image.owner == account.project_id:
        return ("own",)
    if image.visibility == Visibility.COMMUNITY:
        return ("owned by ", mono(image.owner) if image.owner else "another account")
    return ("shared by ", mono(image.owner)) if image.owner else (str(image.visibility),)


def marks(image: Image) -> Sequence[str]:
    """Marks of an image that is unusual in a list."""
    community = ("community",) if image.visibility == Visibility.COMMUNITY else ()
    return (*community, "hidden") if image.hidden else community
