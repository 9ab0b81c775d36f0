"""
Modals: opened at once, filled in when their content is known.

Slack lets one be opened within 3 s of what the person did, and the cloud may take longer.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from bot.slack import names, payloads
from bot.slack.clients import SlackClient
from bot.slack.payloads import Incoming
from bot.slack.refusals import SlackRefusal
from bot.slack.workspaces import Workspaces
from handlers import FieldErrors, Message, Modal, Reply
from handlers.core.replies import for_window
from handlers.core.text import escape
from handlers.ui.alerts import Level, alert
from handlers.ui.blocks import section

log = logging.getLogger(__name__)

TITLE = "Cloud Images"
WAITING = Modal("page.waiting", TITLE, (section("Asking the cloud…"),))
"""What a modal shows until its content is known."""
LATE = "That took longer than the 3 seconds in which Slack opens a window. Please try again."


class Modals:
    """Open and redraw modals, as the bot of the workspace that the request came from."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    def open(self, incoming: Incoming, modal: Modal = WAITING) -> str:
        """Open a modal and return its id; "" if Slack does not open it any more."""
        return self._stacked(incoming, modal, lambda client, **asked: client.views_open(**asked))

    def push(self, incoming: Incoming, modal: Modal) -> str:
        """Put a page on top of the modal that the request came from, which stays as it is."""
        return self._stacked(incoming, modal, lambda client, **asked: client.views_push(**asked))

    def redraw(self, incoming: Incoming, view_id: str, view: Modal | dict[str, Any]) -> str:
        """
        Show something else in an open modal; "" if the person has closed it.

        If no answer comes it is drawn again, which changes nothing if it was drawn.
        """
        body = as_json(view, incoming.origin) if isinstance(view, Modal) else view

        def update(client: SlackClient) -> Any:
            return client.views_update(view_id=view_id, view=body)

        return self._shown(incoming, update, if_unsure=update)

    def spelled(self, incoming: Incoming, reply: Reply) -> Reply:
        """Replace mentions in field errors by people's names, as Slack draws none there."""
        if not isinstance(reply, FieldErrors):
            return reply
        spell = partial(names.spelled, self._workspaces, incoming.team_id)
        return FieldErrors({field: spell(text) for field, text in reply.errors.items()})

    def _stacked(
        self,
        incoming: Incoming,
        modal: Modal,
        stack: Callable[..., Any],
    ) -> str:
        """
        Put a modal on the screen, with an id of our own.

        A trigger is good once, so a call whose answer was lost is not made again: if the modal is
        there it is found by that id.
        """
        own_id = secrets.token_hex(16)
        body = as_json(modal, incoming.origin) | {"external_id": own_id}
        return self._shown(
            incoming,
            lambda client: stack(client, trigger_id=incoming.trigger_id, view=body),
            if_unsure=lambda client: client.views_update(external_id=own_id, view=body),
        )

    def _shown(
        self,
        incoming: Incoming,
        call: Callable[[SlackClient], Any],
        *,
        if_unsure: Callable[[SlackClient], Any],
    ) -> str:
        try:
            client = self._workspaces.client(incoming.team_id)
            try:
                answer = call(client)
            except SlackRefusal as refused:
                if not refused.unsure:
                    raise
                answer = if_unsure(client)
        except SlackRefusal as refused:
            log.info("a modal for %s was not shown: %s", incoming.what, refused.error)
            return ""
        return str((answer.get("view") or {}).get("id") or "")


def page(message: Message) -> Modal:
    """Return a message as a page of a modal. Its buttons work there too."""
    return Modal("page.message", TITLE, message.blocks or (section(message.text),))


def refused(text: str) -> Modal:
    """Return a page with plain words about what was not done."""
    return page(Message(text, (alert(Level.ERROR, escape(text)),)))


def waiting(body: payloads.Body) -> dict[str, Any]:
    """Return the view that replaces a form until its outcome is known."""
    return as_json(WAITING, payloads.submission(body).origin)


def acknowledgement(body: payloads.Body, reply: Reply) -> dict[str, Any]:
    """Return Slack's response to a submitted form: its errors, or the next view."""
    if isinstance(reply, FieldErrors) and (errors := payloads.field_errors(body, reply)):
        return {"response_action": "errors", "errors": errors}
    view = afterwards(body, reply)
    channel_id = payloads.submission(body).origin
    shown = as_json(view, channel_id) if isinstance(view, Modal) else view
    return {"response_action": "update", "view": shown}


def afterwards(body: payloads.Body, reply: Reply) -> Modal | dict[str, Any]:
    """Return the view that shows the outcome, for a form that was replaced by `waiting`."""
    match reply:
        case FieldErrors():
            if payloads.field_errors(body, reply):
                return payloads.form_again(body, reply)
            return refused(" ".join(reply.errors.values()))
        case Message():
            return page(reply)
        case Modal():
            return reply


def as_json(modal: Modal, channel_id: str = "") -> dict[str, Any]:
    """
    Return a modal as Slack takes it.

    Args:
        channel_id: channel that it was asked for in; the modal remembers it.
    """
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": modal.name,
        "title": _plain(modal.title),
        "close": _plain("Cancel" if modal.submit else "Close"),
        "private_metadata": payloads.metadata(channel_id, modal.value),
        "blocks": [dict(block) for block in for_window(modal.blocks)],
    }
    return {**view, "submit": _plain(modal.submit)} if modal.submit else view


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
