"""The cloud's own ids of what was changed, for the record."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from cloud import AuthType, Clouds, Credentials, errors, tracing
from cloud.reference import referring
from cloud.tracing import traced
from sandbox.cloud import CloudStandIn
from tests.cloud.conftest import Provider

NO_IMAGE = "00000000-0000-4000-8000-000000000000"
REQUEST = re.compile(r"req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TRANSACTION = re.compile(r"tx[0-9a-f]{21}-[0-9a-f]{10}(-[0-9a-f]{1,32})?")
"""Swift adds what we send of our own reference."""


def test_an_image_service_numbers_what_it_changes(provider: Provider) -> None:
    """Glance takes our reference for its number, so one click has one and the next another."""
    image_id = provider.create_image("web")
    images = provider.images("producer")

    with referring(None), traced() as looked:
        images.get(image_id)
    with referring(None), traced() as shared:
        images.add_member(image_id, provider.projects["consumer-a"])
        images.members(image_id)
    with referring(None), traced() as unshared:
        images.remove_member(image_id, provider.projects["consumer-a"])

    assert looked.request_id == ""
    assert REQUEST.fullmatch(shared.request_id)
    assert REQUEST.fullmatch(unshared.request_id)
    assert shared.request_id != unshared.request_id


def test_what_it_refuses_has_a_number_too(provider: Provider) -> None:
    images = provider.images("producer")

    with traced() as trace, pytest.raises(errors.NotFound) as refused:
        images.add_member(NO_IMAGE, provider.projects["consumer-a"])

    assert REQUEST.fullmatch(trace.request_id)
    assert trace.request_id == refused.value.request_id


def test_a_token_that_has_ended_leaves_the_number_of_what_was_done(provider: Provider) -> None:
    """The refusal before it carries none."""
    image_id = provider.create_image("web")
    images = provider.images("producer")
    images.get(image_id)
    provider.end_tokens("producer")

    with traced() as trace:
        images.add_member(image_id, provider.projects["consumer-a"])

    assert REQUEST.fullmatch(trace.request_id)


def test_an_object_store_numbers_what_it_changes(provider: Provider) -> None:
    store = provider.connect("producer").object_store(provider.regions[0])
    container = f"c {uuid.uuid4().hex[:8]}"

    with traced() as trace:
        store.create_container(container)
        store.container(container)

    assert TRANSACTION.fullmatch(trace.request_id)


def test_a_compute_service_numbers_what_it_changes(clouds: Clouds) -> None:
    """There is none to compare with: an older Nova has a name of its own for it."""
    with CloudStandIn() as cloud:
        cloud.add_account("1100111", "Producer", "producer")
        server_id = cloud.add_server("1100111", name="web-1")
        entry = dict(cloud.credentials("producer", "v3password")["auth"])
        login = Credentials(AuthType.V3_PASSWORD, entry.pop("auth_url"), entry)
        compute = clouds.connect(login).compute("DFW")

        with traced() as trace:
            compute.snapshot(server_id, "web-snapshot", {})

    assert REQUEST.fullmatch(trace.request_id)


def test_the_last_change_is_noted_and_looking_is_not() -> None:
    tracing.note("POST", "req-before")
    with traced() as trace:
        for method, request_id in (("POST", "req-1"), ("PUT", "req-2"), ("GET", "req-3")):
            tracing.note(method, request_id)
        tracing.note("DELETE", None)
    tracing.note("POST", "req-after")

    assert trace.request_id == "req-2"


def test_what_is_done_within_another_is_within_both() -> None:
    with traced() as outer:
        tracing.note("POST", "req-1")
        with traced() as inner:
            tracing.note("PUT", "req-2")
        with traced() as idle:
            tracing.note("GET", "req-3")

    assert (outer.request_id, inner.request_id, idle.request_id) == ("req-2", "req-2", "")


def test_what_fails_is_noted_for_both() -> None:
    with traced() as outer, suppress(LookupError), traced() as inner:
        tracing.note("PUT", "req-1")
        raise LookupError

    assert (outer.request_id, inner.request_id) == ("req-1", "req-1")


def test_what_other_threads_change_is_not_ones_own() -> None:
    with traced() as trace, ThreadPoolExecutor(1) as pool:
        pool.submit(tracing.note, "POST", "req-1").result()

    assert trace.request_id == ""
