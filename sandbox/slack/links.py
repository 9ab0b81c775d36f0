"""
Addresses in people's messages: the events that the app gets, and its previews.

Source: docs.slack.dev/messaging/unfurling-links-in-messages and chat.unfurl's own page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sandbox.slack import limits
from sandbox.slack.refusals import MethodRefused
from sandbox.slack.state import HUMAN, Json, Message, Workspace

DOMAINS = ("mycloud.rackspace.com", "api.rackspacecloud.com")
"""What the app has registered; with each go the names below it. Slack takes five."""
_ADDRESS = re.compile(r"https?://[^\s<>|]*[^\s<>|.,;:!?)]")


def links_in(text: str) -> list[Json]:
    """Return the addresses of which the app gets events, each with its registered domain."""
    return [
        {"domain": domain, "url": url}
        for url in dict.fromkeys(_ADDRESS.findall(text))
        if (domain := _registered(urlsplit(url).hostname or ""))
    ]


def unfurl_id(message: Message) -> str:
    """Slack's name for a message with addresses; also where the bot is no member."""
    return f"{message.channel_id}.{message.ts}"


def unfurl(workspace: Workspace, args: Json) -> Json:
    """chat.unfurl"""
    message = _message(workspace, args)
    unfurls = _unfurls(args.get("unfurls"))
    told = {link["url"] for link in links_in(message.text)}
    for url, attachment in unfurls.items():
        if url not in message.text:
            raise MethodRefused("cannot_unfurl_message")
        if url not in told:
            raise MethodRefused("cannot_unfurl_url")
        problems = limits.check_blocks(attachment["blocks"])
        if problems:
            raise MethodRefused("cannot_parse_attachment", *problems)
    workspace.unfurl(message, unfurls)
    return {}


def _registered(host: str) -> str:
    return next((d for d in DOMAINS if host == d or host.endswith(f".{d}")), "")


def _message(workspace: Workspace, args: Json) -> Message:
    channel, ts = _place(args)
    if workspace.channel_name(channel) is None:
        raise MethodRefused("cannot_find_channel")
    message = workspace.find(channel, ts)
    if message is None or message.author != HUMAN or message.ephemeral:
        raise MethodRefused("cannot_find_message")
    return message


def _place(args: Json) -> tuple[str, str]:
    if args.get("unfurl_id"):
        if args.get("source") != "conversations_history":
            raise MethodRefused("invalid_source" if args.get("source") else "missing_source")
        channel, _, ts = str(args["unfurl_id"]).partition(".")
        if not ts:
            raise MethodRefused("invalid_unfurl_id")
        return channel, ts
    for name in ("channel", "ts"):
        if not args.get(name):
            raise MethodRefused(f"missing_{name}")
    return args["channel"], args["ts"]


def _unfurls(given: Any) -> Mapping[str, Json]:
    if not given:
        raise MethodRefused("missing_unfurls")
    try:
        unfurls = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        raise MethodRefused("invalid_unfurls_format") from None
    if not isinstance(unfurls, dict) or not all(_readable(each) for each in unfurls.values()):
        raise MethodRefused("invalid_unfurls_format")
    return unfurls


def _readable(attachment: object) -> bool:
    """The stand-in reads attachments of blocks, and none of the older kind."""
    return isinstance(attachment, dict) and isinstance(attachment.get("blocks"), list)
