"""Whatever JSON is an answer, or a row of one: it is a named error or a value, and it ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud import Changes, Clouds, Connection, Image, MemberStatus, Segment, errors
from cloud.bodies import LONG_AGO
from tests.cloud.stub import REGION, Answer, Asked, Stub

FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TIME = "2026-01-01T00:00:00Z"
IMAGE = {
    "id": "1",
    "name": "web",
    "status": "active",
    "visibility": "shared",
    "owner": "100",
    "size": 5,
    "tags": ["a"],
    "min_disk": 1,
    "os_hidden": False,
    "created_at": TIME,
    "updated_at": TIME,
    "block_device_mapping": "[]",
}
MEMBER = {
    "image_id": "1",
    "member_id": "200",
    "status": "pending",
    "created_at": TIME,
    "updated_at": TIME,
}
TASK = {
    "id": "1",
    "type": "export",
    "status": "success",
    "message": "",
    "input": {},
    "result": {},
    "created_at": TIME,
    "updated_at": TIME,
    "expires_at": TIME,
}
SERVER = {
    "id": "1",
    "name": "web",
    "status": "ACTIVE",
    "image": {"id": "1"},
    "flavor": {"id": "f"},
    "addresses": {"public": [{"addr": "203.0.113.5"}]},
    "metadata": {"a": "b"},
    "created": TIME,
    "updated": TIME,
    "fault": {"message": "no"},
}
FLAVOR = {"id": "f", "name": "small", "vcpus": 1, "ram": 2, "disk": 3}
NETWORK = {"id": "n", "name": "inner", "project_id": "100", "shared": True}
OBJECT = {
    "name": "o",
    "bytes": 5,
    "hash": "abc",
    "content_type": "x",
    "last_modified": TIME,
    "count": 1,
}

Asking = Callable[[Connection], object]


def _touch(value: object) -> object:
    """All that an image tells, as it is told."""
    if isinstance(value, Image):
        names = [name for name, each in vars(Image).items() if isinstance(each, property)]
        for name in names:
            repr(getattr(value, name))
        assert value.created_at.tzinfo
    return repr(value)


def _all(values: Iterator[Any] | tuple[Any, ...]) -> None:
    for each in values:
        _touch(each)


ASKED: Mapping[str, tuple[Asking, str, Mapping[str, Any]]] = {
    "images.list": (lambda c: _all(c.images(REGION).list()), "images", IMAGE),
    "images.pending": (lambda c: _all(c.images(REGION).pending_invitations()), "images", IMAGE),
    "images.get": (lambda c: _touch(c.images(REGION).get("1")), "", IMAGE),
    "images.create": (lambda c: _touch(c.images(REGION).create({})), "", IMAGE),
    "images.update": (
        lambda c: _touch(c.images(REGION).update(Image(REGION, IMAGE), Changes({"name": "x"}))),
        *("", IMAGE),
    ),
    "images.tasks_of": (lambda c: _all(c.images(REGION).tasks_of("1")), "tasks", TASK),
    "images.import_methods": (
        lambda c: c.images(REGION).import_methods(),
        *("import-methods", {"value": ["web-download"]}),
    ),
    "members": (lambda c: _all(c.images(REGION).members("1")), "members", MEMBER),
    "member": (lambda c: _touch(c.images(REGION).member("1", "2")), "", MEMBER),
    "add_member": (lambda c: _touch(c.images(REGION).add_member("1", "2")), "", MEMBER),
    "set_member_status": (
        lambda c: _touch(c.images(REGION).set_member_status("1", MemberStatus.ACCEPTED)),
        *("", MEMBER),
    ),
    "tasks.list": (lambda c: _all(c.tasks(REGION).list()), "tasks", TASK),
    "tasks.get": (lambda c: _touch(c.tasks(REGION).get("1")), "", TASK),
    "tasks.export": (lambda c: _touch(c.tasks(REGION).export("1", "c")), "", TASK),
    "tasks.types": (lambda c: c.tasks(REGION).types(), "properties", {"type": {"enum": ["x"]}}),
    "capabilities": (lambda c: c.capabilities(REGION), "import-methods", {"value": []}),
    "servers": (lambda c: _all(c.compute(REGION).servers()), "servers", SERVER),
    "server": (lambda c: _touch(c.compute(REGION).server("1")), "server", SERVER),
    "flavors": (lambda c: _all(c.compute(REGION).flavors()), "flavors", FLAVOR),
    "changed": (lambda c: _all(c.compute(REGION).changed(LONG_AGO)), "servers", SERVER),
    "keypairs": (lambda c: c.compute(REGION).keypairs(), "keypairs", {"keypair": {"name": "k"}}),
    "networks": (lambda c: _all(c.networking(REGION).networks()), "networks", NETWORK),
    "groups": (
        lambda c: _all(c.networking(REGION).security_groups()),
        *("security_groups", NETWORK),
    ),
    "snapshot": (lambda c: c.compute(REGION).snapshot("1", "n", {}), "", {"image_id": "1"}),
    "launch": (lambda c: c.compute(REGION).launch("n", "1", "f", {}), "server", SERVER),
    "containers": (lambda c: _all(c.object_store(REGION).containers()), "[]", OBJECT),
    "objects": (lambda c: _all(c.object_store(REGION).objects("c")), "[]", OBJECT),
    "write_manifest": (
        lambda c: c.object_store(REGION).write_manifest("c", "o", [Segment("c", "s", 1, "e")]),
        *("", OBJECT),
    ),
}

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["", "\0", TIME, "0001-01-01T00:00:00+14:00", "9" * 30, "in:a"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)


def _odd(row: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A row of which some fields are missing, and some are anything."""
    lost = st.sets(st.sampled_from(sorted(row)))
    changed = st.dictionaries(st.sampled_from(sorted(row)), json_values)
    return st.builds(
        lambda lost, changed: {
            key: value for key, value in {**row, **changed}.items() if key not in lost
        },
        lost,
        changed,
    )


def _ask(stub: Stub, connection: Connection, asking: Asking, body: Any) -> None:
    """A page, and then none, or the same for ever."""
    stub.answer = lambda _: Answer(json.dumps(body))
    connection._capabilities.clear()
    before = len(stub.asked)
    with suppress(errors.CloudError):
        asking(connection)
    assert len(stub.asked) - before < 30


@pytest.mark.parametrize(("asking", "what", "row"), ASKED.values(), ids=ASKED)
@FEW
@given(data=st.data())
def test_any_json_is_a_named_error_or_a_value(
    stub: Stub,
    stubbed: Connection,
    asking: Asking,
    what: str,
    row: Mapping[str, Any],
    data: st.DataObject,
) -> None:
    rows = st.lists(_odd(row) | json_values, max_size=3)
    held = rows | _odd(row) | json_values
    shapes = {"": _odd(row), "[]": rows}
    body = shapes.get(what, st.fixed_dictionaries({what: held}))

    _ask(stub, stubbed, asking, data.draw(body | json_values))


@FEW
@given(body=json_values, lost=st.sets(st.sampled_from(["user", "project", "roles", "catalog"])))
def test_any_login_is_a_named_error_or_a_value(
    stub: Stub, clouds: Clouds, body: Any, lost: set[str]
) -> None:
    usual = stub._token

    def log_in(asked: Asked) -> Answer:
        token = json.loads(json.dumps(usual(asked).body))["token"]
        token.update(dict.fromkeys(lost, body))
        return Answer({"token": token}, 201, {"X-Subject-Token": "t"})

    stub.log_in = log_in
    clouds.forget(stub.credentials)
    connection = clouds.connect(stub.credentials)
    connection.try_again()
    try:
        _touch((connection.project_id, connection.user_name, connection.roles))
        for region in connection.regions:
            connection.images(region)
            connection.compute(region)
    except errors.CloudError:
        pass


@FEW
@given(
    headers=st.dictionaries(
        st.sampled_from(
            [
                *("Content-Length-X", "Etag", "Last-Modified", "X-Object-Manifest"),
                *("X-Static-Large-Object", "X-Container-Object-Count", "X-Container-Bytes-Used"),
                *("Content-Type", "X-Account-Meta-Temp-URL-Key"),
            ]
        ),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
    )
)
def test_any_headers_are_a_value(
    stub: Stub, stubbed: Connection, headers: Mapping[str, str]
) -> None:
    stub.answer = lambda _: Answer("", 200, headers)
    store = stubbed.object_store(REGION)

    _touch((store.object("c", "o"), store.container("c"), store.signing_keys()))


def test_one_odd_row_is_left_out_and_said(
    stub: Stub, stubbed: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [IMAGE, {"name": "without an id"}, 5, {**IMAGE, "id": "2", "created_at": None}]
    stub.answer = lambda asked: Answer({"images": [] if "marker" in asked.query else rows})

    found = [image.id for image in stubbed.images(REGION).list()]

    assert found == ["1", "2"]
    assert "2 of 4 images cannot be read" in caplog.text


def test_a_list_of_which_nothing_can_be_read_is_not_an_empty_one(
    stub: Stub, stubbed: Connection
) -> None:
    """Or all that waits for an answer would seem to have been withdrawn."""
    stub.answer = lambda _: Answer({"images": [5, {}]})

    with pytest.raises(errors.UnexpectedAnswer):
        list(stubbed.images(REGION).pending_invitations())
