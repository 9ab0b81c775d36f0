"""A request kept to be answered later: when it is confirmed, or approved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from handlers.core.errors import BadButton
from handlers.core.interactions import Click, Command, Person, Request, Submission
from handlers.core.operations import Operation


def pin(request: Request, operation: Operation) -> Request:
    """
    The request with its image by id, in its region and account; or with its account.

    A name may mean another image by then, and another account be in use; buttons and forms carry
    ids anyway.
    """
    if not isinstance(request, Command):
        return request
    account = {"account": (operation.account.project_id, operation.account.id)}
    if (image := operation.facts.image) and request.words:
        where = {"region": (operation.region,), **account}
        return _with(request, where, image.id, *request.words[1:])
    of_account = operation.action.startswith("account.")
    return _with(request, account, *request.words) if of_account else request


def _with(command: Command, options: Mapping[str, tuple[str, ...]], *words: str) -> Command:
    given = MappingProxyType({**command.options, **options})
    return replace(command, words=words, options=given)


def to_json(request: Request) -> dict[str, Any]:
    """All of a request but its person."""
    place = {"channel": request.channel_id, "team": request.team_id}
    match request:
        case Command():
            options = {name: list(values) for name, values in request.options.items()}
            said = {"verb": request.verb, "words": list(request.words), "options": options}
            return {"kind": "command", **said, "text": request.text, **place}
        case Click():
            pressed = {"action": request.action_id, "value": request.value}
            return {"kind": "click", **pressed, **place}
        case Submission():
            fields = {
                name: value if isinstance(value, str) else list(value)
                for name, value in request.fields.items()
            }
            sent = {"view": request.view, "value": request.value, "fields": fields}
            return {"kind": "submission", **sent, **place}


def from_json(person: Person, body: Mapping[str, Any]) -> Request:
    """
    Raises:
        BadButton: it was kept by another version of the bot.
    """
    try:
        return _READERS[body["kind"]](person, body)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadButton from error


def _command(person: Person, body: Mapping[str, Any]) -> Command:
    return Command(
        person,
        body["verb"],
        tuple(body["words"]),
        MappingProxyType({name: tuple(values) for name, values in body["options"].items()}),
        body["channel"],
        body["text"],
        team_id=body["team"],
    )


def _click(person: Person, body: Mapping[str, Any]) -> Click:
    where = {"channel_id": body["channel"], "team_id": body["team"]}
    return Click(person, body["action"], body["value"], **where)


def _submission(person: Person, body: Mapping[str, Any]) -> Submission:
    fields = {
        name: value if isinstance(value, str) else tuple(value)
        for name, value in body["fields"].items()
    }
    return Submission(
        person,
        body["view"],
        body["value"],
        MappingProxyType(fields),
        body["channel"],
        body["team"],
    )


_READERS: Mapping[str, Callable[[Person, Mapping[str, Any]], Request]] = {
    "command": _command,
    "click": _click,
    "submission": _submission,
}
