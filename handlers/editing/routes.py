"""The routes of this topic: changing and deleting images."""

from __future__ import annotations

from handlers.core.routing import LOCATION_OPTIONS, Button, Form, Pick, Routes, Verb
from handlers.editing import activation, tags
from handlers.editing import delete as deletion
from handlers.editing import update as updates
from handlers.editing.fields import UPDATE
from handlers.editing.views import activation as activation_views
from handlers.editing.views import delete as deletion_views
from handlers.editing.views import result as change_views
from handlers.editing.views import update as update_views
from handlers.editing.views import wake as wake_views
from handlers.ui.image_buttons import MAKE_SHARED, OPEN_UPDATE
from storage import Role

ROUTES = Routes(
    verbs=(
        Verb(
            "update",
            UPDATE,
            "Edits an image's name, tags or properties; with the image alone, opens a form.",
            Role.OPERATOR,
            updates.update,
            LOCATION_OPTIONS,
            "`key=value` sets a property, `-key` removes one of your own, `tag+=T` and "
            "`tag-=T` change the tags. `min_disk` is in GB, `min_ram` in MB, `protected` "
            "is `yes` or `no`. Needs the role `cloudImages:admin`.",
            updates.opens,
            changes=True,
            picks=Pick(),
            takes_reason=True,
        ),
        Verb(
            "tag",
            tags.TAG,
            "Adds tags to an image.",
            Role.OPERATOR,
            tags.tag,
            LOCATION_OPTIONS,
            "On Rackspace, a login that can view images can tag them.",
            changes=True,
            picks=Pick("Tags"),
        ),
        Verb(
            "untag",
            tags.UNTAG,
            "Removes tags from an image.",
            Role.OPERATOR,
            tags.untag,
            LOCATION_OPTIONS,
            "On Rackspace, a login that can view images can untag them.",
            changes=True,
            picks=Pick("Tags"),
        ),
        Verb(
            "protect",
            updates.PROTECT,
            "Protects an image from deletion.",
            Role.OPERATOR,
            updates.protect,
            LOCATION_OPTIONS,
            "Needs the role `cloudImages:admin`.",
            changes=True,
            picks=Pick(),
        ),
        Verb(
            "unprotect",
            updates.UNPROTECT,
            "Allows a protected image to be deleted again.",
            Role.OPERATOR,
            updates.unprotect,
            LOCATION_OPTIONS,
            "Needs the role `cloudImages:admin`.",
            changes=True,
            picks=Pick(),
        ),
        Verb(
            "deactivate",
            activation.DEACTIVATE,
            "Blocks booting from an image and reading its data, until it is reactivated.",
            Role.OPERATOR,
            activation.deactivate,
            LOCATION_OPTIONS,
            "Not every cloud offers this: on Rackspace, only the provider can deactivate images.",
            changes=True,
            picks=Pick(reason=True),
            takes_reason=True,
        ),
        Verb(
            "reactivate",
            activation.REACTIVATE,
            "Makes a deactivated image active again.",
            Role.OPERATOR,
            activation.reactivate,
            LOCATION_OPTIONS,
            "Not every cloud offers this.",
            changes=True,
            picks=Pick(reason=True),
            takes_reason=True,
        ),
        Verb(
            "delete",
            deletion.DELETE,
            "Deletes an image, after showing who loses it.",
            Role.OPERATOR,
            deletion.delete,
            LOCATION_OPTIONS,
            "This can't be undone. Servers built from it are not affected. Unprotect a "
            "protected image first. Needs the role `cloudImages:admin`.",
            picks=Pick(reason=True),
            takes_reason=True,
        ),
    ),
    buttons={
        change_views.UNDO: Button(updates.undo_clicked, Role.OPERATOR),
        OPEN_UPDATE: Button(updates.open_clicked, Role.OPERATOR, opens=True),
        MAKE_SHARED: Button(updates.make_shared_clicked, Role.OPERATOR),
        wake_views.WAKE: Button(updates.wake_clicked, Role.OPERATOR),
        activation_views.REACTIVATE: Button(activation.reactivate_clicked, Role.OPERATOR),
        deletion_views.CONFIRM: Button(deletion.confirm_clicked, Role.OPERATOR),
        deletion_views.UNPROTECT: Button(deletion.unprotect_clicked, Role.OPERATOR),
    },
    forms={
        update_views.FORM: Form(updates.submitted, Role.OPERATOR, stays=True),
    },
)
