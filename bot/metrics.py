"""
The metrics of /metrics: docs/metrics.md lists them, and a test compares the two.

Events are counted here as they happen. Current values (rows, threads, connections) are
read when somebody asks: `watch` takes the function that reads it, see `bot/web/gauges.py`.
No label holds what people name or number: those of accounts and images would be secrets, and many.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily

from bot.pool import Pool
from cloud import Call

log = logging.getLogger(__name__)

ACK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Seconds; after three Slack tells the person that we failed."""
JOB_BUCKETS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0)
CALL_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

MOST_REGIONS = 100
"""Regions with labels of their own, of all clouds: a catalog may name any number."""
OTHER = "other"

Sample = tuple[str, Sequence[str], float]
"""The name of a family, the values of its labels, and its own."""


@dataclass(frozen=True)
class Family:
    """A gauge that is read when somebody asks."""

    name: str
    """Without the `imagebot_` that all have."""
    words: str
    labels: Sequence[str] = ()

    def gauge(self) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"imagebot_{self.name}", self.words, labels=self.labels)


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.pools: dict[str, Pool] = {}
        """The pools of threads that are watched, by name."""
        self.requests = self._counter(
            "requests", "Commands, clicks and submissions taken, by kind.", "kind"
        )
        self.refused = self._counter("refused_busy", "Requests refused because the queue was full.")
        self.acks = self._histogram(
            "ack_seconds",
            "From receiving a request from Slack to acknowledging it.",
            ACK_BUCKETS,
        )
        self.seconds = self._histogram(
            "answer_seconds",
            "From taking a request to sending its answer, including the cloud's time.",
            Histogram.DEFAULT_BUCKETS,
            "what",
        )
        self.jobs = self._counter("jobs", "Runs of each job, by outcome.", "job", "outcome")
        self.job_seconds = self._histogram(
            "job_seconds", "How long a run of each job took.", JOB_BUCKETS, "job"
        )
        self.job_success = Gauge(
            "imagebot_job_last_success_timestamp_seconds",
            "When this process last finished a row of each job.",
            ["job"],
            registry=self.registry,
        )
        self.cloud_calls = self._counter(
            "cloud_calls",
            "Calls to the clouds that have ended.",
            *("service", "operation", "cloud", "region", "outcome"),
        )
        self.cloud_seconds = self._histogram(
            "cloud_call_seconds",
            "How long calls to the clouds took.",
            CALL_BUCKETS,
            *("service", "cloud", "region"),
        )
        self.slack_calls = self._counter(
            "slack_calls", "Calls to Slack that have ended.", "operation", "outcome"
        )
        self.slack_seconds = self._histogram(
            "slack_call_seconds", "How long calls to Slack took.", CALL_BUCKETS, "operation"
        )
        self._regions: set[tuple[str, str]] = set()
        self.notices = self._counter("notices", "Messages delivered, by outcome.", "outcome")
        self.bus_notifications = self._counter(
            "bus_notifications", "Notifications of a cloud's message bus, by outcome.", "outcome"
        )
        self.transfers = self._counter(
            "transfers",
            "Exports, imports, copies, snapshots and launches that ended, by kind and how.",
            "kind",
            "state",
        )

    def cloud_called(self, call: Call) -> None:
        """Count a call to a cloud. Of regions beyond MOST_REGIONS the names are left out."""
        place = (call.cloud, call.region)
        if place not in self._regions:
            if len(self._regions) >= MOST_REGIONS:
                place = (OTHER, OTHER)
            self._regions.add(place)
        self.cloud_calls.labels(call.service, call.operation, *place, call.outcome).inc()
        self.cloud_seconds.labels(call.service, *place).observe(call.seconds)

    def slack_called(self, method: str, outcome: str, seconds: float) -> None:
        self.slack_calls.labels(method, outcome).inc()
        self.slack_seconds.labels(method).observe(seconds)

    def watch(self, families: Sequence[Family], read: Callable[[], Iterable[Sample]]) -> None:
        """
        Expose what *read* returns for these families at each scrape.

        If they cannot be read, they are left out, and the others are not affected.
        """
        self.registry.register(_Watched(families, read))

    def page(self) -> bytes:
        return generate_latest(self.registry)

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"imagebot_{name}", words, labels, registry=self.registry)

    def _histogram(
        self, name: str, words: str, buckets: Sequence[float], *labels: str
    ) -> Histogram:
        return Histogram(f"imagebot_{name}", words, labels, buckets=buckets, registry=self.registry)


class _Watched:
    """Gauges as prometheus_client collects them."""

    def __init__(self, families: Sequence[Family], read: Callable[[], Iterable[Sample]]) -> None:
        self._families, self._read = families, read

    def collect(self) -> Iterator[GaugeMetricFamily]:
        gauges = {each.name: each.gauge() for each in self._families}
        try:
            for name, values, value in self._read():
                gauges[name].add_metric(values, value)
        except Exception:
            log.exception("the metrics %s, … cannot be read", self._families[0].name)
        yield from gauges.values()
