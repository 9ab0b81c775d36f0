"""The cloud's own ids of what was changed, for the record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from cloud import tracing
from cloud.tracing import traced


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
