"""Accounts from clouds.yaml, in its standard form and places. Only linking needs this."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloud.credentials import AuthType, Credentials
from cloud.errors import BadConfiguration

_OPTIONS: Mapping[AuthType, frozenset[str]] = {
    AuthType.RACKSPACE_API_KEY: frozenset({"username", "api_key", "tenant_id", "tenant_name"}),
    AuthType.V2_PASSWORD: frozenset({"username", "password", "tenant_id", "tenant_name"}),
    AuthType.V3_PASSWORD: frozenset(
        {
            *("username", "user_id", "password", "user_domain_id", "user_domain_name"),
            *("project_id", "project_name", "project_domain_id", "project_domain_name"),
        }
    ),
    AuthType.V3_APPLICATION_CREDENTIAL: frozenset(
        {
            *("application_credential_id", "application_credential_name"),
            *("application_credential_secret", "username", "user_id"),
            *("user_domain_id", "user_domain_name"),
        }
    ),
}
_NEEDED: Mapping[AuthType, tuple[str, ...]] = {
    AuthType.RACKSPACE_API_KEY: ("username", "api_key"),
    AuthType.V2_PASSWORD: ("username", "password"),
    AuthType.V3_PASSWORD: ("password",),
    AuthType.V3_APPLICATION_CREDENTIAL: ("application_credential_secret",),
}
_V2_NAMES = {"project_id": "tenant_id", "project_name": "tenant_name"}


@dataclass(frozen=True)
class CloudEntry:
    """One entry of clouds.yaml."""

    name: str
    credentials: Credentials
    regions: tuple[str, ...]
    """As the file lists them; empty if it does not."""
    region: str | None
    """`region_name`: the one region to work in."""


def names() -> tuple[str, ...]:
    """The entries there are."""
    return _names(_configuration())


def load(name: str) -> CloudEntry:
    """
    An entry of clouds.yaml, with secure.yaml and vendor profiles applied.

    `verify` and `cacert` are not read: no certificate goes unchecked, and a private authority's
    is named by REQUESTS_CA_BUNDLE, for all clouds.

    Raises:
        cloud.errors.BadConfiguration: no such file or entry, or a login we cannot make. The
            message names what is wrong, never a secret.

    Source: openstacksdk, doc/source/user/config/configuration.rst
    """
    configuration = _configuration()
    known = _names(configuration)
    if name not in known:
        raise BadConfiguration(_unknown(name, known, configuration))
    entry = configuration.cloud_config["clouds"][name]
    if not isinstance(entry, Mapping):
        raise BadConfiguration(f"cloud {name!r} has no settings under its name")
    credentials = _credentials(name, _settings(name, configuration))
    return CloudEntry(name, credentials, _regions(entry), entry.get("region_name") or None)


def _names(configuration: Any) -> tuple[str, ...]:
    """Without the entry that openstacksdk makes of OS_USERNAME and its like."""
    return tuple(sorted(set(configuration.get_cloud_names()) - {configuration.envvar_key}))


def _configuration() -> Any:
    # Imported here: it costs every other start 0.3 s and 15 MB.
    from openstack.config import OpenStackConfig
    from openstack.exceptions import ConfigException
    from yaml import YAMLError

    try:
        return OpenStackConfig(app_name="cloud-images-bot")
    except YAMLError as error:
        # Its text shows the line, and with it perhaps a password.
        place = getattr(error, "problem_mark", None)
        where = f" at line {place.line + 1} of {place.name}" if place else ""
        raise BadConfiguration(f"clouds.yaml is not YAML{where}") from None
    except ConfigException as error:
        raise BadConfiguration(f"clouds.yaml cannot be read: {error}") from error
    except (AttributeError, TypeError) as error:
        raise BadConfiguration(
            "clouds.yaml must hold `clouds:`, and under it a name each"
        ) from error


def _settings(name: str, configuration: Any) -> Mapping[str, Any]:
    from openstack.exceptions import ConfigException

    try:
        with warnings.catch_warnings():
            # One about InfluxDB is always given, and what an unknown profile lacks we miss below.
            warnings.simplefilter("ignore")
            settings: Mapping[str, Any] = configuration.get_one(cloud=name, validate=False).config
    except ConfigException as error:
        raise BadConfiguration(f"cloud {name!r}: {error}") from error
    return settings


def _unknown(name: str, known: tuple[str, ...], configuration: Any) -> str:
    if not configuration.config_filename:
        return (
            "no clouds.yaml was found: put one in this folder, in ~/.config/openstack or in "
            "/etc/openstack, or name it in OS_CLIENT_CONFIG_FILE"
        )
    return f"{configuration.config_filename} has no cloud {name!r}; it has {', '.join(known)}"


def _regions(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """`regions` lists names, or mappings with a name and settings of their own."""
    return tuple(
        str(each["name"] if isinstance(each, Mapping) else each)
        for each in entry.get("regions") or ()
    )


def _credentials(name: str, settings: Mapping[str, Any]) -> Credentials:
    auth = {key: str(value) for key, value in (settings.get("auth") or {}).items() if value}
    auth_url = auth.pop("auth_url", "")
    if not auth_url:
        raise BadConfiguration(f"cloud {name!r} has no auth_url")
    kind = _kind(name, settings, auth, auth_url)
    if kind in (AuthType.RACKSPACE_API_KEY, AuthType.V2_PASSWORD):
        auth = {_V2_NAMES.get(key, key): value for key, value in auth.items()}
    options = {key: value for key, value in auth.items() if key in _OPTIONS[kind]}
    if lacking := [key for key in _NEEDED[kind] if key not in options]:
        raise BadConfiguration(f"cloud {name!r} logs in by {kind} and has no {lacking[0]}")
    credentials = Credentials(kind, auth_url, options)
    credentials.plugin()
    return credentials


def _kind(
    name: str, settings: Mapping[str, Any], auth: Mapping[str, str], auth_url: str
) -> AuthType:
    """What `auth_type` says; `password` and `apiKey` are read by the address's version."""
    said = str(settings.get("auth_type") or "password").lower()
    if said == "password":
        said = "v2password" if "/v2" in auth_url else "v3password"
    if said in ("v3password", "v2password") and "api_key" in auth:
        said = "rackspace_apikey"
    try:
        return AuthType(said)
    except ValueError as error:
        raise BadConfiguration(
            f"cloud {name!r} logs in by {said!r}; this bot knows {', '.join(AuthType)}"
        ) from error
