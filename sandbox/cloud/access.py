"""Who may do what: by role, by ownership, and by membership."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.cloud.errors import Refusal, not_allowed
from sandbox.cloud.state import Json, Region, User

ALL = frozenset({"admin", "member", "cloudImages:admin", "identity:user-admin"})
"""Roles that may do everything to what is their account's."""
CREATORS = frozenset({"creator", "cloudImages:creator"})
"""Rackspace: these may share an image, but neither accept nor change one."""
OF_CREATORS = frozenset({"add_image", "upload_image", "add_member"})


def may(roles: Iterable[str], action: str) -> bool:
    """A reader or observer may only look. The stronger of two roles wins."""
    held = frozenset(roles)
    return bool(held & ALL) or (action in OF_CREATORS and bool(held & CREATORS))


def owns(user: User, image: Json) -> bool:
    return bool(image["owner"] == user.number)


def must_own(user: User, image: Json, action: str) -> None:
    if not user.operator and (not owns(user, image) or not may(user.roles, action)):
        raise not_allowed(action)


def must_operate(user: User, action: str) -> None:
    if not user.operator:
        raise not_allowed(action)


def sees(user: User, region: Region, image: Json) -> bool:
    """Its owner, a member whatever it answered, and everyone if it is public or community."""
    if user.operator or owns(user, image) or image["visibility"] in ("public", "community"):
        return True
    return image["visibility"] == "shared" and user.number in region.members[image["id"]]


def seen(
    user: User, region: Region, image_id: str, message: str = "No image found with ID {}"
) -> Json:
    """The image. One that the account may not see is not there."""
    image = region.images.get(image_id)
    if image is None or not sees(user, region, image):
        raise Refusal(404, message.format(image_id))
    return image
