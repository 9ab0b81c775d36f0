"""Strict accounts: a click in Slack is not enough, the account's own secret is."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient

import handlers
from bot.web.app import create_app
from bot.wiring import Runtime
from cloud.patch import Changes
from handlers import Message, Person
from handlers.approvals import requests
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID
from storage import Account, Role, Subject
from tests import taking
from tests.bot.people import CONSUMER_A, NUMBERS, PASSWORD, PRODUCER
from tests.handlers.talk import Talk, labels, read
from tests.storage import asking
from tests.storage.fixtures import HandClock

HOME = "https://bot.example"
ME = Person(TEAM_ID, PRODUCER)


@pytest.fixture
def environ(environ: Mapping[str, str]) -> Mapping[str, str]:
    return {**environ, "PUBLIC_URL": HOME}


@pytest.fixture
def web(runtime: Runtime) -> Iterator[FlaskClient]:
    with create_app(runtime).test_client() as client:
        yield client


@pytest.fixture
def talk(runtime: Runtime, link: Callable[..., Account]) -> Talk:
    """The producer's, whose account is strict."""
    link(PRODUCER)
    talk = Talk(runtime.services)
    talk.say(ME, "policy --strict on")
    return talk


@pytest.fixture
def image(cloud: CloudStandIn) -> str:
    return cloud.add_image(NUMBERS[PRODUCER], name="web", region="DFW")


def asked(talk: Talk, command: str, person: Person = ME) -> str:
    """The path of the page to which a command leads, by whatever buttons."""
    answer = talk.say(person, command)
    while "confirm/" not in read(answer):
        answer = talk.press(person, answer, labels(answer)[0])
    found = re.search(rf"{HOME}(/confirm/[\w-]+)", read(answer))
    assert found
    return found[1]


def give(runtime: Runtime, user_id: str, role: Role) -> None:
    """As its admin did before the account was strict."""
    account = runtime.services.current_account(ME)
    rights = runtime.store.rights
    rights.grant(account.key, account.id, Subject.PERSON, user_id, role, PRODUCER)


def told(runtime: Runtime) -> list[str]:
    """What the person hears, once all that was taken in hand is done."""
    runtime.request_pool.finish()
    notices = taking.notices(runtime.store)
    return [read(Message(notice.text, tuple(notice.blocks))) for notice in notices]


def test_a_click_leads_to_a_page_and_changes_nothing(
    talk: Talk, image: str, cloud: CloudStandIn
) -> None:
    cloud.add_member(image, NUMBERS[CONSUMER_A])
    question = talk.say(ME, f"unshare web {NUMBERS[CONSUMER_A]}")

    answer = read(talk.press(ME, question, "Unshare"))

    assert answer.startswith(
        "Account `1100111` is strict. Confirm on a secure page: end access to `web` (DFW, 1.0 "
        f"KB) for `{NUMBERS[CONSUMER_A]}`.\n"
        f"*<{HOME}/confirm/"
    )
    assert cloud.members(image) == {NUMBERS[CONSUMER_A]: "pending"}


def test_the_secret_of_the_account_confirms_it_and_slack_hears_what_came_of_it(
    talk: Talk, web: FlaskClient, runtime: Runtime, image: str, cloud: CloudStandIn
) -> None:
    path = asked(talk, "update web name=db")
    shown = web.get(path)
    before = runtime.services.images(runtime.services.current_account(ME), "DFW").get(image).name

    page = web.post(path, data={"secret": PASSWORD})

    assert "update web (DFW, 1.0 KB): name" in shown.text
    assert (page.status_code, before) == (200, "web")
    [news] = told(runtime)
    assert news.startswith("Confirmed: update `web` (DFW, 1.0 KB): `name`.\n")
    assert (
        runtime.services.images(runtime.services.current_account(ME), "DFW").get(image).name == "db"
    )


@pytest.mark.parametrize(
    ("command", "fact"),
    [
        ("policy --strict off", "strict: yes → no"),
        ("allow <@U7> admin", "<@U7>: none → admin"),
        ("update web visibility=community", "Gains access: every account in this cloud"),
    ],
)
def test_the_page_shows_before_and_after_and_does_that(
    talk: Talk, web: FlaskClient, runtime: Runtime, image: str, command: str, fact: str
) -> None:
    path = asked(talk, command)

    shown = html.unescape(web.get(path).text)
    web.post(path, data={"secret": PASSWORD})

    assert fact in shown
    assert any("Confirmed: " in each for each in told(runtime))
    [row] = [r for r in runtime.store.audit.recent() if r.action == "account.confirm"]
    assert row.after


def test_what_changed_while_the_page_was_open_is_not_done(
    talk: Talk, web: FlaskClient, runtime: Runtime, image: str, cloud: CloudStandIn
) -> None:
    path = asked(talk, "tag web blue")
    account = runtime.services.current_account(ME)
    images = runtime.services.images(account, "DFW")
    images.update(images.get(image), Changes({"name": "db"}))

    web.post(path, data={"secret": PASSWORD})

    [news] = told(runtime)
    assert "because something changed: `name` was `web` and is now `db`" in news
    assert images.get(image).tags == ()


def test_a_page_of_the_last_release_is_still_answered(
    talk: Talk, web: FlaskClient, runtime: Runtime, image: str
) -> None:
    path = asked(talk, "tag web blue")
    token = path.rpartition("/")[2]
    payload = runtime.store.once.redeem("confirm", token)
    assert payload
    older = {name: held for name, held in payload.items() if name != "shown"}
    path = f"/confirm/{runtime.store.once.issue('confirm', older, 600)}"

    assert web.get(path).status_code == 200
    web.post(path, data={"secret": PASSWORD})

    assert any("Changed" in each for each in told(runtime))


def test_opening_the_page_spends_nothing_and_sending_it_works_once(
    talk: Talk, web: FlaskClient, image: str
) -> None:
    path = asked(talk, "tag web blue")
    looked = [web.get(path).status_code, web.head(path).status_code, web.get(path).status_code]

    sent = [web.post(path, data={"secret": PASSWORD}).status_code for _ in range(2)]

    assert looked == [200, 200, 200]
    assert sent == [200, 410]
    assert web.get(path).status_code == 410


def test_of_many_who_send_it_at_once_one_is_answered(
    talk: Talk, runtime: Runtime, image: str
) -> None:
    path = asked(talk, "tag web blue")

    def send(_: int) -> int:
        return create_app(runtime).test_client().post(path, data={"secret": PASSWORD}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(send, range(8)))

    assert answers == [200, *[410] * 7]


def test_a_wrong_secret_may_be_tried_five_times(
    talk: Talk,
    web: FlaskClient,
    runtime: Runtime,
    image: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    path, answers = asked(talk, "tag web blue"), []

    for _ in range(5):
        page = web.post(path, data={"secret": "made-up-guess"})
        answers.append(page.status_code)
        assert "made-up-guess" not in page.text
        found = re.search(r'action="([^"]+)"', page.text)
        path = found[1] if found else path

    assert answers == [422, 422, 422, 422, 410]
    assert told(runtime) == []
    assert "made-up-guess" not in caplog.text
    tries = [row for row in runtime.store.audit.recent() if row.action == "account.confirm"]
    assert [row.detail for row in tries] == ["not the secret"] * 5


def test_it_ends_after_ten_minutes(
    talk: Talk, web: FlaskClient, image: str, clock: HandClock
) -> None:
    path = asked(talk, "tag web blue")

    clock.advance(minutes=10)

    assert web.get(path).status_code == 410
    assert web.post(path, data={"secret": PASSWORD}).status_code == 410


def test_a_form_of_another_site_is_refused_and_spends_nothing(
    talk: Talk, web: FlaskClient, image: str
) -> None:
    path = asked(talk, "tag web blue")

    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    refused = web.post(path, data={"secret": PASSWORD}, headers=headers)

    assert refused.status_code == 403
    assert web.get(path).status_code == 200


def test_the_page_is_guarded_as_the_linking_page_is(
    talk: Talk, web: FlaskClient, image: str
) -> None:
    headers = web.get(asked(talk, "tag web blue")).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_what_is_confirmed_is_what_was_shown(
    talk: Talk, web: FlaskClient, runtime: Runtime, image: str, cloud: CloudStandIn
) -> None:
    """Someone shares the image meanwhile: more would be lost than the page told."""
    path = asked(talk, "delete web")
    cloud.add_member(image, NUMBERS[CONSUMER_A])

    web.post(path, data={"secret": PASSWORD})

    [news] = told(runtime)
    number = NUMBERS[CONSUMER_A]
    assert f"something changed: `loses access: {number}` was none and is now `{number}`" in news
    assert runtime.services.images(runtime.services.current_account(ME), "DFW").get(image)


def test_what_also_needs_a_second_person_is_asked_for_after_the_page(
    talk: Talk, web: FlaskClient, runtime: Runtime, image: str, cloud: CloudStandIn
) -> None:
    give(runtime, "U7", Role.APPROVER)
    talk.say(ME, "policy delete always")
    web.post(asked(talk, "delete web"), data={"secret": PASSWORD})
    news = told(runtime)
    [approval] = runtime.store.approvals.waiting(TEAM_ID)

    talk.say(Person(TEAM_ID, "U7"), f"approve {approval.id}")
    requests.carry_out(
        asking.begun(runtime.store.approvals)[0], handlers.DISPATCHER.carry_out, runtime.services
    )

    assert any("will do it as soon as" in each for each in news)
    [done] = runtime.store.approvals.of(TEAM_ID, PRODUCER)
    assert done.state == "done"


def test_nothing_typed_is_no_secret(
    talk: Talk, web: FlaskClient, runtime: Runtime, image: str
) -> None:
    give(runtime, "U7", Role.OPERATOR)
    answer = read(talk.say(Person(TEAM_ID, "U7"), "tag web blue"))
    found = re.search(rf"{HOME}(/confirm/[\w-]+)", answer)
    assert found

    page = web.post(found[1], data={"secret": ""})

    assert page.status_code == 422
    assert told(runtime) == []


def test_after_twenty_wrong_secrets_nothing_is_tried_for_an_hour(
    talk: Talk, web: FlaskClient, runtime: Runtime, image: str, clock: HandClock
) -> None:
    wrong = {"secret": "made-up-guess"}
    for _ in range(20):
        web.post(asked(talk, "tag web blue"), data=wrong)

    closed = web.post(asked(talk, "tag web blue"), data={"secret": PASSWORD})
    clock.advance(hours=1)
    again = web.post(asked(talk, "tag web blue"), data={"secret": PASSWORD})

    assert (closed.status_code, again.status_code) == (429, 200)


def test_the_page_calls_the_person_by_name(talk: Talk, web: FlaskClient, image: str) -> None:
    assert f"Producer ({PRODUCER})" in web.get(asked(talk, "tag web blue")).text


def test_several_people_cannot_try_the_secret_of_one_account_together(
    talk: Talk, web: FlaskClient, runtime: Runtime, image: str
) -> None:
    rights = runtime.store.rights
    [account] = runtime.store.accounts.of(TEAM_ID, PRODUCER)
    people = [Person(TEAM_ID, f"UX{n}") for n in range(4)]
    for each in people:
        rights.grant(account.key, account.id, Subject.PERSON, each.user_id, Role.OPERATOR, PRODUCER)
        for _ in range(5):
            page = asked(talk, "tag web blue", each)
            assert web.post(page, data={"secret": "made-up-guess"}).status_code == 422

    closed = web.post(asked(talk, "tag web blue"), data={"secret": PASSWORD})

    assert closed.status_code == 429
