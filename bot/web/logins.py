"""The ways to log in that the linking page offers, and the credentials made of each form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cloud import AuthType, Credentials


@dataclass(frozen=True)
class Field:
    """One line of a form."""

    name: str
    label: str
    secret: bool = False
    optional: bool = False
    initial: str = ""


@dataclass(frozen=True)
class Login:
    """One way to log in: a form of its own, for the clouds of one version of Identity."""

    kind: AuthType
    title: str
    version: str
    """How the addresses of its clouds end: `v2.0` or `v3`."""
    fields: tuple[Field, ...]
    hint: str = ""

    def clouds(self, offered: Mapping[str, str]) -> dict[str, str]:
        """Return those of the offered clouds that use this way to log in."""
        return {name: url for name, url in offered.items() if url.endswith(self.version)}

    def missing(self, given: Mapping[str, str]) -> list[Field]:
        """Return the required fields that are empty."""
        return [f for f in self.fields if not f.optional and not given.get(f.name, "").strip()]

    def credentials(self, auth_url: str, given: Mapping[str, str]) -> Credentials:
        filled = {f.name: given.get(f.name, "").strip() for f in self.fields}
        return Credentials(self.kind, auth_url, {k: v for k, v in filled.items() if v})


LOGINS = (
    Login(
        AuthType.RACKSPACE_API_KEY,
        "Rackspace: user name and API key",
        "v2.0",
        (
            Field("username", "User name"),
            Field("api_key", "API key", secret=True),
        ),
        "The key is in the Cloud Control Panel, under your name: My Profile & Settings.",
    ),
    Login(
        AuthType.V3_APPLICATION_CREDENTIAL,
        "OpenStack: application credential",
        "v3",
        (
            Field("application_credential_id", "ID"),
            Field("application_credential_secret", "Secret", secret=True),
        ),
        "Recommended: only this bot has it, and you can delete it at any time. "
        "Create one with: openstack application credential create cloud-images-bot",
    ),
    Login(
        AuthType.V3_PASSWORD,
        "OpenStack: user name and password",
        "v3",
        (
            Field("username", "User name"),
            Field("password", "Password", secret=True),
            Field("project_name", "Project"),
            Field("user_domain_name", "User domain", initial="Default"),
            Field("project_domain_name", "Project domain", initial="Default"),
        ),
    ),
)


def login_of(kind: str) -> Login | None:
    return next((login for login in LOGINS if login.kind.value == kind), None)
