"""One login for an account: whatever its regions, however many ask, and after a refusal none."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from cloud import Clouds, Credentials, asking_for, errors
from cloud.login import REFUSED_S
from tests.cloud.stub import Answer, Asked, Stub

PASSWORD = "made-up-password"


class Hand:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def timed(hand: Hand) -> Clouds:
    return Clouds(timeout_s=(5, 30), sleep=lambda _: None, clock=hand)


def _refuse(status: int = 401, body: str = '{"error": {"message": "No."}}') -> Answer:
    return Answer(body, status, {"Content-Type": "application/json"})


def _regions(stub: Stub, *names: str | None) -> None:
    stub.catalog = [{"type": "image", "endpoints": stub.endpoints("/v2", *names)}]


def test_all_regions_and_threads_share_one_login(stub: Stub, timed: Clouds) -> None:
    _regions(stub, "DFW", "ORD", "IAD")
    stub.answer = lambda _: Answer('{"images": []}')

    def look(n: int) -> int:
        images = timed.connect(stub.credentials).images(("DFW", "ORD", "IAD")[n % 3])
        return len(list(images.list()))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(look, range(30))) == [0] * 30

    assert len(stub.logins) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, errors.BadCredentials),
        (403, errors.LoginForbidden),
        (404, errors.BadCredentials),
        (400, errors.Invalid),
    ],
)
def test_a_login_that_was_refused_is_not_tried_again_by_itself(
    stub: Stub, timed: Clouds, hand: Hand, status: int, kind: type[errors.CloudError]
) -> None:
    """Wrong passwords are counted, and too many lock the account for everybody."""
    stub.log_in = lambda _: _refuse(status)
    connection = timed.connect(stub.credentials)

    def look(n: int) -> type[errors.CloudError]:
        with pytest.raises(errors.CloudError) as caught:
            connection.images(f"R{n}")
        return type(caught.value)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(look, range(72))) == {kind}
    hand.now += REFUSED_S - 1
    look(0)

    assert len(stub.logins) == 1


def test_it_is_tried_once_a_day(stub: Stub, timed: Clouds, hand: Hand) -> None:
    stub.log_in = lambda _: _refuse()
    connection = timed.connect(stub.credentials)

    for _ in range(3 * 24):
        with pytest.raises(errors.BadCredentials):
            connection.images("DFW")
        hand.now += 3600

    assert len(stub.logins) == 3


def test_a_token_that_ends_while_the_password_changes_costs_one_login(
    stub: Stub, timed: Clouds
) -> None:
    images = timed.connect(stub.credentials).images("DFW")
    stub.answer = lambda _: Answer("", 401)
    stub.log_in = lambda _: _refuse()

    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(images.get, "1") for _ in range(32)]

    assert {type(each.exception()) for each in done} == {errors.BadCredentials}
    assert len(stub.logins) == 2


def test_new_credentials_are_tried_at_once(stub: Stub, timed: Clouds) -> None:
    usual = stub.log_in

    def strict(asked: Asked) -> Answer:
        given = json.loads(asked.body)["auth"]["identity"]["password"]["user"]["password"]
        return usual(asked) if given == "new" else _refuse()

    stub.log_in = strict
    changed = replace(stub.credentials, options={**stub.credentials.options, "password": "new"})

    with pytest.raises(errors.BadCredentials):
        _ = timed.connect(stub.credentials).project_id

    assert timed.connect(changed).project_id == "100"


def test_whoever_links_anew_is_asked_for_at_once(stub: Stub, timed: Clouds) -> None:
    usual, stub.log_in = stub.log_in, lambda _: _refuse()
    connection = timed.connect(stub.credentials)
    with pytest.raises(errors.BadCredentials):
        _ = connection.project_id
    stub.log_in = usual

    connection.try_again()

    assert connection.project_id == "100"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_login_that_was_not_answered_is_tried_again(
    stub: Stub, timed: Clouds, status: int
) -> None:
    usual, stub.log_in = stub.log_in, lambda _: _refuse(status)
    connection = timed.connect(stub.credentials)
    with pytest.raises(errors.Unavailable):
        _ = connection.project_id
    stub.log_in = usual

    assert connection.project_id == "100"


def test_more_accounts_than_were_ever_expected_log_in_once_each(stub: Stub) -> None:
    """Polled in turn, the one whose turn is next is always the one that was longest without."""
    clouds = Clouds()
    one = stub.credentials
    many = [replace(one, options={**one.options, "project_id": str(n)}) for n in range(30_000)]
    first = [clouds.connect(each) for each in many]

    again = [clouds.connect(each) for each in many]

    assert all(map(lambda a, b: a is b, first, again))
    clouds.close()


def test_a_token_is_replaced_before_it_ends(stub: Stub, timed: Clouds, hand: Hand) -> None:
    hand.now = 4_070_908_800.0 - 3600  # an hour before the stub's tokens end
    connection = timed.connect(stub.credentials)
    _ = connection.project_id

    hand.now += 3600 - 121
    _ = connection.project_id
    assert len(stub.logins) == 1

    hand.now += 2
    _ = connection.project_id
    assert len(stub.logins) == 2


@pytest.mark.parametrize("ahead_s", [-60, -6, 0, 100_000])
def test_short_tokens_and_clocks_that_are_ahead_cost_no_login_for_each_call(
    stub: Stub, timed: Clouds, hand: Hand, ahead_s: float
) -> None:
    """keystoneauth1 logs in for each call when less than two minutes are left."""
    hand.now = 4_070_908_800.0 + ahead_s
    connection = timed.connect(stub.credentials)

    for _ in range(5):
        assert connection.project_id == "100"

    assert len(stub.logins) == 1


def test_a_login_that_others_wait_for_is_waited_for_no_longer_than_they_do(
    stub: Stub, timed: Clouds
) -> None:
    connection = timed.connect(stub.credentials)
    connection._login._lock.acquire()

    with asking_for(0.05), pytest.raises(errors.Unavailable, match="no answer in time"):
        _ = connection.project_id

    connection._login._lock.release()
    assert connection.project_id == "100"


ECHOES: dict[str, Callable[[str], str]] = {
    "the body of the request": lambda sent: f"Bad gateway could not forward: {sent}",
    "as HTML": lambda sent: f"<html><body><pre>{sent.replace('<', '&lt;')}</pre></body></html>",
    "as JSON in JSON": lambda sent: json.dumps({"error": {"message": f"cannot read {sent}"}}),
    "cut short": lambda sent: sent[: sent.index("p@ss") + 6],
    "only the password": lambda _: 'your p@ss"wörd <1> is wrong',
    "in an address": lambda _: "p%40ss%22w%C3%B6rd+%3C1%3E",
}


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 418, 429, 500, 503])
@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_a_refusal_that_repeats_the_request_gives_nothing_away(
    stub: Stub,
    timed: Clouds,
    caplog: pytest.LogCaptureFixture,
    status: int,
    echo: Callable[[str], str],
    kind: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = 'p@ss"wörd <1>'
    options = {**stub.credentials.options, "password": secret}
    credentials = Credentials(stub.credentials.auth_type, stub.credentials.auth_url, options)
    stub.log_in = lambda asked: Answer(echo(asked.body.decode()), status, {"Content-Type": kind})

    with pytest.raises(errors.CloudError) as caught:
        _ = timed.connect(credentials).project_id

    told = f"{caught.value!r} {vars(caught.value)} {caplog.text}"
    parts = [secret[n : n + 4] for n in range(len(secret) - 3)]
    assert [part for part in parts if part in told] == []
    assert "user" not in caught.value.message or "may not log in" in caught.value.message


def test_the_words_of_a_refused_login_are_in_the_log(
    stub: Stub, timed: Clouds, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cloud")
    stub.log_in = lambda _: _refuse(401, '{"error": {"message": "The account is locked."}}')

    with pytest.raises(errors.BadCredentials) as caught:
        _ = timed.connect(stub.credentials).project_id

    assert "The account is locked." in caplog.text
    assert caught.value.message == "the login was refused"
