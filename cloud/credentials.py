"""Credentials: a way to log in, and the plugin of keystoneauth1 that does it."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from keystoneauth1.identity import v2, v3
from keystoneauth1.identity.base import BaseIdentityPlugin

from cloud.errors import BadConfiguration

PUBLIC = "public"


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
        """The identity of this login among others; needed to keep the token."""
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
    interface: str = PUBLIC
    """Which of a catalog's addresses are used: `public`, `internal` or `admin`."""

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        return cls(
            AuthType(body["auth_type"]),
            body["auth_url"],
            dict(body["options"]),
            body.get("interface", PUBLIC),
        )

    def to_json(self) -> dict[str, Any]:
        """For a vault; holds the secrets."""
        said = {
            "auth_type": self.auth_type.value,
            "auth_url": self.auth_url,
            "options": dict(self.options),
        }
        return said if self.interface == PUBLIC else {**said, "interface": self.interface}

    @property
    def key(self) -> str:
        """The same for the same login, in whatever order its options are."""
        return json.dumps(self.to_json(), sort_keys=True)

    @property
    def secrets(self) -> Sequence[str]:
        """The secret options."""
        return [self.options[name] for name in SECRETS if name in self.options]

    @property
    def token_url(self) -> str:
        """Where keystoneauth1 logs in, which adds a version that auth_url does not have."""
        base = self.auth_url.rstrip("/")
        if not self.auth_type.startswith("v3"):
            return f"{base}/tokens"
        return f"{base}/auth/tokens" if base.endswith("v3") else f"{base}/v3/auth/tokens"

    def knows(self, secret: str) -> bool:
        """Whether that is the secret of this login. Takes as long whatever is wrong with it."""
        return any(hmac.compare_digest(each.encode(), secret.encode()) for each in self.secrets)

    @property
    def secret_name(self) -> str:
        """What people call the secret of this login."""
        return next((SECRETS[name] for name in SECRETS if name in self.options), "secret")

    def plugin(self) -> BaseIdentityPlugin:
        """
        Raises:
            cloud.BadConfiguration: options that this kind of login does not know.
        """
        try:
            return _PLUGINS[self.auth_type](self.auth_url, **self.options)
        except TypeError as error:
            raise BadConfiguration(
                f"{self.auth_type} cannot be made from {', '.join(sorted(self.options))}"
            ) from error
