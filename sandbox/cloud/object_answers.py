"""Answers of the object store, and its refusals, in the words that Swift really sends."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Request, Response

PAGE = "text/html; charset=UTF-8"
_WORDS = {
    202: "The request is accepted for processing.",
    400: "The server could not comply with the request.",
    401: "This server could not verify that you are authorized to access the document you "
    "requested.",
    403: "Access was denied to this resource.",
    404: "The resource could not be found.",
    405: "The method is not allowed for this resource.",
    409: "There was a conflict when trying to complete your request.",
    412: "A precondition for this request was not met.",
    413: "The body of your request was too large for this server.",
    416: "The Range requested is not available.",
    422: "Unable to process the contained instructions",
}
_TITLES = {413: "Request Entity Too Large"}
"""Where Swift's is another than Python's."""


class ObjectRefused(Exception):
    """An answer of 400 and above, as a page; or with a *text* as that alone."""

    def __init__(
        self,
        status: int,
        text: str = "",
        headers: Mapping[str, str] | None = None,
        kind: str = "text/plain",
    ) -> None:
        super().__init__(status)
        self.status, self.text, self.kind = status, text, kind
        self.headers = headers or {}

    def answer(self) -> Response:
        if not self.text:
            return page(self.status, self.headers)
        return Response(self.text, self.status, dict(self.headers), content_type=self.kind)


def page(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """What Swift says of a status in general."""
    title = _TITLES.get(status, HTTPStatus(status).phrase)
    text = f"<html><h1>{title}</h1><p>{_WORDS[status]}</p></html>"
    return Response(text, status, {"Content-Type": PAGE, **(headers or {})})


def done(status: int = 204, headers: Mapping[str, str] | None = None) -> Response:
    """Done, and nothing to be said of it."""
    return Response(b"", status, {"Content-Type": PAGE, **(headers or {})})


def as_json(body: Any, headers: Mapping[str, str] | None = None) -> Response:
    kind = "application/json; charset=utf-8"
    return Response(json.dumps(body), 200, {**(headers or {}), "Content-Type": kind})


def deleted(
    request: Request,
    gone: int = 0,
    missing: int = 0,
    errors: Sequence[Sequence[str]] = (),
    wrong: str = "",
) -> Response:
    """How a deletion of several went: 200 whatever happened, and in plain text unless asked."""
    body = {
        "Response Status": "400 Bad Request" if errors or wrong else "200 OK",
        "Response Body": wrong,
        "Number Deleted": gone,
        "Number Not Found": missing,
        "Errors": errors,
    }
    if "json" in request.headers.get("Accept", ""):
        return Response(json.dumps(body), 200, content_type="application/json")
    order = ("Number Deleted", "Number Not Found", "Response Body", "Response Status")
    lines = [f"{key}: {body[key]}" for key in order]
    lines += ["Errors:", *(", ".join(each) for each in errors), ""]
    return Response("\n".join(lines), 200, content_type="text/plain")
