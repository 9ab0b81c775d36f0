"""Each call is told of when it has ended, in few words and without anybody's number."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cloud import AuthType, Call, Clouds, Credentials, errors
from cloud.observing import operation
from sandbox.cloud import CloudStandIn
from tests.waiting import PATIENCE_S

PASSWORD = "made up"
REGION = "DFW"


@pytest.fixture
def calls() -> list[Call]:
    return []


@pytest.fixture
def clouds(calls: list[Call]) -> Iterator[Clouds]:
    clouds = Clouds((PATIENCE_S, PATIENCE_S), sleep=lambda _: None, observe=calls.append)
    yield clouds
    clouds.close()


def test_calls_are_told_with_their_region_and_outcome(
    clouds: Clouds, standin: CloudStandIn, calls: list[Call]
) -> None:
    standin.add_account("900", "nobody", "nobody", password=PASSWORD)
    names = {"username": "nobody", "password": PASSWORD}
    auth = {**names, "project_id": "900", "user_domain_id": "default"}
    login = Credentials(AuthType.V3_PASSWORD, standin.auth_url_v3, auth)
    images = clouds.connect(login).images(REGION)
    list(images.list())
    with pytest.raises(errors.NotFound):
        images.get("00000000-0000-4000-8000-000000000000")

    told = [(each.service, each.region, each.operation, each.outcome) for each in calls]
    assert told == [
        ("identity", "", "login", "ok"),
        ("image", REGION, "GET images", "ok"),
        ("image", REGION, "GET images/{id}", "NotFound"),
    ]
    assert {each.cloud for each in calls} == {"127.0.0.1"}
    assert all(each.seconds >= 0 for each in calls)


@pytest.mark.parametrize(
    ("service", "method", "path", "named"),
    [
        ("image", "GET", "/images/1234/members/554433", "GET images/{id}/members/{id}"),
        ("image", "PUT", "/images/1234/tags/x%2Fy", "PUT images/{id}/tags/{id}"),
        ("image", "GET", "/images?name=web", "GET images"),
        ("compute", "GET", "/servers/detail", "GET servers/detail"),
        ("compute", "POST", "/servers/1/action", "POST servers/{id}/action"),
        ("object-store", "PUT", "/exports/a/b/c", "PUT object"),
        ("object-store", "GET", "/exports", "GET container"),
        ("object-store", "POST", "", "POST account"),
        ("image", "GET", "/1/2/3/4/5/6/7", "GET {id}/{id}/{id}/{id}/{id}"),
    ],
)
def test_an_operation_is_named_without_ids(
    service: str, method: str, path: str, named: str
) -> None:
    assert operation(service, method, path) == named
