"""The one login of an account, shared by all threads and regions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from keystoneauth1 import exceptions as ksa
from keystoneauth1.plugin import BaseAuthPlugin
from keystoneauth1.session import Session

from cloud import asking, observing
from cloud.access import Access
from cloud.credentials import Credentials
from cloud.errors import Invalid, LoginRefused, Unavailable
from cloud.observing import Call, Observe, ignore
from cloud.pool import Timeout
from cloud.refusals import named_errors

Clock = Callable[[], float]
REFUSED_S = 86_400.0
"""For how long a login that was refused is not tried again: each try counts, and many lock."""


class Login(BaseAuthPlugin):
    """
    Logs in when first needed and when the token ends, for keystoneauth1 and for us.

    What was refused is refused again, without being asked, for REFUSED_S or until `try_again`.
    Threads that need a token at the same moment wait for one login.
    """

    def __init__(
        self,
        credentials: Credentials,
        session: Session,
        timeout_s: Timeout,
        clock: Clock = time.time,
        observe: Observe = ignore,
    ) -> None:
        super().__init__()
        self._observe = observe
        self.cloud = urlsplit(credentials.token_url).hostname or ""
        credentials.plugin()  # fail now if it cannot be made
        self._credentials = credentials
        self._session = session
        self._timeout_s = timeout_s
        self._clock = clock
        self._lock = threading.Lock()
        self._access: Access | None = None
        self._refusal: LoginRefused | Invalid | None = None
        self._refused_until = 0.0

    def access(self) -> Access:
        """
        Raises:
            cloud.errors.LoginRefused, Invalid: now, or within the last day.

            cloud.errors.CloudError: Identity does not answer, or its answer cannot be read.
        """
        with self._turn():
            if self._refusal is not None and self._clock() < self._refused_until:
                raise _again(self._refusal)
            if self._access is None or self._access.ends_at <= self._clock():
                self._access = self._log_in()
            return self._access

    def try_again(self) -> None:
        """Forget that it was refused: somebody says that it should work now."""
        self._refusal = None

    def get_token(self, session: Session, **_: Any) -> str:  # noqa: ARG002
        """For keystoneauth1. The thread keeps in mind which token it was given."""
        _given.token = self.access().token
        return str(_given.token)

    def invalidate(self) -> bool:
        """
        For keystoneauth1, whose caller's token was refused.

        Of several threads with one old token the first one drops it, and the others find a new
        one.
        """
        with self._turn():
            if self._access is not None and self._access.token == getattr(_given, "token", None):
                self._access = None
        return True

    def revoke(self) -> None:
        """End the token, if there is one. What no longer works need not be revoked."""
        access, self._access = self._access, None
        if access is None:
            return
        headers = {"X-Auth-Token": access.token, "X-Subject-Token": access.token}
        with suppress(ksa.ClientException):
            self._session.request(
                self._credentials.token_url,
                "DELETE",
                headers=headers,
                authenticated=False,
                timeout=self._timeout_s,
                log=False,
            )

    def _log_in(self) -> Access:
        asking.check()
        seen = Call("identity", self.cloud, "", observing.LOGIN, observing.OK, 0.0)
        try:
            with (
                observing.observed(self._observe, seen),
                named_errors(self._credentials.secrets),
            ):
                told = self._credentials.plugin().get_access(self._session)
                return Access.of(told, self._clock(), self._credentials.interface)
        except (LoginRefused, Invalid) as error:
            self._refusal, self._refused_until = error, self._clock() + REFUSED_S
            raise

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One thread at a time; the others wait as long as an answer may take, and no longer."""
        if not self._lock.acquire(timeout=max(0.0, min(asking.left(), sum(self._timeout_s)))):
            raise Unavailable(asking.LATE)
        try:
            yield
        finally:
            self._lock.release()


_given = threading.local()


def _again(error: LoginRefused | Invalid) -> LoginRefused | Invalid:
    """A new one: an exception that several threads raise collects the traces of all."""
    return type(error)(
        error.message, status=error.status, request_id=error.request_id, service=error.service
    )
