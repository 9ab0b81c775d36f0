"""Listing and showing images."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from cloud import ImageFilter, Images, ImageStatus, Visibility
from cloud.errors import NotFound
from cloud.models import Image, Member, MemberStatus
from handlers.core import find_image
from handlers.core.errors import BadValue, TooLong, Usage
from handlers.core.interactions import Click, Command, Person
from handlers.core.places import ImageRef, account_regions
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.images.errors import OnlyOne
from handlers.images.views import browse as views
from handlers.images.views import details as details_views
from storage import Account, of_person

LIST = (
    "list [words] [--mine|--standard|--shared|--pending|--community] [--region R] [--tag T] "
    "[--status S] [--sort F]"
)
SHOW = "show IMAGE"
TEN_YEARS_S = 10 * 365 * 86_400.0

KINDS = ("mine", "standard", "shared", "pending", "community")


@dataclass(frozen=True)
class _Order:
    key: Callable[[Image], Any]
    descending: bool = False


ORDERS: Mapping[str, _Order] = {
    "created": _Order(lambda image: image.created_at, descending=True),
    "updated": _Order(lambda image: image.raw.get("updated_at") or "", descending=True),
    "name": _Order(lambda image: (image.name.casefold(), image.id)),
    "size": _Order(lambda image: image.size or 0, descending=True),
    "status": _Order(lambda image: image.status),
    "region": _Order(lambda image: (image.region, image.name.casefold())),
}


def list_(command: Command, services: Services) -> Message:
    """/images list [words]: one page of an account's images, over its regions."""
    answer = _page(command.person, _query(command, services), services)
    _note_listed(command.person, services)
    return answer


def has_listed(person: Person, services: Services) -> bool:
    """Whether the person has ever listed images: a step of the home's checklist."""
    return bool(services.store.once.count(_listed_key(person), TEN_YEARS_S, 0))


def _note_listed(person: Person, services: Services) -> None:
    if services.store.once.count(_listed_key(person), TEN_YEARS_S) == 1:
        services.store.displays.changed(of_person(person.team_id, person.user_id))


def _listed_key(person: Person) -> str:
    return f"looked {person.actor}"


def page_clicked(click: Click, services: Services) -> Message:
    """Another page of a list, from a new query."""
    return _page(click.person, views.Query.read(click.value), services)


def show(command: Command, services: Services) -> Message:
    """/images show <image>: all that is known of an image."""
    if len(command.words) != 1:
        raise Usage(SHOW)
    found = find_image.find_image(command, command.words[0], services)
    return details(found.account, found.image, services, public="public" in command.options)


def show_clicked(click: Click, services: Services) -> Message:
    """The Details button of a list."""
    account, image = find_image.image_from_button(
        click.person, ImageRef.read(click.value), services
    )
    return details(account, image, services)


def details(
    account: Account,
    image: Image,
    services: Services,
    result: str = "",
    *,
    public: bool = False,
) -> Message:
    membership = None
    if image.owner != account.project_id and image.visibility != Visibility.PUBLIC:
        membership = _membership(services.images(account, image.region), image)
    now = services.clock()
    return details_views.details(image, account, now, membership, result, public=public)


def _membership(images: Images, image: Image) -> Member | None:
    try:
        return images.member(image.id, images.project_id)
    except NotFound:
        return None


def _query(command: Command, services: Services) -> views.Query:
    kinds = [kind for kind in KINDS if kind in command.options]
    if len(kinds) > 1:
        raise OnlyOne(kinds)
    if len(" ".join(command.words)) > 200:
        raise TooLong
    account = find_image.selected_account(command, services)
    return views.Query(
        account_id=account.id,
        kind=kinds[0] if kinds else "",
        words=command.words,
        region=command.last("region"),
        tags=command.options.get("tag", ()),
        status=_checked_choice(
            "status", command.last("status") or "", [s.value for s in ImageStatus]
        ),
        sort=_checked_choice("sort", command.last("sort") or "created", list(ORDERS)),
    )


def _checked_choice(option: str, value: str, allowed: Sequence[str]) -> str:
    if value and value not in allowed:
        raise BadValue(option, value, ", ".join(f"`{each}`" for each in allowed))
    return value


def _page(person: Person, query: views.Query, services: Services) -> Message:
    account = services.account(person, query.account_id)
    places = account_regions([account], query.region)
    gathered = services.query_images(places, partial(_matching, query)).or_raise()
    order = ORDERS.get(query.sort, ORDERS["created"])
    images = sorted(
        (image for _, found in gathered.results for image in found),
        key=order.key,
        reverse=order.descending,
    )
    regions = [place.region for place, _ in gathered.results]
    return views.listing(query, account, images, regions, gathered.troubles)


def _matching(query: views.Query, images: Images) -> list[Image]:
    """
    Return the images of one region that match the query.

    The API compares names whole and only, so words are searched for here; what
    it does filter is checked again, for not every service knows every filter.
    """
    return [image for image in _listed(query, images) if _matches(query, image)]


def _listed(query: views.Query, images: Images) -> Iterable[Image]:
    status = query.status or None
    me = images.project_id
    match query.kind:
        case "mine":
            own = ImageFilter(owner=me, status=status, tags=query.tags, hidden=True)
            return (image for image in images.list(own) if image.owner == me)
        case "standard":
            return images.list(
                ImageFilter(visibility=Visibility.PUBLIC, status=status, tags=query.tags)
            )
        case "shared":
            accepted = ImageFilter(
                visibility=Visibility.SHARED,
                member_status=MemberStatus.ACCEPTED,
                status=status,
                tags=query.tags,
                hidden=True,
            )
            return (image for image in images.list(accepted) if image.owner != me)
        case "pending":
            return images.pending_invitations()
        case "community":
            return images.community()
    every = images.list(ImageFilter(status=status, tags=query.tags, hidden=True))
    return (image for image in every if not _retired(image, me))


def _retired(image: Image, me: str) -> bool:
    """Whether it is one of the provider's that are hidden, as a rule for newer ones."""
    return image.hidden and image.visibility == Visibility.PUBLIC and image.owner != me


def _matches(query: views.Query, image: Image) -> bool:
    if query.status and image.status != query.status:
        return False
    if not set(query.tags).issubset(image.tags):
        return False
    if not query.words:
        return True
    text = _searchable(image)
    return all(word.casefold() in text for word in query.words)


def _searchable(image: Image) -> str:
    system = [str(v) for k, v in image.properties.items() if k.startswith("os_")]
    return "\n".join([image.name, image.id, *image.tags, *system]).casefold()
