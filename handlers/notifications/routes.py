"""The routes of this topic: when and how people are notified."""

from __future__ import annotations

from handlers.core.routing import Button, Form, Menu, Routes, Verb, typed_alone
from handlers.notifications import escalation, preference_changes, preferences
from handlers.notifications.views import escalation as contact_views
from handlers.notifications.views import preferences as preference_views
from handlers.notifications.views import preferences_form as preference_form
from handlers.notifications.views.preferences import OPTIONS as PREFERENCE_OPTIONS
from storage import Role

ROUTES = Routes(
    verbs=(
        Verb(
            "digest",
            preference_changes.DIGEST,
            "Shows and changes how and when you are notified of invitations.",
            Role.VIEWER,
            preferences.digest,
            frozenset({"account", *PREFERENCE_OPTIONS}),
            "`daily 09:00,16:00`, `weekdays 09:00` and `weekly mon 09:00` set the times of "
            "digests; `instant`, `both` and `off` whether you are notified at once; `snooze "
            "3d` and `resume` pause all. `now` shows what is pending, `form` opens a form. "
            "`--account` changes it for that account only.",
            preferences.opens,
            changes=True,
            asks_cloud=False,
            aliases=("notify", "settings"),
        ),
        Verb(
            "contact",
            escalation.CONTACT,
            "Sets a second contact, notified once of invitations pending for too long.",
            Role.ADMIN,
            escalation.contact,
            frozenset({"account"}),
            "DAYS is from 1 to 90. Snoozed and muted ones are left out. Alone, opens a form.",
            typed_alone,
            escalation.form_command,
            changes=True,
            asks_cloud=False,
            takes_reason=True,
        ),
    ),
    buttons={
        contact_views.OPEN: Button(
            escalation.open_clicked, Role.ADMIN, opens=True, asks_cloud=False
        ),
        preference_views.OPEN: Button(
            preferences.open_clicked, Role.VIEWER, opens=True, asks_cloud=False
        ),
        preference_views.SAVE: Button(preferences.save_clicked, Role.VIEWER, asks_cloud=False),
        preference_views.FORGET: Button(preferences.forget_clicked, Role.VIEWER, asks_cloud=False),
    },
    forms={
        contact_views.FORM: Form(escalation.submitted, Role.ADMIN, asks_cloud=False, stays=True),
        preference_form.FORM: Form(preferences.submitted, Role.VIEWER, asks_cloud=False),
    },
    menus={
        preference_form.ZONE: Menu(preferences.zones, asks_cloud=False),
    },
)
