"""The options of menus that look things up, and what a chosen one says."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cloud.models import Image
from handlers.modal import Option
from handlers.views.accounts import Account
from handlers.views.blocks import clean, clip, size
from handlers.views.inputs import OPTION, OPTIONS
from handlers.views.values import Place, pack, unpack

IMAGE = "menus.image"
ACCOUNT = "menus.account"
REGION = "copies.region"

VALUE = 150
"""Characters Slack takes as an option's value. What needs more is left out of the menu."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to choose, as it is kept: what it shows, and what it is found by."""

    option: Option
    words: str
    """In lower case, what it is called first."""
    same: tuple[str, ...] = ()
    """Equal for one thing that is seen from several places."""
    own: bool = False


@dataclass(frozen=True)
class Where:
    """The value of a form with such menus: the account and region that it was opened for."""

    account_id: str
    region: str

    @classmethod
    def read(cls, value: str) -> Where:
        account_id, region, *_ = unpack(value, 2)
        return cls(account_id, region)

    def value(self) -> str:
        return pack(self.account_id, self.region)


def found(items: Iterable[Item], words: str) -> list[Option]:
    """
    The options that have all the words, at most 100: those that begin with them first, then
    one's own.

    What two accounts see is there once, for its owner if that is one of them.
    """
    typed = words.casefold().split()
    beginning = " ".join(typed)
    fitting = [item for item in items if all(word in item.words for word in typed)]
    best = heapq.nsmallest(
        OPTIONS,
        _once_each(fitting),
        key=lambda item: (not item.words.startswith(beginning), not item.own, item.words),
    )
    return [item.option for item in best]


def image(seen: Image, account: Account) -> Item:
    """An image, as this account sees it."""
    return Item(
        Option(
            shown(seen.name or seen.id),
            pack(account.id, seen.region, seen.id),
            shown(f"{seen.region} · {size(seen.size)} · {seen.id}"),
        ),
        _words(seen.name, seen.region, seen.id),
        same=(seen.region, seen.id),
        own=seen.owner == account.project_id,
    )


def read_image(value: str) -> Place:
    """The image that was chosen."""
    return Place(*unpack(value, 3)[:3])


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
