"""What is said of accounts, containers and objects in headers, as a real Swift takes it."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.places import Place

OF = {"account": ("", "Account"), "container": ("/{c}", "Container")}


@pytest.mark.parametrize("what", OF)
def test_what_is_said_stays_until_it_is_taken_back(place: Place, what: str) -> None:
    path, level = OF[what]
    place.ask("POST", path, headers={f"X-{level}-Meta-Colour": "red"})
    place.ask("POST", path, headers={f"X-{level}-Meta-Size": "small"})
    both = _meta(place.ask("HEAD", path), level)
    place.ask("POST", path, headers={f"X-{level}-Meta-Size": ""})
    place.ask("POST", path, headers={f"X-Remove-{level}-Meta-Colour": "x"})

    after = _meta(place.ask("HEAD", path), level)

    assert both.items() >= {"Colour": "red", "Size": "small"}.items()
    assert not {"Colour", "Size"} & after.keys()


def test_a_container_is_described_as_it_is_made(place: Place) -> None:
    headers = {"X-Container-Meta-Colour": "red", "X-Container-Read": ".r:*,.rlistings"}
    place.ask("PUT", "/{c}", headers=headers)
    place.ask("PUT", "/{c}", headers={"X-Container-Meta-Size": "small"})

    told = place.ask("HEAD", "/{c}")

    assert _meta(told, "Container") == {"Colour": "red", "Size": "small"}
    assert told.headers["X-Container-Read"] == ".r:*,.rlistings"


@pytest.mark.parametrize(
    "header", ["Content-Disposition", "Content-Encoding", "Content-Language", "Cache-Control"]
)
def test_what_is_said_of_an_object_is_said_anew_each_time(place: Place, header: str) -> None:
    place.put("o", b"x", **{header: "a", "X-Object-Meta-Colour": "red"})
    before = place.ask("HEAD", "/{c}/o").headers
    place.ask("POST", "/{c}/o", headers={"X-Object-Meta-Size": "small"})

    after = place.ask("HEAD", "/{c}/o")

    assert (before[header], before["X-Object-Meta-Colour"]) == ("a", "red")
    assert (_meta(after, "Object"), header in after.headers) == ({"Size": "small"}, False)


def test_a_dynamic_large_object_of_which_something_is_said_is_none_any_more(place: Place) -> None:
    place.put("s-1", b"hello")
    place.put("o", b"", **{"X-Object-Manifest": "{c}/s-"})
    place.ask("POST", "/{c}/o", headers={"X-Object-Meta-Size": "small"})

    told = place.ask("HEAD", "/{c}/o").headers

    assert ("X-Object-Manifest" in told, told["Content-Length"]) == (False, "0")


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"X-{}-Meta-": "x"}, "Metadata name cannot be empty"),
        ({"X-{}-Meta-N": "x" * 257}, "Metadata value longer than 256: x-{}-meta-"),
        ({f"X-{{}}-Meta-{'n' * 129}": "x"}, "Metadata name too long: x-{}-meta-"),
        ({f"X-{{}}-Meta-n{n}": "x" for n in range(91)}, "Too many metadata items; max 90"),
    ],
)
@pytest.mark.parametrize("level", ["Account", "Container", "Object"])
def test_what_is_too_much_is_refused(
    place: Place, level: str, headers: dict[str, str], said: str
) -> None:
    place.put("o")
    path = {"Account": "", "Container": "/{c}", "Object": "/{c}/o"}[level]
    sent = {key.format(level): value for key, value in headers.items()}

    answer = place.ask("POST", path, headers=sent)

    assert (answer.status_code, said.format(level.lower()) in answer.text) == (400, True)


def test_the_store_tells_what_it_can_do(place: Place) -> None:
    told = requests.get(f"{place.store.partition('/v1/')[0]}/info", timeout=30).json()

    assert told.keys() >= {"swift", "slo", "tempurl", "bulk_delete"}
    assert told["tempurl"]["allowed_digests"] == ["sha1", "sha256", "sha512"]
    assert told["swift"]["container_listing_limit"] == 10_000


def _meta(answer: requests.Response, level: str) -> dict[str, str]:
    prefix = f"X-{level}-Meta-"
    return {k.removeprefix(prefix): v for k, v in answer.headers.items() if k.startswith(prefix)}
