"""How calls end when the cloud is down, slow, limiting or talking nonsense."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from cloud import AuthType, Clouds, Credentials, Images, MemberStatus, errors
from cloud.refusals import clean
from cloud.transport import LONGEST_WAIT, TRIES

if TYPE_CHECKING:
    from sandbox.cloud import CloudStandIn

Naps = list[float]


@pytest.fixture
def images(standin: CloudStandIn, clouds: Clouds) -> Images:
    return clouds.connect(_producer(standin)).images("DFW")


@pytest.fixture
def image_id(standin: CloudStandIn) -> str:
    return standin.add_image("100", name="image")


PASSING = [408, 425, 429, 498, 502, 503, 504]


@pytest.mark.parametrize("status", [413, *PASSING])
def test_a_get_waits_as_long_as_it_is_told(
    standin: CloudStandIn, images: Images, image_id: str, naps: Naps, status: int
) -> None:
    standin.fail_next(2, status, {"Retry-After": "7"})

    assert images.get(image_id).name == "image"
    assert naps == [7.0, 7.0]


@pytest.mark.parametrize("status", PASSING)
def test_a_get_that_is_told_no_time_waits_longer_each_time(
    standin: CloudStandIn, images: Images, image_id: str, naps: Naps, status: int
) -> None:
    standin.fail_next(3, status)

    assert images.get(image_id).name == "image"
    assert naps == [0.5, 1.0, 2.0]


def test_a_get_waits_until_the_date_it_is_told(
    standin: CloudStandIn, images: Images, image_id: str, naps: Naps
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=10)
    standin.fail_next(1, 503, {"Retry-After": format_datetime(soon, usegmt=True)})

    images.get(image_id)

    assert naps == [pytest.approx(9.0, abs=1.5)]


@pytest.mark.parametrize(
    "value",
    [
        *("", "soon", "-5", "²", "1e3", "0x10", "nan", "inf", ".5", "5.", "1,5"),
        *("Fri, 99 Foo 2026 00:00:00 GMT", "Fri, " * 50),
    ],
)
def test_a_time_that_is_none_is_as_if_none_were_told(
    standin: CloudStandIn, images: Images, image_id: str, naps: Naps, value: str
) -> None:
    standin.fail_next(1, 503, {"Retry-After": value})

    images.get(image_id)

    assert naps == [0.5]


def test_a_get_gives_up_after_a_few_tries(
    standin: CloudStandIn, images: Images, image_id: str, naps: Naps
) -> None:
    standin.fail_next(99, 503, {"Retry-After": "1"})

    with pytest.raises(errors.Unavailable) as caught:
        images.get(image_id)

    assert (caught.value.status, caught.value.retry_after) == (503, 1.0)
    assert (len(naps), _sent(standin, "GET")) == (TRIES - 1, TRIES)


def test_who_asks_for_a_long_wait_is_told_so_at_once(
    standin: CloudStandIn, images: Images, image_id: str, naps: Naps
) -> None:
    standin.fail_next(1, 429, {"Retry-After": str(int(LONGEST_WAIT) + 1)})

    with pytest.raises(errors.Unavailable) as caught:
        images.get(image_id)

    assert (caught.value.retry_after, naps) == (LONGEST_WAIT + 1, [])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1000000000", 3600.0),
        ("9" * 400, 3600.0),
        ("9" * 5000, 3600.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600.0),
        ("3600.5", 3600.0),
        ("21.5", 21.5),
    ],
    ids=lambda value: str(value)[:30],
)
def test_nobody_is_told_to_wait_longer_than_an_hour(
    standin: CloudStandIn, images: Images, image_id: str, naps: Naps, value: str, seconds: float
) -> None:
    standin.fail_next(1, 503, {"Retry-After": value})

    with pytest.raises(errors.Unavailable) as caught:
        images.get(image_id)

    assert (caught.value.retry_after, naps) == (seconds, [])


@pytest.mark.parametrize("value", ["1.5", " 1.5 "])
def test_a_fraction_of_a_second_is_waited_for(
    standin: CloudStandIn, images: Images, image_id: str, naps: Naps, value: str
) -> None:
    standin.fail_next(1, 503, {"Retry-After": value})

    images.get(image_id)

    assert naps == [1.5]


@pytest.mark.parametrize(
    "value", ["0", "Mon, 01 Jan 2001 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 -0000"]
)
def test_a_time_that_has_passed_is_no_wait(
    standin: CloudStandIn, images: Images, image_id: str, naps: Naps, value: str
) -> None:
    standin.fail_next(1, 503, {"Retry-After": value})

    images.get(image_id)

    assert naps == [0.0]


@pytest.mark.parametrize("status", [500, 501, 505, 507])
def test_other_failures_of_the_service_are_not_repeated(
    standin: CloudStandIn, images: Images, image_id: str, naps: Naps, status: int
) -> None:
    standin.fail_next(1, status)

    with pytest.raises(errors.Unavailable) as caught:
        images.get(image_id)

    assert (caught.value.status, naps) == (status, [])


@pytest.mark.parametrize("status", [408, 413, 429, 500, 502, 503, 504])
@pytest.mark.parametrize(
    "change",
    [
        lambda images, id_: images.add_member(id_, "200"),
        lambda images, id_: images.set_member_status(id_, MemberStatus.ACCEPTED),
        lambda images, id_: images.remove_member(id_, "200"),
    ],
    ids=["POST", "PUT", "DELETE"],
)
def test_a_change_is_sent_once(
    standin: CloudStandIn,
    images: Images,
    image_id: str,
    naps: Naps,
    change: Callable[[Images, str], object],
    status: int,
) -> None:
    standin.fail_next(1, status, {"Retry-After": "1"})

    with pytest.raises(errors.Unavailable) as caught:
        change(images, image_id)

    assert (caught.value.retry_after, naps) == (1.0, [])
    assert standin.members(image_id) == {}


def test_a_413_without_a_time_is_a_quota(
    standin: CloudStandIn, images: Images, image_id: str
) -> None:
    standin.fail_next(1, 413)

    with pytest.raises(errors.QuotaReached):
        images.get(image_id)


def test_a_413_that_says_so_is_a_limit_without_a_time_too(
    standin: CloudStandIn, images: Images, image_id: str, naps: Naps
) -> None:
    standin.fail_next(1, 413, body='{"overLimit": {"code": 413, "message": "Slow down."}}')

    assert images.get(image_id).name == "image"
    assert naps == [0.5]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.Invalid),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (405, errors.Invalid),
        (409, errors.Conflict),
        (415, errors.Invalid),
        (418, errors.Invalid),
    ],
)
def test_every_status_has_a_name(
    standin: CloudStandIn,
    images: Images,
    image_id: str,
    status: int,
    kind: type[errors.CloudError],
) -> None:
    standin.fail_next(1, status)

    with pytest.raises(errors.CloudError) as caught:
        images.get(image_id)

    assert (type(caught.value), caught.value.status) == (kind, status)


def test_a_token_refused_after_a_fresh_login_is_unauthorized(
    standin: CloudStandIn, images: Images, image_id: str, naps: Naps
) -> None:
    standin.fail_next(9, 401)

    with pytest.raises(errors.Unauthorized):
        images.get(image_id)

    assert naps == []


def test_many_threads_survive_the_end_of_their_token(
    standin: CloudStandIn, images: Images, image_id: str
) -> None:
    images.get(image_id)
    standin.delay_s = 0.02

    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            standin.expire_tokens()
            found = list(pool.map(lambda _: images.get(image_id).name, range(16)))
            assert found == ["image"] * 16


def test_threads_that_start_together_log_in_once(
    standin: CloudStandIn, clouds: Clouds, image_id: str
) -> None:
    connection = clouds.connect(_producer(standin))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: connection.images("DFW").get(image_id).name, range(16)))

    assert found == ["image"] * 16
    assert _sent(standin, "POST") == 1


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [(429, {"Retry-After": "3"}, 3.0), (413, {"Retry-After": "3"}, 3.0), (413, {}, 0.5)],
)
def test_a_limited_login_is_repeated_too(
    standin: CloudStandIn,
    images: Images,
    image_id: str,
    naps: Naps,
    status: int,
    headers: dict[str, str],
    expected: float,
) -> None:
    """Identity's 413 is never a quota, whether or not it says when to come back."""
    standin.expire_tokens()
    standin.fail_next(1, status, headers, path_prefix="tokens")

    assert images.get(image_id).name == "image"
    assert naps == [expected]


@pytest.mark.parametrize("kind", AuthType)
def test_the_first_login_is_repeated_when_identity_is_down_for_a_moment(
    standin: CloudStandIn, clouds: Clouds, naps: Naps, kind: AuthType
) -> None:
    standin.fail_next(2, 503, path_prefix="tokens")

    assert clouds.connect(_credentials(standin, kind)).project_id == "100"
    assert naps == [0.5, 1.0]


def test_a_limited_login_gives_up_after_a_few_tries(
    standin: CloudStandIn, clouds: Clouds, naps: Naps
) -> None:
    standin.fail_next(99, 413, path_prefix="tokens")

    with pytest.raises(errors.Unavailable):
        _ = clouds.connect(_producer(standin)).project_id

    assert (len(naps), _sent(standin, "POST")) == (TRIES - 1, TRIES)


def test_a_refused_login_is_not_repeated(standin: CloudStandIn, clouds: Clouds, naps: Naps) -> None:
    """Wrong passwords are counted, and too many lock the account."""
    standin.fail_next(99, 401, path_prefix="tokens")

    with pytest.raises(errors.BadCredentials):
        _ = clouds.connect(_producer(standin)).project_id

    assert (naps, _sent(standin, "POST")) == ([], 1)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"message": "No such &quot;thing&quot;.<br /><br />\\n\\n\\n"}', 'No such "thing".'),
        ('{"error": {"message": "Wrong.", "code": 400}}', "Wrong."),
        ('{"badRequest": {"code": 400, "message": "Bad."}}', "Bad."),
        ("<html><head></head><body><h1>Bad</h1>\n  It &amp; me<br/></body></html>", "Bad It & me"),
        ("plain words", "plain words"),
        ("", "BAD REQUEST"),
        ("{}", "BAD REQUEST"),
        ('{"error": "text"}', "BAD REQUEST"),
        ('{"error": {}}', "BAD REQUEST"),
        ('{"message": null}', "BAD REQUEST"),
        ("[1]", "BAD REQUEST"),
        ("5", "BAD REQUEST"),
        ("null", "BAD REQUEST"),
        ("x" * 9999, "x" * 300),
    ],
    ids=lambda value: str(value)[:20],
)
def test_the_services_words_are_found_and_cleaned(
    standin: CloudStandIn, images: Images, image_id: str, body: str, message: str
) -> None:
    standin.fail_next(1, 400, body=body)

    with pytest.raises(errors.Invalid) as caught:
        images.get(image_id)

    assert caught.value.message == message


def test_cleaning_leaves_one_short_line() -> None:
    assert clean(" a<br />\n\n\tb <b>c</b> &lt;d&gt; ") == "a b c <d>"


@pytest.mark.parametrize("body", ["<html>hello</html>", "[]", "5", "null", "{}", '{"images": 5}'])
@pytest.mark.parametrize(
    "read",
    [
        lambda images: images.get("1"),
        lambda images: list(images.list()),
        lambda images: images.members("1"),
        lambda images: images.member("1", "2"),
        lambda images: images.add_member("1", "2"),
    ],
    ids=["get", "list", "members", "member", "add_member"],
)
def test_an_answer_that_is_not_what_is_documented_is_unexpected(
    standin: CloudStandIn, images: Images, read: Callable[[Images], object], body: str
) -> None:
    standin.fail_next(1, 200, body=body)

    with pytest.raises(errors.UnexpectedAnswer):
        read(images)


@pytest.mark.parametrize("rows", ["[5]", "[{}]", "{}", "null"])
def test_a_list_of_something_else_is_unexpected(
    standin: CloudStandIn, images: Images, rows: str
) -> None:
    standin.fail_next(1, 200, body=f'{{"images": {rows}}}')

    with pytest.raises(errors.UnexpectedAnswer):
        list(images.list())


def test_nobody_there_is_unavailable_after_a_few_tries(images: Images, naps: Naps) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        elsewhere = f"http://127.0.0.1:{reserved.getsockname()[1]}/v2"
        images = replace(images, transport=replace(images.transport, base_url=elsewhere))

        with pytest.raises(errors.Unavailable, match="no connection") as caught:
            images.get("1")

    assert (caught.value.status, len(naps)) == (None, TRIES - 1)


def test_no_answer_in_time_is_unavailable_at_once(images: Images, naps: Naps) -> None:
    with _server(b"") as address:
        images = _hurried(images, address)

        with pytest.raises(errors.Unavailable, match="no answer in time"):
            images.get("1")

    assert naps == []


def test_an_answer_that_stalls_is_waited_for_once(images: Images, naps: Naps) -> None:
    """requests calls this a broken connection, which would be repeated."""
    with _server(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{") as address:
        images = _hurried(images, address)

        with pytest.raises(errors.Unavailable, match="no answer in time"):
            images.get("1")

    assert naps == []


@pytest.mark.parametrize("kind", AuthType)
def test_a_login_that_is_not_answered_ends_in_time(
    standin: CloudStandIn, naps: Naps, kind: AuthType
) -> None:
    """keystoneauth itself would wait for ever."""
    hurried = Clouds(timeout_s=(1, 0.2), sleep=naps.append)
    with _server(b"") as address:
        credentials = replace(_credentials(standin, kind), auth_url=address)

        with pytest.raises(errors.Unavailable, match="no answer in time"):
            _ = hurried.connect(credentials).project_id

    hurried.close()
    assert naps == []


def test_an_answer_cut_short_is_unavailable(images: Images, naps: Naps) -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Type: application/json\r\n\r\n{"
    with _server(half, close=True) as address:
        images = _elsewhere(images, address)

        with pytest.raises(errors.Unavailable, match="no connection"):
            images.get("1")

    assert len(naps) == TRIES - 1


def test_a_service_without_its_certificate_is_unavailable(images: Images, naps: Naps) -> None:
    with _server(b"no TLS here\r\n", close=True) as address:
        images = _elsewhere(images, address.replace("http:", "https:"))

        with pytest.raises(errors.Unavailable, match="no secure connection"):
            images.get("1")

    assert len(naps) == TRIES - 1


def test_identity_that_does_not_answer_is_unavailable(clouds: Clouds) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}/v3"
        options = {"username": "u", "password": "p", "user_domain_id": "default"}

        with pytest.raises(errors.Unavailable):
            _ = clouds.connect(Credentials(AuthType.V3_PASSWORD, url, options)).project_id


@pytest.mark.parametrize("kind", AuthType)
def test_no_secret_is_logged_shown_or_told(
    standin: CloudStandIn,
    clouds: Clouds,
    caplog: pytest.LogCaptureFixture,
    kind: AuthType,
) -> None:
    caplog.set_level(logging.DEBUG)
    standin.add_account("300", "s", "s", api_key="S3CRET-KEY", password="S3CRET-WORD")
    image_id = standin.add_image("300", name="i")
    options = dict(standin.credentials("s", kind)["auth"])
    credentials = Credentials(kind, options.pop("auth_url"), options)
    connection = clouds.connect(credentials)
    images = connection.images("DFW")
    told: list[object] = []

    list(images.list())
    images.add_member(image_id, "400")
    tokens = set(standin.state.tokens)
    for trouble in (
        lambda: images.get("unknown"),
        lambda: images.add_member(image_id, "400"),
        lambda: connection.images("SYD"),
        lambda: (
            clouds.connect(replace(credentials, auth_url=standin.base_url + "/nowhere")).project_id
        ),
    ):
        with pytest.raises(errors.CloudError) as caught:
            trouble()
        told += [caught.value, repr(caught.value), vars(caught.value)]
    standin.expire_tokens()
    images.get(image_id)
    tokens |= set(standin.state.tokens)
    connection.revoke()

    said = "\n".join([caplog.text, *map(str, told), repr([credentials, connection, images])])
    secrets = {"S3CRET-KEY", "S3CRET-WORD", standin.state.users["s"].application_credential[1]}
    assert {record.name.split(".")[0] for record in caplog.records} >= {"cloud", "urllib3"}
    assert [secret for secret in secrets | tokens if secret in said] == []


def _producer(standin: CloudStandIn) -> Credentials:
    return _credentials(standin, AuthType.V3_PASSWORD)


def _credentials(standin: CloudStandIn, kind: AuthType) -> Credentials:
    auth = dict(standin.credentials("producer", kind)["auth"])
    return Credentials(kind, auth.pop("auth_url"), auth)


def _sent(standin: CloudStandIn, method: str) -> int:
    return sum(each == method for each, _, _ in standin.requests)


def _elsewhere(images: Images, address: str) -> Images:
    return replace(images, transport=replace(images.transport, base_url=address))


def _hurried(images: Images, address: str) -> Images:
    there = _elsewhere(images, address)
    return replace(there, transport=replace(there.transport, timeout_s=(1, 0.2)))


@contextmanager
def _server(answer: bytes, *, close: bool = False) -> Iterator[str]:
    """Takes connections, sends *answer* to whatever is asked, and then nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                taken.append(connection)
                connection.recv(65536)
                connection.sendall(answer)
                if close:
                    connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v2"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in taken:
            connection.close()
