"""
Keep Socket Mode's connection open: watch its pings, and reconnect when it is lost.

slack_sdk's own reconnecting notices a silent connection after four pings, a closed one whose
handshake never ended not at all, and does not tell a token that is refused from no answer. So it
is turned off, and done here.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.slack import refusals
from bot.slack.refusals import SlackRefusal
from storage import NO_ANSWER

log = logging.getLogger(__name__)

PING_S = 2.0
SILENT_S = 7.0
"""Without an answer to a ping for so long a connection is given up."""
LOOK_S = 0.5
LONGEST_PAUSE_S = 30.0
"""Between two attempts to connect. It doubles from a second."""
REFUSED = frozenset(
    {
        *("account_inactive", "invalid_auth", "missing_scope", "not_allowed_token_type"),
        *("not_authed", "token_expired", "token_revoked"),
    }
)
"""
Slack's errors for a token that will never be accepted.

Source: docs.slack.dev/reference/methods/apps.connections.open
"""


class TokenRefused(Exception):
    """Slack does not take the app's token. The text is Slack's word."""


class SocketMode:
    """
    One connection, for as long as the program runs. Thread-safe.

    Args:
        make_app: makes the Bolt app that answers; called when it starts.

        refused: told in a thread of its own that Slack takes the token no more. Then no other
            attempt is made.
    """

    def __init__(
        self,
        make_app: Callable[[], App],
        token: str,
        web_client: WebClient,
        threads: int,
        refused: Callable[[str], None],
    ) -> None:
        self._make_app = make_app
        self._token = token
        self._web_client = web_client
        self._threads = threads
        self._refused = refused
        self._handler: SocketModeHandler | None = None
        self._closing = threading.Event()
        self._heard = ("", 0.0)
        """The session and its last answered ping, and when we first saw that."""
        self._heard_at = 0.0
        self.connects = 0
        """How often a connection was made."""

    @property
    def connected(self) -> bool:
        """Whether Slack answers on the connection."""
        handler = self._handler
        if handler is None or not handler.client.is_connected():
            return False
        return self.ping_age_s < SILENT_S

    @property
    def ping_age_s(self) -> float:
        """Seconds since Slack last answered a ping, or the connection was made."""
        return time.monotonic() - self._heard_at

    def start(self) -> None:
        """
        Connect, and keep connected. If Slack does not answer now, it is tried again.

        Raises:
            TokenRefused: it does not take the token.
        """
        self._handler = SocketModeHandler(
            self._make_app(),
            self._token,
            web_client=self._web_client,
            auto_reconnect_enabled=False,
            ping_interval=PING_S,
            concurrency=self._threads,
        )
        connected = self._connect(self._handler, 1.0)
        threading.Thread(
            target=self._keep, args=(self._handler, connected), name="socket-mode", daemon=True
        ).start()

    def close(self) -> None:
        """Take no more from Slack."""
        self._closing.set()
        if self._handler:
            _hang_up(self._handler)
            self._handler.close()  # type: ignore[no-untyped-call]

    def _keep(self, handler: SocketModeHandler, connected: bool) -> None:
        pause_s = 0.0 if connected else 1.0
        while not self._closing.wait(pause_s or LOOK_S):
            self._listen(handler)
            if self.connected:
                pause_s = 0.0
                continue
            if not pause_s:
                log.warning("Socket Mode: the connection to Slack is lost")
            _hang_up(handler)
            pause_s = min(max(pause_s * 2, 1.0), LONGEST_PAUSE_S)
            try:
                self._connect(handler, pause_s)
            except TokenRefused as error:
                self._refused(str(error))
                return

    def _listen(self, handler: SocketModeHandler) -> None:
        """Note when another ping was answered."""
        session = handler.client.current_session
        heard = (session.session_id, session.last_ping_pong_time or 0.0) if session else ("", 0.0)
        if heard != self._heard:
            self._heard, self._heard_at = heard, time.monotonic()

    def _connect(self, handler: SocketModeHandler, pause_s: float) -> bool:
        """
        Raises:
            TokenRefused: as it says.
        """
        why = NO_ANSWER
        try:
            with refusals.named():
                handler.client.connect_to_new_endpoint()
        except SlackRefusal as refused:
            why = refused.error
            if why in REFUSED:
                raise TokenRefused(why) from None
        self._listen(handler)
        if handler.client.is_connected():
            self.connects += 1
            log.info("Socket Mode: connected to Slack")
            return True
        if not self._closing.is_set():
            log.warning("Socket Mode: Slack does not answer (%s); retry in %d s", why, pause_s)
        return False


def _hang_up(handler: SocketModeHandler) -> None:
    """
    End the connection, also a silent one.

    slack_sdk's own `disconnect` waits for a lock that its receiving thread takes again at once
    after each wait of three seconds. So that thread is made to stop first.
    """
    client = handler.client
    client.current_session_state.terminated = True
    session = client.current_session
    with suppress(OSError):
        if session and session.sock:
            session.sock.shutdown(socket.SHUT_RDWR)
    client.disconnect()
