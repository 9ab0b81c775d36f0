"""Who acts: credentials, and the logged-in connection that they open."""

from __future__ import annotations

import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

import requests
from cachetools import LRUCache, TTLCache
from keystoneauth1 import exceptions as ksa
from keystoneauth1.access import AccessInfo
from keystoneauth1.identity import v2, v3
from keystoneauth1.identity.base import BaseIdentityPlugin
from keystoneauth1.session import Session

from cloud import asking, compute, errors, object_store
from cloud.capabilities import Capabilities, discover
from cloud.compute import Compute
from cloud.images import Images
from cloud.object_store import ObjectStore
from cloud.pool import Timeout, pooled
from cloud.refusals import named_errors
from cloud.tasks import Tasks
from cloud.transport import Sleep, Transport, repeated

SERVICE = "image"
"""The catalog's type of the service. (`cloudImages`, on Rackspace's page, is its name.)"""
REGIONS = 100
CAPABLE_S = 3600.0
"""For how long it is remembered what a region can do, and of how many regions at most."""
POOL = 32
"""Connections kept open to one host."""
LOGINS = 20_000
"""Kept at most, about 17 KB each. Who was longest without a call logs in again at the next."""


class AuthType(StrEnum):
    """How to log in, as clouds.yaml names it."""

    RACKSPACE_API_KEY = "rackspace_apikey"
    V2_PASSWORD = "v2password"  # noqa: S105 - a kind, no password
    V3_PASSWORD = "v3password"  # noqa: S105
    V3_APPLICATION_CREDENTIAL = "v3applicationcredential"


class RackspaceApiKey(v2.Auth):
    """
    Identity v2.0 with a user name and an API key.

    Source: ID api-reference, post-authenticate-as-user-with-password-or-api-key.
    """

    def __init__(self, auth_url: str, username: str, api_key: str, **options: Any) -> None:
        super().__init__(auth_url, **options)
        self.username = username
        self.api_key = api_key

    def get_auth_data(self, headers: Any = None) -> dict[str, Any]:  # noqa: ARG002
        return {"RAX-KSKEY:apiKeyCredentials": {"username": self.username, "apiKey": self.api_key}}

    def get_cache_id_elements(self) -> dict[str, str | None]:
        """What tells this login from another; needed to keep the token."""
        return {
            "auth_url": self.auth_url,
            "username": self.username,
            "api_key": self.api_key,
            "tenant_id": self.tenant_id,
            "tenant_name": self.tenant_name,
        }


_PLUGINS: Mapping[AuthType, Callable[..., BaseIdentityPlugin]] = {
    AuthType.RACKSPACE_API_KEY: RackspaceApiKey,
    AuthType.V2_PASSWORD: v2.Password,
    AuthType.V3_PASSWORD: v3.Password,
    AuthType.V3_APPLICATION_CREDENTIAL: v3.ApplicationCredential,
}


SECRETS: Mapping[str, str] = {
    "api_key": "API key",
    "password": "password",
    "application_credential_secret": "application credential secret",
}
"""Of the options: those that nobody else knows, and what people call them."""


@dataclass(frozen=True)
class Credentials:
    """A way to log in. Only the kind and the place are ever shown."""

    auth_type: AuthType
    auth_url: str
    options: Mapping[str, str] = field(repr=False)
    """keystoneauth1's names: username, password, api_key, project_id, …"""

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        return cls(AuthType(body["auth_type"]), body["auth_url"], dict(body["options"]))

    def to_json(self) -> dict[str, Any]:
        """For a vault; holds the secrets."""
        return {
            "auth_type": self.auth_type.value,
            "auth_url": self.auth_url,
            "options": dict(self.options),
        }

    def knows(self, secret: str) -> bool:
        """Whether that is the secret of this login. Takes as long whatever is wrong with it."""
        held = [self.options[name].encode() for name in SECRETS if name in self.options]
        return any(hmac.compare_digest(each, secret.encode()) for each in held)

    @property
    def secrets(self) -> Sequence[str]:
        """What of the options nobody may read."""
        return [self.options[name] for name in SECRETS if name in self.options]

    @property
    def secret_name(self) -> str:
        """What people call the secret of this login."""
        return next((SECRETS[name] for name in SECRETS if name in self.options), "secret")

    def plugin(self) -> BaseIdentityPlugin:
        """
        Raises:
            cloud.errors.BadConfiguration: options that this kind of login does not know.
        """
        try:
            return _PLUGINS[self.auth_type](self.auth_url, **self.options)
        except TypeError as error:
            raise errors.BadConfiguration(
                f"{self.auth_type} cannot be made from {', '.join(sorted(self.options))}"
            ) from error


class Connection:
    """
    One account as it is logged in. Logs in when first needed, and again on a 401.

    Thread-safe, and to be kept: the token serves all calls until it expires.
    """

    def __init__(
        self,
        credentials: Credentials,
        http: requests.Session,
        timeout_s: Timeout,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._auth = credentials.plugin()
        self._secrets = credentials.secrets
        self._session = Session(session=http, user_agent="cloud-images-bot")
        self._timeout_s = timeout_s
        self._sleep = sleep
        self._capabilities: TTLCache[str, Capabilities] = TTLCache(REGIONS, CAPABLE_S)
        self._lock = threading.Lock()

    @property
    def project_id(self) -> str:
        """The account number."""
        return self._access().project_id or ""

    @property
    def project_name(self) -> str:
        return self._access().project_name or ""

    @property
    def user_name(self) -> str:
        return self._access().username or ""

    @property
    def roles(self) -> tuple[str, ...]:
        """Names of the login's roles, by which it can be told what it may do."""
        return tuple(sorted(self._access().role_names or ()))

    @property
    def regions(self) -> tuple[str, ...]:
        """Those in which the account's catalog has an image service."""
        return tuple(sorted(self._endpoints()))

    def images(self, region: str) -> Images:
        """
        Raises:
            cloud.errors.NoSuchRegion: the catalog has no image service there.

            cloud.errors.BadCredentials, MfaRequired, LoginForbidden, Unavailable: on logging in.
        """
        service = self._image_service(region)
        return Images(region, self.project_id, service)

    def tasks(self, region: str) -> Tasks:
        """Raises as images."""
        return Tasks(region, self._image_service(region))

    def object_store(self, region: str) -> ObjectStore:
        """
        Raises:
            cloud.errors.NoSuchService: the catalog has no object store there.
        """
        url = self._service_url(object_store.SERVICE, region)
        return ObjectStore(region, url, self._transport(url, object_store.SERVICE))

    def compute(self, region: str) -> Compute:
        """
        Raises:
            cloud.errors.NoSuchService: the catalog has no compute service there.
        """
        url = self._service_url(compute.SERVICE, region)
        return Compute(region, self._transport(url, compute.SERVICE))

    def capabilities(self, region: str) -> Capabilities:
        """
        What this account can do there. Asked once an hour; of several threads all may ask.

        Raises:
            cloud.errors.CloudError: as images.
        """
        with self._lock:
            known = self._capabilities.get(region)
        if known is None:
            known = discover(
                self.images(region),
                self.tasks(region),
                object_store=region in self._endpoints_of(object_store.SERVICE),
                compute=region in self._endpoints_of(compute.SERVICE),
            )
            with self._lock:
                self._capabilities[region] = known
        return known

    def revoke(self) -> None:
        """End the token, if there is one. What no longer works need not be revoked."""
        access = self._auth.auth_ref
        if access is None:
            return
        self._auth.invalidate()
        with suppress(ksa.ClientException):
            self._session.request(
                _token_url(self._auth),
                "DELETE",
                headers={"X-Auth-Token": access.auth_token, "X-Subject-Token": access.auth_token},
                authenticated=False,
                timeout=self._timeout_s,
                log=False,
            )

    def _access(self) -> AccessInfo:
        return repeated(self._log_in, "logging in", self._sleep)

    def _log_in(self) -> AccessInfo:
        asking.check()
        with named_errors(self._secrets):
            return self._auth.get_access(self._session)

    def _image_service(self, region: str) -> Transport:
        endpoints = self._endpoints()
        if region not in endpoints:
            raise errors.NoSuchRegion(region, tuple(sorted(endpoints)))
        return self._transport(_versioned(endpoints[region]))

    def _service_url(self, service: str, region: str) -> str:
        endpoints = self._endpoints_of(service)
        if region not in endpoints:
            raise errors.NoSuchService(service, region)
        return endpoints[region].rstrip("/")

    def _transport(self, url: str, service: str = SERVICE) -> Transport:
        return Transport(self._session, self._auth, url, self._timeout_s, self._sleep, service)

    def _endpoints(self) -> dict[str, str]:
        """Public image endpoint of each region."""
        endpoints = self._endpoints_of(SERVICE)
        if not endpoints:
            raise errors.NoImageService("the service catalog has no image service")
        return endpoints

    def _endpoints_of(self, service: str) -> dict[str, str]:
        access = self._access()
        with named_errors():
            found = access.service_catalog.get_endpoints(service_type=service, interface="public")
        return {
            str(e.get("region") or e.get("region_id")): str(e.get("publicURL") or e.get("url"))
            for each in found.values()
            for e in each or ()
            if e
        }


class Clouds:
    """
    All connections of a process over one pool of HTTP connections. Thread-safe.

    Args:
        timeout_s: seconds to wait for a connection, and for an answer as a whole.

        pool: connections kept open to one host.

        logins: kept at most.

        sleep: pauses before a request is repeated.
    """

    def __init__(
        self,
        timeout_s: Timeout = (5.0, 60.0),
        pool: int = POOL,
        *,
        logins: int = LOGINS,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._http = pooled(timeout_s, pool)
        self._timeout_s = timeout_s
        self._sleep = sleep
        self._connections: LRUCache[str, Connection] = LRUCache(logins)
        self._lock = threading.Lock()

    def connect(self, credentials: Credentials) -> Connection:
        """The connection of these credentials; always the same, so that its token is kept."""
        key = _key(credentials)
        with self._lock:
            if key not in self._connections:
                self._connections[key] = Connection(
                    credentials, self._http, self._timeout_s, self._sleep
                )
            return self._connections[key]

    def forget(self, credentials: Credentials) -> None:
        """End the token of these credentials, and keep nothing of them."""
        with self._lock:
            known = self._connections.pop(_key(credentials), None)
        if known:
            known.revoke()

    def close(self) -> None:
        self._http.close()


def _key(credentials: Credentials) -> str:
    return json.dumps(credentials.to_json(), sort_keys=True)


def _versioned(url: str) -> str:
    """The endpoint with its version: catalogs say `…/v2`, `…/v2/`, `…/v2/<tenant>` or none."""
    trimmed = url.rstrip("/")
    return trimmed if "v2" in trimmed.split("/")[3:] else f"{trimmed}/v2"


def _token_url(auth: BaseIdentityPlugin) -> str:
    """Where keystoneauth1 logs in, which adds a version that auth_url does not have."""
    base = str(auth.auth_url).rstrip("/")
    if isinstance(auth, v3.base.BaseAuth):
        return f"{base}/auth/tokens" if base.endswith("v3") else f"{base}/v3/auth/tokens"
    return f"{base}/tokens"
