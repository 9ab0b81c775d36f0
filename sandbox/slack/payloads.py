"""
What Slack sends an app: the bodies of commands, clicks and submitted modals.

Source: docs.slack.dev, "Slash commands", "block_actions payload", "view_submission
payload"; the tests hold them to the types of @slack/bolt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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
    person: Person, text: str, channel_id: str, channel_name: str, *, url: str, trigger: str
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
        "command": "/images",
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": trigger,
    }


def click(
    person: Person, message: Message, channel_name: str, action: Json, *, url: str, trigger: str
) -> Json:
    """A click in a message. An ephemeral message is not sent along: Slack does not keep it."""
    body = _interaction("block_actions", person, trigger) | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel_id,
            "is_ephemeral": message.ephemeral,
        },
        "channel": {"id": message.channel_id, "name": channel_name},
        "state": {"values": state_values(message.blocks, {})},
        "response_url": url,
        "actions": [action],
    }
    if not message.ephemeral:
        body["message"] = as_json(message)
    return body


def submission(person: Person, view: View, given: Mapping[str, Any], *, trigger: str) -> Json:
    """A modal sent with what was *given*, by action id."""
    return _interaction("view_submission", person, trigger) | {
        "view": view_output(view, given),
        "response_urls": [],
    }


def closing(person: Person, view: View, *, cleared: bool) -> Json:
    """A modal closed without sending it."""
    body = _interaction("view_closed", person, "")
    del body["trigger_id"]
    return body | {"view": view_output(view, {}), "is_cleared": cleared}


def click_in_view(person: Person, view: View, action: Json, *, trigger: str) -> Json:
    """A click in a modal or home tab. It has no response URL, though Slack's types say so."""
    return _interaction("block_actions", person, trigger) | {
        "container": {"type": "view", "view_id": view.id},
        "view": view_output(view, {}),
        "response_url": "",
        "actions": [action],
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
    """An element's value in `state.values`; *given* is a text, an option's value or several."""
    kind = element["type"]
    if kind in ("static_select", "radio_buttons", "overflow"):
        chosen = next(iter(_chosen(element, [given])), element.get("initial_option"))
        return {"type": kind, "selected_option": chosen}
    if kind in ("multi_static_select", "checkboxes"):
        initial = element.get("initial_options", [])
        return {
            "type": kind,
            "selected_options": initial if given is None else _chosen(element, given),
        }
    key, default = _VALUE_KEYS.get(kind, ("value", "initial_value"))
    return {"type": kind, key: element.get(default) if given is None else given}


def state_values(blocks: Iterable[Json], given: Mapping[str, Any]) -> Json:
    """`state.values` of a message or view: every stateful element, by block id and action id."""
    values: dict[str, Json] = {}
    for block in blocks:
        elements = [block.get("element"), block.get("accessory"), *block.get("elements", ())]
        for element in filter(None, elements):
            if "action_id" in element and element["type"] not in ("button", "overflow"):
                value = value_of(element, given.get(element["action_id"]))
                values.setdefault(block["block_id"], {})[element["action_id"]] = value
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
    """A message as it stands in a payload."""
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


def _interaction(kind: str, person: Person, trigger: str) -> Json:
    user = {"id": person.user_id, "name": person.handle, "team_id": TEAM_ID}
    if kind == "block_actions":
        user["username"] = person.handle
    return {
        "type": kind,
        "user": user,
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "trigger_id": trigger,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "is_enterprise_install": False,
    }


def _chosen(element: Json, values: Any) -> list[Json]:
    groups = element.get("option_groups") or [element]
    options = [option for group in groups for option in group.get("options", ())]
    return [option for option in options if option.get("value") in (values or ())]


_VALUE_KEYS = {
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
}
