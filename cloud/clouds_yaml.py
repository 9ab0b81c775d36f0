"""
Accounts from clouds.yaml, in its standard form and places. Only linking needs this.

openstacksdk reads the file and settles what its options mean. What of that we cannot do is refused
by the name of its option: never is another project or address used than openstacksdk would.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from cloud.credentials import PUBLIC, AuthType, Credentials
from cloud.errors import BadConfiguration

_DOMAINS = ("user_domain_id", "user_domain_name", "project_domain_id", "project_domain_name")
_OPTIONS: Mapping[AuthType, frozenset[str]] = {
    AuthType.RACKSPACE_API_KEY: frozenset({"username", "api_key", "tenant_id", "tenant_name"}),
    AuthType.V2_PASSWORD: frozenset(
        {"username", "user_id", "password", "tenant_id", "tenant_name", "trust_id"}
    ),
    AuthType.V3_PASSWORD: frozenset(
        {
            *("username", "user_id", "password", "project_id", "project_name", "trust_id"),
            *_DOMAINS,
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
    AuthType.V2_PASSWORD: ("password",),
    AuthType.V3_PASSWORD: ("password",),
    AuthType.V3_APPLICATION_CREDENTIAL: ("application_credential_secret",),
}
_V2_NAMES = {"project_id": "tenant_id", "project_name": "tenant_name"}
_SCOPES = {
    "system_scope": "a login for the whole system has no images",
    "domain_id": "a login for a domain has no images; name a project",
    "domain_name": "a login for a domain has no images; name a project",
}
_SERVICES = ("image", "compute", "object_store", "identity")
_INTERFACES = (PUBLIC, "internal", "admin")
_ODD = (AttributeError, LookupError, TypeError, ValueError)
"""Errors of openstacksdk for settings of an unexpected shape."""


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


def load(name: str, region: str | None = None) -> CloudEntry:
    """
    An entry of clouds.yaml, with secure.yaml and vendor profiles applied.

    Args:
        region: the one that is meant, where each has settings of its own.

    Raises:
        cloud.errors.BadConfiguration: no such file or entry, or a login we cannot make. The
            message names the option that is wrong, never a secret.

    Source: openstacksdk, doc/source/user/config/configuration.rst
    """
    configuration = _configuration()
    known = _names(configuration)
    if name not in known:
        raise BadConfiguration(_unknown(name, known, configuration))
    entry = _entry(name, configuration.cloud_config["clouds"][name])
    regions = _regions(name, entry.get("regions"))
    return CloudEntry(
        name, _one(name, configuration, regions, region), regions, entry.get("region_name") or None
    )


def _one(name: str, configuration: Any, regions: Sequence[str], region: str | None) -> Credentials:
    """The credentials for *region*, or for all regions if they have the same."""
    if region in regions:
        return _credentials(name, configuration, region)
    first, *others = [_credentials(name, configuration, each) for each in regions or (None,)]
    if any(each != first for each in others):
        raise _wrong(name, "regions", "they log in differently; link one of them with --region")
    return first


def _names(configuration: Any) -> tuple[str, ...]:
    """Without the entry that openstacksdk makes of OS_USERNAME and its like."""
    return tuple(
        sorted(map(str, set(configuration.get_cloud_names()) - {configuration.envvar_key}))
    )


def _configuration() -> Any:
    # Imported here: it costs every other start 0.3 s and 15 MB.
    from openstack.config import OpenStackConfig
    from openstack.exceptions import ConfigException

    class Strict(OpenStackConfig):
        """It would skip a file that cannot be read, and log the line, perhaps with a password."""

        def _load_yaml_json_file(self, filelist: list[str]) -> Any:
            for path in filelist:
                _must_be_readable(Path(path))
            return super()._load_yaml_json_file(filelist)

    try:
        return Strict(app_name="cloud-images-bot")
    except ConfigException as error:
        raise BadConfiguration(f"clouds.yaml cannot be read: {error}") from error
    except _ODD as error:
        raise BadConfiguration(
            "clouds.yaml must hold `clouds:`, and under it a name each"
        ) from error


def _must_be_readable(path: Path) -> None:
    from yaml import YAMLError, safe_load

    if not path.exists():
        return
    try:
        safe_load(path.read_text())
    except YAMLError as error:
        # Its text shows the line, and with it perhaps a password.
        place = getattr(error, "problem_mark", None)
        where = f" at line {place.line + 1}" if place else ""
        raise BadConfiguration(f"{path} is not YAML{where}") from None
    except UnicodeDecodeError:
        raise BadConfiguration(f"{path} is not a text") from None
    except OSError as error:
        raise BadConfiguration(f"{path} cannot be read: {error.strerror}") from None


def _settings(name: str, configuration: Any, region: str | None, *, validate: bool) -> Any:
    """As openstacksdk understands them; validated, with all options of the login under `auth`."""
    from keystoneauth1.exceptions import ClientException, MissingRequiredOptions
    from openstack.exceptions import ConfigException

    try:
        with warnings.catch_warnings():
            # It always warns about InfluxDB; what an unknown profile lacks is reported below.
            warnings.simplefilter("ignore")
            return configuration.get_one(cloud=name, region_name=region, validate=validate).config
    except MissingRequiredOptions as error:
        lacking = ", ".join(option.dest for option in error.options)
        raise BadConfiguration(f"cloud {name!r} has no {lacking}") from None
    except (ConfigException, ClientException) as error:
        raise BadConfiguration(f"cloud {name!r}: {error}") from None
    except TypeError as error:
        # It names the login's unknown option, and no value.
        raise BadConfiguration(f"cloud {name!r}: {error}") from None
    except _ODD:
        raise BadConfiguration(f"cloud {name!r} has settings that cannot be understood") from None


def _unknown(name: str, known: tuple[str, ...], configuration: Any) -> str:
    if not configuration.config_filename:
        return (
            "no clouds.yaml was found: put one in this folder, in ~/.config/openstack or in "
            "/etc/openstack, or name it in OS_CLIENT_CONFIG_FILE"
        )
    return f"{configuration.config_filename} has no cloud {name!r}; it has {', '.join(known)}"


def _entry(name: str, entry: Any) -> Mapping[str, Any]:
    if not isinstance(entry, Mapping):
        raise BadConfiguration(f"cloud {name!r} has no settings under its name")
    if not isinstance(entry.get("auth", {}), Mapping):
        raise _wrong(name, "auth", "it must hold options, such as `username:`")
    if not isinstance(entry.get("region_name") or "", str) or "," in (
        entry.get("region_name") or ""
    ):
        raise _wrong(name, "region_name", "it names one region; list several under `regions:`")
    return entry


def _regions(name: str, listed: Any) -> tuple[str, ...]:
    """`regions` lists names, or mappings with a name and settings of their own."""
    found = [each.get("name") if isinstance(each, Mapping) else each for each in _list(listed)]
    if listed and not (found and all(isinstance(each, str) and each for each in found)):
        raise _wrong(name, "regions", "it must be a list of names, such as `[DFW, ORD]`")
    return tuple(map(str, found))


def _list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else ()


def _credentials(name: str, configuration: Any, region: str | None) -> Credentials:
    settings = _settings(name, configuration, region, validate=False)
    _refuse_what_we_cannot(name, settings)
    auth = {**_texts(name, settings.get("auth") or {})}
    if not (auth.get("auth_url") or settings.get("auth_url")):
        raise BadConfiguration(f"cloud {name!r} has no auth_url")
    kind = _kind(name, settings, auth)
    if kind is AuthType.RACKSPACE_API_KEY:  # no plugin of keystoneauth1's
        beside = {key: settings[key] for key in _OPTIONS[kind] if settings.get(key)}
        auth = {**_texts(name, beside), **auth}
    else:
        _must_have(name, kind, {**settings, **auth})
        auth = _texts(name, _settings(name, configuration, region, validate=True)["auth"])
    auth_url = auth.pop("auth_url", "") or str(settings.get("auth_url") or "")
    options = _options(name, kind, auth)
    credentials = Credentials(kind, auth_url, options, _interface(name, settings))
    credentials.plugin()
    return credentials


def _options(name: str, kind: AuthType, auth: dict[str, str]) -> dict[str, str]:
    if kind in (AuthType.RACKSPACE_API_KEY, AuthType.V2_PASSWORD):
        auth = {_V2_NAMES.get(key, key): value for key, value in auth.items()}
    if kind is AuthType.V3_PASSWORD:
        auth = _with_default_domain(auth)
    for key in auth:
        if key not in _OPTIONS[kind]:
            raise _wrong(name, key, _SCOPES.get(key, f"this bot cannot use it with {kind}"))
    _must_have(name, kind, auth)
    return auth


def _must_have(name: str, kind: AuthType, auth: Mapping[str, Any]) -> None:
    if lacking := [key for key in _NEEDED[kind] if not auth.get(key)]:
        raise BadConfiguration(f"cloud {name!r} logs in by {kind} and has no {lacking[0]}")


def _with_default_domain(auth: Mapping[str, str]) -> dict[str, str]:
    """As keystoneauth1's `password` does: for whichever domain is not named."""
    given = {key: value for key, value in auth.items() if not key.startswith("default_domain")}
    for whose in ("user", "project"):
        for what in ("id", "name"):
            default = auth.get(f"default_domain_{what}")
            if default and f"{whose}_domain_{what}" not in given:
                given[f"{whose}_domain_{what}"] = default
    return given


def _texts(name: str, values: Mapping[str, Any]) -> dict[str, str]:
    """YAML makes numbers and truths of texts that are not in quotes."""
    for key, value in values.items():
        if value and not (isinstance(value, str | int) and value is not True):
            raise _wrong(name, key, "it must be a text; put it in quotes")
    return {key: str(value) for key, value in values.items() if value}


def _kind(name: str, settings: Mapping[str, Any], auth: Mapping[str, str]) -> AuthType:
    """The login by `auth_type`; `password` and `apiKey` follow the version of the address."""
    said = str(settings.get("auth_type") or "password").lower()
    if said == "password":
        auth_url = auth.get("auth_url") or str(settings.get("auth_url") or "")
        said = "v2password" if "/v2" in auth_url else "v3password"
    if said in ("v3password", "v2password") and ("api_key" in auth or settings.get("api_key")):
        said = "rackspace_apikey"
    try:
        return AuthType(said)
    except ValueError as error:
        raise BadConfiguration(
            f"cloud {name!r} logs in by {said!r}; this bot knows {', '.join(AuthType)}"
        ) from error


def _refuse_what_we_cannot(name: str, settings: Mapping[str, Any]) -> None:
    """Options by which openstacksdk would go elsewhere, or trust somebody else."""
    for option, why in (*_trusting(settings), *_leading_elsewhere(settings)):
        raise _wrong(name, option, why)


def _trusting(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if settings.get("verify") is False or settings.get("insecure"):
        yield "verify", "this bot trusts no address whose certificate it cannot check"
    if settings.get("cacert") and not _bundle():
        yield "cacert", "name its file in REQUESTS_CA_BUNDLE instead, for all clouds"
    for option in ("cert", "key"):
        if settings.get(option):
            yield option, "this bot has no certificate of its own"


def _leading_elsewhere(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if str(settings.get("image_api_version") or "2").partition(".")[0] != "2":
        yield "image_api_version", "this bot speaks version 2"
    for service in _SERVICES:
        for option in (f"{service}_endpoint_override", f"{service}_endpoint"):
            if settings.get(option):
                yield option, "this bot uses the addresses of the catalog"
        option = f"{service}_service_type"
        if settings.get(option) not in (None, "", service.replace("_", "-")):
            yield option, "this bot looks for services by their own type"


def _bundle() -> bool:
    """Whether REQUESTS_CA_BUNDLE, or what requests takes instead, names a file."""
    with requests.Session() as session:
        found = session.merge_environment_settings("https://cloud", {}, None, None, None)
    return isinstance(found["verify"], str)


def _interface(name: str, settings: Mapping[str, Any]) -> str:
    """Which of a catalog's addresses are meant, the same for all services."""
    said = settings.get("interface") or PUBLIC
    for option in ("interface", *(f"{service}_interface" for service in _SERVICES)):
        if (settings.get(option) or said) != said:
            raise _wrong(name, option, "this bot uses the same interface for all services")
    interface = str(said).lower().removesuffix("url")
    if interface not in _INTERFACES:
        raise _wrong(name, "interface", f"this bot knows {', '.join(_INTERFACES)}")
    return interface


def _wrong(name: str, option: str, why: str) -> BadConfiguration:
    return BadConfiguration(f"cloud {name!r}, option `{option}`: {why}")
