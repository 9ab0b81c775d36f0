"""
Find the image a person means: by id, by the beginning of an id, or by name.

If none has exactly that name, one that differs in capitals only is meant; what is merely like it
is suggested, and never taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from cloud import Images
from cloud.errors import NotFound
from cloud.models import Image
from handlers.core import same_name
from handlers.core.errors import (
    ImageGone,
    Match,
    NoSuchImage,
    NotAnImage,
    SeveralImages,
    Trouble,
)
from handlers.core.find_account import account_named
from handlers.core.interactions import Command, Person
from handlers.core.mentions import mentions
from handlers.core.places import AccountRegion, ImageRef, account_regions
from handlers.core.region_queries import RegionResults
from handlers.core.same_name import same
from handlers.core.services import Services
from storage import Account

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ID_PREFIX = re.compile(r"[0-9a-f][0-9a-f-]{5,}", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """An image, and the linked account that sees it."""

    account: Account
    image: Image


def find_image(command: Command, word: str, services: Services) -> Found:
    """
    Return the one image that *word* means, over all the person's accounts and regions.

    An image that several accounts see is found once, for its owner if that is one of them.

    Raises:
        NoSuchImage: nothing fits where the person may look.

        SeveralImages: more than one fits.

        LacksRole: the person may look at it, but not do that with it.
    """
    results = _looked_for(command, word, services)
    found = _deduplicate(_found(results))
    if len(found) == 1:
        services.require_role(found[0].account)
        return found[0]
    raise SeveralImages(command, word, _as_matches(found), results.troubles)


def image_from_button(person: Person, place: ImageRef, services: Services) -> tuple[Account, Image]:
    """
    Return the account and the image of a button, as they are now.

    Raises:
        NotYours: the person has not linked the account.

        ImageGone: the account sees no such image any more.
    """
    account = services.account(person, place.account_id)
    try:
        return account, services.images(account, place.region).get(place.image_id)
    except NotFound as error:
        raise ImageGone(place.image_id) from error


def find_invitations(command: Command, word: str, services: Services) -> RegionResults[list[Image]]:
    """
    Find images of other accounts that *word* means, in each region of each account that sees them.

    Raises:
        NoSuchImage: nothing fits where the person may look.
    """
    return _looked_for(command, word, services)


def find_any(
    command: Command, words: Sequence[str], services: Services
) -> tuple[list[Found], Sequence[Trouble]]:
    """Return the images that any of the words means, each once, and the regions that failed."""
    places = _regions_to_search(command, services)
    results = services.query_images(places, partial(_any_of, words)).or_raise()
    return _deduplicate(_found(results)), results.troubles


def find_by_ids(command: Command, ids: Sequence[str], services: Services) -> list[Found]:
    """
    Return the images with these full ids, once for each account that sees them.

    A region that does not answer is left out.
    """
    results = services.query_images(_regions_to_search(command, services), partial(_by_ids, ids))
    return _found(results)


def selected_accounts(command: Command, services: Services) -> Sequence[Account]:
    """Return the account that `--account` names, or all that the person has linked."""
    words = command.options.get("account")
    if not words:
        return services.accounts_of(command.person)
    return [account_named(command.person, words, services)]


def selected_account(command: Command, services: Services) -> Account:
    """Return the account that `--account` names, or the one in use."""
    words = command.options.get("account")
    if not words:
        return services.current_account(command.person)
    return account_named(command.person, words, services)


def _looked_for(command: Command, word: str, services: Services) -> RegionResults[list[Image]]:
    """
    What the word means: exactly, or if that is nothing, but for capitals.

    Raises:
        NotAnImage: it is a mention.

        NoSuchImage: nothing fits; it tells what is like it.
    """
    if mentions(word):
        raise NotAnImage(word)
    wanted, places = _id_in(word), _regions_to_search(command, services)
    results = services.query_images(places, partial(_matching, wanted)).or_raise()
    if any(images for _, images in results.results):
        return results
    every = services.query_images(places, lambda images: list(_distinct(images.visible())))
    alike = [(place, same(word, images, _name)) for place, images in every.results]
    if any(images for _, images in alike):
        return RegionResults(alike, every.troubles)
    near = same_name.alike(word, _deduplicate(_found(every)), lambda found: _name(found.image))
    names, troubles = _regions_that_answered(places, results), results.troubles
    raise NoSuchImage(word, names, troubles, command, _as_matches(near))


def _id_in(word: str) -> str:
    """The id in the address of an image; any other word as it is."""
    found = _ID.search(word) if "/" in word else None
    return found[0].lower() if found else word


def _name(image: Image) -> str:
    return image.name or ""


def _as_matches(found: Sequence[Found]) -> list[Match]:
    return [Match(each.account.id, each.account.project_id, each.image) for each in found]


def _regions_to_search(command: Command, services: Services) -> list[AccountRegion]:
    return account_regions(selected_accounts(command, services), command.last("region"))


def _matching(word: str, images: Images) -> list[Image]:
    """
    What *word* means in one region.

    A name is asked for by name. The beginning of an id can only be found by looking
    at all, and then names are compared on the way.
    """
    if _ID.fullmatch(word):
        found = _by_id(images, word.lower())
        if found:
            return found
    if _ID_PREFIX.fullmatch(word):
        return list(_distinct(filter(_matches(word), images.visible())))
    return list(_distinct(_by_name(images, word)))


def _any_of(words: Sequence[str], images: Images) -> list[Image]:
    return list(_distinct(chain.from_iterable(_matching(word, images) for word in words)))


def _by_id(images: Images, image_id: str) -> list[Image]:
    try:
        return [images.get(image_id)]
    except NotFound:
        return []


def _by_ids(ids: Sequence[str], images: Images) -> list[Image]:
    return [image for image_id in ids for image in _by_id(images, image_id)]


def _by_name(images: Images, name: str) -> Iterator[Image]:
    return (each for each in images.visible(name) if each.name == name)


def _matches(word: str) -> Callable[[Image], bool]:
    beginning = word.lower()
    return lambda each: each.name == word or each.id.startswith(beginning)


def _distinct(images: Iterable[Image]) -> Iterable[Image]:
    return {each.id: each for each in images}.values()


def _found(results: RegionResults[list[Image]]) -> list[Found]:
    return [Found(place.account, each) for place, images in results.results for each in images]


def _deduplicate(found: Sequence[Found]) -> list[Found]:
    best: dict[tuple[str, str, str], Found] = {}
    for each in found:
        key = (each.account.cloud, each.image.region, each.image.id)
        if key not in best or each.image.owner == each.account.project_id:
            best[key] = each
    return list(best.values())


def _regions_that_answered(
    places: Sequence[AccountRegion], results: RegionResults[list[Image]]
) -> list[str]:
    silent = {(trouble.account, trouble.region) for trouble in results.troubles}
    asked = [p.region for p in places if (p.account.project_id, p.region) not in silent]
    return list(dict.fromkeys(asked))
