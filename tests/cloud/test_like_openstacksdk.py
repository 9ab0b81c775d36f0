"""clouds.yaml as openstacksdk reads it: the same login and address, or a refusal by option."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openstack.config import OpenStackConfig, loader

from cloud import Clouds, Credentials, clouds_yaml
from cloud.errors import BadConfiguration
from tests.cloud.stub import Answer, Stub

WORD = {"username": "ann", "password": "made-up-password"}
NAMED = {**WORD, "user_domain_name": "Default", "project_id": "100"}
APPLICATION = {
    "application_credential_id": "abc",
    "application_credential_secret": "made-up-secret",
}
SECRETS = ("made-up-password", "made-up-secret", "made-up-key")

Load = Callable[[Mapping[str, Any]], clouds_yaml.CloudEntry]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for places, name in (("CONFIG_FILES", "clouds.yaml"), ("SECURE_FILES", "secure.yaml")):
        monkeypatch.setattr(loader, places, [str(tmp_path / name)])
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "clouds.yaml"


@pytest.fixture
def load(path: Path) -> Load:
    def load(entry: Mapping[str, Any]) -> clouds_yaml.CloudEntry:
        path.write_text(json.dumps({"clouds": {"acme": entry}}))
        return clouds_yaml.load("acme")

    return load


@pytest.fixture
def identity(stub: Stub) -> Stub:
    """Tells its version, and has an address of its own for each interface."""
    links = [{"rel": "self", "href": f"{stub.url}/v3"}]
    version = {"version": {"id": "v3.14", "status": "stable", "links": links}}
    stub.answer = lambda asked: Answer(version if asked.path.startswith("/v3") else "{}")
    stub.catalog = [
        {
            "type": "image",
            "name": "glance",
            "endpoints": [
                {
                    "id": f"{region}-{kind}",
                    "interface": kind,
                    "region": region,
                    "region_id": region,
                    "url": f"{stub.url}/{kind}/{region}/v2",
                }
                for region in ("DFW", "ORD")
                for kind in ("public", "internal", "admin")
            ],
        }
    ]
    return stub


def _sdk(path: Path, region: str) -> str:
    """Logs in as openstacksdk does, and returns where it would ask for images."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        config = OpenStackConfig(config_files=[str(path)], load_envvars=False)
        cloud = config.get_one(cloud="acme", region_name=region)
        session = cloud.get_session()
        return str(
            session.get_endpoint(
                service_type="image",
                region_name=region,
                interface=cloud.get_interface("image"),
                skip_discovery=True,
            )
        )


def _ours(entry: clouds_yaml.CloudEntry, region: str) -> str:
    clouds = Clouds()
    try:
        return clouds.connect(entry.credentials).images(region).transport.base_url
    finally:
        clouds.close()


@pytest.mark.parametrize(
    "entry",
    [
        {"auth": NAMED},
        {"auth": {**NAMED, "auth_url": None}, "auth_url": True},
        {"auth": NAMED, "auth_type": "v3password"},
        {"auth": {**WORD, "project_name": "acme", "default_domain_id": "default"}},
        {"auth": {**WORD, "project_name": "acme", "default_domain_name": "Default"}},
        {
            "auth": {
                **WORD,
                "project_name": "acme",
                "default_domain_id": "default",
                "user_domain_name": "Other",
            }
        },
        {"auth": {**WORD, "project_name": "acme", "domain_id": "default"}},
        {"auth": {**WORD, "project_name": "acme"}, "domain_name": "Default"},
        {"auth": {**WORD, "tenant_id": "100", "user_domain_id": "default"}},
        {"auth": {"username": "ann", "user-domain-name": "Default"}, "password": WORD["password"]},
        {"auth": {"username": "ann"}, **{key: NAMED[key] for key in NAMED if key != "username"}},
        {"auth": APPLICATION, "auth_type": "v3applicationcredential"},
        {"auth": {}, **APPLICATION, "auth_type": "v3applicationcredential"},
        {"auth": NAMED, "interface": "internal"},
        {"auth": NAMED, "interface": "adminURL"},
        {"auth": NAMED, "endpoint_type": "internalURL"},
        {"auth": NAMED, "regions": ["DFW", "ORD"]},
        {"auth": NAMED, "region_name": "DFW"},
        {"auth": {**NAMED, "project_id": 100}},
        {"auth": {**NAMED, "trust_id": "t-1", "project_id": None}},
        {"auth_plugin": "v3password", "auth": NAMED},
    ],
    ids=lambda entry: json.dumps(entry)[:70],
)
def test_the_same_login_is_made_and_the_same_address_used(
    identity: Stub, path: Path, load: Load, entry: dict[str, Any]
) -> None:
    url = f"{identity.url}/v3"
    beside = "auth_url" in entry
    auth = {**entry["auth"]} if beside else {"auth_url": url, **entry["auth"]}
    auth = {key: value for key, value in auth.items() if value is not None}
    entry = {**entry, "auth": auth, **({"auth_url": url} if beside else {})}

    ours = _ours(load(entry), "DFW")
    theirs = _sdk(path, "DFW")

    [mine, sdks] = [json.loads(each.body) for each in identity.logins]
    assert mine == sdks
    assert ours == theirs


@pytest.mark.parametrize(
    ("entry", "option"),
    [
        ({"auth": {**WORD, "user_domain_id": "d", "system_scope": "all"}}, "system_scope"),
        ({"auth": {**WORD, "user_domain_id": "d"}, "system_scope": "all"}, "system_scope"),
        ({"auth": {**WORD, "domain_id": "d"}}, "domain_id"),
        ({"auth": {**WORD}, "domain_name": "d"}, "domain_name"),
        ({"auth": {**NAMED, "passcode": "123"}}, "passcode"),
        ({"auth": {**NAMED, "password": True}}, "password"),
        ({"auth": {**NAMED, "password": ["made-up-password"]}}, "password"),
        ({"auth": []}, "auth"),
        ({"auth": "made-up-password"}, "auth"),
        ({"auth": None}, "auth"),
        ({"auth": NAMED, "regions": "DFW"}, "regions"),
        ({"auth": NAMED, "regions": [5]}, "regions"),
        ({"auth": NAMED, "regions": [{"values": {}}]}, "regions"),
        ({"auth": NAMED, "region_name": ["DFW", "ORD"]}, "region_name"),
        ({"auth": NAMED, "region_name": "DFW,ORD"}, "region_name"),
        ({"auth": NAMED, "interface": "private"}, "interface"),
        ({"auth": NAMED, "interface": ["internal", "public"]}, "interface"),
        ({"auth": NAMED, "image_interface": "internal"}, "image_interface"),
        ({"auth": NAMED, "image_endpoint_override": "http://x"}, "image_endpoint_override"),
        ({"auth": NAMED, "compute_endpoint_override": "http://x"}, "compute_endpoint_override"),
        ({"auth": NAMED, "image_service_type": "picture"}, "image_service_type"),
        ({"auth": NAMED, "image_api_version": "1"}, "image_api_version"),
        ({"auth": NAMED, "verify": False}, "verify"),
        ({"auth": NAMED, "cacert": "/etc/ssl/ours.pem"}, "cacert"),
        ({"auth": NAMED, "cert": "/a.pem", "key": "/b.pem"}, "cert"),
    ],
    ids=lambda value: json.dumps(value)[-60:],
)
def test_what_we_cannot_do_is_refused_by_the_name_of_its_option(
    load: Load, entry: dict[str, Any], option: str
) -> None:
    if isinstance(entry["auth"], dict):
        entry = {**entry, "auth": {"auth_url": "https://keystone.example/v3", **entry["auth"]}}

    with pytest.raises(BadConfiguration, match=option) as caught:
        load(entry)

    assert [secret for secret in SECRETS if secret in str(caught.value)] == []


def test_regions_that_log_in_elsewhere_are_linked_one_by_one(load: Load) -> None:
    regions = [
        {"name": name, "values": {"auth": {"auth_url": f"https://{name}.example/v3"}}}
        for name in ("r1", "r2")
    ]
    with pytest.raises(BadConfiguration, match=r"regions.*--region"):
        load({"auth": NAMED, "regions": regions})

    assert clouds_yaml.load("acme", "r2").credentials.auth_url == "https://r2.example/v3"


def test_an_own_authority_is_taken_where_requests_takes_it(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ours.pem"))
    auth = {"auth_url": "https://keystone.example/v3", **NAMED}

    entry = load({"auth": auth, "cacert": str(tmp_path / "ours.pem")})

    assert entry.credentials.options["username"] == "ann"


@pytest.mark.parametrize("text", ["", None], ids=["not there", "no certificates"])
def test_a_bundle_that_cannot_be_read_is_named(
    stub: Stub, clouds: Clouds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    bundle = tmp_path / "bundle.pem"
    if text is None:
        bundle.write_text("no certificates")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    credentials = stub.credentials
    url = credentials.auth_url.replace("http:", "https:")

    with pytest.raises(BadConfiguration, match="REQUESTS_CA_BUNDLE"):
        _ = clouds.connect(replace(credentials, auth_url=url)).roles


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("clouds:\n\tacme: {auth: {password: made-up-password}}", "not YAML at line 2"),
        ("clouds: {acme: {auth: {password: 'made-up-password}}}", "not YAML"),
        (b"\xff\xfe\x00clouds", "not"),
    ],
    ids=["a tab", "a quotation mark", "no text"],
)
def test_a_file_that_is_no_yaml_is_not_taken_for_none(
    path: Path, caplog: pytest.LogCaptureFixture, text: str | bytes, said: str
) -> None:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(BadConfiguration, match=said) as caught:
        clouds_yaml.load("acme")

    assert "made-up-password" not in str(caught.value) + caplog.text


def test_the_interface_survives_a_vault(stub: Stub) -> None:
    credentials = replace(stub.credentials, interface="internal")

    assert Credentials.from_json(credentials.to_json()) == credentials
    assert "interface" not in stub.credentials.to_json()
