"""Parse Slack's JSON: the only module that does."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import handlers
from handlers import Click, Command, FieldErrors, Links, Modal, Person, Search, Submission
from handlers.ui import rows
from handlers.ui.alerts import field_error, is_error
from handlers.workflows import steps
from handlers.workflows.steps import Start

Body = Mapping[str, Any]
Read = TypeVar("Read")


class UnreadablePayload(Exception):
    """Slack sent less than can be understood: not even who did what."""


def reader(read: Callable[[Body], Read]) -> Callable[[Body], Read]:
    """
    Have whatever is missing or of another type raise UnreadablePayload.

    What can be done without is read by `get`: Slack sends less than it documents, now and then.
    """

    @functools.wraps(read)
    def reading(body: Body) -> Read:
        try:
            return read(body)
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise UnreadablePayload(f"{read.__name__}: {error!r}"[:200]) from error

    return reading


HOME = "@home"
"""In place of a channel, in what a modal carries."""


@dataclass(frozen=True)
class Incoming:
    """A request of a person, and where its answer goes."""

    request: Command | Click | Submission
    response_url: str = field(repr=False)
    """A secret: with it anyone can post as the bot in that conversation. "" from a modal."""
    team_id: str = ""
    """Where the bot was spoken to; in a shared channel not the person's own workspace."""
    trigger_id: str = field(default="", repr=False)
    """Opens one modal, within 3 s."""
    view_id: str = ""
    """The modal that the request came from."""
    in_home: bool = False
    """Whether it came from the home tab, or from a modal that was opened there."""
    spoken: bool = False
    """Whether it came in a message: then there is no response URL, and no trigger."""
    thread_ts: str = ""
    """The thread of that message; "" for none."""
    event_id: str = ""
    """The event id of a message: Slack sends an event again if it doubts our answer."""

    @property
    def channel_id(self) -> str:
        return self.request.channel_id

    @property
    def origin(self) -> str:
        """Channel that a modal opened for it remembers, since Slack does not repeat it."""
        return HOME if self.in_home else self.channel_id

    @property
    def what(self) -> str:
        """Name for the log and metrics: the verb or the button, never what was typed after it."""
        match self.request:
            case Click(action_id=name) | Submission(view=name):
                return name
            case Command(verb=verb):
                return f"/images {verb}"


@reader
def command(body: Body) -> Incoming:
    """A slash command."""
    person = Person(_known(body, "team_id"), _known(body, "user_id"))
    text, channel = body.get("text") or "", body.get("channel_id") or ""
    request = handlers.parse(person, text, channel, person.team_id)
    return Incoming(
        request, body.get("response_url") or "", person.team_id, body.get("trigger_id") or ""
    )


@reader
def spoken(body: Body) -> Incoming | None:
    """
    A message in a person's own conversation with the bot, or one that mentions the bot.

    None for what is no new message of a person: an edit, a deletion, what an app says, and what
    others say in a group that the bot is in.
    """
    event = body["event"]
    own = {str(each.get("user_id")) for each in body.get("authorizations") or ()}
    user = event.get("user") or ""
    if not user or user in own or any(event.get(key) for key in _NOT_SAID):
        return None
    if event.get("type") == "message" and event.get("channel_type") != "im":
        return None
    here = _known(body, "team_id")
    team = str(event.get("user_team") or event.get("team") or here)
    text = _without_mention(event.get("text") or "", own, mentioned=event.get("type") == MENTION)
    request = handlers.parse(Person(team, user), text, _known(event, "channel"), here)
    thread = str(event.get("thread_ts") or "")
    return Incoming(request, "", here, spoken=True, thread_ts=thread, event_id=event_id(body))


MENTION = "app_mention"
_NOT_SAID = ("subtype", "bot_id", "app_id", "edited", "hidden")
"""Source: docs.slack.dev/reference/events/message."""


def _without_mention(text: str, own: set[str], *, mentioned: bool) -> str:
    """Without the bot's own mention; where Slack does not tell its id, without the first."""
    ids = "|".join(map(re.escape, own)) or "[UW][A-Z0-9]+"
    if not (own or mentioned):
        return text
    return re.sub(rf"<@(?:{ids})(?:\|[^<>]*)?>[,:]?", " ", text, count=0 if own else 1).strip()


def said_at(body: Body) -> float:
    """
    Return when an event happened, in seconds since 1970; Slack may deliver it much later.

    0 if it does not say.
    """
    told = body.get("event_time")
    return float(told) if isinstance(told, int | float) else 0.0


@reader
def click(body: Body) -> Incoming:
    """A button pressed or an option chosen, in a message or a modal."""
    action, container, view = (
        body["actions"][0],
        body.get("container") or {},
        body.get("view") or {},
    )
    home = _in_home(body)
    in_view = (container.get("type") == "view" or bool(view)) and not home
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    action_id, value = rows.pressed(action["action_id"], _value(action))
    request = Click(
        person=_person(body),
        action_id=action_id,
        value=value,
        channel_id=channel or _metadata(body)[0],
        ephemeral=bool(container.get("is_ephemeral")),
        message_ts="" if in_view or home else str(container.get("message_ts") or ""),
        team_id=_team(body),
    )
    return Incoming(
        request,
        body.get("response_url") or "",
        _team(body),
        body.get("trigger_id") or "",
        (container.get("view_id") or view.get("id") or "") if in_view else "",
        home or _from_home(body),
    )


@dataclass(frozen=True)
class Posted:
    """A message that links to images, and where to unfurl them."""

    links: Links
    ts: str
    unfurl_id: str
    """Slack's id of channel and message, for where the bot is not; "" if Slack gave none."""
    event_id: str


@reader
def links_posted(body: Body) -> Posted | None:
    """
    Return addresses of ours in a message, once it is posted.

    None for a message still being written, for which another event follows, and for one that
    people of other workspaces read.
    """
    event = body["event"]
    if event.get("source") == "composer" or body.get("is_ext_shared_channel"):
        return None
    urls = tuple(link["url"] for link in event["links"])
    person = Person(_known(body, "team_id"), _known(event, "user"))
    links = Links(person, urls, _known(event, "channel"))
    ts, unfurl_id = event.get("message_ts") or "", event.get("unfurl_id") or ""
    return Posted(links, ts, unfurl_id, event_id(body))


@reader
def step_begun(body: Body) -> Start | None:
    """A step of a workflow, as of docs.slack.dev/reference/events/function_executed; else None."""
    event = body["event"]
    step = event["function"]["callback_id"]
    if step not in steps.PATIENCE:
        return None
    given = {name: str(value) for name, value in event["inputs"].items() if value is not None}
    team, app = _known(body, "team_id"), body.get("api_app_id") or ""
    return Start(
        run_id=_known(event, "function_execution_id"),
        step=step,
        person=Person(team, _known(event["inputs"], "person")),
        inputs=given,
        link=f"https://slack.com/app_redirect?app={app}&team={team}",
    )


@reader
def shortcut(body: Body) -> Incoming:
    """A message's shortcut chosen: as a button pressed whose value is what the message says."""
    message = body.get("message") or {}
    parts = (message.get("text"), message.get("blocks"), message.get("attachments"))
    request = Click(
        person=_person(body),
        action_id=body["callback_id"],
        value="\n".join(text for part in parts for text in _texts(part)),
        channel_id=(body.get("channel") or {}).get("id") or "",
        team_id=_team(body),
    )
    return Incoming(
        request, body.get("response_url") or "", _team(body), body.get("trigger_id") or ""
    )


@reader
def submission(body: Body) -> Incoming:
    """Read a submitted form."""
    view = body["view"]
    fields = {
        name: _field(state) for block in _values(body).values() for name, state in block.items()
    }
    channel, value = _metadata(body)
    request = Submission(
        _person(body), view["callback_id"], value, fields, channel, team_id=_team(body)
    )
    trigger_id = body.get("trigger_id") or ""
    view_id = view.get("id") or ""
    return Incoming(request, "", _team(body), trigger_id, view_id, _from_home(body))


@reader
def search(body: Body) -> Search:
    """Read the words typed into a menu whose options the bot gives."""
    channel, value = _metadata(body)
    return Search(_person(body), body["action_id"], body.get("value") or "", value, channel)


def metadata(channel_id: str, value: str) -> str:
    """Return the private metadata of a modal: the channel it was asked for in, and its value."""
    return f"{channel_id}|{value}"


def field_errors(body: Body, said: FieldErrors) -> dict[str, str]:
    """
    Return a form's errors by block, as Slack takes them.

    Slack shows errors beside fields only, so those of the whole form go to its first field. Empty
    for a form without fields.
    """
    blocks = _blocks(body["view"])
    first = next((b.get("block_id") for b in blocks if b.get("type") == "input"), None)
    return {block_id or first: text for block_id, text in said.errors.items()} if first else {}


def form_again(body: Body, said: FieldErrors) -> dict[str, Any]:
    """Return the form as it was sent, with what was typed, and the errors below their fields."""
    view = body["view"]
    errors, values = field_errors(body, said), _values(body)
    blocks: list[Body] = []
    for block in (each for each in _blocks(view) if not is_error(each)):
        block_id = block.get("block_id") or ""
        state: Body = next(iter(values.get(block_id, {}).values()), {})
        blocks.append(_refilled(block, state) if block.get("type") == "input" else block)
        if block_id in errors:
            blocks.append(dict(field_error(errors[block_id])))
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    return {**{key: view[key] for key in kept if view.get(key)}, "blocks": blocks}


def _blocks(view: Body) -> list[Body]:
    """The fields of a form that the bot named; it never drew any others."""
    told = view.get("blocks")
    blocks = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    return [each for each in blocks if isinstance(each.get("block_id", ""), str)]


@reader
def form_to_keep(body: Body) -> Modal:
    """The form that was sent, with what was typed, to be opened again elsewhere."""
    view = form_again(body, FieldErrors({}))
    return Modal(
        name=view["callback_id"],
        title=(view.get("title") or {}).get("text") or "Cloud Images",
        blocks=tuple(view["blocks"]),
        submit=(view.get("submit") or {}).get("text"),
        value=_metadata(body)[1],
    )


def bot_was_removed(body: Body) -> bool:
    """Return whether the event revokes the bot's own token, and not only a person's."""
    event = body["event"]
    return event.get("type") == "app_uninstalled" or bool((event.get("tokens") or {}).get("bot"))


@dataclass(frozen=True)
class Removal:
    """The app was taken out of a workspace, or of a whole organisation."""

    team_id: str
    """"" for an organisation."""
    enterprise_id: str
    at: float
    """When, in seconds; 0 if Slack does not say."""


@reader
def removal(body: Body) -> Removal:
    """Where the app was removed. The event may arrive late, after it was installed again."""
    authorizations = body.get("authorizations") or ()
    everywhere = any(each.get("is_enterprise_install") for each in authorizations)
    team = "" if everywhere else str(body.get("team_id") or "")
    return Removal(team, str(body.get("enterprise_id") or ""), said_at(body))


@dataclass(frozen=True)
class ChangedPerson:
    """A person as Slack says that they are now."""

    person: Person
    left: bool
    time_zone: str


@reader
def person_changed(body: Body) -> ChangedPerson:
    """Whose account or profile was changed: a status, a name, a time zone, or an end."""
    user = body["event"]["user"]
    person = Person(_known(body, "team_id"), _known(user, "id"))
    return ChangedPerson(person, bool(user.get("deleted")), str(user.get("tz") or ""))


@reader
def home_opened(body: Body) -> Person | None:
    """Return whose home tab was opened; None if it was another tab of the app."""
    event = body["event"]
    if event.get("tab") != "home":
        return None
    return Person(_known(body, "team_id"), _known(event, "user"))


def response_url(body: Body) -> str:
    """Where an interaction is answered; "" for nowhere."""
    return str(body.get("response_url") or "")


def event_id(body: Body) -> str:
    return str(body.get("event_id") or "")


def _texts(part: Any) -> Iterator[str]:
    """Every text in a message's parts."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for key, value in part.items():
            if not isinstance(value, str) or key in ("text", "url", "fallback"):
                yield from _texts(value)
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)


def _metadata(body: Body) -> tuple[str, str]:
    """The channel and the value of the modal; "" and "" outside of one."""
    kept = (body.get("view") or {}).get("private_metadata") or "|"
    channel_id, _, value = kept.partition("|")
    return "" if channel_id == HOME else channel_id, value


def _in_home(body: Body) -> bool:
    """Whether a button is in the home tab: Slack calls that a view, too."""
    return (body.get("view") or {}).get("type") == "home"


def _from_home(body: Body) -> bool:
    kept = (body.get("view") or {}).get("private_metadata") or ""
    return bool(kept.partition("|")[0] == HOME)


def _team(body: Body) -> str:
    """The workspace whose token speaks there; none for an organisation's own installation."""
    view = body.get("view") or {}
    return str(
        (body.get("team") or {}).get("id")
        or (body.get("user") or {}).get("team_id")
        or view.get("app_installed_team_id")
        or view.get("team_id")
        or ""
    )


def _person(body: Body) -> Person:
    """
    Return the person who pressed. In a channel shared with another workspace that may be a
    stranger, so their own team counts, not the one of the message.
    """
    user = body["user"]
    team = str(user.get("team_id") or _team(body))
    if not team:
        raise LookupError("team")
    return Person(team, _known(user, "id"))


def _known(part: Body, name: str) -> str:
    """
    Return a required value.

    Raises:
        LookupError: it is not there.
    """
    if not part.get(name):
        raise LookupError(name)
    return str(part[name])


def _values(body: Body) -> Mapping[str, Mapping[str, Body]]:
    """What the fields of a form hold, by block and action; nothing of a form without fields."""
    return (body["view"].get("state") or {}).get("values") or {}


def _value(action: Body) -> str:
    if "selected_option" in action:
        return str((action["selected_option"] or {}).get("value", ""))
    held = (action.get(key) for key in ("value", *_ONE_CHOSEN))
    return str(next(filter(None, held), ""))


def _field(state: Body) -> str | tuple[str, ...]:
    """What a field holds: its text, or the values chosen."""
    if "selected_options" in state:
        return tuple(str(each.get("value") or "") for each in state["selected_options"] or ())
    for key in _SEVERAL_CHOSEN:
        if key in state:
            return tuple(map(str, state[key] or ()))
    return _value(state)


def _refilled(block: Body, state: Body) -> Body:
    """The field as it was sent: Slack gives what is in it apart from the block."""
    held = {initial: state[key] for key, initial in _INITIAL.items() if state.get(key)}
    element = block.get("element") or {}
    empty = {k: v for k, v in element.items() if not k.startswith("initial_")}
    return {**block, "element": {**empty, **held}}


_ONE_CHOSEN = ("selected_conversation", "selected_user", "selected_date")
_SEVERAL_CHOSEN = ("selected_users", "selected_conversations")
_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    **{key: key.replace("selected", "initial") for key in (*_ONE_CHOSEN, *_SEVERAL_CHOSEN)},
}
"""By what a field holds: how it is given to the field at first."""
