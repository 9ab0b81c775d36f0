"""The page on which people link an account: bound to one person, spent once, telling no secret."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import handlers
from bot.settings import Settings
from bot.web.app import create_app
from bot.wiring import Runtime
from handlers import Message, Person
from handlers.accounts import commands as accounts
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID, SlackStandIn
from tests import taking
from tests.bot.people import CONSUMER_A, NUMBERS, PASSWORD, PRODUCER
from tests.storage.fixtures import HandClock

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


@pytest.fixture
def link(runtime: Runtime) -> Callable[..., str]:
    """Path of a new page for the producer, with the command that waits for it."""

    def _link(then: str = "") -> str:
        address = accounts.link_address(PERSON, then, runtime.services)
        return address.removeprefix(HOME)

    return _link


def filled(**changes: str) -> dict[str, str]:
    return {
        "kind": "rackspace_apikey",
        "cloud": "Rackspace",
        "username": USER,
        "api_key": "made-up-key",
        **changes,
    }


def next_path(page: TestResponse) -> str:
    """Where the form on the page goes."""
    found = re.search(r'action="([^"]+)"', page.text)
    assert found
    return found[1]


def test_a_login_by_api_key_links_the_account_to_the_person_who_asked(
    web: FlaskClient, runtime: Runtime, link: Callable[..., str]
) -> None:
    page = web.post(link(), data=filled())

    assert page.status_code == 200
    [account] = runtime.store.accounts.of(TEAM_ID, PRODUCER)
    assert (account.project_id, account.regions) == (NUMBERS[PRODUCER], ("DFW", "ORD"))
    assert runtime.services.images(account, "DFW").project_id == NUMBERS[PRODUCER]
    assert NUMBERS[PRODUCER] in page.text
    assert "share images" in page.text
    [row] = runtime.store.audit.recent()
    assert (row.actor, row.action, row.outcome) == (PERSON.actor, "account.link", "done")


def test_the_other_logins_link_too(
    web: FlaskClient, runtime: Runtime, cloud: CloudStandIn, link: Callable[..., str]
) -> None:
    id_, secret = cloud.state.users[USER].application_credential
    by_credential = {
        "kind": "v3applicationcredential",
        "cloud": "Lab",
        "application_credential_id": id_,
        "application_credential_secret": secret,
    }
    by_password = {
        "kind": "v3password",
        "cloud": "Lab",
        "username": USER,
        "password": PASSWORD,
        "project_name": cloud.state.users[USER].account_name,
        "user_domain_name": "Default",
        "project_domain_name": "Default",
    }

    for form in (by_credential, by_password):
        assert web.post(link(), data=form).status_code == 200, form["kind"]
        assert runtime.store.accounts.of(TEAM_ID, PRODUCER)[0].project_id == NUMBERS[PRODUCER]


def test_opening_the_page_does_not_spend_it_and_sending_the_form_does(
    web: FlaskClient, link: Callable[..., str]
) -> None:
    path = link()

    opened = [web.get(path).status_code, web.head(path).status_code, web.get(path).status_code]
    sent = web.post(path, data=filled()).status_code
    again = [web.post(path, data=filled()).status_code, web.get(path).status_code]

    assert (opened, sent, again) == ([200, 200, 200], 200, [410, 410])


def test_of_many_forms_sent_at_once_one_is_taken(
    runtime: Runtime, cloud: CloudStandIn, link: Callable[..., str]
) -> None:
    path, app = link(), create_app(runtime)

    def send(_: int) -> int:
        return app.test_client().post(path, data=filled()).status_code

    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(send, range(8)))

    assert codes == [200] + [410] * 7


def test_after_ten_minutes_it_is_over(
    web: FlaskClient, clock: HandClock, link: Callable[..., str]
) -> None:
    path = link()

    clock.advance(minutes=10)

    assert web.get(path).status_code == 410
    page = web.post(path, data=filled())
    assert page.status_code == 410
    assert "/images link" in page.text


def test_a_wrong_key_is_told_and_asked_for_again_under_a_new_address(
    web: FlaskClient, runtime: Runtime, link: Callable[..., str]
) -> None:
    path = link()

    refused = web.post(path, data=filled(api_key="a wrong key"))
    linked = web.post(next_path(refused), data=filled())

    assert refused.status_code == 422
    assert "did not accept this login. Check each field. 4 attempts left." in refused.text
    assert "a wrong key" not in refused.text
    assert f'value="{USER}"' in refused.text
    assert next_path(refused) != path
    assert linked.status_code == 200


def test_a_new_address_after_a_refusal_lives_no_longer_than_the_first(
    web: FlaskClient, clock: HandClock, link: Callable[..., str]
) -> None:
    path = link()
    clock.advance(minutes=9)

    refused = web.post(path, data=filled(api_key="a wrong key"))
    clock.advance(minutes=1)

    assert web.get(next_path(refused)).status_code == 410


def test_five_refusals_end_the_page(web: FlaskClient, link: Callable[..., str]) -> None:
    path, codes = link(), []

    for _ in range(5):
        page = web.post(path, data=filled(api_key="a wrong key"))
        codes.append(page.status_code)
        path = next_path(page) if page.status_code == 422 else path

    assert codes == [422, 422, 422, 422, 410]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (filled(api_key=" "), "Fill in: api key."),
        (filled(cloud="https://evil.example/v2.0"), "Choose a cloud from the list."),
        (filled(cloud="Lab"), "Choose a cloud from the list."),
        (filled(kind="token"), "Choose a cloud from the list."),
    ],
)
def test_a_form_that_is_not_right_says_what_is_wrong_and_asks_no_cloud(
    web: FlaskClient,
    cloud: CloudStandIn,
    link: Callable[..., str],
    form: dict[str, str],
    said: str,
) -> None:
    """No address but those the deployer offers is ever asked: the bot stands inside a network."""
    page = web.post(link(), data=form)

    assert (page.status_code, said in page.text) == (422, True)
    assert cloud.requests == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_sent_from_another_site_does_nothing(
    web: FlaskClient, runtime: Runtime, link: Callable[..., str], headers: dict[str, str]
) -> None:
    path = link()

    page = web.post(path, data=filled(), headers=headers)

    assert page.status_code == 403
    assert runtime.store.accounts.all() == []
    assert web.post(path, data=filled(), headers={"Origin": HOME}).status_code == 200


def test_pages_run_nothing_are_kept_nowhere_and_stand_in_no_frame(
    web: FlaskClient, link: Callable[..., str]
) -> None:
    for page in (web.get(link()), web.get("/link/made-up"), web.post(link(), data=filled())):
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert "<script" not in page.text
        assert "style=" not in page.text


def test_no_secret_reaches_the_page_the_log_or_the_record(
    web: FlaskClient,
    runtime: Runtime,
    link: Callable[..., str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    path = link()

    pages = [web.post(path, data=filled(api_key="a-canary")).text, web.get(path).text]

    token = path.removeprefix("/link/")
    for secret in ("a-canary", token):
        assert secret not in "".join(pages)
        assert secret not in caplog.text
        for table in ("audit_log", "once", "outbox", "accounts"):
            rows = runtime.store._db.rows(f"select * from {table}")  # noqa: S608 - our own words
            assert secret not in str(rows)


def test_there_is_no_page_where_nobody_told_its_address(runtime: Runtime) -> None:
    alone = replace(runtime, settings=replace(runtime.settings, public_url=""))

    assert create_app(alone).test_client().get("/link/made-up").status_code == 404


def test_somebody_without_an_account_is_given_the_page_and_the_command_goes_on_after_it(
    runtime: Runtime, web: FlaskClient, slack: SlackStandIn, served: Runtime, cloud: CloudStandIn
) -> None:
    cloud.add_image(NUMBERS[PRODUCER], name="web")

    said = slack.ask(PRODUCER, "show web")
    path = re.search(rf"{HOME}(/link/[\w-]+)", str(said.blocks))
    assert path
    web.post(path[1], data=filled())
    runtime.request_pool.finish()

    told = [notice.text for notice in taking.notices(runtime.store)]
    assert "`/images show web`" in said.text
    assert told[0].startswith(f"Linked account `{NUMBERS[PRODUCER]}`")
    assert told[1].startswith("`web` in DFW: active")


def test_a_command_that_changes_something_is_asked_for_again_after_linking(
    runtime: Runtime, web: FlaskClient, link: Callable[..., str], cloud: CloudStandIn
) -> None:
    image = cloud.add_image(NUMBERS[CONSUMER_A], name="web")
    cloud.add_member(image, NUMBERS[PRODUCER])

    web.post(link("accept web"), data=filled())
    runtime.request_pool.finish()

    _, asked, welcome = taking.notices(runtime.store)
    assert welcome.text.startswith("Your first account is linked.")
    assert asked.text == "You typed `/images accept web` before linking. Run it now?"
    assert cloud.members(image) == {NUMBERS[PRODUCER]: "pending"}


def test_somebody_without_an_account_is_told_whom_to_ask_where_there_is_no_page(
    runtime: Runtime, slack: SlackStandIn, served: Runtime
) -> None:
    alone = replace(runtime.services, public_url="")

    said = handlers.answer(handlers.parse(PERSON, "link"), alone)

    assert isinstance(said, Message)
    assert "set `PUBLIC_URL`" in said.text


def test_clouds_that_people_may_link_are_named_in_the_settings(environ: Mapping[str, str]) -> None:
    given = Settings.from_env(
        {**environ, "LINK_CLOUDS": "A=https://a.example/v3 , B=http://b/v2.0/"}
    )

    assert given.link_clouds == {"A": "https://a.example/v3", "B": "http://b/v2.0"}
    default = {name: value for name, value in environ.items() if name != "LINK_CLOUDS"}
    assert list(Settings.from_env(default).link_clouds) == ["Rackspace"]


def test_the_page_calls_the_person_by_name(web: FlaskClient, link: Callable[..., str]) -> None:
    assert f"Producer ({PRODUCER})" in web.get(link()).text


def test_the_page_is_there_though_slack_does_not_say_who_it_is(
    web: FlaskClient, slack: SlackStandIn, link: Callable[..., str]
) -> None:
    slack.fail_next("users.info", "user_not_found")

    assert f"<strong>{PRODUCER}</strong>" in web.get(link()).text


def test_after_twenty_wrong_logins_nothing_is_tried_for_an_hour_on_any_page(
    web: FlaskClient,
    runtime: Runtime,
    cloud: CloudStandIn,
    link: Callable[..., str],
    clock: HandClock,
) -> None:
    wrong = filled(api_key="made-up-guess")
    answers = [web.post(link(), data=wrong).status_code for _ in range(20)]
    before = [path for _, path, _ in cloud.requests if "tokens" in path]

    closed = web.post(link(), data=filled())
    after = [path for _, path, _ in cloud.requests if "tokens" in path]
    clock.advance(hours=1)
    open_again = web.post(link(), data=filled())

    assert answers == [422] * 20
    assert (closed.status_code, after) == (429, before)
    assert "Too many attempts" in closed.text
    assert open_again.status_code == 200


def test_many_people_cannot_try_one_login_together(
    web: FlaskClient, runtime: Runtime, link: Callable[..., str]
) -> None:
    for n in range(20):
        address = accounts.link_address(Person(TEAM_ID, f"U{n}"), "", runtime.services)
        web.post(address.removeprefix(HOME), data=filled(api_key="made-up-guess"))

    assert web.post(link(), data=filled()).status_code == 429
    assert web.post(link(), data=filled(username="someone-else")).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"username": f" {USER} "},
        {"username": USER.upper()},
        {"username": USER.replace("u", "\u00fa", 1)},
        {"username": USER, "password": "junk", "project_name": "junk"},
        {"username": USER, "application_credential_id": "junk"},
    ],
)
def test_one_login_written_in_another_way_is_no_new_count(
    web: FlaskClient, runtime: Runtime, changes: Mapping[str, str]
) -> None:
    """The cloud would take it for the same."""
    for n in range(20):
        address = accounts.link_address(Person(TEAM_ID, f"U{n}"), "", runtime.services)
        given = filled(**({} if n % 2 else changes), api_key="made-up-guess")
        web.post(address.removeprefix(HOME), data=given)

    address = accounts.link_address(PERSON, "", runtime.services).removeprefix(HOME)
    assert web.post(address, data=filled(**changes)).status_code == 429


def test_the_page_names_the_workspace_if_it_is_known(
    web: FlaskClient, runtime: Runtime, link: Callable[..., str]
) -> None:
    unknown = web.get(link()).text
    runtime.store.installations.save(TEAM_ID, None, {"team_name": "Sandbox <b>"})

    assert f"<strong>{TEAM_ID}</strong>" in unknown
    assert f"Sandbox &lt;b&gt; ({TEAM_ID})" in web.get(link()).text


def test_linking_a_second_account_says_which_is_in_use_with_a_button_back(
    web: FlaskClient, link: Callable[..., str], runtime: Runtime, clock: HandClock
) -> None:
    web.post(link(), data=filled())
    clock.advance(minutes=1)

    web.post(link(), data=filled(username=f"user-{NUMBERS[CONSUMER_A]}"))

    runtime.request_pool.finish()
    shown = str([notice.blocks for notice in taking.notices(runtime.store)])
    assert f"Account `{NUMBERS[CONSUMER_A]}` (" in shown
    assert "is now in use, instead of" in shown
    assert f"Use {NUMBERS[PRODUCER]} again" in shown


def test_the_page_shows_the_picture_and_the_id_of_the_slack_user(
    web: FlaskClient, link: Callable[..., str]
) -> None:
    page = web.get(link())

    assert f'src="https://avatars.slack-edge.com/made-up/{PRODUCER}_192.png"' in page.text
    assert f"({PRODUCER})" in page.text
    assert "img-src https://avatars.slack-edge.com" in page.headers["Content-Security-Policy"]


def test_admins_are_told_who_linked_their_account_and_from_where(
    web: FlaskClient, link: Callable[..., str], runtime: Runtime
) -> None:
    web.post(link(), data=filled())
    thief = Person(TEAM_ID, CONSUMER_A)
    address = accounts.link_address(thief, "", runtime.services).removeprefix(HOME)

    page = web.post(
        address,
        data=filled(),
        headers={"User-Agent": "Browser <b>9</b>", "X-Forwarded-For": "1.2.3.4, 203.0.113.7"},
    )

    runtime.request_pool.finish()
    [told] = [
        notice
        for notice in taking.notices(runtime.store)
        if notice.user_id == PRODUCER and CONSUMER_A in notice.text
    ]
    assert told.text.startswith(f"<@{CONSUMER_A}> linked account `{NUMBERS[PRODUCER]}`")
    assert "and has the role *operator*." in told.text
    assert "203.0.113.7, Browser &lt;b&gt;9&lt;/b&gt;" in str(told.blocks)
    assert "1.2.3.4" not in str(told.blocks)
    assert f"Also linked by Producer ({PRODUCER})" in page.text
