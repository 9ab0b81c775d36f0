"""The routes of this topic: the address book."""

from __future__ import annotations

from handlers.addressbook import commands as names
from handlers.addressbook.views import addressbook as name_views
from handlers.core.routing import Button, Routes, Verb
from storage import Role

ROUTES = Routes(
    verbs=(
        Verb(
            "name",
            names.NAME,
            "Names an account number in the address book, for everyone here; alone, shows it.",
            Role.VIEWER,
            names.name,
            frozenset({"account"}),
            "Then `share IMAGE NICKNAME` works, and typos in numbers are noticed. The name is "
            "for the cloud of the account in use.",
            changes=True,
            asks_cloud=False,
        ),
    ),
    buttons={
        name_views.FORGET: Button(names.forget_clicked, Role.OPERATOR, asks_cloud=False),
        name_views.PAGE: Button(names.page_clicked, Role.VIEWER, asks_cloud=False),
        name_views.PAGE_BACK: Button(names.page_clicked, Role.VIEWER, asks_cloud=False),
    },
)
