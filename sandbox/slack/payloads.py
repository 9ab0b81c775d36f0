"""
What Slack sends an app: the bodies of commands, clicks and submitted modals.

Source: docs.slack.dev, "Slash commands", "block_actions payload", "view_submission
payload"; the tests hold them to the types of @slack/bolt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.slack.controls import controls, initial_options, options_of
from sandbox.slack.state import (
    APP_ID,
    BOT_ID,
    BOT_USER_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    Json,
    Message,
    Person,
    View,
)

VERIFICATION_TOKEN = "made-up-verification-token"  # noqa: S105 - Slack sends one; nobody checks it


def command(
    person: Person,
    text: str,
    channel_id: str,
    channel_name: str,
    *,
    url: str,
    trigger: str,
    name: str = "/images",
) -> Json:
    """The form fields of a slash command."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel_id,
        "channel_name": channel_name,
        "user_id": person.user_id,
        "user_name": person.handle,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": trigger,
    }


def click(
    person: Person, message: Message, channel_name: str, action: Json, *, url: str, trigger: str
) -> Json:
    """A click in a message, or in what is shown below one of its addresses."""
    return _interaction("block_actions", person, trigger) | {
        **in_message(message, channel_name),
        **_in_unfurl(message, action["block_id"]),
        "state": {"values": state_values(message.blocks, {})},
        "response_url": url,
        "actions": [action],
    }


def shortcut(
    person: Person, message: Message, channel_name: str, name: str, *, url: str, trigger: str
) -> Json:
    """A shortcut chosen of a message."""
    return _interaction("message_action", person, trigger) | {
        "callback_id": name,
        "action_ts": message.ts,
        "message_ts": message.ts,
        "response_url": url,
        "channel": {"id": message.channel_id, "name": channel_name},
        "message": as_json(message),
    }


def global_shortcut(person: Person, name: str, at: float, *, trigger: str) -> Json:
    """
    A shortcut that belongs to no message.

    Source: docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
    """
    body = _interaction("shortcut", person, trigger)
    return body | {"callback_id": name, "action_ts": f"{at:.6f}"}


def submission(person: Person, view: View, given: Mapping[str, Any], *, trigger: str) -> Json:
    """A modal sent with what was *given*, by action id."""
    return _interaction("view_submission", person, trigger) | {
        "view": view_output(view, given),
        "response_urls": [],
    }


def closing(person: Person, view: View, *, cleared: bool) -> Json:
    """A modal closed without sending it."""
    return _interaction("view_closed", person) | {
        "view": view_output(view, {}),
        "is_cleared": cleared,
    }


def click_in_view(
    person: Person, view: View, action: Json, given: Mapping[str, Any], *, trigger: str
) -> Json:
    """
    A click in a modal or home tab, with what was *given* to its inputs, by action id.

    It has no response URL, though Slack's types say so.
    """
    return _interaction("block_actions", person, trigger) | {
        **in_view(view, given),
        "response_url": "",
        "actions": [action],
    }


def spoken(person: Person, message: Message, text: str, event_id: str) -> Json:
    """
    A message in a person's own conversation with the app, or one that mentions the app; *text*
    is what Slack makes of it.

    Source: docs.slack.dev/reference/events, message.im and app_mention.
    """
    private = message.channel_id == person.dm_channel
    event: Json = {
        "type": "message" if private else "app_mention",
        "user": person.user_id,
        "text": text,
        "ts": message.ts,
        "team": TEAM_ID,
        "channel": message.channel_id,
        "event_ts": message.ts,
    }
    event |= {"channel_type": "im"} if private else {}
    return _event(event, event_id, float(message.ts)) | {
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def user_changed(person: Person, at: float, event_id: str, *, left: bool = False) -> Json:
    """Somebody's account or profile, as it is after a change."""
    user = {"id": person.user_id, "team_id": TEAM_ID, "deleted": left, "tz": person.time_zone}
    return _event({"type": "user_change", "user": user}, event_id, at)


def home_opened(person: Person, view: View | None, at: float, event_id: str) -> Json:
    """The home tab opened, with what it showed before."""
    event: Json = {
        "type": "app_home_opened",
        "user": person.user_id,
        "channel": person.dm_channel,
        "event_ts": f"{at:.6f}",
        "tab": "home",
    }
    event |= {"view": view_output(view, {})} if view else {}
    return _event(event, event_id, at)


def suggestion(person: Person, element: Json, words: str, place: Json) -> Json:
    """What was typed into a menu whose options the app finds; *place* is where the menu is."""
    return _interaction("block_suggestion", person) | {
        "action_id": element["action_id"],
        "block_id": element["block_id"],
        "value": words,
        **place,
    }


def in_message(message: Message, channel_name: str) -> Json:
    """Where something was done. An ephemeral message is not sent along: Slack keeps none."""
    place: Json = {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel_id,
            "is_ephemeral": message.ephemeral,
        },
        "channel": {"id": message.channel_id, "name": channel_name},
    }
    return place if message.ephemeral else place | {"message": as_json(message)}


def _in_unfurl(message: Message, block_id: str) -> Json:
    """
    Where something was done below an address; nothing if it was in the message itself.

    Source: docs.slack.dev/messaging/unfurling-links-in-messages, "Interactivity in unfurls".
    """
    for number, (url, unfurl) in enumerate(message.unfurls.items(), 1):
        if any(block["block_id"] == block_id for block in unfurl["blocks"]):
            container = {
                "type": "message_attachment",
                "message_ts": message.ts,
                "attachment_id": number,
                "channel_id": message.channel_id,
                "is_ephemeral": False,
                "is_app_unfurl": True,
                "app_unfurl_url": url,
            }
            return {"container": container, "app_unfurl": {"id": number, **unfurl}}
    return {}


def links_shared(
    person: Person,
    message: Message,
    links: Iterable[Json],
    event_id: str,
    *,
    unfurl_id: str,
    member: bool,
    shared: bool,
) -> Json:
    """A message with addresses of the app's domains; *shared* with another workspace, if so."""
    event: Json = {
        "type": "link_shared",
        "channel": message.channel_id,
        "is_bot_user_member": member,
        "user": person.user_id,
        "message_ts": message.ts,
        "unfurl_id": unfurl_id,
        "source": "conversations_history",
        "links": list(links),
        "event_ts": message.ts,
    }
    return _event(event, event_id, float(message.ts)) | {"is_ext_shared_channel": shared}


def step_begun(
    function: Json, inputs: Mapping[str, Any], run_id: str, event_id: str, at: float
) -> Json:
    """A step of the app's in a workflow that somebody has started."""
    event: Json = {
        "type": "function_executed",
        "function": function,
        "inputs": dict(inputs),
        "function_execution_id": run_id,
        "workflow_execution_id": f"Wx{run_id[2:]}",
        "event_ts": f"{at:.6f}",
        "bot_access_token": "xwfp-made-up",
    }
    return _event(event, event_id, at)


def in_view(view: View, given: Mapping[str, Any]) -> Json:
    """Where something was done, with what was given to the inputs there."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": view_output(view, given),
    }


def action(element: Json, at: float, given: Any = None) -> Json:
    """What was done with one element: a button pressed, or a value *given*."""
    kind = element["type"]
    result: Json = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": element["block_id"],
        "action_ts": f"{at:.6f}",
    }
    if kind == "button":
        result |= {key: element[key] for key in ("text", "value", "url") if key in element}
    else:
        result |= {k: v for k, v in value_of(element, given).items() if k != "type"}
    return result


def value_of(element: Json, given: Any) -> Json:
    """
    An element's value in `state.values`.

    *given* is a text, an option's value or several, None if the element was not touched,
    "" or () if it was emptied.
    """
    kind = element["type"]
    if kind in _ONE_OPTION:
        chosen = initial_options(element) if given is None else _chosen(element, [given])
        return {"type": kind, "selected_option": chosen[0] if chosen else None}
    if kind in _OPTIONS:
        chosen = initial_options(element) if given is None else _chosen(element, given)
        return {"type": kind, "selected_options": chosen}
    if kind in _VALUES_KEYS:
        key, default = _VALUES_KEYS[kind]
        return {"type": kind, key: list(element.get(default, ()) if given is None else given)}
    key, default = _VALUE_KEYS.get(kind, ("value", "initial_value"))
    return {"type": kind, key: element.get(default) if given is None else given or None}


def state_values(blocks: Iterable[Json], given: Mapping[str, Any]) -> Json:
    """`state.values` of a message or view: every stateful element, by block id and action id."""
    values: dict[str, Json] = {}
    for element in controls(blocks):
        if element["type"] not in ("button", "overflow"):
            value = value_of(element, given.get(element["action_id"]))
            values.setdefault(element["block_id"], {})[element["action_id"]] = value
    return values


def view_output(view: View, given: Mapping[str, Any]) -> Json:
    """A view as Slack sends it back."""
    body = view.body
    return {
        "id": view.id,
        "team_id": TEAM_ID,
        "type": body["type"],
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": state_values(body["blocks"], given)},
        "hash": view.hash,
        "title": body.get("title", {"type": "plain_text", "text": "View Title"}),
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": APP_ID,
        "external_id": view.external_id,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
    }


def as_json(message: Message) -> Json:
    """Return a message as payloads have it."""
    return {
        "type": "message",
        "user": BOT_USER_ID,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "team": TEAM_ID,
        "ts": message.ts,
        "text": message.text,
        "blocks": list(message.blocks),
    }


def _event(event: Json, event_id: str, at: float) -> Json:
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(at),
    }


def _interaction(kind: str, person: Person, trigger: str = "") -> Json:
    user = {"id": person.user_id, "name": person.handle, "team_id": TEAM_ID}
    if kind == "block_actions":
        user["username"] = person.handle
    body = {
        "type": kind,
        "user": user,
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "is_enterprise_install": False,
    }
    return body | {"trigger_id": trigger} if trigger else body


def _chosen(element: Json, values: Any) -> list[Json]:
    """The options with these values; one that was offered elsewhere comes as it is."""
    found = {option["value"]: option for option in options_of(element)}
    return [value if isinstance(value, dict) else found[value] for value in values if value]


_ONE_OPTION = frozenset({"static_select", "external_select", "radio_buttons", "overflow"})
_OPTIONS = frozenset({"multi_static_select", "multi_external_select", "checkboxes"})
_VALUE_KEYS = {
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
}
_VALUES_KEYS = {
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
}
