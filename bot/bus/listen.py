"""The program `listen`: oslo.messaging's notification listener on the bus of one region."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import oslo_messaging
from oslo_config import cfg
from oslo_messaging.exceptions import MessagingException

from bot.bus.gather import Gatherer
from bot.bus.hints import EVENTS
from bot.settings import BadSettings, Settings

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Notifications that the broker may send ahead; the others stay in its queue."""
LONGEST_PAUSE_S = 5
"""Between two attempts to connect."""
HEARTBEAT_S = 20
"""Connect again after this long without a sign of the broker."""
ONE_THREAD = 1
"""For taking notifications: it neither asks nor waits."""
_OPTIONS = {
    "rabbit_qos_prefetch_count": str(AT_ONCE),
    "heartbeat_timeout_threshold": str(HEARTBEAT_S),
    "rabbit_interval_max": str(LONGEST_PAUSE_S),
}


class Endpoint:
    """The endpoint that oslo.messaging calls with each notification, by its priority."""

    filter_rule = oslo_messaging.NotificationFilter(
        event_type="|".join(rf"{each}$".replace(".", r"\.") for each in sorted(EVENTS))
    )

    def __init__(self, gatherer: Gatherer) -> None:
        self._gatherer = gatherer

    def info(
        self,
        _context: Mapping[str, Any],
        _publisher: str,
        event_type: str,
        payload: Any,
        _metadata: Mapping[str, Any],
    ) -> None:
        self._gatherer.add(event_type, payload)


class Listener:
    """Takes notifications as long as the program runs. Where the broker is away, it tries again."""

    def __init__(self, settings: Settings, gatherer: Gatherer) -> None:
        self._connected = False
        targets = [
            oslo_messaging.Target(topic=topic, exchange=settings.bus_exchange)
            for topic in settings.bus_topics
        ]
        self._server = oslo_messaging.get_notification_listener(
            _transport(settings),
            targets,
            [Endpoint(gatherer)],
            executor="threading",
            pool=settings.bus_pool,
        )

    def start(self) -> None:
        """Connect, however long that takes, and then listen in threads of its own."""
        self._server.start(override_pool_size=ONE_THREAD)
        self._connected = True
        log.info("listening to the bus")

    def trouble(self) -> str:
        """Say that there has been no connection yet; "" after the first, as it reconnects."""
        return "" if self._connected else "there is no connection to the bus yet"


def _transport(settings: Settings) -> Any:
    """
    Raises:
        BadSettings: BUS_URL is no address of a bus.
    """
    conf = cfg.ConfigOpts()
    conf([], default_config_files=[], default_config_dirs=[])
    try:
        url = oslo_messaging.TransportURL.parse(conf, settings.bus_url)
        url.query = {**_OPTIONS, **url.query}  # the operator's own setting there wins
        return oslo_messaging.get_notification_transport(conf, url=url)
    except (MessagingException, ValueError) as error:
        # Its text may contain the address, and so the password.
        raise BadSettings([f"BUS_URL is not understood ({type(error).__name__})"]) from None
