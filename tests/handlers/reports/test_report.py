"""The report in words; the picture is drawn elsewhere."""

from __future__ import annotations

from datetime import timedelta

from handlers import Person, Services
from sandbox.cloud import CloudStandIn
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, read
from tests.storage.fixtures import HandClock


def test_it_counts_the_accounts_own_images_by_region_and_its_shares(
    talk: Talk, services: Services, producer: Person, consumer: Person, cloud: CloudStandIn
) -> None:
    web = cloud.add_image(owner=PRODUCER, name="web", region="DFW", size=2_000_000_000)
    cloud.add_image(owner=PRODUCER, name="db", region="ORD", size=500_000_000)
    cloud.add_image(owner=CONSUMER_A, name="other", region="ORD", size=1, visibility="community")
    services.store.shares.put(
        services.current_account(producer), "U1", "DFW", web, "web", CONSUMER_A
    )

    told = talk.say(producer, "report")

    assert read(told).startswith(
        "*You own 2 images, 2.5 GB in total.*\n"
        "Region | Images | Size | In a week | In a month\n"
        "DFW | 1 | 2.0 GB | +1 | +1\n"
        "ORD | 1 | 500.0 MB | +1 | +1\n"
        "1 share: 1 pending."
    )
    assert told.text == (
        "You own 2 images, 2.5 GB in total. DFW: Images 1, Size 2.0 GB, In a week +1, In a month "
        "+1. ORD: Images 1, Size 500.0 MB, In a week +1, In a month +1. 1 share: 1 pending."
    )
    assert told.picture is not None
    assert told.picture.alt == told.text
    assert told.picture.figures.shares == {"pending": 1}


def test_days_that_were_counted_show_what_was_deleted_since(
    talk: Talk, services: Services, producer: Person, cloud: CloudStandIn, clock: HandClock
) -> None:
    image = cloud.add_image(owner=PRODUCER, name="web", region="DFW", size=10)
    talk.say(producer, "report --region DFW")
    clock.advance(days=3)
    cloud.delete_image(image)

    told = talk.say(producer, "report --region DFW")

    assert told.picture is not None
    counts = [count.images for count in told.picture.figures.regions["DFW"]]
    assert counts[-4:] == [1, 1, 1, 0]
    assert told.picture.figures.days[-1] - told.picture.figures.days[-4] == timedelta(days=3)


def test_a_size_that_cannot_be_is_not_counted(
    talk: Talk, producer: Person, cloud: CloudStandIn
) -> None:
    """More than any database keeps."""
    cloud.add_image(owner=PRODUCER, name="web", region="DFW", data=b"x" * 10)
    odd = cloud.add_image(owner=PRODUCER, name="odd", region="DFW", data=b"")
    cloud.state.regions["DFW"].images[odd]["size"] = 2**70

    told = talk.say(producer, "report")

    assert read(told).startswith("*You own 2 images, 10 bytes in total.*")
