"""Read the audit log of a person's accounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from handlers.core import clock_times, mentions, spans
from handlers.core.errors import BadValue, Usage
from handlers.core.interactions import Click, Command, Person
from handlers.core.numbers import account_number
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.reports.views import audit as views
from handlers.reports.views.audit import AuditQuery
from storage import AccountKey, Audit, AuditFilter, AuditRow, Reader, Stage

AUDIT = "audit"
ME = "me"
MAX_DAYS = 3650
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def audit(command: Command, services: Services) -> Message:
    """/images audit: list the audit log, newest first; options filter it."""
    if command.words:
        raise Usage(AUDIT)
    query = AuditQuery(
        by=_actor(command),
        action=command.last("action") or "",
        target=command.last("image") or "",
        account=account_number(command.last("account") or ""),
        region=command.last("region") or "",
        since=_time("since", command, services),
        until=_time("until", command, services),
        failed="failed" in command.options,
    )
    return _page(command.person, query, services)


def page_clicked(click: Click, services: Services) -> Message:
    """The Newer and Older buttons of the record."""
    return _page(click.person, AuditQuery.read(click.value), services)


def _page(person: Person, query: AuditQuery, services: Services) -> Message:
    """Show a page. A button's query is a claim: what the person may read is checked again."""
    filter_ = _filter(person, query, services)
    rows = _rows(query, filter_, services.store.audit)
    return views.record(rows, query, *_neighbours(rows, query, filter_, services.store.audit))


def _filter(person: Person, query: AuditQuery, services: Services) -> AuditFilter:
    keys = tuple(dict.fromkeys(account.key for account in services.accounts_of(person)))
    return AuditFilter(
        actor=query.by or None,
        action=query.action or None,
        target=query.target or None,
        account=query.account or None,
        region=query.region or None,
        outcome=Stage.FAILED if query.failed else None,
        since=query.since,
        until=query.until,
        reader=Reader(person.actor, person.team_id, keys, _in_one_cloud(keys, services)),
    )


def _in_one_cloud(keys: Sequence[AccountKey], services: Services) -> tuple[str, ...]:
    """Numbers that mean one account in this workspace, whatever the cloud."""
    clouds: dict[str, set[str]] = {}
    for each in keys[:1]:
        for account in services.store.accounts.of_team(each.team_id):
            clouds.setdefault(account.project_id, set()).add(account.cloud)
    return tuple(key.project_id for key in keys if len(clouds.get(key.project_id, ())) == 1)


def _rows(query: AuditQuery, filter_: AuditFilter, record: Audit) -> Sequence[AuditRow]:
    """A page of them. What is newer than a page may be less than one: then it is the newest."""
    if query.after:
        rows = record.find(filter_, views.SHOWN, after_seq=query.after)
        return rows if len(rows) == views.SHOWN else record.find(filter_, views.SHOWN)
    return record.find(filter_, views.SHOWN, before_seq=query.before or None)


def _neighbours(
    rows: Sequence[AuditRow], query: AuditQuery, filter_: AuditFilter, record: Audit
) -> tuple[AuditQuery | None, AuditQuery | None]:
    """The queries for the newer and the older page; None where there is no such page."""
    if not rows:
        return (replace(query, before=0, after=0) if query.before else None), None
    first, last = rows[0].seq, rows[-1].seq
    newer = record.find(filter_, 1, after_seq=first)
    older = record.find(filter_, 1, before_seq=last)
    return (
        replace(query, before=0, after=first) if newer else None,
        replace(query, before=last, after=0) if older else None,
    )


def _actor(command: Command) -> str:
    word = command.last("by")
    if not word:
        return ""
    if word.casefold() == ME:
        return command.person.actor
    user_id = mentions.person(word)
    if user_id is None:
        raise BadValue("by", word, "`me`, or mention a person, as in `@ann`")
    return Person(command.person.team_id, user_id).actor


def _time(option: str, command: Command, services: Services) -> datetime | None:
    """`7d` or `7 days ago`, or the beginning of a day in UTC, as `yesterday` or `monday`."""
    word = command.last(option)
    if not word:
        return None
    now = services.clock().astimezone(UTC)
    if length := spans.span(word.lower().removesuffix(f" {spans.AGO}")):
        return now - min(length, _MAX_AGE)
    try:
        began = _day(word, now.date())
    except ValueError as error:
        allowed = "a day such as `2026-03-05`, or a time ago such as `12h`, `7d` or `2w`"
        raise BadValue(option, word, allowed) from error
    return datetime.combine(began, time(), UTC)


def _day(word: str, today: date) -> date:
    """
    A day in the past, or today.

    Raises:
        ValueError: it is no such day.
    """
    if word.casefold() in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[word.casefold()])
    weekday = clock_times.day(word.casefold().removeprefix("last "))
    if weekday is not None:
        return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    if not _DAY.fullmatch(word):
        raise ValueError
    return date.fromisoformat(word)


_DAYS_AGO = {"today": 0, "yesterday": 1}


_MAX_AGE = timedelta(days=MAX_DAYS)
