"""
Uploading a file, in Slack's three steps: ask for an address, send the bytes there, and finish.

Source: docs.slack.dev/messaging/working-with-files#uploading_files
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from sandbox.slack.refusals import MethodRefused, needed
from sandbox.slack.state import Json, Workspace

MOST_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Upload:
    """A file on its way, or there."""

    id: str
    name: str
    length: int
    alt: str
    data: bytes = b""


def upload_url(workspace: Workspace, args: Json, base_url: str) -> Json:
    """Where to send the bytes."""
    name, length = needed(args, "filename"), args.get("length")
    if not isinstance(length, int) or not 0 < length <= MOST_BYTES:
        raise MethodRefused("invalid_arguments")
    file_id = f"F{secrets.token_hex(5).upper()}"
    with workspace.changed:
        workspace.files[file_id] = Upload(file_id, name, length, args.get("alt_txt") or "")
    return {"upload_url": f"{base_url}/upload/{file_id}", "file_id": file_id}


def receive(workspace: Workspace, file_id: str, data: bytes) -> bool:
    """The bytes; False if nobody asked for that address, or they are not as many as were told."""
    with workspace.changed:
        upload = workspace.files.get(file_id)
        if upload is None or upload.data or len(data) != upload.length:
            return False
        workspace.files[file_id] = replace(upload, data=data)
    return True


def complete(workspace: Workspace, args: Json, base_url: str) -> Json:
    """Share what was sent, in a channel that the bot is in."""
    wanted = args.get("files")
    if not wanted:
        raise MethodRefused("invalid_arguments")
    channel = args.get("channel_id")
    if channel and workspace.channel_name(channel) is None:
        raise MethodRefused("channel_not_found")
    shared = [_sent(workspace, each) for each in wanted]
    if channel:
        for upload, title in shared:
            workspace.post(channel, title, (_shown(upload, title, base_url),))
    return {"files": [{"id": upload.id, "title": title} for upload, title in shared]}


def _sent(workspace: Workspace, wanted: Json) -> tuple[Upload, str]:
    upload = workspace.files.get(wanted.get("id", ""))
    if upload is None or not upload.data:
        raise MethodRefused("file_not_found")
    return upload, wanted.get("title") or upload.name


def _shown(upload: Upload, title: str, base_url: str) -> Json:
    return {
        "type": "image",
        "image_url": f"{base_url}/files/{upload.id}",
        "alt_text": upload.alt or title,
        "title": {"type": "plain_text", "text": title},
    }
