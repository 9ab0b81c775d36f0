"""`python -m bot accounts admin`: name an admin for an account whose admins have all left."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Protocol, TextIO

from bot.operators.people import list_accounts
from handlers.core.directory import EmptyDirectory
from handlers.core.roles import Roles
from handlers.permissions.by_operator import name_admin
from storage import Account, Store


class _Actions(Protocol):
    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:  # noqa: A002
        """The subparsers of argparse."""


class NoSuchAdmin(Exception):
    """The person cannot become the account's admin. The message says what to do."""


def add_arguments(
    program: argparse.ArgumentParser, add_person: Callable[[argparse.ArgumentParser], None]
) -> None:
    actions: _Actions = program.add_subparsers(required=True, dest="what", metavar="WHAT")
    actions.add_parser("list", help="who has linked which account, and its errors")
    admin = actions.add_parser("admin", help="name an admin for an account that has none")
    add_person(admin)
    admin.add_argument("--account", required=True, metavar="NUMBER", help="the account's number")
    admin.add_argument(
        "--cloud", default="", metavar="URL", help="if several clouds have that number"
    )
    admin.add_argument("--even-so", action="store_true", help="even if it has admins")


def run(store: Store, arguments: argparse.Namespace, out: TextIO) -> int:
    if arguments.what == "list":
        return list_accounts(store, arguments, out)
    return admin(store, arguments, out)


def admin(store: Store, arguments: argparse.Namespace, out: TextIO) -> int:
    """
    Make a person who has linked the account its admin.

    Raises:
        NoSuchAdmin: they have not linked it, or it has an admin.
    """
    link = _link(store.accounts.of_team(arguments.team), arguments)
    roles = Roles(store, EmptyDirectory())
    admins = roles.admins(link.key)
    if link.user_id in admins:
        out.write(f"{link.user_id} is already an admin of account {link.project_id}.\n")
        return 0
    if admins and not arguments.even_so:
        raise NoSuchAdmin(
            f"Account {link.project_id} has admins: {', '.join(admins)}. They can give the role "
            "with `/images allow`. To name another anyway, add --even-so."
        )
    name_admin(link, store, roles)
    out.write(f"{link.user_id} is now an admin of account {link.project_id}, and is notified.\n")
    return 0


def _link(links: Sequence[Account], arguments: argparse.Namespace) -> Account:
    fits = [
        link
        for link in links
        if link.project_id == arguments.account and arguments.cloud in ("", link.cloud)
    ]
    own = [link for link in fits if link.user_id == arguments.user]
    if len(own) == 1:
        return own[0]
    if own:
        clouds = ", ".join(sorted(link.cloud for link in own))
        raise NoSuchAdmin(f"{arguments.user} has linked that number in {clouds}: add --cloud.")
    who = ", ".join(sorted({link.user_id for link in fits})) or "nobody"
    raise NoSuchAdmin(
        f"{arguments.user} of {arguments.team} has not linked account {arguments.account} "
        f"(linked by {who}). Link it for them first: `python -m bot link`."
    )
