"""`python -m bot work list`: count what is due, claimed, late and given up, by kind of work."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TextIO

from bot import lateness
from storage import KINDS, Backlog, Store, WorkRow

SHOWN = 100
"""Rows of one kind that are listed."""
_HEAD = f"{'KIND':<22}{'DUE':>8}{'CLAIMED':>9}{'FAILED':>8}  STATE\n"


def add_arguments(program: argparse.ArgumentParser) -> None:
    actions = program.add_subparsers(required=True, dest="what", metavar="WHAT")
    shown = actions.add_parser("list", help="count each kind of work, or list the rows of one")
    shown.add_argument(
        "kind", nargs="?", choices=KINDS, metavar="KIND", help=f"one of {', '.join(KINDS)}"
    )


def run(store: Store, arguments: argparse.Namespace, out: TextIO) -> int:
    now = datetime.now(UTC)
    if arguments.kind:
        _list_rows(store, arguments.kind, now, out)
    else:
        out.write(_HEAD)
        out.writelines(_line(each, now) for each in store.work.all())
    return 0


def _line(each: Backlog, now: datetime) -> str:
    counts = f"{each.due:>8,}{each.held:>9,}{each.failed:>8,}"
    return f"{each.kind:<22}{counts}  {_state(each, now)}\n"


def _state(each: Backlog, now: datetime) -> str:
    """Return what is late, stuck or repeated, and since when."""
    lag = lateness.lag(each, now)
    found = [
        ("late", f"oldest due for {lateness.words(lag)}", lateness.is_late(each, now)),
        (
            "stuck",
            f"no progress for {lateness.words(lateness.held(each, now))}",
            lateness.is_stuck(each, now),
        ),
        ("repeated", f"{each.repeated:,} tried again and again", each.repeated > 0),
    ]
    return ", ".join(f"{word}: {words}" for word, words, so in found if so) or "on time"


def _list_rows(store: Store, kind: str, now: datetime, out: TextIO) -> None:
    rows = store.work.rows(kind, SHOWN + 1)
    out.writelines(f"{each.key}  {_row_state(each, now)}\n" for each in rows[:SHOWN])
    if len(rows) > SHOWN:
        out.write("… and more\n")
    out.write(f"{min(len(rows), SHOWN):,} row{'' if len(rows) == 1 else 's'}.\n")


def _row_state(each: WorkRow, now: datetime) -> str:
    tried = f", claimed {each.attempts} times" if each.attempts > 1 else ""
    if each.failed:
        return f"failed: {each.error}{tried}"
    if each.held_until:
        return f"claimed until {each.held_until:%H:%M:%S} UTC{tried}"
    if each.due_at is None:
        return f"not scheduled yet{tried}"
    if each.due_at > now:
        return f"due in {lateness.words(each.due_at - now)}{tried}"
    late = "late" if now - each.due_at > lateness.bounds_of(each.kind).late else "due"
    return f"{late} for {lateness.words(now - each.due_at)}{tried}"
