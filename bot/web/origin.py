"""Describe where a page's form was sent from, as far as that is known."""

from __future__ import annotations

from ipaddress import ip_address

from flask import request

from handlers.core.text import clean, clip

MAX_AGENT = 120
"""Characters shown of what a browser says of itself."""


def origin() -> str:
    """The address and the browser. Nobody has proved either."""
    agent = clip(clean(request.headers.get("User-Agent", "")[: 2 * MAX_AGENT]), MAX_AGENT)
    return ", ".join(part for part in (_address(), agent) if part)


def _address() -> str:
    """
    The peer's address. Behind a proxy, which is near, the one that the proxy has added last.

    A stranger may write others before that one, and is not believed.
    """
    peer = request.remote_addr or ""
    added = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()[:64]
    return added if _is_near(peer) and _is_address(added) else peer


def _is_near(text: str) -> bool:
    return _is_address(text) and ip_address(text).is_private


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
