"""
One call to a service of the cloud: sent, repeated if that is safe, and every bad ending named.

Nothing above this module sees an exception of requests or keystoneauth1.
"""

from __future__ import annotations

import html
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import orjson
import requests
from keystoneauth1 import exceptions as ksa
from keystoneauth1.identity.base import BaseIdentityPlugin
from keystoneauth1.session import Session

from cloud import errors

log = logging.getLogger(__name__)

TRIES = 4
"""How often a safe request is sent in all."""
LONGEST_WAIT = 20.0
"""Seconds: the longest pause before a request is repeated. Who asks for more is told so."""
LATE = "no answer in time"
READ_OF_REFUSAL = 8192
"""Bytes of a refusal that are looked at: some proxies answer with whole web pages."""
_SAFE = frozenset({"GET", "HEAD"})
_NO_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Transport:
    """Calls one endpoint as one account."""

    session: Session
    auth: BaseIdentityPlugin
    base_url: str
    timeout_s: tuple[float, float]
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Sequence[tuple[str, str]] | None = None,
        body: Any = None,
        content_type: str = "application/json",
    ) -> Any:
        """
        Send one request and return its decoded JSON; None for an empty answer.

        A GET is repeated after a connection error, 429, 503, and 413 with Retry-After, at
        most TRIES times in all; not after a timeout, which was wait enough. A change is
        sent once: its outcome may be unknown.

        Raises:
            cloud.errors.CloudError: one of its subclasses; see there.
        """
        attempt = 1
        while True:
            try:
                return self._with_a_good_token(method, path, params, body, content_type)
            except errors.Unavailable as error:
                pause = _pause(error, attempt)
                if method not in _SAFE or attempt == TRIES or pause is None:
                    raise
                log.info("%s %s: %s; again in %.1f s", method, path, error, pause)
            self.sleep(pause)
            attempt += 1

    def _with_a_good_token(self, method: str, path: str, *rest: Any) -> Any:
        """
        Once more after a 401, which has done nothing.

        keystoneauth logs in again by itself, but for one of several threads only: the
        others find the old token thrown away already, and are left with their 401.
        """
        try:
            return self._once(method, path, *rest)
        except errors.Unauthorized:
            return self._once(method, path, *rest)

    def _once(
        self,
        method: str,
        path: str,
        params: Sequence[tuple[str, str]] | None,
        body: Any,
        content_type: str,
    ) -> Any:
        headers = {"Accept": "application/json"}
        data = None
        if body is not None:
            data, headers["Content-Type"] = orjson.dumps(body), content_type
        started = time.monotonic()
        with named_errors():
            answer = self.session.request(
                self.base_url + path,
                method,
                auth=self.auth,
                params=params,
                data=data,
                headers=headers,
                timeout=self.timeout_s,
                raise_exc=False,
                log=False,
            )
        _record(method, path, answer, time.monotonic() - started)
        if answer.status_code >= 400:
            raise _refusal(answer)
        return _decoded(answer)


class named_errors:  # noqa: N801 - reads as a word: `with named_errors():`
    """Turn what keystoneauth1 raises while logging in or sending into cloud.errors."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ksa.ClientException):
            raise _named(error) from None
        if isinstance(error, AttributeError | LookupError | TypeError | ValueError):
            # keystoneauth1 reads a login's answer without looking whether it is one.
            raise errors.UnexpectedAnswer("the login's answer cannot be read") from error


def _named(error: ksa.ClientException) -> errors.CloudError:
    if isinstance(error, ksa.HttpError) and error.response is not None:
        return _login_refusal(error.response)
    if isinstance(error, ksa.MissingAuthMethods):
        return errors.MfaRequired("a second factor is asked for", status=401)
    if isinstance(error, ksa.ConnectionError) and not _no_url(error):
        return errors.Unavailable(_kind_of_failure(error))
    if isinstance(error, ksa.EndpointNotFound | ksa.ConnectionError):
        return errors.BadConfiguration("the service's address is not a URL")
    if isinstance(error, ksa.EmptyCatalog):
        return errors.NoImageService("the service catalog has no image service")
    if isinstance(error, ksa.AuthorizationFailure | ksa.AuthPluginException):
        return errors.BadCredentials("the login could not be made")
    return errors.UnexpectedAnswer(type(error).__name__)


def _no_url(error: ksa.ConnectionError) -> bool:
    """What requests calls InvalidURL, InvalidSchema and the like."""
    return isinstance(getattr(error, "original", None), ValueError)


def _kind_of_failure(error: Exception) -> str:
    """Its kind alone: the text of requests' exceptions may hold the URL and its parameters."""
    if isinstance(error, ksa.SSLError):
        return "no secure connection"
    return LATE if isinstance(error, ksa.ConnectTimeout) else "no connection"


def _login_refusal(answer: requests.Response) -> errors.CloudError:
    """What Identity said no to. Source: the token pages of Rackspace's Identity v2.0 guide."""
    refusal = _refusal(answer)
    status, request_id = refusal.status, refusal.request_id
    if answer.status_code == 404 and "json" not in answer.headers.get("Content-Type", ""):
        return errors.BadConfiguration("no Identity service at auth_url", status=404)
    if answer.status_code in (401, 404):
        if "OS-MF" in answer.headers.get("WWW-Authenticate", ""):
            return errors.MfaRequired("a second factor is asked for", status=401)
        return errors.BadCredentials(refusal.message, status=status, request_id=request_id)
    if answer.status_code == 403:
        return errors.LoginForbidden(refusal.message, status=status, request_id=request_id)
    return refusal


_BY_STATUS: Mapping[int, type[errors.CloudError]] = {
    401: errors.Unauthorized,
    403: errors.Forbidden,
    404: errors.NotFound,
    409: errors.Conflict,
    413: errors.QuotaReached,
}


def _refusal(answer: requests.Response) -> errors.CloudError:
    status, message = answer.status_code, _message(answer)
    request_id = _request_id(answer)
    wait = _retry_after(answer)
    if status == 429 or status >= 500 or (status == 413 and wait is not None):
        return errors.Unavailable(message, status=status, request_id=request_id, retry_after=wait)
    kind = _BY_STATUS.get(status, errors.Invalid)
    return kind(message, status=status, request_id=request_id)


def _message(answer: requests.Response) -> str:
    """
    The service's own words. JSON comes as `{"message"}` or `{kind: {"message"}}`, and a
    Glance asked carelessly answers in HTML.
    """
    text = answer.content[:READ_OF_REFUSAL].decode(errors="replace")
    with suppress(ValueError):
        body = orjson.loads(answer.content)
        inner = [body, *body.values()] if isinstance(body, dict) else []
        said = [each["message"] for each in inner if isinstance(each, dict) and "message" in each]
        text = str(said[0]) if said else ""
    return clean(text) or answer.reason or ""


def clean(text: str) -> str:
    """Without markup, on one line, clipped to 300 characters."""
    return " ".join(html.unescape(_NO_TAGS.sub(" ", text)).split())[:300]


def _retry_after(answer: requests.Response) -> float | None:
    """Seconds, from a header that holds seconds or a date; None if it holds neither."""
    value = answer.headers.get("Retry-After", "")
    if value.isascii() and value.isdigit():
        return float(value)
    with suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    return None


def _pause(error: errors.Unavailable, attempt: int) -> float | None:
    """Seconds before the next try; None if there should be none."""
    if error.status not in (None, 413, 429, 503) or error.message == LATE:
        return None
    asked = error.retry_after
    pause: float = asked if asked is not None else 0.25 * 2**attempt
    return pause if pause <= LONGEST_WAIT else None


def _decoded(answer: requests.Response) -> Any:
    if not answer.content:
        return None
    try:
        return orjson.loads(answer.content)
    except ValueError as error:
        raise errors.UnexpectedAnswer(
            "the answer is not JSON", status=answer.status_code, request_id=_request_id(answer)
        ) from error


def _request_id(answer: requests.Response) -> str | None:
    return answer.headers.get("X-Openstack-Request-Id") or answer.headers.get(
        "X-Compute-Request-Id"
    )


def _record(method: str, path: str, answer: requests.Response, seconds: float) -> None:
    """What happened, for the log: no headers, no bodies, no query."""
    log.debug(
        "%s %s: %d in %.3f s, request %s",
        *(method, path, answer.status_code, seconds, _request_id(answer)),
    )
