"""The routes of this topic: exports, imports, copies, downloads and tasks."""

from __future__ import annotations

from handlers.core.routing import LOCATION_OPTIONS, Button, Form, Pick, Routes, Verb, typed_alone
from handlers.transfers import copy as copies
from handlers.transfers import download as downloads
from handlers.transfers import export as exports
from handlers.transfers import import_ as imports
from handlers.transfers import tasks
from handlers.transfers.views import copy as copy_views
from handlers.transfers.views import download as download_views
from handlers.transfers.views import export as export_views
from handlers.transfers.views import import_ as import_views
from handlers.transfers.views import tasks as task_views
from handlers.transfers.views import transfers as transfer_views
from handlers.ui.image_buttons import OPEN_COPY, OPEN_EXPORT
from storage import Role

ROUTES = Routes(
    verbs=(
        Verb(
            "export",
            exports.EXPORT,
            "Exports an image to a container; with the image alone, opens a form.",
            Role.OPERATOR,
            exports.export,
            LOCATION_OPTIONS,
            "I'll tell you when it is done, with a button for a download link. Needs the role "
            "`cloudImages:admin`.",
            exports.opens,
            changes=True,
            picks=Pick(),
            takes_reason=True,
        ),
        Verb(
            "import",
            imports.IMPORT,
            "Creates an image from an object in a container; alone, opens a form.",
            Role.OPERATOR,
            imports.import_,
            LOCATION_OPTIONS | {"format"},
            "I'll tell you when it is done, with buttons for properties it may need to boot. "
            "Importing an object twice creates two images. Needs the role "
            "`cloudImages:admin`.",
            typed_alone,
            changes=True,
        ),
        Verb(
            "copy",
            copies.COPY,
            "Copies an image to another region; with the image alone, opens a form.",
            Role.OPERATOR,
            copies.copy,
            LOCATION_OPTIONS,
            "Metadata and tags are copied, too; `with` shares the copy with these accounts. "
            "Needs the role `cloudImages:admin`.",
            opens=copies.opens,
            picks=Pick(),
            takes_reason=True,
        ),
        Verb(
            "download",
            downloads.DOWNLOAD,
            "Creates a link that downloads an object without a login, for an hour.",
            Role.OPERATOR,
            downloads.download,
            LOCATION_OPTIONS,
            "For example, of an exported image. Anyone with the link can read the object. Only "
            "you see the link, and I don't store it.",
            changes=True,
            takes_reason=True,
        ),
        Verb(
            "tasks",
            tasks.TASKS,
            "Shows exports, imports and copies, running and recent.",
            Role.VIEWER,
            tasks.tasks,
            LOCATION_OPTIONS,
        ),
        Verb(
            "task",
            tasks.TASK,
            "Shows the progress or the result of one of them.",
            Role.VIEWER,
            tasks.task,
            LOCATION_OPTIONS,
            "ID is its short id, or the id of a task of the cloud.",
        ),
    ),
    buttons={
        OPEN_EXPORT: Button(exports.open_clicked, Role.OPERATOR, opens=True),
        export_views.CREATE: Button(exports.create_clicked, Role.OPERATOR),
        **dict.fromkeys(import_views.SET.values(), Button(imports.set_clicked, Role.OPERATOR)),
        OPEN_COPY: Button(copies.open_clicked, Role.OPERATOR, opens=True),
        copy_views.START: Button(copies.confirm_clicked, Role.OPERATOR),
        copy_views.START_SHARED: Button(copies.confirm_clicked, Role.OPERATOR),
        copy_views.CANCEL: Button(copies.cancel_clicked, None, asks_cloud=False),
        download_views.LINK: Button(downloads.link_clicked, Role.OPERATOR),
        transfer_views.LOOK: Button(tasks.look_clicked, Role.VIEWER, asks_cloud=False),
        task_views.TASK: Button(tasks.task_clicked, Role.VIEWER),
        transfer_views.STOP: Button(tasks.stop_clicked, Role.OPERATOR, asks_cloud=False),
    },
    forms={
        export_views.FORM: Form(exports.submitted, Role.OPERATOR),
        import_views.FORM: Form(imports.submitted, Role.OPERATOR),
        copy_views.FORM: Form(copies.submitted, Role.OPERATOR),
    },
)
