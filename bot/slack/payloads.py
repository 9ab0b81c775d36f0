"""The one door in: nothing else in the bot indexes Slack's JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import handlers
from handlers import Click, Command, FieldErrors, Links, Modal, Person, Search, Submission

Body = Mapping[str, Any]
HOME = "@home"
"""In place of a channel, in what a modal carries."""


@dataclass(frozen=True)
class Incoming:
    """A request of a person, and where its answer goes."""

    request: Command | Click | Submission
    response_url: str = field(repr=False)
    """A secret: whoever has it can speak as the bot in that conversation. "" from a modal."""
    team_id: str = ""
    """Where the bot was spoken to; in a shared channel not the person's own workspace."""
    trigger_id: str = field(default="", repr=False)
    """Opens one modal, within 3 s."""
    view_id: str = ""
    """The modal that the request came from."""
    in_home: bool = False
    """Whether it came from the home tab, or from a modal that was opened there."""
    spoken: bool = False
    """Whether it was said in a message: then there is no response URL, and no trigger."""
    thread_ts: str = ""
    """The thread in which it was said; "" for none."""
    event_id: str = ""
    """Of a message: Slack tells of one again if it doubts our answer."""

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


def command(body: Body) -> Incoming:
    """Read a slash command."""
    person = Person(body["team_id"], body["user_id"])
    text, channel = body.get("text") or "", body["channel_id"]
    request = handlers.parse(person, text, channel, body["team_id"])
    return Incoming(request, body["response_url"], body["team_id"], body["trigger_id"])


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
    if event["type"] == "message" and event.get("channel_type") != "im":
        return None
    team = str(event.get("user_team") or event.get("team") or body["team_id"])
    text = _without_mention(event.get("text") or "", own, mentioned=event["type"] == MENTION)
    request = handlers.parse(Person(team, user), text, event["channel"], body["team_id"])
    thread = str(event.get("thread_ts") or "")
    return Incoming(
        request, "", body["team_id"], spoken=True, thread_ts=thread, event_id=event_id(body)
    )


MENTION = "app_mention"
_NOT_SAID = ("subtype", "bot_id", "app_id", "edited", "hidden")
"""Source: docs.slack.dev/reference/events/message."""


def _without_mention(text: str, own: set[str], *, mentioned: bool) -> str:
    """Without the bot's own mention; where Slack does not tell its id, without the first."""
    ids = "|".join(map(re.escape, own)) or "[UW][A-Z0-9]+"
    if not (own or mentioned):
        return text
    return re.sub(rf"<@(?:{ids})(?:\|[^>]*)?>[,:]?", " ", text, count=0 if own else 1).strip()


def said_at(body: Body) -> float:
    """Return when an event happened, in seconds since 1970; Slack may deliver it much later."""
    return float(body.get("event_time") or 0)


def click(body: Body) -> Incoming:
    """Read a click: a button pressed or an option chosen, in a message or a modal."""
    action, container = body["actions"][0], body["container"]
    home = _in_home(body)
    in_view = container["type"] == "view" and not home
    request = Click(
        person=_person(body),
        action_id=action["action_id"],
        value=_value(action),
        channel_id=(body.get("channel") or {}).get("id") or _metadata(body)[0],
        ephemeral=bool(container.get("is_ephemeral")),
        team_id=_team(body),
    )
    return Incoming(
        request,
        body.get("response_url") or "",
        _team(body),
        body.get("trigger_id") or "",
        (container.get("view_id") or "") if in_view else "",
        home or _from_home(body),
    )


@dataclass(frozen=True)
class Posted:
    """A message that links to images, and where to unfurl them."""

    links: Links
    ts: str
    unfurl_id: str
    """Stands for channel and message where the bot itself is not; "" if Slack gave none."""
    event_id: str


def links_posted(body: Body) -> Posted | None:
    """
    Addresses of ours in a message, once it is posted.

    None for one that is still being written, which will be told of again, and for one that
    people of other workspaces read.
    """
    event = body["event"]
    if event.get("source") == "composer" or body.get("is_ext_shared_channel"):
        return None
    urls = tuple(link["url"] for link in event["links"])
    links = Links(Person(body["team_id"], event["user"]), urls, event["channel"])
    return Posted(links, event["message_ts"], event.get("unfurl_id") or "", event_id(body))


def shortcut(body: Body) -> Incoming:
    """Read a message shortcut, as a click whose value is the message's text."""
    message = body["message"]
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


def submission(body: Body) -> Incoming:
    """Read a submitted form."""
    view = body["view"]
    fields = {
        name: _field(state)
        for block in view["state"]["values"].values()
        for name, state in block.items()
    }
    channel, value = _metadata(body)
    request = Submission(
        _person(body), view["callback_id"], value, fields, channel, team_id=_team(body)
    )
    trigger_id = body.get("trigger_id") or ""
    return Incoming(request, "", _team(body), trigger_id, view["id"], _from_home(body))


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
    blocks = body["view"].get("blocks") or ()
    first = next((b["block_id"] for b in blocks if b["type"] == "input"), None)
    return {block_id or first: text for block_id, text in said.errors.items()} if first else {}


def form_again(body: Body, said: FieldErrors) -> dict[str, Any]:
    """Return the form as it was sent, with what was typed, and the errors below their fields."""
    view = body["view"]
    errors, values = field_errors(body, said), view["state"]["values"]
    blocks: list[Body] = []
    for block in view["blocks"]:
        state: Body = next(iter(values.get(block["block_id"], {}).values()), {})
        blocks.append(_refilled(block, state) if block["type"] == "input" else block)
        if block["block_id"] in errors:
            text = {"type": "plain_text", "text": f"⚠ {errors[block['block_id']]}"}
            blocks.append({"type": "context", "elements": [text]})
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    return {**{key: view[key] for key in kept if view.get(key)}, "blocks": blocks}


def form_to_keep(body: Body) -> Modal:
    """The form that was sent, with what was typed, to be opened again elsewhere."""
    view = form_again(body, FieldErrors({}))
    return Modal(
        name=view["callback_id"],
        title=view["title"]["text"],
        blocks=tuple(view["blocks"]),
        submit=(view.get("submit") or {}).get("text"),
        value=_metadata(body)[1],
    )


def bot_was_removed(body: Body) -> bool:
    """Return whether the event revokes the bot's own token, and not only a person's."""
    event = body["event"]
    return event["type"] == "app_uninstalled" or bool((event.get("tokens") or {}).get("bot"))


@dataclass(frozen=True)
class Removal:
    """The app was taken out of a workspace, or of a whole organisation."""

    team_id: str
    """"" for an organisation."""
    enterprise_id: str
    at: float
    """When, in seconds; 0 if Slack does not say."""


def removal(body: Body) -> Removal:
    """Where the app was removed. Slack may tell of it late, when it is installed anew already."""
    authorizations = body.get("authorizations") or ()
    everywhere = any(each.get("is_enterprise_install") for each in authorizations)
    team = "" if everywhere else str(body.get("team_id") or "")
    return Removal(team, str(body.get("enterprise_id") or ""), said_at(body))


def home_opened(body: Body) -> Person | None:
    """Return whose home tab was opened; None if it was another tab of the app."""
    event = body["event"]
    return Person(body["team_id"], event["user"]) if event.get("tab") == "home" else None


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
    """Whether a button stands in the home tab: Slack calls that a view, too."""
    return (body.get("view") or {}).get("type") == "home"


def _from_home(body: Body) -> bool:
    kept = (body.get("view") or {}).get("private_metadata") or ""
    return bool(kept.partition("|")[0] == HOME)


def _team(body: Body) -> str:
    """The workspace whose token speaks there; none for an organisation's own installation."""
    return str((body.get("team") or {}).get("id") or body["user"].get("team_id") or "")


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
    return str(action.get("value") or action.get("selected_conversation") or "")


def _field(state: Body) -> str | tuple[str, ...]:
    """What a field holds: its text, or the values chosen."""
    if "selected_options" in state:
        return tuple(option["value"] for option in state["selected_options"] or ())
    return _value(state)


def _refilled(block: Body, state: Body) -> Body:
    """The field as it was sent: Slack gives what is in it apart from the block."""
    held = {
        initial: state[key]
        for key, initial in (
            ("value", "initial_value"),
            ("selected_option", "initial_option"),
            ("selected_options", "initial_options"),
            ("selected_conversation", "initial_conversation"),
        )
        if state.get(key)
    }
    empty = {k: v for k, v in block["element"].items() if not k.startswith("initial_")}
    return {**block, "element": {**empty, **held}}
