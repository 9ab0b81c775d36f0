"""The forms for roles on an account, and for what its channels may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.core.list_cache import MenuItem
from handlers.core.replies import Block, Modal, Option
from handlers.permissions.views.permissions import ROLE_PHRASES
from handlers.ui import form_fields
from handlers.ui.typeahead_options import option_text
from storage import Account, Role

ROLES, LIMIT = "rights.roles_form", "rights.limit_form"
ACCOUNT, ROLE = "rights.account", "rights.role"
PEOPLE, GROUPS, CHANNELS = "rights.people", "rights.groups", "rights.channels"
OTHERS = "rights.others"
_GIVEN = (*sorted(set(Role) - {Role.NONE}, key=lambda role: role.rank), Role.NONE)
"""Removing a role is last."""
_MOST: Mapping[Role, str] = {
    Role.ADMIN: "No limit",
    Role.APPROVER: "Approver",
    Role.OPERATOR: "Operator",
    Role.VIEWER: "Viewer",
    Role.NONE: "No access",
}


def roles_form(account: Account, others: Sequence[Account]) -> Modal:
    """Ask for people, user groups or channels, and their role; *others* can be chosen, too."""
    return Modal(
        ROLES,
        "Roles",
        (
            _accounts(account, others),
            form_fields.people("People", PEOPLE),
            form_fields.multi_typeahead("User groups", GROUPS, optional=True),
            form_fields.channels(
                "Channels", CHANNELS, hint="Everyone in the channel has the role there."
            ),
            form_fields.radio("Role", ROLE, [_role(each) for each in _GIVEN]),
            form_fields.reason(),
        ),
        "Save",
    )


def limit_form(account: Account, others: Sequence[Account]) -> Modal:
    """Ask for channels, and the highest role there; *others* can be chosen, too."""
    options = [Option(label, role) for role, label in _MOST.items()]
    everywhere = [Option("Every channel without a limit of its own", "yes")]
    return Modal(
        LIMIT,
        "Limit",
        (
            _accounts(account, others),
            form_fields.channels("Channels", CHANNELS),
            form_fields.checkboxes("Other channels", OTHERS, everywhere),
            form_fields.radio(
                "Highest role there", ROLE, options, hint="Direct messages have no limit."
            ),
            form_fields.reason(),
        ),
        "Save",
    )


def group(group_id: str, handle: str) -> MenuItem:
    """A user group of Slack."""
    return MenuItem(Option(option_text(f"@{handle}"), group_id), handle.casefold())


def _accounts(account: Account, others: Sequence[Account]) -> Block:
    options = [_account(each) for each in (account, *others)]
    return form_fields.select("Account", ACCOUNT, options, initial=account.id)


def _account(account: Account) -> Option:
    name = account.project_name if account.project_name != account.project_id else ""
    return Option(
        option_text(f"{name} ({account.project_id})" if name else account.project_id), account.id
    )


def _role(role: Role) -> Option:
    if role == Role.NONE:
        return Option("Remove the role", role, "no access, even for people who linked the account")
    return Option(str(role).capitalize(), role, f"can {ROLE_PHRASES[role]}")
