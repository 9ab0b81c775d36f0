"""Words for the audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from handlers.core.button_values import ButtonValue, number
from handlers.core.errors import BadButton
from handlers.core.replies import Block, Message
from handlers.core.text import escape
from handlers.reports.views.audit_phrases import sentence
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    context,
    counted,
    date,
    listed,
    named,
    section,
    sentences,
)
from storage import AuditRow

OLDER = "audit.older"
NEWER = "audit.newer"
SHOWN = 10
CHANGES = 4
"""Shown of what one entry changed."""
MAX_SEQ = 2**62
"""Above any place in the chain, and still a number to a database."""


@dataclass(frozen=True)
class AuditQuery(ButtonValue):
    """Which entries to show: the filters of the command, and the page."""

    by: str = ""
    action: str = ""
    target: str = ""
    account: str = ""
    region: str = ""
    since: datetime | None = None
    until: datetime | None = None
    failed: bool = False
    before: int = 0
    """Only entries before this place in the chain; 0 for the newest."""
    after: int = 0
    """Only entries after this place; 0 for no such page."""


def record(
    entries: Sequence[AuditRow],
    query: AuditQuery,
    newer: AuditQuery | None = None,
    older: AuditQuery | None = None,
) -> Message:
    """Show a page; *newer* and *older* are the queries for the next pages, if there are any."""
    page_buttons = _page_buttons(newer, older)
    text = f"Audit, newest first: {counted(len(entries), 'entry', 'entries')}."
    text = sentences([text if entries else "No audit entries.", _only(query)])
    blocks = [section(text)]
    for entry in entries:
        blocks += _entry(entry)
    return Message(text, (*blocks, *page_buttons, context(WHOSE)))


MARKS = {"done": "", "started": ":grey_question: *Unfinished:* "}
"""Before an entry; outcomes without one are failures."""
WHOSE = "Changes made in this workspace, on accounts that you can use here."


def _only(query: AuditQuery) -> str:
    """The filters in words."""
    parts = [
        f"by {_who(query.by)}" if query.by else "",
        f"action {named(query.action)}" if query.action else "",
        f"image {named(query.target)}" if query.target else "",
        f"account {named(query.account)}" if query.account else "",
        f"region {named(query.region)}" if query.region else "",
        f"since {date(query.since)}" if query.since else "",
        f"before {date(query.until)}" if query.until else "",
        "failed" if query.failed else "",
    ]
    only = "; ".join(each for each in parts if each)
    return f"Only: {only}." if only else ""


def _entry(entry: AuditRow) -> list[Block]:
    mark = MARKS.get(entry.outcome, ":x: *Failed:* ")
    head = f"{mark}{_who(entry.actor)} {sentence(entry.action, entry.target)}"
    changes = _changes(entry.before, entry.after)
    return [section("\n".join([head, *changes])), context(_facts(entry))]


def _facts(entry: AuditRow) -> str:
    account = f"account {code(entry.account)}" if entry.account else ""
    facts = [
        date(entry.at),
        " in ".join(each for each in (account, escape(entry.region)) if each),
        _outcome(entry.outcome),
        named(entry.detail, 160) if entry.detail else "",
        f"approved by {listed([_who(each) for each in entry.approvers])}"
        if entry.approvers
        else "",
        f"request {code(entry.request_id)}" if entry.request_id else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def _outcome(outcome: str) -> str:
    if outcome == "started":
        return "outcome unknown: check whether it was done"
    failed, _, why = outcome.partition(": ")
    return f"{failed}: {named(why)}" if why else escape(outcome)


def _who(actor: str) -> str:
    """A person, or the bot for one of its jobs."""
    team, _, user = actor.partition("/")
    by_itself = team in ("job", "program") or "/" in user or not user
    return f"The bot ({named(actor.rpartition('/')[2])})" if by_itself else f"<@{escape(user)}>"


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    values = {name: (_value(before, name), _value(after, name)) for name in {*before, *after}}
    names = [name for name in sorted(values) if len({*values[name]}) > 1]
    lines = [f"{named(name, 40)}: {' → '.join(_shown(values[name]))}" for name in names[:CHANGES]]
    return [*lines, f"…and {len(names) - CHANGES} more"] if len(names) > CHANGES else lines


def _value(held: Mapping[str, Any], name: str) -> str:
    value = held.get(name)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {each}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _shown(values: Sequence[str]) -> list[str]:
    return [named(value, 60) if value else "nothing" for value in values]


def _page_buttons(newer: AuditQuery | None, older: AuditQuery | None) -> tuple[Block, ...]:
    turns = [button("Newer", NEWER, newer.value())] if newer else []
    turns += [button("Older", OLDER, older.value())] if older else []
    return (buttons(*turns),) if turns else ()


def _seq(text: str) -> int:
    place = number(text[:20])
    if place > MAX_SEQ:
        raise BadButton
    return place


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    except (ValueError, OverflowError) as error:
        raise BadButton from error
