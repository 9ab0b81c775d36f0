"""The routes of this topic: menus that search, and forms that are opened again."""

from __future__ import annotations

from handlers.core.routing import Button, Routes
from handlers.ui import kept_forms, typeahead
from handlers.ui import typeahead_options as menu_views

ROUTES = Routes(
    buttons={kept_forms.REOPEN: Button(kept_forms.reopen_clicked, None, opens=True)},
    menus={
        menu_views.IMAGE: typeahead.images,
        menu_views.ACCOUNT: typeahead.accounts,
        menu_views.EXPORT_CONTAINER: typeahead.containers,
        menu_views.IMPORT_CONTAINER: typeahead.containers,
        menu_views.OBJECT: typeahead.objects,
        menu_views.REGION: typeahead.regions,
        menu_views.FLAVOR: typeahead.flavors,
    },
)
