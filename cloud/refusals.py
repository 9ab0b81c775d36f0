"""
What each bad ending is called: the one place where foreign errors and statuses get our names.

Nothing above this module and `transport` sees an exception of requests or keystoneauth1.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any

import orjson
import requests
from keystoneauth1 import exceptions as ksa
from urllib3.exceptions import ReadTimeoutError

from cloud import errors
from cloud.asking import LATE
from cloud.bounds import TooLarge
from cloud.pool import LeadsAway

NO_URL = "the service's address is not a URL"
UNTRUSTED = (
    "the certificate of the service's address is not trusted here; "
    "REQUESTS_CA_BUNDLE names the file of a private authority"
)
READ_OF_REFUSAL = 8192
"""Bytes of a refusal that are looked at: some proxies answer with whole web pages."""
READ_OF_WORDS = 2000
"""Characters of a service's words that are looked at, before anything else is done to them."""
_NO_TAGS = re.compile(r"<[^<>]*>")
_NONSENSE = (AttributeError, LookupError, TypeError, ValueError, RecursionError)


class named_errors:  # noqa: N801 - reads as a word: `with named_errors():`
    """Turn what keystoneauth1 raises while logging in or sending into cloud.errors."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ksa.ClientException):
            raise _named(error) from None
        if isinstance(error, UnicodeError):
            raise errors.Invalid("it has characters that cannot be sent") from None
        if isinstance(error, _NONSENSE):
            # keystoneauth1 reads a login's answer without looking whether it is one.
            raise errors.UnexpectedAnswer("the login's answer cannot be read") from error


def _named(error: ksa.ClientException) -> errors.CloudError:
    if isinstance(error, ksa.HttpError) and error.response is not None:
        return _login_refusal(error.response)
    if isinstance(error, ksa.MissingAuthMethods):
        return errors.MfaRequired("a second factor is asked for", status=401)
    if isinstance(error, ksa.ConnectionError):
        return _no_answer(error)
    if isinstance(error, ksa.EndpointNotFound):
        return errors.BadConfiguration(NO_URL)
    if isinstance(error, ksa.EmptyCatalog):
        return errors.NoImageService("the service catalog has no image service")
    if isinstance(error, ksa.AuthorizationFailure | ksa.AuthPluginException):
        return errors.BadCredentials("the login could not be made")
    return errors.UnexpectedAnswer(type(error).__name__)


def _no_answer(error: ksa.ConnectionError) -> errors.CloudError:
    """Its kind alone: the text of requests' exceptions may hold the URL and its parameters."""
    original = getattr(error, "original", None)
    if isinstance(original, LeadsAway):
        return errors.BadConfiguration(str(original))
    if isinstance(original, TooLarge):
        return errors.UnexpectedAnswer(str(original))
    if isinstance(original, ValueError):
        # What requests calls InvalidURL, InvalidSchema and the like.
        return errors.BadConfiguration(NO_URL)
    if isinstance(error, ksa.SSLError):
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return errors.BadConfiguration(UNTRUSTED)
        return errors.Unavailable("no secure connection")
    late = isinstance(error, ksa.ConnectTimeout) or _stalled(error)
    return errors.Unavailable(LATE if late else "no connection")


def _stalled(error: Exception) -> bool:
    """An answer that began and did not end in time, which requests calls a ConnectionError."""
    cause = error.__context__
    return cause is not None and any(isinstance(each, ReadTimeoutError) for each in cause.args)


def _login_refusal(answer: requests.Response) -> errors.CloudError:
    """What Identity said no to. Source: the token pages of Rackspace's Identity v2.0 guide."""
    refused = refusal(answer)
    known: Any = {"status": refused.status, "request_id": refused.request_id}
    if answer.status_code == 404 and "json" not in answer.headers.get("Content-Type", ""):
        return errors.BadConfiguration("no Identity service at auth_url", status=404)
    if answer.status_code in (401, 404):
        if "OS-MF" in answer.headers.get("WWW-Authenticate", ""):
            return errors.MfaRequired("a second factor is asked for", status=401)
        return errors.BadCredentials(refused.message, **known)
    if answer.status_code == 403:
        return errors.LoginForbidden(refused.message, **known)
    if isinstance(refused, errors.QuotaReached):
        # Identity has no quotas; its 413 limits how often one logs in.
        return errors.Unavailable(refused.message, **known)
    return refused


_BY_STATUS: Mapping[int, type[errors.CloudError]] = {
    401: errors.Unauthorized,
    403: errors.Forbidden,
    404: errors.NotFound,
    409: errors.Conflict,
    413: errors.QuotaReached,
}


def refusal(answer: requests.Response) -> errors.CloudError:
    """What an answer of 400 and above is called."""
    status, message = answer.status_code, _message(answer)
    wait = _retry_after(answer)
    if status == 429 or status >= 500 or (status == 413 and _limits(answer, wait)):
        return errors.Unavailable(
            message, status=status, request_id=request_id(answer), retry_after=wait
        )
    kind = _BY_STATUS.get(status, errors.Invalid)
    return kind(message, status=status, request_id=request_id(answer))


def _limits(answer: requests.Response, wait: float | None) -> bool:
    """
    Whether a 413 limits how often one asks, and is not a full quota.

    Source: ID general-api-info/limits.rst, which names the fault `overLimit`.
    """
    return wait is not None or b'"overLimit"' in answer.content[:READ_OF_REFUSAL]


def _message(answer: requests.Response) -> str:
    """
    The service's own words. JSON comes as `{"message"}` or `{kind: {"message"}}`, and a
    Glance asked carelessly answers in HTML.
    """
    text = answer.content[:READ_OF_REFUSAL].decode(errors="replace")
    with suppress(ValueError):
        body = orjson.loads(answer.content)
        inner = [body, *body.values()] if isinstance(body, dict) else []
        said = [each.get("message") for each in inner if isinstance(each, dict)]
        text = next((each for each in said if each and isinstance(each, str)), "")
    return clean(text) or clean(answer.reason or "")


def clean(text: str) -> str:
    """Without markup, on one line, clipped to 300 characters."""
    return " ".join(html.unescape(_NO_TAGS.sub(" ", text[:READ_OF_WORDS])).split())[:300]


def _retry_after(answer: requests.Response) -> float | None:
    """Seconds, from a header that holds seconds or a date; None if it holds neither."""
    value = answer.headers.get("Retry-After", "")
    if value.isascii() and value.isdigit():
        return float(value)
    with suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    return None


_REQUEST_IDS = ("X-Openstack-Request-Id", "X-Compute-Request-Id", "X-Trans-Id")
"""Headers of Glance and most others, of an older Nova, and of Swift."""


def request_id(answer: requests.Response) -> str | None:
    """The service's own id of the call."""
    told = (answer.headers.get(name) for name in _REQUEST_IDS)
    return next((each for each in told if each), None)
