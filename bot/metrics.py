"""What /metrics tells Prometheus."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

ACK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Seconds; after three Slack tells the person that we failed."""


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "imagebot_requests",
            "Commands, clicks and submissions taken, by kind.",
            ["kind"],
            registry=self.registry,
        )
        self.refused = Counter(
            "imagebot_refused_busy",
            "Requests refused because too many waited.",
            registry=self.registry,
        )
        self.acks = Histogram(
            "imagebot_ack_seconds",
            "From a request of Slack's coming in to its acknowledgement.",
            buckets=ACK_BUCKETS,
            registry=self.registry,
        )
        self.seconds = Histogram(
            "imagebot_answer_seconds",
            "From a request being taken to its answer being sent, the cloud's time included.",
            ["what"],
            registry=self.registry,
        )
        self.jobs = Counter(
            "imagebot_jobs",
            "Runs of each job, by outcome.",
            ["job", "outcome"],
            registry=self.registry,
        )
        self.notices = Counter(
            "imagebot_notices",
            "Messages delivered, by outcome.",
            ["outcome"],
            registry=self.registry,
        )
        self.transfers = Counter(
            "imagebot_transfers",
            "Exports, imports, copies, snapshots and launches that ended, by kind and how.",
            ["kind", "state"],
            registry=self.registry,
        )
        self.waiting = Gauge(
            "imagebot_outbox_waiting", "Messages still to be delivered.", registry=self.registry
        )

    def watch_socket_mode(self, connected: Callable[[], bool]) -> None:
        """Show whether Slack answers on the connection, where there is to be one."""
        gauge = Gauge(
            "imagebot_socket_mode_connected",
            "Whether Slack answers on the connection of Socket Mode.",
            registry=self.registry,
        )
        gauge.set_function(connected)

    def page(self) -> bytes:
        return generate_latest(self.registry)
