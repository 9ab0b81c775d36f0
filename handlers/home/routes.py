"""The routes of this topic: the app's Home."""

from __future__ import annotations

from handlers.core.routing import Button, Routes
from handlers.home import home
from handlers.home.views import home as home_views
from storage import Role

ROUTES = Routes(
    buttons={
        home_views.LINK: Button(home.link_clicked, None, opens=True, asks_cloud=False),
        home_views.IMAGES: Button(home.images_clicked, Role.VIEWER, opens=True),
        home_views.INVITATIONS: Button(home.invitations_clicked, Role.VIEWER, opens=True),
        home_views.STATUS: Button(home.status_clicked, Role.VIEWER, opens=True),
        home_views.TRANSFER: Button(home.transfer_clicked, Role.VIEWER, opens=True),
        home_views.MEMBERS: Button(home.members_clicked, Role.VIEWER, opens=True),
        home_views.UNLINK: Button(home.unlink_clicked, None, opens=True, asks_cloud=False),
    },
)
