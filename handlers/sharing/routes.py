"""The routes of this topic: sharing images."""

from __future__ import annotations

from handlers.core.routing import (
    LOCATION_OPTIONS,
    PUBLIC_OPTION,
    Button,
    Form,
    Menu,
    Pick,
    Routes,
    Verb,
)
from handlers.sharing import expiry, form, members, remind, unshare
from handlers.sharing import share as sharing
from handlers.sharing.views import expiry as expiry_views
from handlers.sharing.views import form as form_views
from handlers.sharing.views import members as member_views
from handlers.sharing.views import share as sharing_views
from handlers.tracking.views import tracking as share_views
from handlers.ui import typeahead
from handlers.ui.image_buttons import MEMBERS, MEMBERS_BACK, OPEN_SHARE
from handlers.ui.labels import CANCEL
from storage import Role

ROUTES = Routes(
    verbs=(
        Verb(
            "share",
            sharing.SHARE,
            "Shares an image with other accounts, after you confirm.",
            Role.OPERATOR,
            sharing.share,
            LOCATION_OPTIONS,
            "WITH is an account number, a name of the address book, or `@someone`, for "
            "the account that they have linked. Access begins at once, and ends when you "
            "unshare or after the time you give: `12h`, `7d`, `2w`. Up to 10 accounts at "
            "a time. With nobody to share with, opens a form. Needs the role "
            "`cloudImages:creator`.",
            form.opens,
            form.command,
        ),
        Verb(
            "unshare",
            unshare.UNSHARE,
            "Ends an account's access to an image, after you confirm.",
            Role.OPERATOR,
            unshare.unshare,
            LOCATION_OPTIONS,
            "Servers and images already built from it stay. Needs the role `cloudImages:admin`.",
            picks=Pick("Account", reason=True),
            takes_reason=True,
        ),
        Verb(
            "members",
            members.MEMBERS,
            "Lists the accounts an image is shared with and their answers.",
            Role.VIEWER,
            members.members,
            LOCATION_OPTIONS | PUBLIC_OPTION,
            picks=Pick(),
        ),
        Verb(
            "member",
            members.MEMBER,
            "Shows one account's answer.",
            Role.VIEWER,
            members.member,
            LOCATION_OPTIONS | PUBLIC_OPTION,
            picks=Pick("Account"),
        ),
    ),
    forms={
        form_views.FORM: Form(form.submitted, Role.OPERATOR, stays=True),
        form_views.SURE: Form(form.sure_submitted, Role.OPERATOR, stays=True),
    },
    menus={
        form_views.IMAGE: Menu(typeahead.shareable_images),
        form_views.WITH: Menu(form.find_recipients, asks_cloud=False),
    },
    buttons={
        OPEN_SHARE: Button(form.open_clicked, Role.OPERATOR, opens=True),
        sharing_views.CONFIRM: Button(sharing.confirm_clicked, Role.OPERATOR),
        sharing_views.CONFIRM_UNKNOWN: Button(sharing.confirm_unknown_clicked, Role.OPERATOR),
        sharing_views.DETAILS: Button(sharing.details_clicked, Role.OPERATOR),
        sharing_views.INSTEAD: Button(sharing.instead_clicked, Role.OPERATOR),
        CANCEL: Button(sharing.cancel_clicked, None, asks_cloud=False),
        sharing_views.UNDO: Button(unshare.undo_clicked, Role.OPERATOR),
        member_views.UNSHARE: Button(unshare.unshare_clicked, Role.OPERATOR),
        expiry_views.EXTEND: Button(expiry.extend_clicked, Role.OPERATOR),
        MEMBERS: Button(members.members_clicked, Role.VIEWER),
        MEMBERS_BACK: Button(members.members_clicked, Role.VIEWER),
        share_views.REMIND: Button(remind.remind_clicked, Role.OPERATOR),
    },
)
