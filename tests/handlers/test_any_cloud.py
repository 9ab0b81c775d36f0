"""Whatever a cloud answers: nothing that asks it breaks, or asks for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from werkzeug.wrappers import Request, Response

from cloud import Clouds
from handlers import Services
from handlers.core.places import AccountRegion, account_regions
from handlers.invitations.look import refresh_region
from handlers.reports.count_images import count_region
from handlers.tracking.refresh import refresh_shares
from tests.handlers.asking import ROUTED, Thing, answer, text
from tests.handlers.matrix import OWNER, SAFE, World, made
from tests.waiting import PATIENCE_S

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**70, 1.5, "", " ", "\0", "in:a", "x" * 3000, "<!channel>"),
    *([], {}, [None], [[]], {"id": None}, {"name": 5}, "9" * 400, "active", "shared"),
    *("2026-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "not a time"),
)
"""What may stand for any value of an answer."""
STATUSES = (200, 201, 202, 203, 204, 300, 304, 400, 401, 403, 404, 405, 409, 410, 412, 413, 418)
FAILURES = (422, 429, 499, 500, 501, 502, 503, 504, 507, 599)
MOST = 400
"""Requests that one thing takes at most, here where there are two regions with few images."""


@dataclass(frozen=True)
class Oddity:
    """How answers are spoilt, the same for the same request."""

    seed: int
    share: float
    """Of the values of an answer, how many are odd."""
    statuses: float
    """Of answers, how many have another status."""
    logins: bool
    """Whether those of the identity service are spoilt, too."""

    def __call__(self, request: Request, usual: Response) -> Response:
        if "/tokens" in request.path and not self.logins:
            return usual
        draw = Random(f"{self.seed} {request.method} {request.full_path}")  # noqa: S311
        status = usual.status_code
        if request.method not in SAFE and status == 503:
            status = 202  # what is sealed may as well have been done
        if draw.random() < self.statuses:
            status = draw.choice(STATUSES + FAILURES)
        headers = {
            name: value if draw.random() >= self.share else draw.choice(("", "5", "-1", "x"))
            for name, value in usual.headers.items()
            if name not in ("Content-Length", "Transfer-Encoding", "Content-Encoding")
        }
        return Response(self._body(usual, draw), status, headers)

    def _body(self, usual: Response, draw: Random) -> bytes:
        try:
            told = json.loads(usual.get_data())
        except ValueError:
            told = {"id": "x", "status": "pending"} if draw.random() < 0.5 else {}
        if draw.random() < self.share / 4:
            return draw.choice((b"", b"{", b"<html>", b"null", b"[" * 5000, b"\xff", b"5"))
        return json.dumps(self._spoilt(told, draw)).encode()

    def _spoilt(self, value: Any, draw: Random) -> Any:
        if draw.random() < self.share:
            return draw.choice(ODD)
        if isinstance(value, dict):
            kept = {key: each for key, each in value.items() if draw.random() >= self.share}
            return {key: self._spoilt(each, draw) for key, each in kept.items()}
        if isinstance(value, list):
            return [self._spoilt(each, draw) for each in value]
        return value


oddities = st.builds(
    Oddity,
    seed=st.integers(0, 2**32),
    share=st.sampled_from([0.01, 0.03, 0.1, 0.3, 1.0]),
    statuses=st.sampled_from([0.0, 0.0, 0.1, 1.0]),
    logins=st.sampled_from([False, False, False, True]),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made(tmp_path_factory.mktemp("odd")) as world:
        yield world


def _look(services: Services) -> None:
    for place in account_regions(list(services.store.accounts.all())):
        refresh_region(place, services)


def _track(services: Services) -> None:
    for share in services.store.shares._table.find():
        refresh_shares([share], services)


def _count(services: Services) -> None:
    for account in services.store.accounts.all():
        for region in account.regions:
            count_region(AccountRegion(account, region), services)


JOBS = {"look": _look, "track": _track, "count": _count}
EXAMPLES = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def spoilt(whole: World, oddity: Oddity) -> Iterator[World]:
    """The same world with an odd cloud, of which nothing is known yet."""
    clouds = Clouds(timeout_s=(PATIENCE_S, PATIENCE_S), sleep=lambda _: None)
    before = len(whole.cloud.requests)
    with whole.fresh() as fresh, closing(clouds):
        whole.cloud.spoil = oddity
        try:
            yield replace(fresh, services=replace(fresh.services, clouds=clouds))
        finally:
            whole.cloud.spoil = None
    assert len(whole.cloud.requests) - before < MOST


@EXAMPLES
@given(thing=st.sampled_from(list(ROUTED)), oddity=oddities)
def test_nobody_is_told_that_it_broke(whole: World, thing: Thing, oddity: Oddity) -> None:
    known: Mapping[str, Mapping[str, object]]
    known = {"say": whole.texts, "press": whole.values, "send": whole.forms, "find": whole.chosen}
    assume(thing[1] in known[thing[0]])  # test_matrix.py says what has no example

    with spoilt(whole, oddity) as world:
        said = text(answer(world, thing, OWNER, "C1"))

    assert "broke on our side" not in said


@EXAMPLES
@given(job=st.sampled_from(sorted(JOBS)), oddity=oddities)
def test_no_job_breaks(
    whole: World, caplog: pytest.LogCaptureFixture, job: str, oddity: Oddity
) -> None:
    caplog.clear()
    with spoilt(whole, oddity) as world:
        JOBS[job](world.services)

    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == []
