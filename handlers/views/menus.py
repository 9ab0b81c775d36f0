"""The options of menus that look things up, and what a chosen one says."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cloud.models import Image
from handlers.errors import TooLong
from handlers.modal import Option
from handlers.views.accounts import Account
from handlers.views.blocks import clean, clip, counted, size
from handlers.views.inputs import OPTION, OPTIONS
from handlers.views.values import Place, pack, unpack

IMAGE = "menus.image"
ACCOUNT = "menus.account"
EXPORT_CONTAINER = "exports.container"
IMPORT_CONTAINER = "imports.container"
OBJECT = "imports.object"
REGION = "copies.region"
FLAVOR = "launch.flavor"

VALUE = 150
"""Characters Slack takes as an option's value. What needs more is left out of the menu."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to choose, as it is kept: what it shows, and what it is found by."""

    option: Option
    words: str
    """In lower case."""
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
    The options that have all the words, at most 100: those that begin with them first.

    What two accounts see is there once, for its owner if that is one of them.
    """
    typed = words.casefold().split()
    fitting = (item for item in items if all(word in item.words for word in typed))
    beginning = " ".join(typed)
    ranked = heapq.nsmallest(
        OPTIONS, _once_each(fitting), key=lambda item: _rank(item.words, beginning)
    )
    return [item.option for item in ranked]


def image(seen: Image, account: Account, cloud: str) -> Item | None:
    """An image that this account sees; None if its value were too long."""
    value = Place(account.id, seen.region, seen.id).parts
    facts = " · ".join((seen.region, size(seen.size), seen.id))
    return _item(
        seen.name or seen.id,
        pack(*value),
        facts,
        words=f"{seen.name} {seen.id} {seen.region}",
        same=(cloud, seen.region, seen.id),
        own=seen.owner == account.project_id,
    )


def read_image(value: str) -> Place:
    """The image that was chosen."""
    return Place(*unpack(value, 3)[:3])
