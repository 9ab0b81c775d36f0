"""
Unfurl links to images. Everyone in the channel reads it, so it shows only what all may see.

The image is found with the rights of the person who posted the link. In a channel that has a
role on the account a card is shown; elsewhere a button shows each person what they may see.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from itertools import islice

from cloud import Visibility
from cloud.errors import CloudError, NotFound
from cloud.models import MemberStatus
from handlers.core import find_image
from handlers.core.errors import UserError
from handlers.core.find_image import Found
from handlers.core.interactions import Command, Links
from handlers.core.replies import Message
from handlers.core.request_context import RequestContext
from handlers.core.services import Services
from handlers.images.message_shortcut import MAX_IDS
from handlers.images.views import unfurl as views
from storage import Role
from storage.errors import Unreachable

log = logging.getLogger(__name__)

MAX_URL = 2000
"""Characters of an address that is looked at: no dashboard's is longer."""
_ID = re.compile(
    r"(?<![0-9a-f-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f-])", re.IGNORECASE
)


def unfurl(links: Links, services: Services) -> Mapping[str, Message]:
    """What to show below each address; nothing for most. Never raises: trouble shows nothing."""
    ids = image_ids(links.urls)
    if not ids:
        return {}
    asked = Command(links.person, "show", channel_id=links.channel_id)
    context = RequestContext(links.person, links.channel_id, Role.VIEWER)
    try:
        found = find_image.find_by_ids(asked, list(ids.values()), services.for_request(context))
        shown = {image_id: _card_for(image_id, found, links, services) for image_id in ids.values()}
    except (UserError, CloudError, Unreachable) as error:
        log.info("a link of %s: %s", links.person.actor, type(error).__name__)
        return {}
    except Exception:
        log.exception("a link of %s broke", links.person.actor)
        return {}
    return {url: message for url, image_id in ids.items() if (message := shown[image_id])}


def image_ids(urls: Sequence[str]) -> Mapping[str, str]:
    """Return the image id in each address, for the first few that have one."""
    ids = ((url, image_id) for url in urls if (image_id := _image_id(url)))
    return dict(islice(ids, MAX_IDS))


def _image_id(url: str) -> str:
    """Dashboards and the Images API alike say `image` before the id of one; "" if there is none."""
    if len(url) > MAX_URL:
        return ""
    start = url.lower().find("image")
    found = _ID.search(url, start) if start >= 0 else None
    return found[0].lower() if found else ""


def _card_for(
    image_id: str, found: Sequence[Found], links: Links, services: Services
) -> Message | None:
    seen = [each for each in found if each.image.id == image_id]
    for each in seen:
        if not _is_known(each, services):
            continue
        if services.roles.role_of_channel(each.account.key, links.channel_id).allows(Role.VIEWER):
            return views.card(each.image)
    return views.link_only(image_id) if seen else None


def _is_known(found: Found, services: Services) -> bool:
    """
    Whether the account has, or has accepted, the image.

    A pending invitation is a stranger's, whose words nobody has asked for.
    """
    account, image = found.account, found.image
    if image.owner == account.project_id or image.visibility == Visibility.PUBLIC:
        return True
    try:
        member = services.images(account, image.region).member(image.id, account.project_id)
    except NotFound:
        return False
    return member.status == MemberStatus.ACCEPTED
