"""The rules of temporary URLs, each held against a real Swift as well."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.places import TIMEOUT_S, Place

KEYS = ("first key", "second key")
HEADERS = ("X-Account-Meta-Temp-URL-Key", "X-Account-Meta-Temp-URL-Key-2")
INVALID = "401 Unauthorized: Temp URL invalid\n"


@pytest.fixture
def place(place: Place) -> Place:
    """With both keys set, and an object `dir/o`."""
    headers = dict(zip(HEADERS, KEYS, strict=True))
    place.ask("POST", headers=headers).raise_for_status()
    place.put("dir/o", b"hello")
    return place


def fetch(url: str, method: str = "GET", **options: object) -> requests.Response:
    return requests.request(method, url, timeout=TIMEOUT_S, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha512"])
def test_who_has_the_address_may_read(place: Place, key: str, digest: str) -> None:
    answer = fetch(place.temporary_url("dir/o", key, digest=digest))

    assert (answer.status_code, answer.content) == (200, b"hello")


@pytest.mark.parametrize(
    ("signed", "asked", "status"),
    [
        ("GET", "GET", 200),
        ("GET", "HEAD", 200),
        ("HEAD", "HEAD", 200),
        ("PUT", "HEAD", 200),
        ("PUT", "PUT", 201),
        ("DELETE", "DELETE", 204),
        ("HEAD", "GET", 401),
        ("PUT", "GET", 401),
        ("GET", "PUT", 401),
        ("GET", "DELETE", 401),
        ("DELETE", "HEAD", 401),
    ],
)
def test_it_is_good_for_the_method_that_was_signed_and_a_look(
    place: Place, signed: str, asked: str, status: int
) -> None:
    url = place.temporary_url("dir/o", KEYS[0], method=signed)

    assert fetch(url, asked, data=b"x" if asked == "PUT" else None).status_code == status


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("/dir/o", "/dir/p"),
        lambda url: url.replace("temp_url_expires=", "temp_url_expires=1"),
        lambda url: url.replace("temp_url_expires=", "temp_url_expires=x"),
        lambda url: url.partition("&")[0],
        lambda url: url + "&temp_url_prefix=dir",
        lambda url: url.replace("temp_url_sig=", "temp_url_sig=0"),
    ],
)
def test_an_address_that_was_changed_is_refused(place: Place, change: object) -> None:
    url = change(place.temporary_url("dir/o", KEYS[0]))  # type: ignore[operator]

    answer = fetch(url)

    assert (answer.status_code, answer.text) == (401, INVALID)
    assert answer.headers["WWW-Authenticate"].startswith("Swift realm=")


def test_it_ends(place: Place) -> None:
    assert fetch(place.temporary_url("dir/o", KEYS[0], lasts_s=-1)).text == INVALID


def test_it_is_refused_whatever_token_comes_with_it(place: Place) -> None:
    url = place.temporary_url("dir/o", "another key")

    assert fetch(url, headers={"X-Auth-Token": place.token("producer")}).text == INVALID


def test_it_is_of_an_object_never_of_a_container(place: Place) -> None:
    url = place.temporary_url("", KEYS[0]).replace("/?", "?")

    assert fetch(url).text == INVALID


def test_a_key_that_is_changed_or_removed_ends_what_it_signed(place: Place) -> None:
    first, second = (place.temporary_url("dir/o", key) for key in KEYS)

    place.ask("POST", headers={HEADERS[0]: "a third key"})
    changed = [fetch(url).status_code for url in (first, second)]
    place.ask("POST", headers={"X-Remove-Account-Meta-Temp-URL-Key-2": "x"})

    assert changed == [401, 200]
    assert fetch(second).status_code == 401


def test_keys_are_told_to_who_may_set_them_and_an_empty_one_is_none(place: Place) -> None:
    before = place.ask("HEAD").headers
    place.ask("POST", headers={HEADERS[1]: ""})

    after = place.ask("HEAD").headers

    assert [before.get(each) for each in HEADERS] == list(KEYS)
    assert [after.get(each) for each in HEADERS] == [KEYS[0], None]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "attachment; filename=\"o\"; filename*=UTF-8''o"),
        ("&filename=My.vhd", "attachment; filename=\"My.vhd\"; filename*=UTF-8''My.vhd"),
        ("&filename=a%20b", "attachment; filename=\"a b\"; filename*=UTF-8''a%20b"),
        ("&filename=%22%C3%A9", "attachment; filename=\"%22%C3%A9\"; filename*=UTF-8''%22%C3%A9"),
        ("&inline", "inline"),
        ("&inline&filename=o", "inline; filename=\"o\"; filename*=UTF-8''o"),
    ],
)
def test_a_browser_saves_it_under_a_name(place: Place, query: str, told: str) -> None:
    answer = fetch(place.temporary_url("dir/o", KEYS[0]) + query)

    assert answer.headers["Content-Disposition"] == told


@pytest.mark.parametrize("kind", ["static", "dynamic"])
def test_a_large_object_is_read_whole_and_in_part(place: Place, kind: str) -> None:
    place.put("o-1", b"hel")
    place.put("o-2", b"lo")
    if kind == "static":
        place.join("o", "o-1", "o-2")
    else:
        place.put("o", b"", **{"X-Object-Manifest": "{c}/o-"})
    url = place.temporary_url("o", KEYS[0])

    part = fetch(url, headers={"Range": "bytes=2-3"})

    assert fetch(url).content == b"hello"
    assert (part.status_code, part.content) == (206, b"ll")


def test_who_may_write_one_object_may_not_have_it_show_others(place: Place) -> None:
    url = place.temporary_url("o", KEYS[0], method="PUT")

    answer = fetch(url, "PUT", data=b"", headers={"X-Object-Manifest": "c/secret"})

    assert answer.status_code == 400
    assert answer.text == "The header 'X-Object-Manifest' is not allowed in this tempurl"


def test_what_it_names_may_be_gone(place: Place) -> None:
    assert fetch(place.temporary_url("none", KEYS[0])).status_code == 404
