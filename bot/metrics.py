"""What /metrics tells Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


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
        self.waiting = Gauge(
            "imagebot_outbox_waiting", "Messages still to be delivered.", registry=self.registry
        )

    def page(self) -> bytes:
        return generate_latest(self.registry)
