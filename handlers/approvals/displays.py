"""The list of requests and reminders of one: drawn, and drawn again when something has changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from handlers.approvals.access import decidable, may_decide
from handlers.approvals.views import cards
from handlers.approvals.views import requests as views
from handlers.core.interactions import Person
from handlers.core.replies import Message
from handlers.core.services import Services
from storage import (
    Approval,
    ApprovalState,
    Display,
    DisplayKind,
    Drawing,
    of_account,
    of_person,
)


def list_message(
    person: Person,
    channel_id: str,
    services: Services,
    result: Approval | None = None,
    *,
    page: int = 1,
    size: int = views.SHOWN,
) -> Message:
    """
    List the requests that a person may decide in a channel, and their own.

    Args:
        result: the request that a click has just decided.

        size: requests on the pages by which *page* is counted.
    """
    read_at = services.clock()
    waiting = decidable(person, channel_id, services)
    own = services.store.approvals.of(person.team_id, person.user_id)
    message = views.request_list(waiting, own, person.user_id, page=page, size=size, result=result)
    keys = [each.account.key for each in services.roles.accesses(person, channel_id)]
    drawing = Drawing(
        DisplayKind.REQUESTS,
        {"page": page, "size": size},
        _shown([*waiting, *own]),
        [
            of_person(person.team_id, person.user_id),
            *(of_account(each.team_id, each.cloud, each.project_id) for each in keys),
        ],
        read_at,
    )
    return message.drawn_by(drawing)


def reminder(approval: Approval, read_at: datetime, *, able: bool = True) -> Message:
    """
    Remind of a request; once it is decided, the same message says how.

    Args:
        read_at: just before the request was read.

        able: whether its reader may decide.
    """
    waiting = approval.state == ApprovalState.WAITING
    if waiting:
        message = cards.reminder(approval) if able else cards.no_longer_approver(approval)
    else:
        message = cards.approver_card(approval)
    key = approval.key
    drawing = Drawing(
        DisplayKind.REMINDER,
        {"id": approval.id},
        _shown([approval]) + ("" if able else " hidden"),
        [of_account(key.team_id, key.cloud, key.project_id)],
        read_at,
    )
    return message.drawn_by(drawing)


def draw_list(display: Display, services: Services) -> Message | None:
    person, about = Person(display.team_id, display.user_id), display.about
    page, size = int(about.get("page", 1)), int(about.get("size", views.SHOWN))
    return list_message(person, display.channel or "", services, page=page, size=size)


def draw_reminder(display: Display, services: Services) -> Message | None:
    """Return None if the request is no longer known."""
    read_at = services.clock()
    approval = services.store.approvals.get(str(display.about.get("id", "")))
    if approval is None:
        return None
    person = Person(display.team_id, display.user_id)
    return reminder(approval, read_at, able=may_decide(person, approval, "", services))


def _shown(approvals: Sequence[Approval]) -> str:
    return json.dumps(
        [[each.id, each.state, [vote.user_id for vote in each.votes]] for each in approvals]
    )
