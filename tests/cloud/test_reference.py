"""One reference from whoever asks to the services' own logs."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from cloud import reference
from tests.cloud.conftest import Provider

KNOWN = "0123abcd-0000-4000-8000-000000000000"
REQUEST = re.compile(r"req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_a_reference_begun_is_kept_and_shown_in_short() -> None:
    with reference.referring(KNOWN):
        assert (reference.current(), reference.short(), reference.shown()) == (
            KNOWN,
            "0123abcd",
            "0123abcd",
        )
        with reference.referring(None):
            assert reference.current() != KNOWN
        assert reference.current() == KNOWN


@pytest.mark.parametrize("spoiled", ["", "made up", f"{KNOWN}\nX-Admin: yes", KNOWN.upper()])
def test_what_is_no_reference_is_not_taken_for_one(spoiled: str) -> None:
    with reference.referring(spoiled):
        assert reference.current() != spoiled
        assert REQUEST.fullmatch(reference.headers("image")["X-Openstack-Request-Id"])


def test_another_thread_goes_on_under_the_same_reference_for_this_task_alone() -> None:
    with reference.referring(KNOWN), ThreadPoolExecutor(1) as pool:
        carried = pool.submit(reference.carried(reference.shown)).result()
        after = pool.submit(reference.shown).result()

    assert (carried, after) == ("0123abcd", "-")


def test_services_take_our_reference_beside_their_own_id(provider: Provider) -> None:
    image_id = provider.create_image("web")

    with reference.referring(KNOWN):
        assert provider.images("producer").get(image_id).id == image_id
        assert reference.headers("image") == {"X-Openstack-Request-Id": f"req-{KNOWN}"}
        assert reference.headers("object-store") == {"X-Trans-Id-Extra": KNOWN.replace("-", "")}
