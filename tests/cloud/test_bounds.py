"""Answers without an end: each has a deadline as a whole, and a bound of its size."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator

import pytest

from cloud import Clouds, Connection, asking_for, errors
from cloud.bounds import LARGEST
from cloud.refusals import clean
from tests.cloud.stub import REGION, Answer, Asked, Stub

DEEP = "[" * 10_000 + "]" * 10_000


@pytest.fixture
def hurried() -> Iterator[Clouds]:
    """Waits 0.3 seconds for an answer."""
    clouds = Clouds(timeout_s=(5, 0.3), sleep=lambda _: None)
    yield clouds
    clouds.close()


def _dribble(text: bytes) -> Iterator[bytes]:
    """A byte each 20 ms, for a minute: each wait is short, and together they are long."""
    yield text
    for _ in range(3000):
        time.sleep(0.02)
        yield b" "


@pytest.mark.parametrize("status", [200, 503, 404])
def test_an_answer_that_dribbles_ends_in_time(stub: Stub, hurried: Clouds, status: int) -> None:
    stub.answer = lambda _: Answer(_dribble(b"{}"), status)

    with pytest.raises(errors.Unavailable, match="no answer in time"):
        hurried.connect(stub.credentials).images(REGION).get("1")

    assert len(stub.asked) == 1


def test_headers_that_dribble_end_in_time(stub: Stub, hurried: Clouds) -> None:
    class Slow(dict[str, str]):
        def items(self) -> Iterator[tuple[str, str]]:  # type: ignore[override]
            for n in range(3000):
                time.sleep(0.02)
                yield f"X-{n}", "y"

    stub.answer = lambda _: Answer([b"{}"], 200, Slow())

    with pytest.raises(errors.Unavailable, match="no answer in time"):
        hurried.connect(stub.credentials).images(REGION).get("1")


def test_a_login_that_dribbles_ends_in_time(stub: Stub, hurried: Clouds) -> None:
    stub.log_in = lambda _: Answer(_dribble(b"{}"), 201)

    with pytest.raises(errors.Unavailable, match="no answer in time"):
        _ = hurried.connect(stub.credentials).project_id


def test_the_refusal_of_a_download_that_dribbles_ends_in_time(stub: Stub, hurried: Clouds) -> None:
    stub.answer = lambda _: Answer(_dribble(b"no"), 404)

    with (
        pytest.raises(errors.Unavailable, match="no answer in time"),
        hurried.connect(stub.credentials).images(REGION).data("1"),
    ):
        pass


def test_a_stream_lasts_as_long_as_its_bytes_come(stub: Stub, hurried: Clouds) -> None:
    def slowly() -> Iterator[bytes]:
        for _ in range(10):
            time.sleep(0.06)
            yield b"x" * 1000

    stub.answer = lambda _: Answer(slowly())

    with hurried.connect(stub.credentials).images(REGION).data("1") as data:
        assert len(b"".join(data)) == 10_000


def test_64_kilobytes_that_are_64_megabytes_are_too_much(stubbed: Connection, stub: Stub) -> None:
    bomb = gzip.compress(b" " * 64_000_000)
    assert len(bomb) < 64_000
    stub.answer = lambda _: Answer(bomb, 200, {"Content-Encoding": "gzip"})

    with pytest.raises(errors.UnexpectedAnswer, match="more than 32 MB"):
        stubbed.images(REGION).get("1")

    assert len(stub.asked) == 1


@pytest.mark.parametrize("status", [200, 400])
def test_an_answer_without_an_end_is_too_much(stubbed: Connection, stub: Stub, status: int) -> None:
    stub.answer = lambda _: Answer((b"x" * 1024**2 for _ in range(10**6)), status)

    with pytest.raises(errors.UnexpectedAnswer, match="more than"):
        stubbed.images(REGION).get("1")


def test_a_login_without_an_end_is_too_much(stubbed: Connection, stub: Stub) -> None:
    stub.log_in = lambda _: Answer((b"x" * 1024**2 for _ in range(10**6)), 201)

    with pytest.raises(errors.UnexpectedAnswer, match="more than"):
        _ = stubbed.project_id


def test_a_large_answer_is_read_whole(stubbed: Connection, stub: Stub) -> None:
    row = {"id": "1", "notes": "x" * (LARGEST - 100)}
    stub.answer = lambda _: Answer(row)

    assert len(stubbed.images(REGION).get("1").properties["notes"]) == LARGEST - 100


@pytest.mark.parametrize("body", [DEEP, '{"id": "1", "a": ' + DEEP + "}"], ids=["all", "a part"])
def test_json_that_is_deep_is_no_answer(stubbed: Connection, stub: Stub, body: str) -> None:
    stub.answer = lambda _: Answer(body)

    for ask in (
        lambda: stubbed.images(REGION).get("1"),
        lambda: stubbed.compute(REGION).snapshot("1", "n", {}),
        lambda: list(stubbed.object_store(REGION).containers()),
    ):
        with pytest.raises(errors.UnexpectedAnswer):
            ask()


@pytest.mark.parametrize("status", [201, 401])
def test_a_login_that_is_deep_is_no_answer(stub: Stub, clouds: Clouds, status: int) -> None:
    body = '{"token": ' + DEEP + "}"
    headers = {"Content-Type": "application/json", "X-Subject-Token": "t"}
    stub.log_in = lambda _: Answer(body, status, headers)

    with pytest.raises(errors.CloudError):
        _ = clouds.connect(stub.credentials).project_id


@pytest.mark.parametrize(
    "words",
    [
        "<" * 100_000,
        "&" * 100_000,
        "&#" + "9" * 100_000 + ";",
        "<a " * 50_000,
        " " * 100_000,
        {"deep": [[[["x"]]]]},
        ["x"] * 10,
        5,
    ],
    ids=["tags", "entities", "a number", "open tags", "nothing", "a dict", "a list", "a figure"],
)
def test_words_of_any_length_and_kind_are_cut_before_they_are_cleaned(
    stubbed: Connection, stub: Stub, words: object
) -> None:
    stub.answer = lambda _: Answer(json.dumps({"message": words}), 400)

    with pytest.raises(errors.Invalid) as caught:
        stubbed.images(REGION).get("1")

    assert len(caught.value.message) <= 300


def test_cleaning_takes_a_time_that_the_length_does_not_change() -> None:
    """A minute at ten million, were it looked at as a whole."""
    assert clean("<" * 10_000_000) == "<" * 300


def test_nothing_more_is_asked_for_who_no_longer_waits(stubbed: Connection, stub: Stub) -> None:
    images = stubbed.images(REGION)

    with asking_for(0), pytest.raises(errors.Unavailable, match="no answer in time"):
        images.get("1")

    assert stub.asked == []


def test_nobody_waits_longer_for_a_part_than_for_the_whole(stubbed: Connection, stub: Stub) -> None:
    with asking_for(0), asking_for(60), pytest.raises(errors.Unavailable):
        stubbed.images(REGION)

    assert stub.logins == []


def test_a_pause_that_lasts_longer_than_somebody_waits_is_not_made(
    stubbed: Connection, stub: Stub, naps: list[float]
) -> None:
    images = stubbed.images(REGION)
    stub.answer = lambda _: Answer("", 503, {"Retry-After": "15"})

    with asking_for(10), pytest.raises(errors.Unavailable):
        images.get("1")

    assert (naps, len(stub.asked)) == ([], 1)


def test_an_answer_is_waited_for_only_as_long_as_somebody_waits(
    stubbed: Connection, stub: Stub
) -> None:
    images = stubbed.images(REGION)

    def slow(_: Asked) -> Answer:
        time.sleep(20)
        return Answer("{}")

    stub.answer = slow
    started = time.monotonic()

    with asking_for(0.3), pytest.raises(errors.Unavailable, match="no answer in time"):
        images.get("1")

    assert time.monotonic() - started < 15
