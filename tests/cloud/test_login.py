"""Logging in: every kind of login, every way it can end, and what a login tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cloud import AuthType, Clouds, Credentials
from cloud.errors import (
    BadConfiguration,
    BadCredentials,
    LoginForbidden,
    MfaRequired,
    NoImageService,
    NoSuchRegion,
    UnexpectedAnswer,
)
from tests.cloud.conftest import NAMES

if TYPE_CHECKING:
    from sandbox.cloud import CloudStandIn
    from tests.cloud.conftest import Provider
    from tests.lab.fixtures import Lab

V2 = (AuthType.RACKSPACE_API_KEY, AuthType.V2_PASSWORD)
SECRETS = {
    AuthType.RACKSPACE_API_KEY: "api_key",
    AuthType.V2_PASSWORD: "password",
    AuthType.V3_PASSWORD: "password",
    AuthType.V3_APPLICATION_CREDENTIAL: "application_credential_secret",
}


def test_every_kind_of_login_tells_who_and_where_one_is(
    provider: Provider, login: AuthType
) -> None:
    connection = provider.connect("producer", login)

    assert (connection.project_id, connection.project_name, connection.user_name) == (
        provider.projects["producer"],
        "producer",
        "producer",
    )
    assert connection.roles
    assert connection.regions == ("DFW", "ORD")


def test_every_kind_of_login_opens_the_images(provider: Provider, login: AuthType) -> None:
    image_id = provider.create_image("opened")

    images = provider.connect("producer", login).images("DFW")

    assert [image.id for image in images.list(provider.mine())] == [image_id]


def test_a_wrong_secret_is_bad_credentials(provider: Provider, login: AuthType) -> None:
    connection = provider.connect("producer", login, **{SECRETS[login]: "wrong"})

    with pytest.raises(BadCredentials) as caught:
        connection.images("DFW")

    assert caught.value.status == 401
    assert caught.value.message
    assert "wrong" not in str(caught.value)


def test_an_unknown_user_is_bad_credentials(provider: Provider) -> None:
    connection = provider.connect("producer", username="nobody")

    with pytest.raises(BadCredentials):
        _ = connection.project_id


def test_an_unknown_application_credential_is_bad_credentials(provider: Provider) -> None:
    kind = AuthType.V3_APPLICATION_CREDENTIAL
    connection = provider.connect("producer", kind, application_credential_id="0" * 32)

    with pytest.raises(BadCredentials):
        _ = connection.project_id


def test_an_unknown_region_names_those_there_are(provider: Provider) -> None:
    with pytest.raises(NoSuchRegion) as caught:
        provider.connect("producer").images("SYD")

    assert (caught.value.region, caught.value.available) == ("SYD", ("DFW", "ORD"))


def test_regions_hold_different_images(provider: Provider) -> None:
    image_id = provider.create_image("far", region="ORD")

    assert [i.id for i in provider.images("producer", "ORD").list(provider.mine())] == [image_id]
    assert provider.listed("producer") == []


def test_the_same_credentials_share_one_connection(provider: Provider) -> None:
    assert provider.connect("producer") is provider.connect("producer")
    assert provider.connect("producer") is not provider.connect("consumer-a")


def test_no_more_logins_are_kept_than_asked_for(provider: Provider) -> None:
    """A process that sees many accounts does not grow for ever."""
    clouds = Clouds(logins=2)
    one, two, three = (provider.credentials(name) for name in NAMES)
    first, second = clouds.connect(one), clouds.connect(two)

    clouds.connect(one)
    clouds.connect(three)

    assert clouds.connect(one) is first
    assert clouds.connect(two) is not second
    clouds.close()


def test_the_order_of_the_options_makes_no_other_connection(
    standin: CloudStandIn, clouds: Clouds
) -> None:
    credentials = _credentials(standin, AuthType.V3_PASSWORD)
    turned = replace(credentials, options=dict(reversed(list(credentials.options.items()))))

    assert clouds.connect(turned) is clouds.connect(credentials)


def test_a_token_that_was_revoked_is_replaced_unnoticed(
    provider: Provider, login: AuthType
) -> None:
    provider.create_image("before")
    images = provider.connect("producer", login).images("DFW")
    assert len(list(images.list(provider.mine()))) == 1

    provider.end_tokens("producer")

    assert len(list(images.list(provider.mine()))) == 1


def test_a_change_after_the_token_was_revoked_is_made_once(provider: Provider) -> None:
    image_id = provider.create_image("shared")
    images = provider.images("producer")
    assert images.members(image_id) == ()

    provider.end_tokens("producer")
    images.add_member(image_id, "4711")

    assert [member.member_id for member in images.members(image_id)] == ["4711"]


def test_revoking_ends_the_token_and_the_next_call_logs_in_again(
    provider: Provider, login: AuthType
) -> None:
    connection = provider.connect("producer", login)
    images = connection.images("DFW")

    connection.revoke()

    assert list(images.list(provider.mine())) == []


@pytest.mark.parametrize("ending", ["", "/"])
@pytest.mark.parametrize("kind", AuthType)
def test_revoking_finds_the_token_whatever_the_address_ends_in(
    standin: CloudStandIn, clouds: Clouds, kind: AuthType, ending: str
) -> None:
    options = dict(standin.credentials("producer", kind)["auth"])
    connection = clouds.connect(Credentials(kind, options.pop("auth_url") + ending, options))
    assert connection.project_id == "100"

    connection.revoke()

    assert standin.state.tokens == {}


def test_revoking_without_a_token_does_not_log_in(standin: CloudStandIn, clouds: Clouds) -> None:
    connection = clouds.connect(_credentials(standin, AuthType.V3_PASSWORD))

    connection.revoke()

    assert standin.requests == []


def test_one_login_serves_all_calls(standin: CloudStandIn, clouds: Clouds) -> None:
    connection = clouds.connect(_credentials(standin, AuthType.RACKSPACE_API_KEY))

    for region in connection.regions:
        list(connection.images(region).list())

    assert [path for _, path, _ in standin.requests] == [
        "/v2.0/tokens",
        "/DFW/v2/images",
        "/ORD/v2/images",
    ]


@pytest.mark.parametrize("kind", V2)
def test_an_account_with_a_second_factor_cannot_be_used(
    standin: CloudStandIn, clouds: Clouds, kind: AuthType
) -> None:
    standin.add_account("900", "guarded", "guarded", mfa=True)

    with pytest.raises(MfaRequired):
        _ = clouds.connect(_credentials(standin, kind, "guarded")).project_id


@pytest.mark.parametrize("kind", V2)
def test_a_disabled_user_is_told_apart_from_a_wrong_password(
    standin: CloudStandIn, clouds: Clouds, kind: AuthType
) -> None:
    standin.add_account("900", "gone", "gone", enabled=False)

    with pytest.raises(LoginForbidden):
        _ = clouds.connect(_credentials(standin, kind, "gone")).project_id


def test_keystone_does_not_say_that_a_user_is_disabled(
    standin: CloudStandIn, clouds: Clouds
) -> None:
    standin.add_account("900", "gone", "gone", enabled=False)

    with pytest.raises(BadCredentials):
        _ = clouds.connect(_credentials(standin, AuthType.V3_PASSWORD, "gone")).project_id


@pytest.mark.lab
def test_keystone_refuses_a_user_disabled_while_logged_in(lab: Lab, clouds: Clouds) -> None:
    connection = clouds.connect(_lab_credentials(lab.credentials("consumer-b")))
    images = connection.images("DFW")

    lab.disable("consumer-b")
    try:
        with pytest.raises(BadCredentials):
            list(images.list())
    finally:
        lab.enable("consumer-b")
        lab.end_tokens("consumer-b")


@pytest.mark.lab
def test_a_deleted_application_credential_is_bad_credentials(lab: Lab, clouds: Clouds) -> None:
    id_, entry = lab.new_application_credential("producer", "to be deleted")
    images = clouds.connect(_lab_credentials(entry)).images("DFW")
    assert images.list(limit=1)

    lab.delete_application_credential("producer", id_)

    with pytest.raises(BadCredentials):
        list(images.list(limit=1))


@pytest.mark.lab
def test_an_expired_application_credential_is_bad_credentials(lab: Lab, clouds: Clouds) -> None:
    entry = lab.expired_application_credential("producer", "expired")

    with pytest.raises(BadCredentials):
        _ = clouds.connect(_lab_credentials(entry)).project_id


@pytest.mark.lab
def test_keystones_second_factor_is_told_apart_from_a_wrong_password(
    lab: Lab, clouds: Clouds
) -> None:
    with lab.second_factor("consumer-b"), pytest.raises(MfaRequired):
        _ = clouds.connect(_lab_credentials(lab.credentials("consumer-b"))).project_id


@pytest.mark.parametrize(
    "ending",
    ["/v2", "/v2/", "/v2/100", ""],
)
def test_catalogs_write_the_endpoint_in_four_ways(
    standin: CloudStandIn, clouds: Clouds, ending: str
) -> None:
    standin.identity.ending = ending
    image_id = standin.add_image("100", name="found")

    images = clouds.connect(_credentials(standin, AuthType.V2_PASSWORD)).images("DFW")

    assert images.get(image_id).name == "found"


@pytest.mark.parametrize("kind", [AuthType.V2_PASSWORD, AuthType.V3_PASSWORD])
def test_a_catalog_without_images_has_no_image_service(
    standin: CloudStandIn, clouds: Clouds, kind: AuthType
) -> None:
    standin.identity.has_images = False

    with pytest.raises(NoImageService):
        clouds.connect(_credentials(standin, kind)).images("DFW")


@pytest.mark.parametrize("body", ["", "no JSON", "[]", "{}", '{"access": 5}', '{"token": {}}'])
@pytest.mark.parametrize("kind", AuthType)
def test_a_login_answer_that_is_none_is_unexpected(
    standin: CloudStandIn, clouds: Clouds, kind: AuthType, body: str
) -> None:
    standin.fail_next(2, 200, {"Content-Type": "application/json"}, body, "tokens")

    with pytest.raises(UnexpectedAnswer):
        clouds.connect(_credentials(standin, kind)).images("DFW")


@pytest.mark.parametrize("kind", AuthType)
def test_an_address_without_identity_is_a_matter_of_configuration(
    standin: CloudStandIn, clouds: Clouds, kind: AuthType
) -> None:
    options = dict(standin.credentials("producer", kind)["auth"])
    credentials = Credentials(kind, options.pop("auth_url") + "/elsewhere", options)

    with pytest.raises(BadConfiguration, match="auth_url"):
        _ = clouds.connect(credentials).project_id


@pytest.mark.parametrize("url", ["identity.example", "", "http://", "ftp://identity.example/v3"])
def test_an_address_that_is_no_url_is_a_matter_of_configuration(clouds: Clouds, url: str) -> None:
    options = {"username": "u", "password": "p", "user_domain_id": "default"}

    with pytest.raises(BadConfiguration):
        _ = clouds.connect(Credentials(AuthType.V3_PASSWORD, url, options)).project_id


def test_options_of_another_login_are_a_matter_of_configuration(clouds: Clouds) -> None:
    credentials = Credentials(AuthType.V3_PASSWORD, "http://127.0.0.1:9/v3", {"api_key": "k-1234"})

    with pytest.raises(BadConfiguration, match="api_key") as caught:
        clouds.connect(credentials)

    assert "k-1234" not in str(caught.value)


@pytest.mark.parametrize("kind", AuthType)
def test_credentials_survive_a_vault(standin: CloudStandIn, kind: AuthType) -> None:
    credentials = _credentials(standin, kind)

    assert Credentials.from_json(credentials.to_json()) == credentials


def _credentials(standin: CloudStandIn, kind: AuthType, user: str = "producer") -> Credentials:
    options = dict(standin.credentials(user, kind)["auth"])
    return Credentials(kind, options.pop("auth_url"), options)


def _lab_credentials(entry: dict[str, Any]) -> Credentials:
    options = dict(entry["auth"])
    kind = AuthType(entry.get("auth_type", "v3password"))
    return Credentials(kind, options.pop("auth_url"), options)
