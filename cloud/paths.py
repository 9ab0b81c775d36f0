"""Addresses below an endpoint."""

from __future__ import annotations

from urllib.parse import quote

from cloud.errors import NotFound


def image(image_id: str) -> str:
    return f"/images/{segment(image_id)}"


def membership(image_id: str, consumer: str) -> str:
    return f"{image(image_id)}/members/{segment(consumer)}"


def tag(image_id: str, name: str) -> str:
    return f"{image(image_id)}/tags/{segment(name)}"


def segment(name: str) -> str:
    """One part of an address. HTTP libraries resolve `..`, quoted or not: it must not be sent."""
    return _quoted(name, "")


def rest(name: str) -> str:
    """What remains of an address, which may itself hold slashes: the name of an object."""
    if any(part in (".", "..") for part in name.split("/")):
        raise NotFound(f"nothing is called {name!r}")
    return _quoted(name, "/")


def _quoted(name: str, safe: str) -> str:
    try:
        quoted = quote(name, safe=safe)
    except UnicodeEncodeError:
        quoted = ""
    if quoted in ("", ".", ".."):
        raise NotFound(f"nothing is called {name!r}")
    return quoted
