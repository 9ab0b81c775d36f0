"""The one door in: nothing else in the bot indexes Slack's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import handlers
from handlers import Click, Command, Person

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Incoming:
    """A request of a person, and where its answer goes."""

    request: Command | Click
    response_url: str = field(repr=False)
    """A secret: whoever has it can speak as the bot in that conversation."""

    @property
    def what(self) -> str:
        """Its name in log and metrics: the verb or the button, never what was typed after it."""
        request = self.request
        return request.action_id if isinstance(request, Click) else f"/images {request.verb}"


def command(body: Body) -> Incoming:
    """A slash command."""
    person = Person(body["team_id"], body["user_id"])
    request = handlers.parse(person, body.get("text") or "", body["channel_id"])
    return Incoming(request, body["response_url"])


def click(body: Body) -> Incoming:
    """A button pressed or an option chosen, in a message."""
    action, container = body["actions"][0], body["container"]
    request = Click(
        person=_person(body),
        action_id=action["action_id"],
        value=_value(action),
        channel_id=(body.get("channel") or {}).get("id", ""),
        ephemeral=bool(container.get("is_ephemeral")),
    )
    return Incoming(request, body.get("response_url") or "")


def bot_was_removed(body: Body) -> bool:
    """Whether the event ends the bot's own token, and not merely one of some person."""
    event = body["event"]
    return event["type"] == "app_uninstalled" or bool((event.get("tokens") or {}).get("bot"))


def team_of_event(body: Body) -> tuple[str, str | None]:
    """Team and organisation that an event speaks of."""
    return body.get("team_id") or "", body.get("enterprise_id")


def event_id(body: Body) -> str:
    return str(body.get("event_id") or "")


def _person(body: Body) -> Person:
    """
    Whoever pressed. In a channel shared with another workspace that may be a stranger,
    so their own team counts, and not the one where the message stands.
    """
    user = body["user"]
    return Person(user.get("team_id") or body["team"]["id"], user["id"])


def _value(action: Body) -> str:
    if "selected_option" in action:
        return str((action["selected_option"] or {}).get("value", ""))
    return str(action.get("value", ""))
