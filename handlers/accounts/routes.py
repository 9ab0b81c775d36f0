"""The routes of this topic: linked accounts."""

from __future__ import annotations

from handlers.accounts import commands as accounts
from handlers.accounts import status
from handlers.accounts.views import accounts as account_views
from handlers.core.errors import NotLinked, ReadByOthers, WhichAccount
from handlers.core.routing import Button, Repeat, Routes, Verb
from storage import Role

ROUTES = Routes(
    verbs=(
        Verb(
            "link",
            accounts.LINK,
            "Links a cloud account on a private page; never paste keys in Slack.",
            None,
            accounts.link,
            details="The link works once, for you only, for 10 minutes.",
            asks_cloud=False,
        ),
        Verb(
            "accounts",
            accounts.ACCOUNTS,
            "Lists the cloud accounts you have linked, the one in use first.",
            None,
            accounts.accounts,
            asks_cloud=False,
        ),
        Verb(
            "use",
            accounts.USE,
            "Switches to another of your accounts, in one region or all.",
            Role.VIEWER,
            accounts.use,
            details="`list` shows the account in use. Other commands find images in all your "
            "accounts.",
            changes=True,
            asks_cloud=False,
        ),
        Verb(
            "unlink",
            accounts.UNLINK,
            "Removes an account's login and deletes its stored secret, after you confirm.",
            None,
            accounts.unlink,
            asks_cloud=False,
            takes_reason=True,
        ),
        Verb(
            "status",
            status.STATUS,
            "Checks your linked accounts: login, roles and regions.",
            Role.VIEWER,
            status.status,
        ),
    ),
    repeats={
        account_views.RUN: Repeat(accounts.postponed_command, command=accounts.postponed_command)
    },
    recoveries={
        NotLinked: accounts.answer_with_link,
        WhichAccount: accounts.ask_which,
        ReadByOthers: accounts.ask_before_public,
    },
    buttons={
        account_views.USE: Button(accounts.use_clicked, Role.VIEWER, asks_cloud=False),
        account_views.UNLINK: Button(accounts.unlink_clicked, None),
        account_views.KEEP: Button(accounts.cancel_unlink_clicked, None, asks_cloud=False),
    },
)
