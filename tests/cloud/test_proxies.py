"""What stands between us and a service and changes what it says: proxies, catalogs, old stores."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from cloud import AuthType, Clouds, Connection, Credentials, errors
from cloud.bodies import LONG_AGO
from tests.cloud.stub import REGION, Answer, Asked, Stub

BITS = bytes(range(256)) * 40
MD5 = hashlib.md5(BITS, usedforsecurity=False).hexdigest()
UNTIL = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("sized", [True, False])
def test_image_data_that_are_compressed_on_the_way_arrive_as_they_are(
    stub: Stub, stubbed: Connection, sized: bool
) -> None:
    packed = gzip.compress(BITS)
    body = packed if sized else [packed]
    stub.answer = lambda _: Answer(body, 200, {"Content-Encoding": "gzip"})

    with stubbed.images(REGION).data("1") as data, stubbed.images(REGION).data("1", 1000) as rest:
        assert (data.size, b"".join(data)) == (None, BITS)
        assert b"".join(rest) == BITS[1000:]

    assert stub.asked[0].headers["Accept-Encoding"] == "identity"


def test_an_object_that_is_stored_compressed_is_read_as_it_is_stored(
    stub: Stub, stubbed: Connection
) -> None:
    packed = gzip.compress(BITS)
    stub.answer = lambda _: Answer(packed, 200, {"Content-Encoding": "gzip"})

    with stubbed.object_store(REGION).read("c", "o") as data:
        assert (data.size, b"".join(data)) == (len(packed), packed)


def test_an_object_that_is_compressed_on_the_way_arrives_as_it_is(
    stub: Stub, stubbed: Connection
) -> None:
    stub.answer = lambda _: Answer([gzip.compress(BITS)], 200, {"Content-Encoding": "gzip"})

    with stubbed.object_store(REGION).read("c", "o") as data:
        assert b"".join(data) == BITS


def test_compressed_data_that_are_broken_break_off(stub: Stub, stubbed: Connection) -> None:
    stub.answer = lambda _: Answer(b"no gzip", 200, {"Content-Encoding": "gzip"})

    with (
        stubbed.images(REGION).data("1") as data,
        pytest.raises(errors.Unavailable, match="broke off"),
    ):
        b"".join(data)


@pytest.mark.parametrize("begins", [0, 500, 1000])
def test_data_that_begin_earlier_than_asked_are_skipped(
    stub: Stub, stubbed: Connection, begins: int
) -> None:
    told = {"Content-Range": f"bytes {begins}-{len(BITS) - 1}/{len(BITS)}"}
    stub.answer = lambda _: Answer(BITS[begins:], 206, told)

    with stubbed.images(REGION).data("1", 1000) as data:
        assert (data.offset, data.size, b"".join(data)) == (1000, len(BITS), BITS[1000:])


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Range": "bytes 1001-10239/10240"},
        {"Content-Range": "bytes 1000-10239/10240", "Content-Encoding": "gzip"},
    ],
    ids=["later", "compressed"],
)
def test_data_that_begin_later_than_asked_are_refused(
    stub: Stub, stubbed: Connection, headers: Mapping[str, str]
) -> None:
    """What is missing would be written as if it were not."""
    stub.answer = lambda _: Answer(BITS[1001:], 206, headers)

    with (
        pytest.raises(errors.UnexpectedAnswer, match="begin elsewhere"),
        stubbed.images(REGION).data("1", 1000),
    ):
        pass


@pytest.mark.parametrize("told", ["", "bytes */10240", "pages 1-2/3", "bytes 1000-10239/*"])
def test_a_range_that_is_not_told_is_the_one_that_was_asked_for(
    stub: Stub, stubbed: Connection, told: str
) -> None:
    headers = {"Content-Range": told} if told else {}
    stub.answer = lambda _: Answer(BITS[1000:], 206, headers)

    with stubbed.images(REGION).data("1", 1000) as data:
        assert data.size in (None, len(BITS))
        assert b"".join(data) == BITS[1000:]


@pytest.mark.parametrize("etag", [MD5, f'"{MD5}"', f'W/"{MD5}"', f'"{MD5}-gzip"', MD5.upper(), ""])
def test_an_object_has_arrived_however_its_etag_is_written(
    stub: Stub, stubbed: Connection, etag: str
) -> None:
    stub.answer = lambda _: Answer("", 200, {"Etag": etag} if etag else {})

    assert stubbed.object_store(REGION).write("c", "o", [BITS], len(BITS)) == MD5


@pytest.mark.parametrize("etag", ["0" * 32, f'W/"{"0" * 32}"'])
def test_other_bytes_than_were_sent_are_corrupt(stub: Stub, stubbed: Connection, etag: str) -> None:
    stub.answer = lambda _: Answer("", 200, {"Etag": etag})

    with pytest.raises(errors.Corrupt):
        stubbed.object_store(REGION).write("c", "o", [BITS], len(BITS))


def test_a_store_that_tells_nothing_of_an_object_is_believed(
    stub: Stub, stubbed: Connection
) -> None:
    stub.answer = lambda _: Answer("", 200, {"X-Container-Object-Count": ""})

    told = stubbed.object_store(REGION).object("c", "o")

    assert (told.size, told.etag, told.last_modified) == (0, "", LONG_AGO)
    assert stubbed.object_store(REGION).container("c").count == 0


def test_a_manifest_is_written_as_in_an_address(stub: Stub, stubbed: Connection) -> None:
    stub.answer = lambda _: Answer("", 200, {"X-Object-Manifest": "my%20exports/a%2Bb/c-"})

    assert stubbed.object_store(REGION).object("c", "o").manifest == "my exports/a+b/c-"


@pytest.mark.parametrize(
    ("info", "status", "expected"),
    [
        ({"tempurl": {"allowed_digests": ["sha1"]}}, 200, "sha1"),
        ({"tempurl": {"allowed_digests": ["sha1", "sha256", "sha512"]}}, 200, "sha256"),
        ({"tempurl": {"allowed_digests": ["sha512"]}}, 200, "sha512"),
        ({"tempurl": {"methods": ["GET"]}}, 200, "sha1"),
        ({"tempurl": 5}, 200, "sha1"),
        ({"tempurl": {"allowed_digests": ["md5"]}}, 200, "sha256"),
        ({"swift": {}}, 200, "sha256"),
        ("<html>", 200, "sha256"),
        ("", 404, "sha256"),
        ("", 403, "sha256"),
        ("", 401, "sha256"),
    ],
    ids=lambda value: json.dumps(value)[:50],
)
def test_an_address_is_signed_as_its_store_can_check(
    stub: Stub, stubbed: Connection, info: Mapping[str, object] | str, status: int, expected: str
) -> None:
    stub.answer = lambda _: Answer(info, status)

    urls = [
        stubbed.object_store(REGION).temporary_url("c", name, "a key", UNTIL)
        for name in ("o", "another")
    ]

    signed = parse_qs(urlsplit(urls[0]).query)["temp_url_sig"][0]
    text = f"GET\n{int(UNTIL.timestamp())}\n/v1/AUTH_100/c/o"
    assert signed == hmac.new(b"a key", text.encode(), expected).hexdigest()
    assert {each.path for each in stub.asked} == {"/info"}


@pytest.mark.parametrize(
    "path",
    ["/v2", "/v2/", "/v2/100", "", "/", "/v1", "/v1/", "/v1/100", "/v1.1", "/v2.0", "/v2.1/100"],
)
@pytest.mark.parametrize("prefix", ["", "/image"])
def test_images_are_asked_for_at_version_2_whatever_the_catalog_says(
    stub: Stub, clouds: Clouds, path: str, prefix: str
) -> None:
    stub.catalog = [{"type": "image", "endpoints": stub.endpoints(prefix + path, REGION)}]
    stub.answer = lambda _: Answer({"id": "1"})

    clouds.connect(stub.credentials).images(REGION).get("1")

    tenant = "/100" if path.endswith("100") else ""
    assert stub.asked[0].path == f"{prefix}/v2{tenant}/images/1"


def test_an_endpoint_without_a_region_counts_where_none_has_one(stub: Stub, clouds: Clouds) -> None:
    stub.answer = lambda _: Answer({"id": "1"})
    stub.catalog = [{"type": "image", "endpoints": stub.endpoints("/v2", None)}]
    alone = clouds.connect(stub.credentials)
    assert alone.regions == ("RegionOne",)
    assert alone.images("RegionOne").get("1").region == "RegionOne"
    clouds.forget(stub.credentials)

    stub.catalog = [{"type": "image", "endpoints": stub.endpoints("/v2", None, "DFW")}]

    assert clouds.connect(stub.credentials).regions == ("DFW",)


def test_odd_entries_of_a_catalog_are_left_out(stub: Stub, clouds: Clouds) -> None:
    good, other = stub.endpoints("/v2", "DFW"), stub.endpoints("/other", "DFW")
    odd = [5, None, {}, {"interface": "public", "region": "ORD"}, {"interface": 5, "url": "x"}]
    stub.catalog = [
        *({}, {"type": None, "endpoints": good}, {"type": "image", "endpoints": 5}),
        {"type": "image", "endpoints": [*odd, *good, *other]},
    ]
    stub.answer = lambda _: Answer({"id": "1"})

    connection = clouds.connect(stub.credentials)
    connection.images("DFW").get("1")

    assert connection.regions == ("DFW",)
    assert [each.path for each in stub.asked] == ["/v2/images/1"]


def test_a_catalog_in_the_older_form_is_read(stub: Stub, clouds: Clouds) -> None:
    def older(_: Asked) -> Answer:
        endpoint = {"region": "DFW", "publicURL": stub.url + "/v2", "internalURL": "http://no"}
        token = {"id": "t", "expires": "2099-01-01T00:00:00Z", "tenant": {"id": "1", "name": "a"}}
        user = {"id": "1", "name": "ann", "roles": [{"name": "cloudimages:admin"}]}
        catalog = [{"type": "image", "name": "cloudImages", "endpoints": [endpoint, {}]}]
        access = {"token": token, "user": user, "serviceCatalog": catalog}
        return Answer({"access": access}, 200, {"Content-Type": "application/json"})

    stub.log_in = older
    key = {"username": "ann", "api_key": "made-up-key"}
    credentials = Credentials(AuthType.RACKSPACE_API_KEY, f"{stub.url}/v2.0", key)

    connection = clouds.connect(credentials)

    assert (connection.regions, connection.roles) == (("DFW",), ("cloudimages:admin",))
