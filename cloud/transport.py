"""Send one call to a service of the cloud, retry it if that is safe, and translate its errors."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import requests
from keystoneauth1.plugin import BaseAuthPlugin
from keystoneauth1.session import Session

from cloud import asking, errors, observing, reference, tracing
from cloud.asking import LATE
from cloud.bodies import decoded
from cloud.observing import Call, Observe, ignore
from cloud.pool import Timeout
from cloud.refusals import named_errors, refusal, request_id
from cloud.streams import PLAIN, Download, Upload

log = logging.getLogger(__name__)

TRIES = 4
"""How often a safe request is sent in all."""
LONGEST_WAIT = 20.0
"""Seconds: the longest pause before a retry. For a longer one, the error says how long."""
Sleep = Callable[[float], None]
Params = Sequence[tuple[str, str]]
Headers = Mapping[str, str]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Transport:
    """Calls one endpoint as one account."""

    session: Session
    auth: BaseAuthPlugin
    base_url: str
    timeout_s: Timeout
    sleep: Sleep = field(default=time.sleep, repr=False)
    service: str = "image"
    """Its type in the catalog."""
    cloud: str = ""
    """The host of its Identity service."""
    region: str = ""
    observe: Observe = field(default=ignore, repr=False)
    """Called after each call."""

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: Any = None,
        content_type: str = "application/json",
    ) -> Any:
        """
        Send one request and return its decoded JSON; None for an empty answer.

        A GET is repeated after a connection error, 408, 429, 502, 503, 504, and a 413 that is a
        limit, at most TRIES times in all; not after a timeout, which was wait enough. A change
        is sent once: its outcome may be unknown.

        Raises:
            cloud.errors.CloudError: one of its subclasses; see there.
        """
        return decoded(self.ask(method, path, params=params, body=body, content_type=content_type))

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: Any = None,
        content_type: str = "application/json",
        headers: Headers | None = None,
        secrets: Sequence[str] = (),
    ) -> requests.Response:
        """
        As call, with the whole answer: for those that speak in headers.

        Args:
            secrets: what of the request no error may tell.
        """
        with named_errors():
            # Not escaped: half a surrogate pair is refused here, and not stored by the service.
            data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        typed = {} if data is None else {"Content-Type": content_type}
        sent = {"Accept": "application/json", **typed, **(headers or {})}
        send = partial(self._once, method, path, params, data, sent, secrets)
        return repeated(send, f"{method} {path}", self.sleep) if method in tracing.SAFE else send()

    @contextmanager
    def download(self, path: str, offset: int = 0, *, stored: bool = False) -> Iterator[Download]:
        """
        The bytes that an address holds, from *offset* on, as they come.

        Args:
            stored: as Download.

        Raises:
            cloud.errors.CloudError: also while the bytes come, if they end too soon.
        """
        headers = {**PLAIN, **({"Range": f"bytes={offset}-"} if offset else {})}
        send = partial(self._once, "GET", path, None, None, headers, (), stream=True)
        answer = repeated(send, f"GET {path}", self.sleep)
        try:
            yield Download(answer, offset, stored=stored)
        finally:
            answer.close()

    def upload(
        self, path: str, chunks: Iterable[bytes], size: int, headers: Headers
    ) -> requests.Response:
        """
        Send *size* bytes as they are given, once: what was given cannot be given again.

        The token was to be tried just before, by a smaller request.
        """
        return self._once("PUT", path, None, Upload(chunks, size), headers, (), allow_reauth=False)

    def _once(
        self,
        method: str,
        path: str,
        params: Params | None,
        data: bytes | Upload | None,
        headers: Headers,
        secrets: Sequence[str],
        **how: Any,
    ) -> requests.Response:
        """keystoneauth1 logs in again after a 401, and sends once more: it has done nothing."""
        asking.check()
        started = time.monotonic()
        operation = observing.operation(self.service, method, path)
        seen = Call(self.service, self.cloud, self.region, operation, observing.OK, 0.0)
        with observing.observed(self.observe, seen):
            with named_errors():
                answer = self.session.request(
                    self.base_url + path,
                    method,
                    auth=self.auth,
                    params=params,
                    data=data,
                    headers={**reference.headers(self.service), **headers},
                    timeout=self.timeout_s,
                    raise_exc=False,
                    log=False,
                    **how,
                )
            _record(seen, method, path, answer, time.monotonic() - started)
            if answer.status_code >= 400:
                raise refusal(answer, self.service, secrets)
        return answer


def repeated(send: Callable[[], _T], what: str, sleep: Sleep) -> _T:
    """
    What *send* returns; begun again, TRIES times at most, when the cloud is down or limits us.

    For what changes nothing. *what* it is goes to the log.
    """
    attempt = 1
    while True:
        try:
            return send()
        except errors.Unavailable as error:
            pause = _pause(error, attempt)
            if attempt == TRIES or pause is None:
                raise
            log.info("%s: %s; retry in %.1f s", what, error, pause)
        sleep(pause)
        attempt += 1


_REPEATED = (None, 408, 413, 425, 429, 498, 502, 503, 504)


def _pause(error: errors.Unavailable, attempt: int) -> float | None:
    """Seconds before the next try; None if there should be none."""
    if error.status not in _REPEATED or error.message == LATE:
        return None
    asked = error.retry_after
    pause: float = asked if asked is not None else 0.25 * 2**attempt
    return pause if pause <= min(LONGEST_WAIT, asking.left()) else None


def _record(seen: Call, method: str, path: str, answer: requests.Response, seconds: float) -> None:
    """
    Log what happened: no headers, no bodies, no query.

    Changes are always logged, so that the service's own id of each is next to our reference.
    """
    theirs = request_id(answer)
    tracing.note(method, theirs)
    told = {"service": seen.service, "region": seen.region, "request": theirs or ""}
    log.log(
        logging.DEBUG if method in tracing.SAFE else logging.INFO,
        "%s %s: %d in %.3f s, request %s",
        *(method, path, answer.status_code, seconds, theirs),
        extra={"fields": {**told, "status": answer.status_code}},
    )
