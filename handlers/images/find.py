"""Find an image by what is typed into a menu, from the shortcut of that name."""

from __future__ import annotations

from handlers.core.interactions import Click
from handlers.core.replies import Reply
from handlers.core.services import Services
from handlers.ui import pick_image, typeahead
from handlers.ui.typeahead_options import IMAGE

FIND = "images.find"


def find_clicked(click: Click, services: Services) -> Reply:
    """The shortcut Find an image: a form that shows what is chosen in it."""
    services.accounts_of(click.person)
    typeahead.prefetch(click.person, "", services, IMAGE)
    return pick_image.pick_form("show")
