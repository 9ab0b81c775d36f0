"""The options of menus that search, and the readers of their values."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice

from cloud.compute import Flavor
from cloud.models import Image, Visibility
from cloud.object_store import Container, StoredObject
from handlers.core.button_values import ButtonValue
from handlers.core.list_cache import MenuItem
from handlers.core.places import ImageRef
from handlers.core.replies import Option
from handlers.core.text import clean, clip
from handlers.ui.blocks import counted, size
from handlers.ui.form_fields import MAX_OPTION, MAX_OPTIONS
from storage import Account

IMAGE = "menus.image"
ACCOUNT = "menus.account"
EXPORT_CONTAINER = "exports.container"
IMPORT_CONTAINER = "imports.container"
OBJECT = "imports.object"
REGION = "copies.region"
FLAVOR = "launch.flavor"

MAX_VALUE = 150
"""Characters Slack takes as an option's value. What needs more is left out of the menu."""


@dataclass(frozen=True)
class FormRegion(ButtonValue):
    """The value of a form with such menus: the account and region that it was opened for."""

    account_id: str
    region: str


def matching_options(
    items: Iterable[MenuItem], words: str, *, ordered: bool = False
) -> list[Option]:
    """
    The options that have all the words, at most 100: those that begin with them first, then
    one's own.

    An image that two accounts see is listed once, for its owner if that is one of them.

    Args:
        ordered: the items have an order of their own, and keep it.
    """
    typed = words.casefold().split()
    beginning = " ".join(typed)
    matching = [
        item
        for item in items
        if all(word in item.search_text for word in typed) and len(item.option.value) <= MAX_VALUE
    ]
    distinct = _deduplicate(matching)
    if ordered:
        return [item.option for item in islice(distinct, MAX_OPTIONS)]
    best = heapq.nsmallest(
        MAX_OPTIONS,
        distinct,
        key=lambda item: (
            not item.search_text.startswith(beginning),
            not item.own,
            item.search_text,
        ),
    )
    return [item.option for item in best]


def image(seen: Image, account: Account) -> MenuItem:
    """An image, as this account sees it."""
    own = seen.owner == account.project_id
    return MenuItem(
        Option(
            option_text(seen.name or seen.id),
            ImageRef.of(account, seen).value(),
            option_text(f"{seen.region} · {size(seen.size)} · {seen.id}"),
        ),
        _search_text(seen.name, seen.region, seen.id),
        identity=(seen.region, seen.id),
        shareable=own and seen.visibility != Visibility.PUBLIC,
        own=own,
    )


def account(number: str, names: Collection[str], by: Collection[str]) -> MenuItem:
    """
    An account that was linked in this workspace; its value is its number.

    Args:
        names: what it is called, which may differ from link to link.

        by: names of the users it is linked with.
    """
    name = ", ".join(sorted({*names} - {number, ""}))
    return MenuItem(
        Option(option_text(f"{number} ({name})" if name else number), number),
        _search_text(number, *names, *by),
    )


def region(name: str) -> MenuItem:
    return MenuItem(Option(option_text(name), name), _search_text(name))


def container(stored: Container) -> MenuItem:
    facts = f"{counted(stored.count, 'object')} · {size(stored.size)}"
    return MenuItem(Option(option_text(stored.name), stored.name, facts), _search_text(stored.name))


def stored_object(container: str, stored: StoredObject) -> MenuItem:
    """An object, named with its container: there is one menu for all of them."""
    name = f"{container}/{stored.name}"
    facts = f"{size(stored.size)} · {stored.last_modified:%d %b %Y}"
    return MenuItem(Option(option_text(name), name, facts), _search_text(stored.name, name))


def flavor(size: Flavor) -> MenuItem:
    return MenuItem(
        Option(option_text(size.name), size.id, flavor_label(size)),
        _search_text(size.name, size.id),
    )


def flavor_label(size: Flavor) -> str:
    """`2 GB RAM, 1 CPU, 40 GB disk`."""
    return f"{memory(size.ram)} RAM, {counted(size.vcpus, 'CPU')}, {size.disk} GB disk"


def memory(megabytes: int) -> str:
    """As providers write it: `512 MB`, `2 GB`, `7.5 GB`."""
    return f"{megabytes / 1024:g} GB" if megabytes >= 1024 else f"{megabytes} MB"


def option_text(text: str) -> str:
    """What a stranger named, as much of it as an option holds. Slack formats nothing there."""
    return clip(clean(text) or "–", MAX_OPTION)


def _search_text(*texts: str) -> str:
    return " ".join(texts).casefold()


def _deduplicate(items: Iterable[MenuItem]) -> Iterable[MenuItem]:
    best: dict[object, MenuItem] = {}
    for item in items:
        key = item.identity or item.option.value
        if key not in best or item.own:
            best[key] = item
    return best.values()
