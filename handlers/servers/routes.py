"""The verbs, buttons, forms and menus of this topic: servers."""

from __future__ import annotations

from handlers.core.routing import LOCATION_OPTIONS, PUBLIC_OPTION, Button, Form, Pick, Routes, Verb
from handlers.servers import launch
from handlers.servers import list as servers
from handlers.servers import snapshot as snapshots
from handlers.servers.views import launch as launch_views
from handlers.servers.views import list as server_views
from handlers.servers.views import snapshot as snapshot_views
from storage import Role

ROUTES = Routes(
    verbs=(
        Verb(
            "servers",
            servers.SERVERS,
            "Lists your servers; words are searched in name, id, status and address.",
            Role.VIEWER,
            servers.servers,
            LOCATION_OPTIONS | PUBLIC_OPTION,
            "SERVER is an id, the beginning of one (6 characters or more), or an exact name.",
        ),
        Verb(
            "snapshot",
            snapshots.SNAPSHOT,
            "Creates an image from a server, after you confirm; without a name, opens a form.",
            Role.OPERATOR,
            snapshots.snapshot,
            LOCATION_OPTIONS,
            "It takes about 2 minutes for each GB on the server's disk, and the server "
            "may pause meanwhile.",
            opens=snapshots.opens,
        ),
        Verb(
            "launch",
            launch.LAUNCH,
            "Builds a server from an image, after you confirm; with the image alone, opens a form.",
            Role.OPERATOR,
            launch.launch,
            LOCATION_OPTIONS | launch.OPTIONS,
            "Where there are several networks, `--network` says which; `--security-group` may "
            "be given several times. FLAVOR is the id or the name of a size of server. A server "
            "costs money until it is deleted, which is done in your provider's control panel.",
            opens=launch.opens,
            picks=Pick(),
        ),
    ),
    buttons={
        server_views.SNAPSHOT: Button(snapshots.open_clicked, Role.OPERATOR, opens=True),
        snapshot_views.CHOOSE: Button(snapshots.choose_clicked, Role.OPERATOR),
        snapshot_views.CONFIRM: Button(snapshots.confirm_clicked, Role.OPERATOR),
        snapshot_views.CANCEL: Button(snapshots.cancel_clicked, None, asks_cloud=False),
        launch_views.CONFIRM: Button(launch.confirm_clicked, Role.OPERATOR),
        launch_views.CANCEL: Button(launch.cancel_clicked, None, asks_cloud=False),
    },
    forms={
        snapshot_views.FORM: Form(snapshots.submitted, Role.OPERATOR),
        launch_views.FORM: Form(launch.submitted, Role.OPERATOR),
    },
)
