"""`python -m bot people forget` and `accounts list`: people and their linked accounts."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

from storage import Account, Store, TransferState

ACTOR = "program/people"
KEPT = (
    "Kept: the audit log, and the roles, policies and account names that they set, because others "
    "rely on them."
)


class LeftBehind(Exception):
    """The person has shares or transfers that nobody else could end."""


def add_forget(
    program: argparse.ArgumentParser, add_person: Callable[[argparse.ArgumentParser], None]
) -> None:
    actions = program.add_subparsers(required=True, dest="what", metavar="WHAT")
    forget = actions.add_parser("forget", help="unlink a person, and delete their data")
    add_person(forget)
    forget.add_argument(
        "--even-so",
        action="store_true",
        help="even if shares or transfers would be left without an owner",
    )


def forget(store: Store, arguments: argparse.Namespace, out: TextIO) -> int:
    """
    Unlink a person who has left, and delete all their data but the audit log.

    Raises:
        LeftBehind: timed shares that nobody else can end, or transfers that run.
    """
    team, user = arguments.team, arguments.user
    if (left := _left_behind(store, team, user)) and not arguments.even_so:
        lines = "\n".join(f"  - {each}" for each in left)
        raise LeftBehind(f"Nobody else could end these:\n{lines}\nTo forget {user}, add --even-so.")
    with store.audit.entry(ACTOR, "person.forget", f"{team}/{user}") as entry:
        counts = store.forget(team, user)
        entry.note(_counted(counts))
    if not counts:
        out.write(f"There is no data of {user} in {team}.\n")
        return 1
    out.write(f"Forgot {user} of {team}: {_counted(counts)}.\n{KEPT}\n")
    return 0


def list_accounts(store: Store, _: argparse.Namespace, out: TextIO) -> int:
    accounts = sorted(store.accounts.all(), key=lambda each: (each.team_id, each.project_id))
    out.writelines(f"{_line(each)}\n" for each in accounts)
    people = len({(each.team_id, each.user_id) for each in accounts})
    out.write(f"Accounts: {len(accounts):,}. People: {people:,}.\n")
    return 0


def _left_behind(store: Store, team: str, user: str) -> Sequence[str]:
    shares = [
        f"the share of {each.image_name or each.image_id} with {each.number}, which ends "
        f"{each.ends_at:%Y-%m-%d %H:%M} UTC, would never end"
        for each in store.expiries.of_nobody_else(team, user)
    ]
    transfers = [
        f"{each.kind} of {each.title} is running"
        for each in store.transfers.of(team, user)
        if each.state is TransferState.RUNNING
    ]
    return [*shares, *transfers]


def _line(each: Account) -> str:
    regions = each.region or ",".join(each.regions)
    trouble = "; ".join(f"{place or 'login'}: {words}" for place, words in each.trouble.items())
    return (
        f"{each.team_id}  {each.user_id:<12}  {each.project_id:<32}  {regions:<12}  "
        f"{each.cloud}{f'  TROUBLE {trouble}' if trouble else ''}"
    )


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{rows} {table}" for table, rows in counts.items())
