"""The routes of this topic: menus that search, and forms that are opened again."""

from __future__ import annotations

from handlers.core.routing import Button, Menu, Routes
from handlers.ui import kept_forms, pick_image, typeahead
from handlers.ui import typeahead_options as menu_views

ROUTES = Routes(
    buttons={
        kept_forms.REOPEN: Button(kept_forms.reopen_clicked, None, opens=True, asks_cloud=False)
    },
    resubmits={pick_image.FORM: pick_image.picked_command},
    menus={
        menu_views.IMAGE: Menu(typeahead.images),
        menu_views.ACCOUNT: Menu(typeahead.accounts, asks_cloud=False),
        menu_views.EXPORT_CONTAINER: Menu(typeahead.containers),
        menu_views.IMPORT_CONTAINER: Menu(typeahead.containers),
        menu_views.OBJECT: Menu(typeahead.objects),
        menu_views.REGION: Menu(typeahead.regions),
        menu_views.FLAVOR: Menu(typeahead.flavors),
    },
)
