"""Accounts from clouds.yaml: its places, its forms, and what is said of a wrong one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openstack.config import loader

from cloud import AuthType, Clouds, Credentials, clouds_yaml
from cloud.errors import BadConfiguration

if TYPE_CHECKING:
    from sandbox.cloud import CloudStandIn
    from tests.lab.fixtures import Lab

SECRETS = ("made-up-key", "made-up-password", "made-up-secret")
V3 = "https://keystone.example/v3"
V2 = "https://identity.example/v2.0"

Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place that is looked into: openstacksdk settled on its own when it was loaded."""
    for name in [name for name in os.environ if name.startswith("OS_")]:
        monkeypatch.delenv(name)
    for places, name in (("CONFIG_FILES", "clouds.yaml"), ("SECURE_FILES", "secure.yaml")):
        monkeypatch.setattr(loader, places, [str(tmp_path / name)])
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Write:
    def write(clouds: Mapping[str, Any], name: str = "clouds.yaml") -> Path:
        path = folder / name
        path.write_text(json.dumps({"clouds": clouds}))
        return path

    return write


def _entry(auth: Mapping[str, str], auth_url: str = V3, **more: Any) -> dict[str, Any]:
    return {"auth": {"auth_url": auth_url, **auth}, **more}


KEY = {"username": "ann", "api_key": "made-up-key"}
WORD = {"username": "ann", "password": "made-up-password"}
APPLICATION = {
    "application_credential_id": "abc",
    "application_credential_secret": "made-up-secret",
}
DOMAINS = {"user_domain_name": "Default", "project_domain_id": "default"}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            _entry(KEY, V2, auth_type="rackspace_apikey"),
            Credentials(AuthType.RACKSPACE_API_KEY, V2, KEY),
        ),
        (
            _entry({**KEY, "tenant_id": "100"}, V2, auth_type="rackspace_apikey"),
            Credentials(AuthType.RACKSPACE_API_KEY, V2, {**KEY, "tenant_id": "100"}),
        ),
        (_entry(KEY, V2), Credentials(AuthType.RACKSPACE_API_KEY, V2, KEY)),
        (_entry(WORD, V2), Credentials(AuthType.V2_PASSWORD, V2, WORD)),
        (
            _entry(WORD, V2, auth_type="v2password"),
            Credentials(AuthType.V2_PASSWORD, V2, WORD),
        ),
        (
            _entry({**WORD, "project_name": "acme"}, V2, auth_type="v2password"),
            Credentials(AuthType.V2_PASSWORD, V2, {**WORD, "tenant_name": "acme"}),
        ),
        (
            _entry({**WORD, **DOMAINS, "project_id": "100"}),
            Credentials(AuthType.V3_PASSWORD, V3, {**WORD, **DOMAINS, "project_id": "100"}),
        ),
        (
            _entry({**WORD, **DOMAINS, "project_name": "acme"}, auth_type="v3password"),
            Credentials(AuthType.V3_PASSWORD, V3, {**WORD, **DOMAINS, "project_name": "acme"}),
        ),
        (
            _entry(APPLICATION, auth_type="v3applicationcredential"),
            Credentials(AuthType.V3_APPLICATION_CREDENTIAL, V3, APPLICATION),
        ),
    ],
    ids=[
        *("rackspace_apikey", "rackspace_apikey tenant", "api_key alone", "password v2 url"),
        *("v2password", "v2password project", "password v3 url", "v3password"),
        "v3applicationcredential",
    ],
)
def test_every_kind_of_login_is_read(
    write: Write, entry: dict[str, Any], expected: Credentials
) -> None:
    write({"acme": entry})

    assert clouds_yaml.load("acme").credentials == expected


def test_regions_are_as_the_file_lists_them(write: Write) -> None:
    regions = ["ORD", {"name": "DFW", "values": {"image_api_version": "2"}}]
    write({"acme": _entry(WORD, regions=regions), "bare": _entry(WORD)})

    assert clouds_yaml.load("acme").regions == ("ORD", "DFW")
    assert (clouds_yaml.load("bare").regions, clouds_yaml.load("bare").region) == ((), None)


def test_region_name_is_the_one_region(write: Write) -> None:
    write({"acme": _entry(WORD, region_name="DFW")})

    assert clouds_yaml.load("acme").region == "DFW"


def test_the_names_are_those_of_the_file(write: Write) -> None:
    write({"b": _entry(WORD), "a": _entry(WORD)})

    assert clouds_yaml.names() == ("a", "b")


def test_secrets_may_be_in_a_file_of_their_own(write: Write) -> None:
    write({"acme": _entry({"username": "ann"})})
    write({"acme": {"auth": {"password": "made-up-password"}}}, "secure.yaml")

    assert clouds_yaml.load("acme").credentials == Credentials(AuthType.V3_PASSWORD, V3, WORD)


def test_a_vendor_profile_gives_the_address(write: Write) -> None:
    write({"acme": {"profile": "rackspace", "auth": KEY, "region_name": "DFW"}})

    entry = clouds_yaml.load("acme")

    assert entry.credentials.auth_type is AuthType.RACKSPACE_API_KEY
    assert entry.credentials.auth_url == "https://identity.api.rackspacecloud.com/v2.0/"
    assert (entry.credentials.options, entry.region) == (KEY, "DFW")


def test_the_environment_may_name_another_file(
    write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"here": _entry(WORD)})
    (folder / "elsewhere").mkdir()
    path = write({"there": _entry(WORD)}, "elsewhere/mine.yaml")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(path))

    assert clouds_yaml.names() == ("there",)
    assert clouds_yaml.load("there").name == "there"


@pytest.mark.parametrize("place", ["here", "home/.config/openstack"])
def test_this_folder_and_the_home_folder_are_looked_into(
    write: Write, folder: Path, place: str
) -> None:
    for name in ("here", "home/.config/openstack"):
        (folder / name).mkdir(parents=True)
    write({"acme": _entry(WORD)}, f"{place}/clouds.yaml")
    script = "from cloud import clouds_yaml; print(clouds_yaml.names())"
    environ = {"HOME": str(folder / "home"), "PYTHONPATH": str(Path(__file__).parents[2])}

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=folder / "here",
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("('acme',)\n", "")


def test_a_login_in_the_environment_is_no_entry_of_the_file(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"acme": _entry(WORD)})
    monkeypatch.setenv("OS_USERNAME", "somebody-else")
    monkeypatch.setenv("OS_REGION_NAME", "SYD")
    monkeypatch.setenv("OS_AUTH_TYPE", "v3applicationcredential")

    entry = clouds_yaml.load("acme")

    assert (entry.credentials.options["username"], entry.region) == ("ann", None)
    assert entry.credentials.auth_type is AuthType.V3_PASSWORD
    assert clouds_yaml.names() == ("acme",)


def test_without_a_file_the_places_are_named(folder: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"no clouds\.yaml.*OS_CLIENT_CONFIG_FILE"):
        clouds_yaml.load("acme")


def test_an_unknown_entry_is_told_with_those_there_are(write: Write) -> None:
    write({"acme": _entry(WORD), "zeta": _entry(WORD)})

    with pytest.raises(BadConfiguration, match=r"clouds\.yaml has no cloud 'acne'.* acme, zeta"):
        clouds_yaml.load("acne")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"auth": WORD}, "no auth_url"),
        ({"auth_type": "v3password"}, "no auth_url"),
        (_entry(WORD, auth_type="v3kerberos"), "v3kerberos.*v3applicationcredential"),
        (_entry(WORD, auth_type="none"), "'none'"),
        (_entry({"username": "ann"}, V2, auth_type="rackspace_apikey"), "no api_key"),
        (_entry({"username": "ann"}, auth_type="v3password"), "no password"),
        (_entry({"username": "ann"}, V2, auth_type="v2password"), "no password"),
        (
            _entry({"application_credential_id": "abc"}, auth_type="v3applicationcredential"),
            "no application_credential_secret",
        ),
        ("made-up-password", "acme"),
        ({"auth": WORD, "profile": "no-such-vendor"}, "no auth_url"),
    ],
    ids=repr,
)
def test_what_is_wrong_is_named_and_no_secret(write: Write, entry: Any, words: str) -> None:
    write({"acme": entry})

    with pytest.raises(BadConfiguration, match=words) as caught:
        clouds_yaml.load("acme")

    assert [secret for secret in SECRETS if secret in str(caught.value)] == []


@pytest.mark.parametrize(
    "text",
    [
        "clouds:\n  acme:\n   auth: {password: made-up-password\n",
        "clouds:\n\tacme: made-up-password",
        "made-up-password",
        "clouds: made-up-password",
        "- made-up-password",
    ],
    ids=repr,
)
def test_a_file_that_is_none_is_told_without_its_text(folder: Path, text: str) -> None:
    (folder / "clouds.yaml").write_text(text)

    with pytest.raises(BadConfiguration) as caught:
        clouds_yaml.load("acme")

    assert "made-up-password" not in str(caught.value)
    assert str(caught.value)


@pytest.mark.parametrize("kind", AuthType)
def test_what_the_stand_in_writes_logs_in(
    standin: CloudStandIn, clouds: Clouds, write: Write, kind: AuthType
) -> None:
    write({"acme": standin.credentials("producer", kind)})

    entry = clouds_yaml.load("acme")

    assert clouds.connect(entry.credentials).project_id == "100"
    assert entry.regions == ("DFW", "ORD")


@pytest.mark.lab
@pytest.mark.parametrize("cloud", ["producer", "producer-app", "consumer-a"])
def test_what_the_lab_writes_logs_in(
    lab: Lab, clouds: Clouds, folder: Path, monkeypatch: pytest.MonkeyPatch, cloud: str
) -> None:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(lab.clouds_yaml))

    entry = clouds_yaml.load(cloud)

    project = cloud.removesuffix("-app")
    assert clouds.connect(entry.credentials).project_id == lab.project(project)
    assert (entry.regions, entry.region) == (lab.regions, "DFW")
