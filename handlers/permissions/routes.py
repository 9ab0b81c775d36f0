"""The routes of this topic: roles, limits and policies."""

from __future__ import annotations

from handlers.core.routing import Button, Routes, Verb
from handlers.permissions import commands as rights
from handlers.permissions import policy as policies
from handlers.permissions.views import permissions as right_views
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
            "Roles, each with what those before it may: `viewer` looks, `operator` "
            "changes, `approver` approves what others ask for, `admin` says who may what. "
            "Whoever links an account that has no admin is its admin, a colleague who links it "
            "its operator. What the cloud does not allow the login, nobody can.",
            asks_cloud=False,
        ),
        Verb(
            "allow",
            rights.ALLOW,
            "Gives a person, a user group or a channel a role on your account, or removes it.",
            Role.ADMIN,
            rights.allow,
            frozenset({"account"}),
            "WHO is `@someone`, `@group`, `#channel` or `here`; ROLE is `viewer`, "
            "`operator`, `approver`, `admin`, or `none`. Whoever has not linked the "
            "account acts with your login.",
            changes=True,
            asks_cloud=False,
        ),
        Verb(
            "limit",
            rights.LIMIT,
            "Sets the highest role that anyone can use in a channel.",
            Role.ADMIN,
            rights.limit,
            frozenset({"account"}),
            "CHANNEL is `#channel`, `here`, or `all` for those without a limit of their "
            "own; ROLE is as in `allow`, `admin` for no limit. Direct messages with me "
            "have none.",
            changes=True,
            asks_cloud=False,
        ),
        Verb(
            "policy",
            policies.POLICY,
            "Sets what needs a second person's approval on your account.",
            Role.ADMIN,
            policies.policy,
            frozenset({"account", *POLICY_OPTIONS}),
            "RULE is `never`, `always`, or for sharing `outside`: with accounts that are "
            "not in the address book, where only names count that another approver gave.",
            changes=True,
            asks_cloud=False,
        ),
    ),
    buttons={
        right_views.TAKE_BACK: Button(rights.take_back_clicked, Role.ADMIN, asks_cloud=False),
    },
)
