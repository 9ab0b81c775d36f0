"""The options of menus that look things up, and what a chosen one says."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice

from cloud.compute import Flavor
from cloud.models import Image
from cloud.object_store import Container, StoredObject
from handlers.core.button_values import ButtonValue
from handlers.core.list_cache import Item
from handlers.core.places import ImageRef
from handlers.core.replies import Option
from handlers.core.text import clean, clip
from handlers.ui.blocks import counted, size
from handlers.ui.form_fields import OPTION, OPTIONS
from storage import Account

IMAGE = "menus.image"
ACCOUNT = "menus.account"
EXPORT_CONTAINER = "exports.container"
IMPORT_CONTAINER = "imports.container"
OBJECT = "imports.object"
REGION = "copies.region"
FLAVOR = "launch.flavor"

VALUE = 150
"""Characters Slack takes as an option's value. What needs more is left out of the menu."""


@dataclass(frozen=True)
class Where(ButtonValue):
    """The value of a form with such menus: the account and region that it was opened for."""

    account_id: str
    region: str


def found(items: Iterable[Item], words: str, *, ordered: bool = False) -> list[Option]:
    """
    The options that have all the words, at most 100: those that begin with them first, then
    one's own.

    What two accounts see is there once, for its owner if that is one of them.

    Args:
        ordered: the items have an order of their own, and keep it.
    """
    typed = words.casefold().split()
    beginning = " ".join(typed)
    fitting = [
        item
        for item in items
        if all(word in item.words for word in typed) and len(item.option.value) <= VALUE
    ]
    once = _once_each(fitting)
    if ordered:
        return [item.option for item in islice(once, OPTIONS)]
    best = heapq.nsmallest(
        OPTIONS,
        once,
        key=lambda item: (not item.words.startswith(beginning), not item.own, item.words),
    )
    return [item.option for item in best]


def image(seen: Image, account: Account) -> Item:
    """An image, as this account sees it."""
    return Item(
        Option(
            shown(seen.name or seen.id),
            ImageRef.of(account, seen).value(),
            shown(f"{seen.region} · {size(seen.size)} · {seen.id}"),
        ),
        _words(seen.name, seen.region, seen.id),
        same=(seen.region, seen.id),
        own=seen.owner == account.project_id,
    )


def account(number: str, names: Collection[str], by: Collection[str]) -> Item:
    """
    An account that was linked in this workspace; its value is its number.

    Args:
        names: what it is called, which may differ from link to link.

        by: names of the users it is linked with.
    """
    name = ", ".join(sorted({*names} - {number, ""}))
    return Item(
        Option(shown(f"{number} ({name})" if name else number), number),
        _words(number, *names, *by),
    )


def region(name: str) -> Item:
    return Item(Option(shown(name), name), _words(name))


def container(held: Container) -> Item:
    facts = f"{counted(held.count, 'object')} · {size(held.size)}"
    return Item(Option(shown(held.name), held.name, facts), _words(held.name))


def stored(container: str, held: StoredObject) -> Item:
    """An object, named with its container: there is one menu for all of them."""
    name = f"{container}/{held.name}"
    facts = f"{size(held.size)} · {held.last_modified:%d %b %Y}"
    return Item(Option(shown(name), name, facts), _words(held.name, name))


def flavor(size: Flavor) -> Item:
    return Item(Option(shown(size.name), size.id, described(size)), _words(size.name, size.id))


def described(size: Flavor) -> str:
    """`2 GB memory, 1 CPU, 40 GB disk`."""
    return f"{memory(size.ram)} memory, {counted(size.vcpus, 'CPU')}, {size.disk} GB disk"


def memory(megabytes: int) -> str:
    """As providers write it: `512 MB`, `2 GB`, `7.5 GB`."""
    return f"{megabytes / 1024:g} GB" if megabytes >= 1024 else f"{megabytes} MB"


def shown(text: str) -> str:
    """What a stranger named, as much of it as an option holds. Slack formats nothing there."""
    return clip(clean(text) or "–", OPTION)


def _words(*texts: str) -> str:
    return " ".join(texts).casefold()


def _once_each(items: Iterable[Item]) -> Iterable[Item]:
    best: dict[object, Item] = {}
    for item in items:
        key = item.same or item.option.value
        if key not in best or item.own:
            best[key] = item
    return best.values()
