"""The rules of the object store, each held against a real Swift as well."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest

from tests.sandbox.places import Place

NO_ETAG = "0" * 32
CONFLICT = "<p>There was a conflict when trying to complete your request.</p>"
NOT_FOUND = "<html><h1>Not Found</h1><p>The resource could not be found.</p></html>"


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "said"),
    [
        ("GET", "/{c}-not", None, {}, 404, NOT_FOUND),
        ("DELETE", "/{c}-not", None, {}, 404, NOT_FOUND),
        ("PUT", "/{c}-not/o", b"x", {}, 404, NOT_FOUND),
        ("GET", "/{c}/none", None, {}, 404, NOT_FOUND),
        ("DELETE", "/{c}/none", None, {}, 404, NOT_FOUND),
        ("POST", "/{c}/none", None, {}, 404, NOT_FOUND),
        ("PUT", "/" + "x" * 257, None, {}, 400, "Container name length of 257 longer than 256"),
        ("PUT", "/{c}/" + "x" * 1025, b"", {}, 400, "Object name length of 1025 longer than 1024"),
        ("GET", "/%ff", None, {}, 412, "Invalid UTF8 or contains NULL"),
        ("PATCH", "/{c}/o", b"", {}, 405, "The method is not allowed for this resource."),
        ("PUT", "", None, {}, 405, "The method is not allowed for this resource."),
        ("PUT", "/{c}/o", b"x", {"ETag": NO_ETAG}, 422, "Unable to process the contained instr"),
        ("PUT", "/{c}/o", b"", {"X-Object-Manifest": "x"}, 400, "in the format container/prefix"),
        ("PUT", "/{c}/o", b"", {"X-Delete-After": "x"}, 400, "Non-integer X-Delete-After"),
        ("PUT", "/{c}/o", b"", {"X-Delete-After": "0"}, 400, "X-Delete-After in past"),
        ("PUT", "/{c}/o", b"", {"X-Delete-After": "-5"}, 400, "X-Delete-After in past"),
        ("PUT", "/{c}/o", b"", {"X-Delete-At": "x"}, 400, "Non-integer X-Delete-At"),
        ("PUT", "/{c}/o", b"", {"X-Delete-At": "1"}, 400, "X-Delete-At in past"),
        ("GET", "/{c}?limit=10001", None, {}, 412, "Maximum limit is 10000"),
    ],
)
def test_what_makes_no_sense_is_refused(
    place: Place, method: str, path: str, body: Any, headers: dict[str, str], status: int, said: str
) -> None:
    answer = place.ask(method, path, body, headers=headers)

    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    assert place.listed() == []


def test_a_container_is_made_once_and_goes_when_it_is_empty(place: Place) -> None:
    again = place.ask("PUT", "/{c}")
    place.put("o")
    full = place.ask("DELETE", "/{c}")
    place.ask("DELETE", "/{c}/o")
    empty = place.ask("DELETE", "/{c}")

    assert (again.status_code, full.status_code, empty.status_code) == (202, 409, 204)
    assert CONFLICT in full.text
    assert place.ask("HEAD", "/{c}").status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "a dir/b dir/c z"),
        ("limit=2", "a dir/b"),
        ("limit=0", ""),
        ("limit=x", "a dir/b dir/c z"),
        ("limit=-1", "a dir/b dir/c z"),
        ("prefix=dir/", "dir/b dir/c"),
        ("prefix=none", ""),
        ("marker=dir/b", "dir/c z"),
        ("end_marker=dir/c", "a dir/b"),
        ("delimiter=/", "a dir/ z"),
        ("delimiter=/&prefix=dir/", "dir/b dir/c"),
        ("delimiter=/&prefix=dir", "dir/"),
        ("delimiter=/&limit=2", "a dir/"),
        ("delimiter=/&marker=dir/", "z"),
        ("delimiter=/&marker=dir/b", "dir/ z"),
        ("delimiter=/&marker=dir", "dir/ z"),
        ("delimiter=/&prefix=dir/&marker=dir/", "dir/b dir/c"),
        ("delimiter=/&end_marker=dir/b", "a"),
        ("delimiter=ir", "a dir z"),
        ("reverse=true", "z dir/c dir/b a"),
        ("reverse=on&limit=2", "z dir/c"),
        ("reverse=x", "a dir/b dir/c z"),
        ("reverse=true&marker=dir/c", "dir/b a"),
        ("reverse=true&end_marker=dir/b", "z dir/c"),
        ("reverse=true&delimiter=/", "z dir/ a"),
        ("reverse=true&delimiter=/&marker=dir/", "a"),
        ("path=", "a z"),
        ("path=dir", "dir/b dir/c"),
        ("path=dir/", "dir/b dir/c"),
        ("path=di", ""),
        ("path=dir&limit=1", "dir/b"),
        ("path=dir&prefix=z", "dir/b dir/c"),
    ],
)
def test_a_listing_is_in_order_and_cut_as_asked(place: Place, query: str, names: str) -> None:
    for name in ("z", "dir/c", "a", "dir/b"):
        place.put(name)

    answer = place.ask("GET", f"/{{c}}?{query}")

    assert answer.text.splitlines() == names.split()
    assert answer.status_code == (200 if names else 204)


@pytest.mark.parametrize("ask", ["format=json", ""])
def test_a_listing_as_json_tells_of_objects_and_folders(place: Place, ask: str) -> None:
    etag = place.put("a", b"hello", **{"Content-Type": "text/plain"})
    place.put("dir/b")
    headers = {} if ask else {"Accept": "application/json"}

    answer = place.ask("GET", f"/{{c}}?delimiter=/&{ask}", headers=headers)

    row, folder = answer.json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", row.pop("last_modified"))
    assert row == {"name": "a", "bytes": 5, "hash": etag, "content_type": "text/plain"}
    assert folder == {"subdir": "dir/"}
    assert _sums(answer.headers) == (2, 5)


@pytest.mark.parametrize(
    ("ask", "kind"), [("format=xml", "application/xml"), ("", "text/xml"), ("", "application/xml")]
)
def test_a_listing_may_be_xml(place: Place, ask: str, kind: str) -> None:
    place.put("a & b", b"hello")
    place.put("dir/b")

    answer = place.ask("GET", f"/{{c}}?delimiter=/&{ask}", headers={"Accept": kind})

    head, body = answer.text.split("\n")
    assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert head == '<?xml version="1.0" encoding="UTF-8"?>'
    assert body.startswith(f'<container name="{place.container}"><object><name>a &amp; b</name>')
    assert body.endswith('<subdir name="dir/"><name>dir/</name></subdir></container>')


def test_an_object_keeps_what_is_said_of_it_until_something_else_is(place: Place) -> None:
    place.put("o", b"hello", **{"X-Object-Meta-Colour": "red", "X-Delete-After": "900"})
    before = place.ask("HEAD", "/{c}/o").headers

    changed = place.ask("POST", "/{c}/o", headers={"X-Object-Meta-Size": "XL"})

    after = place.ask("HEAD", "/{c}/o").headers
    assert changed.status_code == 202
    assert (before["X-Object-Meta-Colour"], "X-Delete-At" in before) == ("red", True)
    assert (after["X-Object-Meta-Size"], after["Content-Length"]) == ("XL", "5")
    assert not {"X-Object-Meta-Colour", "X-Delete-At"} & set(after)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("o.vhd", "octet-stream"), ("o", "octet-stream"), ("o.json", "json")],
)
def test_a_kind_that_is_not_told_goes_by_the_name(place: Place, name: str, kind: str) -> None:
    place.put(name)

    assert place.ask("HEAD", f"/{{c}}/{name}").headers["Content-Type"] == f"application/{kind}"


def test_an_object_of_unknown_length_is_taken(place: Place) -> None:
    answer = place.ask("PUT", "/{c}/o", iter([b"hel", b"lo"]))

    assert (answer.status_code, answer.headers["Etag"]) == (201, _md5(b"hello"))
    assert place.ask("GET", "/{c}/o").content == b"hello"


def test_an_object_is_not_written_over_if_so_asked(place: Place) -> None:
    answers = [
        place.ask("PUT", "/{c}/o", data, headers={"If-None-Match": "*"}).status_code
        for data in (b"one", b"two")
    ]

    assert answers == [201, 412]
    assert place.ask("GET", "/{c}/o").content == b"one"


@pytest.mark.parametrize(
    ("asked", "status", "data", "told"),
    [
        ("bytes=1-2", 206, b"el", "bytes 1-2/5"),
        ("bytes=2-", 206, b"llo", "bytes 2-4/5"),
        ("bytes=-2", 206, b"lo", "bytes 3-4/5"),
        ("bytes=0-99", 206, b"hello", "bytes 0-4/5"),
        ("bytes=3-1", 200, b"hello", None),
        ("x", 200, b"hello", None),
        ("bytes=5-", 416, None, "bytes */5"),
    ],
)
@pytest.mark.parametrize("kind", ["plain", "static", "dynamic"])
def test_a_part_of_an_object_is_what_was_asked_for(
    place: Place, kind: str, asked: str, status: int, data: bytes | None, told: str | None
) -> None:
    _five_bytes(place, kind)

    answer = place.ask("GET", "/{c}/o", headers={"Range": asked})

    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, told)
    assert data is None or answer.content == data


def test_an_empty_object_has_no_parts(place: Place) -> None:
    place.put("o")

    assert place.ask("GET", "/{c}/o", headers={"Range": "bytes=0-"}).status_code == 416


@pytest.mark.parametrize("kind", ["plain", "static", "dynamic"])
def test_a_look_tells_the_whole_size_whatever_part_is_asked_for(place: Place, kind: str) -> None:
    _five_bytes(place, kind)

    answer = place.ask("HEAD", "/{c}/o", headers={"Range": "bytes=1-2"})

    assert (answer.status_code, answer.headers["Content-Length"]) == (200, "5")


def test_a_static_large_object_is_its_segments(place: Place) -> None:
    etags = place.put("s/1", b"hel") + place.put("s/2", b"lo")
    etag = f'"{_md5(etags.encode())}"'

    joined = place.join("o", "s/1", "s/2")

    told = place.ask("GET", "/{c}/o")
    [row] = place.ask("GET", "/{c}?format=json&prefix=o").json()
    assert (joined.status_code, joined.headers["Etag"]) == (201, etag)
    assert (told.content, told.headers["Etag"]) == (b"hello", etag)
    assert told.headers["X-Static-Large-Object"] == "True"
    assert (row["bytes"], row["slo_etag"]) == (5, etag)
    assert row["hash"] == told.headers["X-Manifest-Etag"]


def test_a_manifest_tells_its_segments_and_is_what_the_container_counts(place: Place) -> None:
    etag = place.put("s", b"hello")
    place.join("o", "s")

    answer = place.ask("GET", "/{c}/o?multipart-manifest=get")

    [row] = answer.json()
    assert (row["name"], row["bytes"], row["hash"]) == (place.fill("/{c}/s"), 5, etag)
    assert _sums(place.ask("HEAD", "/{c}").headers) == (2, 5 + len(answer.content))


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ([{"path": "/{c}/s", "etag": NO_ETAG}], "Errors:\n/{c}/s, Etag Mismatch\n"),
        ([{"path": "/{c}/s", "size_bytes": 4}], "Errors:\n/{c}/s, Size Mismatch\n"),
        (
            [{"path": "/{c}/s", "etag": NO_ETAG, "size_bytes": 4}],
            "Errors:\n/{c}/s, Size Mismatch\n/{c}/s, Etag Mismatch\n",
        ),
        ([{"path": "/{c}/none"}], "Errors:\n/{c}/none, 404 Not Found\n"),
        ([{"path": "/x"}], "Index 0: path does not refer to an object. Path must be of the form"),
        ([{"path": "/{c}/s", "x": 1}], 'Index 0: extraneous keys "x"\n'),
        ({}, "Manifest must be a list.\n"),
        (b"{", "Manifest must be valid JSON.\n"),
        (b"", "Manifest must be valid JSON.\n"),
    ],
)
def test_a_manifest_of_other_segments_is_refused(place: Place, manifest: Any, said: str) -> None:
    place.put("s", b"hello")

    answer = place.ask("PUT", "/{c}/o?multipart-manifest=put", manifest)

    assert (answer.status_code, place.fill(said) in answer.text) == (400, True), answer.text
    assert place.listed() == ["s"]


def test_a_large_object_may_be_a_segment_of_a_larger_one(place: Place) -> None:
    place.put("s", b"hello")
    place.join("inner", "s", "s")

    place.join("outer", "inner", "s")

    assert place.ask("GET", "/{c}/outer").content == b"hello" * 3


@pytest.mark.parametrize("change", ["DELETE", "PUT"])
def test_a_static_large_object_whose_first_segment_is_another_is_a_conflict(
    place: Place, change: str
) -> None:
    place.put("s", b"hello")
    place.join("o", "s")

    place.ask(change, "/{c}/s", b"HELLO" if change == "PUT" else None)

    answer = place.ask("GET", "/{c}/o")
    assert (answer.status_code, CONFLICT in answer.text) == (409, True)
    assert place.ask("HEAD", "/{c}/o").headers["Content-Length"] == "5"


def test_a_static_large_object_goes_with_its_segments_only_if_asked(place: Place) -> None:
    place.put("s", b"hello")
    place.join("o", "s")
    place.ask("DELETE", "/{c}/o")
    alone = place.listed()
    place.join("o", "s")

    told = _deleted(place, "o")

    assert alone == ["s"]
    assert told == {
        "Response Status": "200 OK",
        "Response Body": "",
        "Number Deleted": 2,
        "Number Not Found": 0,
        "Errors": [],
    }
    assert place.listed() == []


def test_deleting_segments_that_are_gone_counts_them(place: Place) -> None:
    place.put("s", b"hello")
    place.join("o", "s")
    place.ask("DELETE", "/{c}/s")

    told, again = _deleted(place, "o"), _deleted(place, "o")

    assert [(each["Number Deleted"], each["Number Not Found"]) for each in (told, again)] == [
        (1, 1),
        (0, 1),
    ]


def test_an_object_that_is_not_large_is_not_deleted_as_one(place: Place) -> None:
    """The answer is 200 all the same."""
    place.put("o")

    told = _deleted(place, "o")

    assert told["Response Status"] == "400 Bad Request"
    assert told["Errors"] == [[place.fill("/{c}/o"), "Not an SLO manifest"]]
    assert place.listed() == ["o"]


def test_such_a_deletion_is_told_in_plain_text_unless_json_is_asked_for(place: Place) -> None:
    answer = place.ask("DELETE", "/{c}/none?multipart-manifest=delete")

    assert answer.text.splitlines() == [
        "Number Deleted: 0",
        "Number Not Found: 1",
        "Response Body: ",
        "Response Status: 200 OK",
        "Errors:",
    ]


def test_a_dynamic_large_object_is_whatever_begins_with_its_prefix(place: Place) -> None:
    etags = place.put("o-1", b"hel") + place.put("o-2", b"lo")
    place.put("o", b"", **{"X-Object-Manifest": "{c}/o-"})
    before = place.ask("GET", "/{c}/o")

    place.put("o-3", b"!")

    [row, *_] = place.ask("GET", "/{c}?format=json").json()
    assert (before.content, before.headers["Etag"]) == (b"hello", f'"{_md5(etags.encode())}"')
    assert before.headers["X-Object-Manifest"] == place.fill("{c}/o-")
    assert place.ask("GET", "/{c}/o").content == b"hello!"
    assert (row["name"], row["bytes"], row["hash"]) == ("o", 0, _md5(b""))


def test_a_dynamic_large_object_of_nothing_is_empty(place: Place) -> None:
    place.put("o", b"", **{"X-Object-Manifest": "{c}/none-"})
    place.put("lost", b"", **{"X-Object-Manifest": "{c}-not/none-"})

    assert place.ask("GET", "/{c}/o").content == b""
    assert place.ask("GET", "/{c}/lost").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("consumer-a", 403), ("producer-reader", 403)])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE"])
def test_a_store_is_its_owners_alone(place: Place, who: str, status: int, method: str) -> None:
    place.put("o", b"hello")

    assert place.ask(method, "/{c}/o", who=who).status_code == status


@pytest.mark.parametrize("token", ["", "none-such"])
def test_a_token_that_is_none_is_refused_with_the_address_of_logins(
    place: Place, token: str
) -> None:
    answer = place.ask("GET", "/{c}", who="", headers={"X-Auth-Token": token} if token else {})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Keystone uri="http')


def _five_bytes(place: Place, kind: str) -> None:
    """The object `o`, `hello`."""
    if kind == "plain":
        place.put("o", b"hello")
        return
    place.put("o-1", b"hel")
    place.put("o-2", b"lo")
    if kind == "static":
        place.join("o", "o-1", "o-2").raise_for_status()
    else:
        place.put("o", b"", **{"X-Object-Manifest": "{c}/o-"})


def _deleted(place: Place, name: str) -> dict[str, Any]:
    headers = {"Accept": "application/json"}
    answer = place.ask("DELETE", f"/{{c}}/{name}?multipart-manifest=delete", headers=headers)
    told: dict[str, Any] = json.loads(answer.text)
    return told


def _sums(headers: Any) -> tuple[int, int]:
    count, size = "X-Container-Object-Count", "X-Container-Bytes-Used"
    return int(headers[count]), int(headers[size])


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
