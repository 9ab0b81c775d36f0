"""The routes of this topic: looking at images."""

from __future__ import annotations

from handlers.core.errors import NoSuchImage, SeveralImages
from handlers.core.routing import (
    LOCATION_OPTIONS,
    PUBLIC_OPTION,
    Button,
    Pick,
    Repeat,
    Routes,
    Verb,
)
from handlers.images import browse as images
from handlers.images import choose, find, message_shortcut
from handlers.images.views import browse as image_views
from handlers.images.views import choose as choose_views
from handlers.images.views import message_shortcut as lookup_views
from handlers.ui.image_buttons import SHOW
from storage import Role

ROUTES = Routes(
    verbs=(
        Verb(
            "list",
            images.LIST,
            "Lists images; words are searched in name, id, tags and operating system.",
            Role.VIEWER,
            images.list_,
            frozenset({*images.KINDS, "tag", "status", "sort"}) | LOCATION_OPTIONS | PUBLIC_OPTION,
            "An image matches if it has all the words. Without options the list has "
            "standard images, your own, and those shared with you that you accepted.",
        ),
        Verb(
            "show",
            images.SHOW,
            "Shows an image and what you can do with it.",
            Role.VIEWER,
            images.show,
            LOCATION_OPTIONS | PUBLIC_OPTION,
            picks=Pick(),
        ),
    ),
    repeats={
        choose_views.CHOOSE: Repeat(choose.chosen_request, Role.VIEWER, choose.chosen_command)
    },
    recoveries={SeveralImages: choose.ask_which, NoSuchImage: choose.suggest},
    buttons={
        SHOW: Button(images.show_clicked, Role.VIEWER),
        find.FIND: Button(find.find_clicked, Role.VIEWER, opens=True),
        lookup_views.LOOKUP: Button(message_shortcut.lookup_clicked, Role.VIEWER, opens=True),
        image_views.PAGE: Button(images.page_clicked, Role.VIEWER),
        image_views.PAGE_BACK: Button(images.page_clicked, Role.VIEWER),
    },
)
