"""Slack's errors, and what each means for the next attempt."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from json import JSONDecodeError
from socket import gaierror
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

from storage import NO_ANSWER

log = logging.getLogger(__name__)


class Fault(StrEnum):
    """The cause of an error from Slack, which decides what happens to the message."""

    MESSAGE = "message"
    """Ours. Give it up: no later attempt changes it, and nobody else is at fault."""
    EDIT = "edit"
    """The message cannot be edited. Post a new one."""
    PERSON = "person"
    """Nothing reaches this person. Pause their notices until they speak to the bot again."""
    CHANNEL = "channel"
    """This channel does not take it. Divert it to the person."""
    POLICY = "policy"
    """A rule of the workspace: in a channel as CHANNEL, in a direct message as WORKSPACE."""
    WORKSPACE = "workspace"
    """The app or its installation. Keep the message, and try the workspace hourly."""
    PASSING = "passing"
    """Try again later. So is every error that is not listed."""


ERRORS: Mapping[Fault, str] = {
    Fault.MESSAGE: """
        as_user_not_supported attachment_payload_limit_exceeded cannot_reply_to_message
        duplicate_channel_not_found duplicate_message_not_found invalid_arg_name invalid_arguments
        invalid_array_arg invalid_attachments invalid_blocks invalid_blocks_format invalid_charset
        invalid_form_data invalid_metadata_format invalid_metadata_schema invalid_post_type
        markdown_text_conflict message_limit_exceeded metadata_must_be_sent_from_app
        metadata_too_large missing_post_type msg_blocks_too_long msg_too_long no_text
        not_enough_users too_many_attachments too_many_contact_cards too_many_users
        users_list_not_supplied
    """,
    Fault.EDIT: """
        block_mismatch cant_broadcast_message cant_update_message edit_window_closed
        message_not_found no_dual_broadcast_content_update streaming_state_conflict
    """,
    Fault.PERSON: """
        cannot_dm_bot invalid_user_combination user_disabled user_is_restricted user_not_found
        user_not_visible users_not_found
    """,
    Fault.CHANNEL: """
        channel_not_found is_archived is_inactive method_not_supported_for_channel_type
        not_in_channel org_user_not_in_team restricted_action_non_threadable_channel
        restricted_action_read_only_channel restricted_action_thread_locked
        restricted_action_thread_only_channel shared_with_others
        slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked team_not_found
        user_not_in_channel
    """,
    Fault.POLICY: "access_denied no_permission restricted_action",
    Fault.WORKSPACE: """
        accesslimited account_inactive deprecated_endpoint ekm_access_denied
        enterprise_is_restricted invalid_auth messages_tab_disabled method_deprecated
        missing_scope not_allowed_token_type not_authed not_installed org_login_required sealed
        team_access_not_granted team_disabled token_expired token_revoked two_factor_setup_required
    """,
    Fault.PASSING: """
        external_channel_migrating fatal_error internal_error no_answer not_sent rate_limited
        ratelimited request_timeout service_unavailable team_added_to_org update_failed
    """,
}
"""
The errors of chat.postMessage, chat.update and conversations.open, and three words of our own.

Source: the "Errors" of each method's page on docs.slack.dev/reference/methods
"""
FAULTS = {error: fault for fault, errors in ERRORS.items() for error in errors.split()}
LIMITED = frozenset({"ratelimited", "rate_limited"})
"""Errors with which Slack has done nothing, and asks us to wait."""
UNSURE = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "update_failed"}
) | {NO_ANSWER}
"""Errors after which Slack may have done it anyway."""


NOT_SENT = "not_sent"
"""No connection was made, so Slack has done nothing."""


class SlackRefusal(Exception):
    """Slack did not do what it was asked, or nobody knows whether it did."""

    def __init__(self, error: str, retry_after_s: float | None = None, needed: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.retry_after_s = retry_after_s
        """Seconds that Slack asked us to wait."""
        self.needed = needed
        """The scope that was missing."""

    @property
    def fault(self) -> Fault:
        return FAULTS.get(self.error, Fault.PASSING)

    @property
    def kind(self) -> str:
        """One of few words for it, whatever Slack's own word is."""
        if self.told_to_wait:
            return "ratelimited"
        return NO_ANSWER if self.error == NO_ANSWER else str(self.fault)

    @property
    def told_to_wait(self) -> bool:
        """Whether Slack limits the rate, which is no failure."""
        return self.error in LIMITED

    @property
    def unsure(self) -> bool:
        """Whether Slack may have done it anyway."""
        return self.error in UNSURE

    @property
    def denied(self) -> bool:
        """Whether Slack refuses the call until somebody changes a setting."""
        lasting = (Fault.PERSON, Fault.CHANNEL, Fault.POLICY)
        return self.fault in lasting or self.error == "missing_scope"

    @property
    def passing(self) -> bool:
        """Whether Slack did not really answer, so that a later attempt may succeed."""
        return self.fault is Fault.PASSING


class NotInstalled(SlackRefusal):
    """The app is not installed in that workspace, or its tokens cannot be read."""


@contextmanager
def named() -> Iterator[None]:
    """
    Turn whatever slack_sdk raises into a SlackRefusal. Nothing but its own calls goes within.

    It raises more than its own errors: those of urllib and http.client, and what a broken answer
    makes of its parser. Their texts may hold a secret, so only their names are logged.
    """
    try:
        yield
    except SlackRefusal:
        raise
    except SlackApiError as error:
        needed = str(error.response.get("needed") or "")
        raise SlackRefusal(code(error), retry_after_s(error), needed) from None
    except Exception as error:  # noqa: BLE001
        log.info("no answer from Slack: %s", type(error).__name__)
        raise SlackRefusal(NOT_SENT if _unconnected(error) else NO_ANSWER) from None


def of_response_url(status: int, body: str, headers: Mapping[str, str]) -> SlackRefusal:
    """Name what a response URL answered that was not 200."""
    if status == 429:
        return SlackRefusal("ratelimited", _retry_after_s(headers))
    if status >= 500:
        return SlackRefusal(NO_ANSWER)
    try:
        word = json.loads(body).get("error")
    except (JSONDecodeError, AttributeError):
        word = body
    return SlackRefusal(
        word if isinstance(word, str) and _WORD.fullmatch(word) else f"http_{status}"
    )


def code(error: SlackApiError) -> str:
    """Return Slack's error code, rather than slack_sdk's sentence about an unreadable answer."""
    word = str(error.response.get("error") or NO_ANSWER)
    failed = getattr(error.response, "status_code", 200) >= 500 and word not in FAULTS
    return NO_ANSWER if failed or not _WORD.fullmatch(word) else word


def retry_after_s(error: SlackApiError) -> float | None:
    """Seconds that Slack asks us to wait, if it does."""
    return _retry_after_s(getattr(error.response, "headers", {}))


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    return seconds(next((v for k, v in headers.items() if k.lower() == "retry-after"), ""))


def _unconnected(error: Exception) -> bool:
    """Whether not even a connection was made."""
    reason = getattr(error, "reason", None)
    return isinstance(error, URLError) and isinstance(reason, ConnectionRefusedError | gaierror)


_WORD = re.compile(r"[a-z0-9_-]{1,80}", re.IGNORECASE)


def seconds(wait: str) -> float | None:
    """Read a `Retry-After` header in seconds or as a date; None if it is neither."""
    try:
        found = float(wait if wait.isascii() else "")
    except ValueError:
        try:
            when = parsedate_to_datetime(wait)
        except ValueError:
            return None
        aware = when if when.tzinfo else when.replace(tzinfo=UTC)
        found = max(0.0, (aware - datetime.now(UTC)).total_seconds())
    return found if 0 <= found < float("inf") else None
