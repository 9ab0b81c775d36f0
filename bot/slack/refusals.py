"""What Slack says no with, and what each no means for the next attempt."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.workspaces import NotInstalled
from storage import NO_ANSWER

log = logging.getLogger(__name__)

WORKSPACE = frozenset(
    {
        *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
        *("not_installed", "sealed", "team_access_not_granted", "team_disabled"),
        *("org_login_required", "ekm_access_denied"),
    }
)
"""Refusals of the bot itself, whomever it would speak to."""
PERMANENT = frozenset(
    {
        *("channel_not_found", "user_not_found", "user_disabled", "users_not_found"),
        *("not_in_channel", "is_archived", "cannot_dm_bot", "missing_scope"),
        *("messages_tab_disabled", "restricted_action", "no_permission", "user_not_visible"),
        "access_denied",
    }
)
"""Refusals that no later attempt will change, until the person or their admin does something."""
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""Refusals to edit a message, where a new one may well be said."""
PASSING = frozenset(
    {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
"""Refusals that have nothing to do with what was asked."""
UNSURE = PASSING - {"ratelimited"} | {NO_ANSWER}
"""What Slack may have done all the same."""
OURS = frozenset(
    {"invalid_blocks", "msg_blocks_too_long", "msg_too_long", "no_text", "invalid_arguments"}
)
"""Refusals of the message itself: our fault, and no reason to pause the person."""


class SlackRefusal(Exception):
    """Slack did not take a notice."""

    def __init__(self, error: str, retry_after_s: float | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.retry_after_s = retry_after_s
        """Seconds that Slack asked us to wait."""

    @property
    def permanent(self) -> bool:
        return self.error in PERMANENT

    @property
    def of_workspace(self) -> bool:
        return self.error in WORKSPACE

    @property
    def gone(self) -> bool:
        return self.error in GONE

    @property
    def ours(self) -> bool:
        return self.error in OURS

    @property
    def passing(self) -> bool:
        """Whether Slack did not say anything of what it was asked, and may well do so later."""
        return self.error in PASSING or self.error == NO_ANSWER


@contextmanager
def named() -> Iterator[None]:
    try:
        yield
    except NotInstalled as error:
        raise SlackRefusal(str(error)) from None
    except SlackApiError as error:
        raise SlackRefusal(code(error), retry_after_s(error)) from None
    except (SlackClientError, OSError, HTTPException) as error:
        log.info("no answer of Slack: %s", type(error).__name__)
        raise SlackRefusal(NO_ANSWER) from None


def code(error: SlackApiError) -> str:
    """One of Slack's words, and not slack_sdk's sentences about an answer that was none."""
    word = str(error.response.get("error") or NO_ANSWER)
    return NO_ANSWER if " " in word else word


def retry_after_s(error: SlackApiError) -> float | None:
    """Seconds that Slack asks us to wait, if it does."""
    headers: Mapping[str, str] = getattr(error.response, "headers", {})
    wait = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    return float(wait) if wait.isascii() and wait.isdigit() else None
