"""The routes of this topic: roles, limits and policies."""

from __future__ import annotations

from handlers.core.routing import Button, Form, Menu, Routes, Verb, typed_alone
from handlers.permissions import commands as rights
from handlers.permissions import forms, policy_form
from handlers.permissions import policy as policies
from handlers.permissions.views import forms as form_views
from handlers.permissions.views import permissions as right_views
from handlers.permissions.views import policy_form as policy_form_views
from handlers.permissions.views.policy import OPTIONS as POLICY_OPTIONS
from storage import Role

ROUTES = Routes(
    verbs=(
        Verb(
            "rights",
            rights.RIGHTS,
            "Shows who may do what with an account, and what needs approval.",
            Role.VIEWER,
            rights.rights,
            frozenset({"account"}),
            "Roles, each including those before it: `viewer` views, `operator` changes, "
            "`approver` approves requests, `admin` manages roles, limits and the policy. The "
            "first person to link an account is its admin; colleagues who link it are "
            "operators. Nobody can do more than the cloud allows the login.",
            asks_cloud=False,
        ),
        Verb(
            "allow",
            rights.ALLOW,
            "Gives a person, a user group or a channel a role on your account, or removes it.",
            Role.ADMIN,
            rights.allow,
            frozenset({"account"}),
            "WHO is `@someone`, `@group`, `#channel` or `here`, or several of them; ROLE is "
            "`viewer`, `operator`, `approver`, `admin`, or `none` to remove it. People who have "
            "not linked the account act with your login. Alone, opens a form.",
            typed_alone,
            forms.roles_command,
            changes=True,
            asks_cloud=False,
            takes_reason=True,
        ),
        Verb(
            "limit",
            rights.LIMIT,
            "Sets the highest role that anyone can use in a channel.",
            Role.ADMIN,
            rights.limit,
            frozenset({"account"}),
            "CHANNEL is `#channel`, `here`, or `all` for channels without their own limit. "
            "ROLE is as in `allow`; `admin` removes the limit. Direct messages with me have "
            "no limit. Alone, opens a form.",
            typed_alone,
            forms.limit_command,
            changes=True,
            asks_cloud=False,
            takes_reason=True,
        ),
        Verb(
            "policy",
            policies.POLICY,
            "Sets what needs a second person's approval on your account.",
            Role.ADMIN,
            policies.policy,
            frozenset({"account", *POLICY_OPTIONS}),
            "RULE is `never`, `always` or, for `share`, `outside`: only with accounts not in "
            "the address book. Names that you added yourself do not count. Alone, opens a form.",
            policy_form.opens,
            policy_form.command,
            changes=True,
            asks_cloud=False,
            takes_reason=True,
        ),
    ),
    buttons={
        right_views.TAKE_BACK: Button(rights.take_back_clicked, Role.ADMIN, asks_cloud=False),
        right_views.OPEN_ROLES: Button(
            forms.roles_clicked, Role.ADMIN, opens=True, asks_cloud=False
        ),
        right_views.OPEN_LIMIT: Button(
            forms.limit_clicked, Role.ADMIN, opens=True, asks_cloud=False
        ),
        right_views.OPEN_POLICY: Button(
            policy_form.open_clicked, Role.ADMIN, opens=True, asks_cloud=False
        ),
    },
    forms={
        form_views.ROLES: Form(forms.roles_submitted, Role.ADMIN, asks_cloud=False, stays=True),
        form_views.LIMIT: Form(forms.limit_submitted, Role.ADMIN, asks_cloud=False, stays=True),
        policy_form_views.FORM: Form(
            policy_form.submitted, Role.ADMIN, asks_cloud=False, stays=True
        ),
    },
    menus={form_views.GROUPS: Menu(forms.find_groups, asks_cloud=False)},
)
