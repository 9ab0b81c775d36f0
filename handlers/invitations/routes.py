"""The routes of this topic: invitations."""

from __future__ import annotations

from handlers.core.routing import (
    LOCATION_OPTIONS,
    PUBLIC_OPTION,
    Button,
    Form,
    Routes,
    Verb,
    typed_alone,
)
from handlers.invitations import answer_form, auto_accept, snooze
from handlers.invitations import commands as invitations
from handlers.invitations.views import answer_form as form_views
from handlers.invitations.views import auto_accept as trust_views
from handlers.invitations.views import inbox as invitation_views
from handlers.invitations.views import snooze as snooze_views
from handlers.ui.image_buttons import ACCEPT, REJECT
from storage import Role

ROUTES = Routes(
    verbs=(
        Verb(
            "invitations",
            invitations.INVITATIONS,
            "Lists images shared with you that are pending, in all your accounts and regions.",
            Role.VIEWER,
            invitations.invitations,
            PUBLIC_OPTION,
            aliases=("pending",),
        ),
        Verb(
            "accept",
            invitations.ACCEPT,
            "Adds an image shared with you to your account's list.",
            Role.OPERATOR,
            invitations.accept,
            LOCATION_OPTIONS,
            "You may accept what you rejected before. Alone, opens a form for several. Needs the "
            "role `cloudImages:admin`.",
            typed_alone,
            answer_form.command,
            changes=True,
        ),
        Verb(
            "reject",
            invitations.REJECT,
            "Keeps an image shared with you out of your account's list.",
            Role.OPERATOR,
            invitations.reject,
            LOCATION_OPTIONS,
            "Rejecting only hides it: the owner's sharing lasts. Alone, opens a form for several. "
            "Needs the role `cloudImages:admin`.",
            typed_alone,
            answer_form.command,
            changes=True,
        ),
    ),
    forms={form_views.FORM: Form(answer_form.submitted, Role.OPERATOR, stays=True)},
    buttons={
        form_views.OPEN: Button(answer_form.open_clicked, Role.OPERATOR, opens=True),
        ACCEPT: Button(invitations.accept_clicked, Role.OPERATOR),
        invitation_views.ACCEPT_ALL: Button(invitations.accept_all_clicked, Role.OPERATOR),
        REJECT: Button(invitations.reject_clicked, Role.OPERATOR),
        invitation_views.PAGE: Button(invitations.page_clicked, Role.VIEWER),
        invitation_views.PAGE_BACK: Button(invitations.page_clicked, Role.VIEWER),
        snooze_views.SNOOZE: Button(snooze.snooze_clicked, Role.VIEWER),
        snooze_views.UNSNOOZE: Button(snooze.unsnooze_clicked, Role.VIEWER),
        snooze_views.MUTE: Button(snooze.mute_clicked, Role.VIEWER),
        snooze_views.UNMUTE: Button(snooze.unmute_clicked, Role.VIEWER),
        trust_views.TRUST: Button(auto_accept.trust_clicked, Role.OPERATOR),
        trust_views.END: Button(auto_accept.end_clicked, Role.OPERATOR),
    },
)
