"""Copies of objects, and deleting many at once, as a real Swift does it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.places import Place

SHAPE = "header must be of the form <container name>/<object name>"


def _copy(place: Place, way: str, source: str, to: str, **headers: str) -> Any:
    """By the method COPY, or by PUT with a header."""
    if way == "COPY":
        return place.ask("COPY", f"/{source}", headers={"Destination": to, **headers})
    return place.ask("PUT", f"/{to}", headers={"X-Copy-From": source, **headers})


@pytest.mark.parametrize("way", ["COPY", "PUT"])
def test_a_copy_is_as_the_object_but_for_what_is_said_now(place: Place, way: str) -> None:
    said = {"Content-Type": "text/x-poem", "Content-Disposition": "attachment"}
    etag = place.put("o", b"hello", **{**said, "X-Object-Meta-Colour": "red"})

    answer = _copy(place, way, "{c}/o", "{c}/a%20copy", **{"X-Object-Meta-Size": "small"})

    told = place.ask("GET", "/{c}/a%20copy")
    meta = {k: v for k, v in told.headers.items() if k.startswith("X-Object-Meta-")}
    assert (answer.status_code, answer.headers["Etag"]) == (201, etag)
    assert answer.headers["X-Copied-From"] == place.fill("{c}/o")
    assert told.content == b"hello"
    assert meta == {"X-Object-Meta-Colour": "red", "X-Object-Meta-Size": "small"}
    assert {key: told.headers[key] for key in said} == said


@pytest.mark.parametrize("way", ["COPY", "PUT"])
def test_a_copy_may_begin_afresh(place: Place, way: str) -> None:
    place.put("o", b"hello", **{"X-Object-Meta-Colour": "red", "Content-Type": "text/x-poem"})

    _copy(place, way, "{c}/o", "{c}/p", **{"X-Fresh-Metadata": "true", "Content-Type": "text/y"})

    told = place.ask("HEAD", "/{c}/p").headers
    assert ("X-Object-Meta-Colour" in told, told["Content-Type"]) == (False, "text/y")


def test_an_object_is_copied_onto_itself_to_say_more_of_it(place: Place) -> None:
    place.put("o", b"hello", **{"X-Object-Meta-Colour": "red"})

    _copy(place, "COPY", "{c}/o", "{c}/o", **{"X-Object-Meta-Size": "small"})

    told = place.ask("HEAD", "/{c}/o").headers
    assert (told["X-Object-Meta-Colour"], told["X-Object-Meta-Size"]) == ("red", "small")


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "said"),
    [
        ("COPY", "/{c}/o", {}, 412, "Destination header required"),
        ("COPY", "/{c}/o", {"Destination": "alone"}, 412, f"Destination {SHAPE}"),
        ("COPY", "/{c}/none", {"Destination": "{c}/p"}, 404, "could not be found"),
        ("COPY", "/{c}/o", {"Destination": "{c}-none/p"}, 404, "could not be found"),
        ("COPY", "/{c}", {"Destination": "{c}/p"}, 405, "method is not allowed"),
        ("PUT", "/{c}/p", {"X-Copy-From": "alone"}, 412, f"X-Copy-From {SHAPE}"),
        ("PUT", "/{c}/p", {"X-Copy-From": "{c}/none"}, 404, "could not be found"),
    ],
)
def test_a_copy_that_makes_no_sense_is_refused(
    place: Place, method: str, path: str, headers: dict[str, str], status: int, said: str
) -> None:
    place.put("o", b"hello")

    answer = place.ask(method, path, headers=headers)

    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    assert place.listed() == ["o"]


def test_a_copy_has_no_body_of_its_own(place: Place) -> None:
    place.put("o", b"hello")

    answer = place.ask("PUT", "/{c}/p", b"body", headers={"X-Copy-From": "{c}/o"})

    assert (answer.status_code, answer.text) == (400, "Copy requests require a zero byte body")


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("path", ["", "/{c}"])
def test_many_objects_are_deleted_at_once(place: Place, method: str, path: str) -> None:
    for name in ("a", "b c", "d"):
        place.put(name)

    answer = _delete(place, "/{c}/a\n/{c}/none\n\n{c}/b%20c\n", method, path)

    assert answer.json() == {
        "Response Status": "200 OK",
        "Response Body": "",
        "Number Deleted": 2,
        "Number Not Found": 1,
        "Errors": [],
    }
    assert place.listed() == ["d"]


@pytest.mark.parametrize(
    ("who", "lines", "status", "said", "errors"),
    [
        ("producer", "", "400 Bad Request", "Invalid bulk delete.", []),
        ("producer", "/{c}\n", "400 Bad Request", "", [["/{c}", "409 Conflict"]]),
        ("producer", "/{c}-none/x\n", "200 OK", "", []),
        ("producer-reader", "/{c}/o\n", "400 Bad Request", "", [["/{c}/o", "403 Forbidden"]]),
    ],
)
def test_what_is_not_deleted_is_told_by_its_name(
    place: Place, who: str, lines: str, status: str, said: str, errors: list[list[str]]
) -> None:
    place.put("o")

    told = _delete(place, lines, who=who).json()

    assert (told["Response Status"], told["Response Body"]) == (status, said)
    assert told["Errors"] == [[place.fill(each) for each in error] for error in errors]
    assert place.listed() == ["o"]


def _delete(place: Place, lines: str, method: str = "POST", path: str = "", **who: str) -> Any:
    headers = {"Content-Type": "text/plain", "Accept": "application/json"}
    body = place.fill(lines).encode()
    return place.ask(method, f"{path}?bulk-delete", body, headers=headers, **who)
