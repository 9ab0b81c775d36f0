"""What gets into the record by the pages and the jobs: ids of the cloud, and no secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from flask.testing import FlaskClient

import handlers
from bot.web.app import create_app
from bot.wiring import Runtime
from bot.work import transfers
from cloud import Way
from handlers import Message, Person
from handlers.accounts import commands as accounts
from sandbox.cloud import CloudStandIn
from sandbox.gallery import aloud
from sandbox.slack import TEAM_ID
from storage import Account, Kind, TransferState
from tests.bot.moving import Scene, copy_plan
from tests.bot.people import NUMBERS, PASSWORD, PRODUCER

HOME = "https://bot.example"
PERSON = Person(TEAM_ID, PRODUCER)
USER = f"user-{NUMBERS[PRODUCER]}"


@pytest.fixture
def environ(environ: Mapping[str, str], cloud: CloudStandIn) -> Mapping[str, str]:
    clouds = f"Rackspace={cloud.auth_url_v2},Lab={cloud.auth_url_v3}"
    return {**environ, "PUBLIC_URL": HOME, "LINK_CLOUDS": clouds}


@pytest.fixture
def web(runtime: Runtime) -> Iterator[FlaskClient]:
    with create_app(runtime).test_client() as client:
        yield client


def test_no_secret_of_a_login_is_on_record_or_shown(
    web: FlaskClient, runtime: Runtime, cloud: CloudStandIn
) -> None:
    id_, secret = cloud.state.users[USER].application_credential
    logins = (
        {"kind": "rackspace_apikey", "username": USER, "api_key": "made-up-key"},
        {"kind": "rackspace_apikey", "username": USER, "api_key": "a-wrong-key"},
        {
            "kind": "v3applicationcredential",
            "application_credential_id": id_,
            "application_credential_secret": secret,
        },
        {
            "kind": "v3password",
            "username": USER,
            "password": PASSWORD,
            "project_name": cloud.state.users[USER].account_name,
            "user_domain_name": "Default",
            "project_domain_name": "Default",
        },
    )
    for login in logins:
        where = "Rackspace" if login["kind"] == "rackspace_apikey" else "Lab"
        path = accounts.link_address(PERSON, "", runtime.services).removeprefix(HOME)
        web.post(path, data={**login, "cloud": where})

    shown = _audit(runtime)

    kept = repr(runtime.store._db.rows("select * from audit_log"))
    assert shown.count(f"<@{PRODUCER}> linked an account for <@{PRODUCER}>") == 4
    assert "failed: `BadCredentials`" in shown
    for each in ("made-up-key", "a-wrong-key", secret, PASSWORD):
        assert each not in kept + shown


def test_each_step_of_transfers_that_move_together_has_an_id_of_its_own(
    runtime: Runtime, cloud: CloudStandIn, web: FlaskClient
) -> None:
    scene = Scene(runtime, _linked(web, runtime))
    data = b"a virtual disk" * 100
    begun = []
    for n in range(4):
        image_id = cloud.add_image(NUMBERS[PRODUCER], name=f"web-{n}", disk_format="vhd", data=data)
        begun.append(scene.begin(Kind.COPY, copy_plan(image_id, data, Way.TASK)))

    for _ in range(20):
        transfers.run(runtime, now=True)

    assert {scene.now(each).state for each in begun} == {TransferState.DONE}
    steps = [row for row in runtime.store.audit.recent(200) if row.action == "image.copy"]
    ids = [row.request_id for row in steps]
    assert len(steps) > 4 * 3
    assert all(id_.startswith(("req-", "tx")) for id_ in ids)
    assert len(set(ids)) == len(ids)


def _linked(web: FlaskClient, runtime: Runtime) -> Account:
    path = accounts.link_address(PERSON, "", runtime.services).removeprefix(HOME)
    login = {"kind": "rackspace_apikey", "username": USER, "api_key": "made-up-key"}
    web.post(path, data={**login, "cloud": "Rackspace"})
    [account] = runtime.store.accounts.of(TEAM_ID, PRODUCER)
    return account


def _audit(runtime: Runtime) -> str:
    """What the person reads."""
    reply = handlers.answer(handlers.parse(PERSON, "audit"), runtime.services)
    assert isinstance(reply, Message)
    return "\n".join(aloud(reply))
