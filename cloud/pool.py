"""The HTTP connections that all accounts share, without sharing cookies or tokens."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.sessions import SessionRedirectMixin

from cloud.bounds import Bounded

Timeout = tuple[float, float]
"""Seconds to wait for a connection, and for the whole of an answer; of a stream, each piece."""


class LeadsAway(requests.exceptions.RequestException):
    """An answer sends the caller, with its token or password, to another host."""


def pooled(timeout_s: Timeout, size: int) -> requests.Session:
    """
    A session that is safe to share: by threads, and by accounts that must not mix.

    It keeps no cookies, and leaves no host for another: keystoneauth1 follows redirects with
    all headers, the token among them, and with the body of a login.
    """
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.hooks["response"].append(_stay)
    for scheme in ("http://", "https://"):
        session.mount(scheme, _InTime(timeout_s, size))
    return session


class _InTime(Bounded):
    """Gives a time limit to requests that name none: keystoneauth1 logs in without one."""

    def __init__(self, timeout_s: Timeout, size: int) -> None:
        self._timeout_s = timeout_s
        super().__init__(pool_connections=size, pool_maxsize=size)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        timeout = timeout or self._timeout_s
        return super().send(request, stream, timeout, verify, cert, proxies)


def _stay(answer: requests.Response, **_: Any) -> None:
    """
    Let an answer lead only to the same host, or to its TLS.

    The rule is that by which requests itself drops an Authorization header. The address is
    made whole, which keystoneauth1 does not do.
    """
    if not answer.is_redirect:
        return
    there = urljoin(answer.url, answer.headers["Location"])
    answer.headers["Location"] = there
    if SessionRedirectMixin().should_strip_auth(answer.url, there):  # type: ignore[no-untyped-call]
        answer.close()
        parts = urlsplit(there)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        raise LeadsAway(f"the service's address leads elsewhere, to {origin}")
