"""Deactivating an image, and making it active again."""

from __future__ import annotations

from typing import Any

import pytest

from handlers import Person, Services
from sandbox.cloud import CloudStandIn
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, read


@pytest.fixture
def web(cloud: CloudStandIn) -> str:
    return cloud.add_image(owner=PRODUCER, name="web", region="DFW", size=1000, status="active")


@pytest.fixture
def image(cloud: CloudStandIn, web: str) -> dict[str, Any]:
    """The image as the cloud has it."""
    return cloud.state.regions["DFW"].images[web]


def test_deactivate_and_reactivate(talk: Talk, producer: Person, image: dict[str, Any]) -> None:
    answer = talk.say(producer, "deactivate web")

    assert read(answer) == (
        "`web` (DFW, 1.0 KB) is deactivated now. Nobody can boot it or read its data until it is "
        "reactivated. You can still update, share and delete it. Servers built from it are not "
        "affected.\n"
        "[Reactivate]"
    )
    assert image["status"] == "deactivated"

    assert "is active now" in read(talk.press(producer, answer, "Reactivate"))
    assert image["status"] == "active"

    talk.say(producer, "deactivate web")
    assert "is active now" in read(talk.say(producer, "reactivate web"))


def test_deactivating_is_on_record(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    talk.say(producer, "deactivate web")

    [row] = services.store.audit.recent()
    assert (row.action, row.target, row.outcome) == ("image.deactivate", web, "done")
    assert (row.before, row.after) == ({"status": "active"}, {"status": "deactivated"})


def test_what_is_so_already_is_not_asked_of_the_cloud(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    assert read(talk.say(producer, "reactivate web")) == (
        "`web` (DFW, 1.0 KB) is already active. Nothing was changed."
    )
    assert not any("/actions/" in path for _, path, _ in cloud.requests)


@pytest.mark.parametrize("verb", ["deactivate", "reactivate"])
def test_an_image_without_data_is_refused(
    talk: Talk, producer: Person, image: dict[str, Any], verb: str
) -> None:
    image["status"] = "queued"

    assert "`web` is queued. Only active images can be deactivated" in read(
        talk.say(producer, f"{verb} web")
    )


@pytest.mark.parametrize("status", [404, 405])
def test_a_cloud_that_has_no_deactivating_says_so(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str, status: int
) -> None:
    cloud.fail_next(status=status, path_prefix="/actions/")

    assert read(talk.say(producer, "deactivate web")) == (
        "This cloud does not let users deactivate images. Ask your provider. Nothing was changed."
    )


def test_an_image_that_went_meanwhile_is_not_taken_for_that(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    cloud.before = lambda _, path: cloud.delete_image(web) if "/actions/" in path else None

    assert "That image does not exist" in read(talk.say(producer, "deactivate web"))


def test_only_the_owner_deactivates(
    talk: Talk, cloud: CloudStandIn, producer: Person, consumer: Person, web: str
) -> None:
    cloud.add_member(web, CONSUMER_A)

    assert "Only its owner can deactivate it" in read(talk.say(consumer, "deactivate web"))
    deactivated = talk.say(producer, "deactivate web")
    assert f"account `{PRODUCER}`" in read(talk.press(consumer, deactivated, "Reactivate"))


def test_a_role_that_may_not_is_told_which_may(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    cloud.fail_next(status=403, path_prefix="/actions/")

    assert "Your login cannot deactivate images" in read(talk.say(producer, "deactivate web"))
