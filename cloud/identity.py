"""The logged-in connection of an account, and all connections of a process."""

from __future__ import annotations

import re
import threading
import time

import requests
from cachetools import LRUCache
from keystoneauth1.session import Session

from cloud import compute, errors, networking, object_store
from cloud.access import Access
from cloud.capabilities import Capabilities, discover
from cloud.compute import Compute
from cloud.credentials import Credentials
from cloud.images import Images
from cloud.login import Clock, Login
from cloud.networking import Networking
from cloud.object_store import ObjectStore
from cloud.observing import Observe, ignore
from cloud.pool import Timeout, pooled
from cloud.tasks import Tasks
from cloud.transport import Sleep, Transport, repeated

SERVICE = "image"
"""The catalog's type of the service. (`cloudImages`, on Rackspace's page, is its name.)"""
CAPABLE_S = 3600.0
"""For how long it is remembered what a region can do."""
POOL = 32
"""Connections kept open to one host."""
LOGINS = 200_000
"""
Kept at most, about 5 KB each where there are six regions. Who was longest without a call logs in
again at the next.
"""


class Connection:
    """
    One account as it is logged in, for all its regions.

    Thread-safe, and to be kept: the token serves all calls until it expires, and a login that
    was refused is not retried for a day.
    """

    def __init__(
        self,
        login: Login,
        session: Session,
        timeout_s: Timeout,
        sleep: Sleep,
        observe: Observe = ignore,
    ) -> None:
        self._login = login
        self._observe = observe
        self._session = session
        self._timeout_s = timeout_s
        self._sleep = sleep
        self._capabilities: dict[str, tuple[float, Capabilities]] = {}
        self._digests: dict[str, str] = {}

    @property
    def project_id(self) -> str:
        """The account number."""
        return self._access().project_id

    @property
    def project_name(self) -> str:
        return self._access().project_name

    @property
    def user_name(self) -> str:
        return self._access().user_name

    @property
    def roles(self) -> tuple[str, ...]:
        """Names of the login's roles, by which it can be told what it may do."""
        return self._access().roles

    @property
    def regions(self) -> tuple[str, ...]:
        """Those in which the account's catalog has an image service."""
        return tuple(sorted(self._image_urls()))

    def images(self, region: str) -> Images:
        """
        Raises:
            cloud.errors.NoSuchRegion: the catalog has no image service there.

            cloud.errors.LoginRefused, Unavailable: on logging in.
        """
        return Images(region, self.project_id, self._image_service(region))

    def tasks(self, region: str) -> Tasks:
        """Raises as images."""
        return Tasks(region, self._image_service(region))

    def object_store(self, region: str) -> ObjectStore:
        """
        Raises:
            cloud.errors.NoSuchService: the catalog has no object store there.
        """
        url = self._url(object_store.SERVICE, region)
        transport = self._transport(object_store.SERVICE, url, region)
        return ObjectStore(region, url, transport, self._digests)

    def compute(self, region: str) -> Compute:
        """
        Raises:
            cloud.errors.NoSuchService: the catalog has no compute service there.
        """
        url = self._url(compute.SERVICE, region)
        return Compute(region, self._transport(compute.SERVICE, url, region))

    def networking(self, region: str) -> Networking:
        """
        Raises:
            cloud.errors.NoSuchService: the catalog has no networking service there.
        """
        url = self._url(networking.SERVICE, region)
        versioned = url if _VERSION.fullmatch(url.rpartition("/")[2]) else f"{url}/v2.0"
        transport = self._transport(networking.SERVICE, versioned, region)
        return Networking(region, self.project_id, transport)

    def capabilities(self, region: str) -> Capabilities:
        """
        What this account can do there. Asked once an hour; of several threads all may ask.

        Raises:
            cloud.errors.CloudError: as images.
        """
        until, known = self._capabilities.get(region, (0.0, None))
        if known is None or until < time.monotonic():
            has = self._access().endpoints
            known = discover(
                self.images(region),
                self.tasks(region),
                object_store=region in has.get(object_store.SERVICE, ()),
                compute=region in has.get(compute.SERVICE, ()),
            )
            self._capabilities[region] = (time.monotonic() + CAPABLE_S, known)
        return known

    def try_again(self) -> None:
        """Log in at the next call, also if that was refused within the last day."""
        self._login.try_again()

    def revoke(self) -> None:
        """End the token, if there is one. What no longer works need not be revoked."""
        self._login.revoke()

    def _access(self) -> Access:
        return repeated(self._login.access, "logging in", self._sleep)

    def _image_service(self, region: str) -> Transport:
        urls = self._image_urls()
        if region not in urls:
            raise errors.NoSuchRegion(region, tuple(sorted(urls)))
        return self._transport(SERVICE, _versioned(urls[region]), region)

    def _image_urls(self) -> dict[str, str]:
        urls = dict(self._access().endpoints.get(SERVICE, {}))
        if not urls:
            raise errors.NoImageService("the service catalog has no image service")
        return urls

    def _url(self, service: str, region: str) -> str:
        urls = self._access().endpoints.get(service, {})
        if region not in urls:
            raise errors.NoSuchService(service, region)
        return urls[region].rstrip("/")

    def _transport(self, service: str, url: str, region: str) -> Transport:
        return Transport(
            self._session,
            self._login,
            url,
            self._timeout_s,
            self._sleep,
            service,
            self._login.cloud,
            region,
            self._observe,
        )


class Clouds:
    """
    All connections of a process over one pool of HTTP connections. Thread-safe.

    Args:
        timeout_s: seconds to wait for a connection, and for an answer as a whole.

        pool: connections kept open to one host.

        logins: kept at most.

        sleep: pauses before a request is repeated.

        clock: the time, in seconds since 1970.

        observe: called after each call.
    """

    def __init__(
        self,
        timeout_s: Timeout = (5.0, 60.0),
        pool: int = POOL,
        *,
        logins: int = LOGINS,
        sleep: Sleep = time.sleep,
        clock: Clock = time.time,
        observe: Observe = ignore,
    ) -> None:
        self._observe = observe
        self._http = pooled(timeout_s, pool)
        self._session = _session(self._http)
        self._timeout_s = timeout_s
        self._sleep = sleep
        self._clock = clock
        self._connections: LRUCache[str, Connection] = LRUCache(logins)
        self._lock = threading.Lock()

    def connect(self, credentials: Credentials) -> Connection:
        """The connection of these credentials; always the same, so that its token is kept."""
        key = credentials.key
        with self._lock:
            if key not in self._connections:
                login = Login(
                    credentials, self._session, self._timeout_s, self._clock, self._observe
                )
                self._connections[key] = Connection(
                    login, self._session, self._timeout_s, self._sleep, self._observe
                )
            return self._connections[key]

    def forget(self, credentials: Credentials) -> None:
        """End the token of these credentials, and keep nothing of them."""
        with self._lock:
            known = self._connections.pop(credentials.key, None)
        if known:
            known.revoke()

    def close(self) -> None:
        self._http.close()


def _session(http: requests.Session) -> Session:
    """One for all accounts: it keeps nothing of any."""
    return Session(session=http, user_agent="cloud-images-bot")


_VERSION = re.compile(r"v[0-9]+(\.[0-9]+)?")


def _versioned(url: str) -> str:
    """
    The endpoint with its version, which is 2.

    Catalogs say `…/v2`, `…/v2/`, `…/v2/<tenant>`, none, or one that this API no longer has.
    """
    parts = url.rstrip("/").split("/")
    for place in range(3, len(parts)):
        if _VERSION.fullmatch(parts[place]):
            parts[place] = "v2"
            return "/".join(parts)
    return "/".join([*parts, "v2"])
