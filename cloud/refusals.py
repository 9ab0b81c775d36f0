"""
Translate foreign errors and HTTP statuses to our errors: the only module that does.

Nothing above this module and `transport` sees an exception of requests or keystoneauth1.
"""

from __future__ import annotations

import html
import logging
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any

import orjson
import requests
from keystoneauth1 import exceptions as ksa
from urllib3.exceptions import ReadTimeoutError

from cloud import errors, tracing
from cloud.asking import LATE
from cloud.bounds import TooLarge
from cloud.pool import LeadsAway
from cloud.secrecy import SHORTEST, SHORTEST_OF_A_LOGIN, without

log = logging.getLogger(__name__)

NO_URL = "the service's address is not a URL"
UNTRUSTED = (
    "the certificate of the service's address is not trusted here; "
    "REQUESTS_CA_BUNDLE names the file of a private authority"
)
NO_BUNDLE = (
    "the file of certificates that REQUESTS_CA_BUNDLE names cannot be read; it must be there and "
    "hold certificates"
)
READ_OF_REFUSAL = 8192
"""Bytes of a refusal that are looked at: some proxies answer with whole web pages."""
WORDS = 300
"""Characters that are kept of a service's words."""
READ_OF_WORDS = 2000
"""Characters of a service's words that are looked at, before anything else is done to them."""
_NO_TAGS = re.compile(r"<[^<>]*>")
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")
LONGEST_ASKED = 3600.0
"""Seconds: the longest that a service may ask us to wait."""
_NONSENSE = (AttributeError, LookupError, TypeError, ValueError, RecursionError)


class named_errors:  # noqa: N801 - reads as a word: `with named_errors():`
    """
    Turn what keystoneauth1 raises while logging in or sending into cloud.errors.

    Args:
        secrets: of a login that is made within, so that the log never has them.
    """

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        self._secrets = secrets

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ksa.HttpError) and error.response is not None:
            raise _login_refusal(error.response, self._secrets) from None
        if isinstance(error, ksa.ClientException):
            raise _named(error) from None
        if isinstance(error, UnicodeError):
            raise errors.Invalid("it has characters that cannot be sent") from None
        if isinstance(error, _NONSENSE):
            # keystoneauth1 reads a login's answer without checking it.
            raise errors.UnexpectedAnswer("the login's answer cannot be read") from error
        if isinstance(error, OSError) and "TLS CA certificate bundle" in str(error):
            raise errors.BadConfiguration(NO_BUNDLE) from None  # it is requests that looks for it


def _named(error: ksa.ClientException) -> errors.CloudError:
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
        if "[X509" in str(error):
            return errors.BadConfiguration(NO_BUNDLE)
        return errors.Unavailable("no secure connection")
    late = isinstance(error, ksa.ConnectTimeout) or _stalled(error)
    return errors.Unavailable(LATE if late else "no connection")


def _stalled(error: Exception) -> bool:
    """An answer that began and did not end in time, which requests calls a ConnectionError."""
    cause = error.__context__
    return cause is not None and any(isinstance(each, ReadTimeoutError) for each in cause.args)


def _login_refusal(answer: requests.Response, secrets: Sequence[str]) -> errors.CloudError:
    """
    What Identity said no to. Its words go to the log only, and without the login's secrets.

    Source: the token pages of Rackspace's Identity v2.0 guide.
    """
    status = answer.status_code
    words = without(_words(answer), secrets, SHORTEST_OF_A_LOGIN)[:WORDS]
    log.info("login refused: %d, request %s: %s", status, request_id(answer), words)
    known: Any = {"status": status, "request_id": request_id(answer), "service": "identity"}
    if status == 404 and "json" not in answer.headers.get("Content-Type", ""):
        return errors.BadConfiguration("no Identity service at auth_url", **known)
    if status in (401, 404):
        if "OS-MF" in answer.headers.get("WWW-Authenticate", ""):
            return errors.MfaRequired("a second factor is asked for", **known)
        return errors.BadCredentials("the login was refused", **known)
    if status == 403:
        return errors.LoginForbidden("the user may not log in", **known)
    # Identity has no quotas; its 413 is a rate limit of logins.
    passing = status in (*_PASSING, 413) or status >= 500
    if passing:
        wait = _retry_after(answer)
        return errors.Unavailable(f"the login was answered by {status}", **known, retry_after=wait)
    return errors.Invalid(f"the login was answered by {status}", **known)


_PASSING = frozenset({408, 425, 429, 498})
"""Statuses below 500 that pass; 498 is how Swift limits us."""
_FAULTS = frozenset({500, 501, 505})
_BY_STATUS: Mapping[int, type[errors.CloudError]] = {
    401: errors.Unauthorized,
    403: errors.Forbidden,
    404: errors.NotFound,
    409: errors.Conflict,
    410: errors.NotFound,
    413: errors.QuotaReached,
}
_QUOTA = re.compile(
    r"quota|over limit|limit (has been )?(exceeded|reached)|exceeds? (the )?(maximum|limit)"
    r"|maximum number of",
    re.IGNORECASE,
)
"""How services speak of a quota that is full, whatever the status. Source: nova/exception.py,
glance/common/exception.py, and container_quotas and account_quotas of swift/common/middleware."""
_CHOICE = re.compile(
    r"more specific|multiple possible|multiple .{0,80} (found|match)", re.IGNORECASE
)
"""How Compute asks for a choice. Source: nova/exception.py, NetworkAmbiguous and NoUniqueMatch."""


def refusal(
    answer: requests.Response, service: str = "", secrets: Sequence[str] = ()
) -> errors.CloudError:
    """
    What an answer of 400 and above is called.

    Args:
        secrets: what the request held that no one may read; its token is known already.
    """
    words = without(_words(answer), [*_sent_secrets(answer), *secrets], SHORTEST)[:WORDS]
    known: Any = {
        "status": answer.status_code,
        "request_id": request_id(answer),
        "service": service,
    }
    wait = _retry_after(answer)
    kind = _kind(answer, words, wait)
    if issubclass(kind, errors.Unavailable):
        return kind(words, **known, retry_after=wait)
    return kind(words, **known)


def _kind(answer: requests.Response, words: str, wait: float | None) -> type[errors.CloudError]:
    """By the status, and by the words where services use one status for what differs."""
    status = answer.status_code
    if status in _FAULTS and answer.request.method not in tracing.SAFE:
        return errors.ServiceFault
    if status in _PASSING or status >= 500:
        return errors.Unavailable
    if status in (403, 413) and _QUOTA.search(words):
        return errors.QuotaReached
    if status == 413 and _limits(answer, wait):
        return errors.Unavailable
    if status == 409 and _CHOICE.search(words):
        return errors.ChoiceNeeded
    return _BY_STATUS.get(status, errors.Invalid)


def _limits(answer: requests.Response, wait: float | None) -> bool:
    """
    Whether a 413 limits how often one asks, and is not a full quota.

    Source: ID general-api-info/limits.rst, which names the fault `overLimit`.
    """
    return wait is not None or b'"overLimit"' in answer.content[:READ_OF_REFUSAL]


def _sent_secrets(answer: requests.Response) -> Iterator[str]:
    """The token, and the keys that are set by headers."""
    for name, value in answer.request.headers.items():
        if name.lower() == "x-auth-token" or name.lower().startswith("x-account-meta-temp-url"):
            yield value.decode(errors="replace") if isinstance(value, bytes) else value


def _words(answer: requests.Response) -> str:
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
    return clean(text, READ_OF_WORDS) or clean(answer.reason or "")


def clean(text: str, most: int = WORDS) -> str:
    """Without markup, on one line, clipped to *most* characters."""
    return " ".join(html.unescape(_NO_TAGS.sub(" ", text[:READ_OF_WORDS])).split())[:most]


def _retry_after(answer: requests.Response) -> float | None:
    """
    Seconds, from a header that holds seconds or a date; None if it holds neither.

    An hour at most: the longest wait that the docs name.
    """
    value = answer.headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(value):
        return min(float(value), LONGEST_ASKED)
    with suppress(ValueError, TypeError, LookupError, OverflowError):
        left = parsedate_to_datetime(value[:64]).timestamp() - time.time()
        return min(max(0.0, left), LONGEST_ASKED)
    return None


_REQUEST_IDS = ("X-Openstack-Request-Id", "X-Compute-Request-Id", "X-Trans-Id")
"""Headers of Glance and most others, of an older Nova, and of Swift."""


def request_id(answer: requests.Response) -> str | None:
    """The service's own id of the call."""
    told = (answer.headers.get(name) for name in _REQUEST_IDS)
    return next((each for each in told if each), None)
