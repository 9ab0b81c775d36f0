"""The Slack methods that the code calls, the scopes they need, and the pages it serves."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.slack.scopes import SCOPES
from bot.web.app import create_app
from bot.wiring import Runtime

ROOT = Path(__file__).parents[3]
MANIFEST: Mapping[str, Any] = json.loads((ROOT / "manifest.json").read_text())
HOST = "https://YOUR-HOST"

FAMILIES = "chat|conversations|usergroups|users|auth|oauth|apps|views|files|functions|reactions"
SCOPE_OF = {
    "chat_postEphemeral": "chat:write",
    "chat_postMessage": "chat:write",
    "chat_unfurl": "links:write",
    "chat_update": "chat:write",
    "views_open": None,
    "views_publish": None,
    "views_push": None,
    "views_update": None,
    "conversations_history": "im:history",
    "conversations_info": "channels:read",
    "conversations_open": "im:write",
    "files_upload_v2": "files:write",
    "functions_completeError": None,
    "functions_completeSuccess": None,
    "usergroups_list": "usergroups:read",
    "usergroups_users_list": "usergroups:read",
    "users_info": "users:read",
    "auth_test": None,
    "apps_connections_open": None,
}
"""Source: docs.slack.dev/reference/methods; None where no scope of the bot's is needed."""
EVENT_SCOPES = {"links:read", "app_mentions:read"}
PRIVATE_CHANNELS = {"groups:read"}
"""What conversations.info needs for those."""
"""Source: docs.slack.dev/reference/events/link_shared and app_mention; message.im: im:history."""


def test_its_scopes_are_what_the_methods_that_are_called_need() -> None:
    source = "\n".join(page.read_text() for page in (ROOT / "bot").rglob("*.py"))
    called = set(re.findall(rf"\.((?:{FAMILIES})_\w+)\(", source))

    assert called == set(SCOPE_OF)
    needed = {scope for scope in SCOPE_OF.values() if scope}
    assert needed | {"commands"} | EVENT_SCOPES | PRIVATE_CHANNELS == set(SCOPES)


def test_its_addresses_are_pages_of_the_bot(runtime: Runtime) -> None:
    addresses = set(re.findall(rf'"{HOST}(/[^"]+)"', json.dumps(MANIFEST)))
    pages = {rule.rule for rule in create_app(runtime).url_map.iter_rules()}

    assert addresses == {"/slack/events", "/slack/oauth_redirect"}
    assert addresses - pages == {"/slack/oauth_redirect"}  # there with a client id only


@pytest.mark.parametrize(("what", "most"), [("name", 35), ("description", 140)])
def test_its_texts_are_as_short_as_slack_asks(what: str, most: int) -> None:
    """Source: docs.slack.dev/reference/app-manifest."""
    assert 0 < len(MANIFEST["display_information"][what]) <= most
