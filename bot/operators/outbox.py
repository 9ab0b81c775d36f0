"""`python -m bot outbox`: list, retry or drop messages that are unsent or that Slack refused."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TextIO

from storage import Store, Unsent

ACTOR = "program/outbox"
RECORDED = {"retry": "outbox.retry", "drop": "outbox.drop"}


def add_arguments(program: argparse.ArgumentParser) -> None:
    actions = program.add_subparsers(required=True, dest="what", metavar="WHAT")
    shown = actions.add_parser("list", help="list unsent messages, oldest first")
    shown.add_argument("--failed", action="store_true", help="only those that were given up")
    for name, words in (
        ("retry", "send messages that were given up"),
        ("drop", "never send these messages"),
    ):
        action = actions.add_parser(name, help=words)
        chosen = action.add_mutually_exclusive_group(required=True)
        chosen.add_argument("ids", nargs="*", default=[], metavar="ID", help="as `list` shows them")
        chosen.add_argument("--failed", action="store_true", help="all that were given up")


def run(store: Store, arguments: argparse.Namespace, out: TextIO) -> int:
    if arguments.what == "list":
        return _list(store, arguments.failed, out)
    ids = [each.id for each in _unsent(store, failed=True)] if arguments.failed else arguments.ids
    return _change(store, arguments.what, ids, out)


def _list(store: Store, failed: bool, out: TextIO) -> int:
    unsent = _unsent(store, failed=failed)
    out.writelines(f"{_line(each, store)}\n" for each in unsent)
    out.write(f"{_count(len(unsent), 'message')}.\n")
    return 0


def _change(store: Store, what: str, ids: Sequence[str], out: TextIO) -> int:
    """Retry or drop each. Return 1 if this was not possible for one of them."""
    change = store.outbox.send_again if what == "retry" else store.outbox.drop
    refused = (
        "was not given up" if what == "retry" else "was sent, is being sent, or does not exist"
    )
    failed = 0
    for each in ids:
        with store.audit.entry(ACTOR, RECORDED[what], each) as entry:
            changed = change(each)
            if not changed:
                entry.note(refused)
        failed += not changed
        if not changed:
            out.write(f"{each} {refused}\n")
    done = "queued again" if what == "retry" else "dropped"
    out.write(f"{_count(len(ids) - failed, 'message')} {done}.\n")
    return int(failed > 0)


def _unsent(store: Store, *, failed: bool) -> Sequence[Unsent]:
    return [each for each in store.outbox.unsent() if each.failed_at or not failed]


def _line(each: Unsent, store: Store) -> str:
    to = f"{each.team_id}/{each.channel or each.user_id}"
    return f"{each.id}  {each.created_at:%Y-%m-%d %H:%M}  {to:<24}  {_state(each, store)}"


def _state(each: Unsent, store: Store) -> str:
    person = store.people.get(each.team_id, each.user_id)
    if each.failed_at:
        return f"failed after {_count(each.attempts, 'attempt')}: {each.error}"
    if person and person.paused_reason:
        return f"paused until they use the bot: {person.paused_reason}"
    if each.due_at - datetime.now(UTC) > timedelta(seconds=1):
        return f"next attempt at {each.due_at:%H:%M} UTC: {each.error}"
    return "waiting"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
