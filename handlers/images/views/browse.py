"""Words for listing images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cloud.models import Image, Visibility
from handlers.core.button_values import ButtonValue
from handlers.core.errors import Trouble
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.ui.blocks import (
    button,
    code,
    context,
    counted,
    date,
    listed,
    named,
    section,
    short_id,
    size,
)
from handlers.ui.error_words import trouble_notes
from handlers.ui.image_buttons import SHOW
from handlers.ui.labels import account_label
from handlers.ui.paging import page_of, turns
from storage import Account

PAGE = "images.page"
PAGE_BACK = "images.page_back"

SHOWN = 10
"""Images on a page, and matches in a choice."""

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


def _row(image: Image, account: Account) -> Block:
    facts = [image.region, relation(image, account), *marks(image), size(image.size)]
    facts.append(str(image.status))
    text = (
        f"*{named(image.name)}*\n{' · '.join(facts)} · {date(image.created_at)} · "
        f"{code(short_id(image.id))}"
    )
    value = ImageRef.of(account, image).value()
    return section(text, button("Details", SHOW, value, label=f"Details of {image.name}"))


def relation(image: Image, account: Account) -> str:
    """How the account relates to the image, in a word or two."""
    if image.visibility == Visibility.PUBLIC:
        return "standard"
    if image.owner == account.project_id:
        return "own"
    if image.visibility == Visibility.COMMUNITY:
        return f"owned by {code(image.owner)}" if image.owner else "owned by another account"
    return f"shared by {code(image.owner)}" if image.owner else str(image.visibility)


def marks(image: Image) -> Sequence[str]:
    """Marks of an image that is unusual in a list."""
    community = ("community",) if image.visibility == Visibility.COMMUNITY else ()
    return (*community, "hidden") if image.hidden else community
