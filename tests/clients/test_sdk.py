"""What a program does by openstacksdk, on the stand-in and on the lab alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import openstack
import pytest

from tests.clients.sites import Site
from tests.waiting import PATIENCE_S

Connect = Callable[[Site, str], Any]
# openstacksdk warns of what it does itself, and leaves files of segments open.
pytestmark = [
    pytest.mark.filterwarnings("ignore::openstack.warnings.RemovedInSDK50Warning"),
    pytest.mark.filterwarnings("ignore::openstack.warnings.RemovedInSDK60Warning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Connections of a person, as the entry of clouds.yaml says."""
    made = []

    def connect(site: Site, who: str) -> Any:
        made.append(openstack.connect(**site.clouds[who], load_yaml_config=False))
        return made[-1]

    yield connect
    for connection in made:
        connection.close()
        connection.session.session.close()


def test_an_image_is_shared_and_found_among_what_is_pending(site: Site, connect: Connect) -> None:
    producer, consumer = connect(site, "producer").image, connect(site, "consumer-a").image
    made = producer.create_image(
        f"web-{site.mark}", disk_format="raw", container_format="bare", data=b"some data"
    )
    producer.add_member(made, member=site.numbers["consumer-a"])

    pending = list(consumer.images(visibility="shared", member_status="pending"))
    consumer.update_member(site.numbers["consumer-a"], made, status="accepted")
    accepted = list(consumer.images(visibility="shared", name=made.name))
    read = consumer.download_image(made).content
    producer.delete_image(made)

    assert made.id in [image.id for image in pending]
    assert [image.id for image in accepted] == [made.id]
    assert read == b"some data"
    assert producer.find_image(made.name) is None


def test_a_large_file_is_sent_in_segments_and_read_whole(site: Site, connect: Connect) -> None:
    cloud, container = connect(site, "producer"), f"c-{site.mark}"
    data = site.write("large.bin", bytes(range(256)) * 4000)
    cloud.create_container(container)

    cloud.create_object(
        container, "large", str(site.folder / "large.bin"), segment_size=300_000, use_slo=True
    )

    shown = cloud.object_store.get_object_metadata("large", container=container)
    cloud.get_object(container, "large", outfile=str(site.folder / "copy.bin"))
    assert (shown.is_static_large_object, site.saved("copy.bin")) == (True, data)
    assert cloud.delete_object(container, "large")
    assert cloud.list_objects(container) == []
    assert cloud.object_store.get_info().swift["container_listing_limit"] == 10_000


def test_a_temporary_url_opens_an_object(own_site: Site, connect: Connect) -> None:
    store, container = connect(own_site, "producer").object_store, "c"
    store.create_container(container)
    store.upload_object(container=container, name="o", data=b"hello")
    store.set_account_temp_url_key("made-up-key")
    address = store.get_endpoint()
    path = f"{address[address.index('/v1/') :]}/{container}/o"

    signed = store.generate_temp_url(path, 600, "GET", temp_url_key="made-up-key")

    url = address[: address.index("/v1/")] + signed
    assert store.session.session.get(url, timeout=PATIENCE_S).content == b"hello"
