"""The composition root: create everything once, and pass it in."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from slack_bolt import App, BoltResponse

import handlers
from bot.metrics import Metrics
from bot.pool import Pool, Slots
from bot.request_pool import RequestPool
from bot.settings import Settings
from bot.slack.directory import SlackDirectory
from bot.slack.homes import Homes
from bot.slack.listeners import Listeners
from bot.slack.posting import Poster
from bot.slack.workspaces import Workspaces
from cloud import Clouds, reference
from handlers import Dispatcher, Services
from handlers.core.region_queries import RegionSlots
from storage import Store
from storage.clock import Clock, utc_now

SEGMENT_BYTES = 1024**3
"""Size of a segment of streamed data, the most sent again after a crash. Swift takes 5 GB."""


@dataclass(frozen=True)
class Runtime:
    """One process of the bot."""

    settings: Settings
    clock: Clock
    store: Store
    clouds: Clouds
    services: Services
    workspaces: Workspaces
    poster: Poster
    homes: Homes
    request_pool: RequestPool
    busy_replies: Pool
    """Says that `request_pool` is full, or an answer late, without waiting in it."""
    streams: Slots
    """Held by each transfer while it copies bytes."""
    metrics: Metrics
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when jobs should leave the rest to their next run."""
    sleep: Callable[[float], None] = time.sleep
    dispatcher: Dispatcher = handlers.DISPATCHER
    segment_bytes: int = SEGMENT_BYTES

    @classmethod
    def build(
        cls,
        settings: Settings,
        *,
        clock: Clock = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Self:
        """
        Raises:
            storage.errors.StorageError: the database or its keys cannot be used, or it is
                not SQLite and its tables are behind this program.
        """
        store = open_store(settings, clock)
        metrics = Metrics()
        clouds = Clouds(observe=metrics.cloud_called)
        workspaces = Workspaces(settings, store, metrics.slack_called)
        runtime = cls(
            settings=settings,
            clock=clock,
            store=store,
            clouds=clouds,
            services=Services(
                store,
                clouds,
                clock,
                settings.public_url,
                directory=SlackDirectory(workspaces, clock),
                region_slots=RegionSlots(settings.region_requests),
                answer_s=settings.cloud_answer_s,
            ),
            workspaces=workspaces,
            poster=Poster(workspaces, store),
            homes=Homes(workspaces, store),
            request_pool=RequestPool(settings),
            busy_replies=Pool(2, settings.answer_queue, "busy"),
            streams=Slots(settings.transfer_streams),
            metrics=metrics,
            sleep=sleep,
        )
        metrics.pools |= {
            **runtime.request_pool.pools,
            "busy": runtime.busy_replies,
        }
        return runtime

    def slack_app(self) -> App:
        """
        Bolt, with our listeners. It verifies signatures, and asks Slack nothing itself.

        Without a signing secret (Socket Mode) no signature is a good one.
        """
        app = App(
            client=self.workspaces.bare_client(),
            signing_secret=self.settings.slack_signing_secret or secrets.token_hex(),
            process_before_response=True,
            # Not the method itself: Bolt fills in every argument by name, `self` included.
            authorize=lambda enterprise_id, team_id: self.workspaces.authorize(
                enterprise_id, team_id
            ),
            logger=logging.getLogger("slack_bolt"),
        )
        app.use(_begin_reference)
        listeners = Listeners(
            self.services,
            self.workspaces,
            self.request_pool,
            self.busy_replies,
            self.metrics,
            self.settings,
            self.dispatcher,
        )
        listeners.register(app)
        return app

    def close(self) -> None:
        """Finish the work taken, then close everything."""
        self.stopping.set()
        self.request_pool.finish()
        self.busy_replies.finish()
        self.clouds.close()
        self.store.close()


def _begin_reference(next_: Callable[[], BoltResponse]) -> BoltResponse:
    """All that comes of a request is known by one reference."""
    reference.begin()
    return next_()


def open_store(settings: Settings, clock: Clock = utc_now) -> Store:
    """Open the store, ready for use: SQLite is migrated here, PostgreSQL by `migrate`."""
    store = Store.open(
        settings.database_url,
        settings.secret_keys,
        clock,
        lease=timedelta(seconds=settings.lease_s),
        timeout_s=settings.database_timeout_s,
        connections=settings.database_connections,
    )
    try:
        if settings.embedded_database:
            store.migrate()
        store.must_be_migrated()
    except BaseException:
        store.close()
        raise
    return store
