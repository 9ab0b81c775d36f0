"""What the API says that no one foresaw."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from cloud import Image, ImageStatus, Member, MemberStatus, Visibility
from cloud.bodies import LONG_AGO, moment

FEWEST = {
    "id": "i-1",
    "status": "active",
    "visibility": "private",
    "protected": False,
    "tags": [],
    "created_at": "2014-02-26T02:01:13Z",
    "updated_at": "2014-02-26T02:01:13Z",
}
"""What concepts.rst says is always there, without the links."""


def test_an_image_of_which_only_the_least_is_said_can_be_read() -> None:
    image = Image("DFW", FEWEST)

    assert (image.name, image.owner, image.size, image.min_disk, image.min_ram) == (
        *("", "", None, 0, 0),
    )
    assert (image.disk_format, image.container_format, image.checksum) == (None, None, None)
    assert (image.tags, dict(image.properties), image.standard) == ((), {}, False)


def test_a_status_that_no_one_knows_survives() -> None:
    image = Image("DFW", {**FEWEST, "status": "frozen", "visibility": "lunar"})

    assert (image.status, image.visibility) == ("frozen", "lunar")
    assert isinstance(image.status, ImageStatus)
    assert image.status not in list(ImageStatus)
    assert Visibility("lunar") == image.visibility


def test_an_answer_that_no_one_knows_survives() -> None:
    times = {"created_at": "2014-02-26T02:01:13Z", "updated_at": "2014-02-26T02:01:14Z"}
    member = Member.from_json({"image_id": "i", "member_id": "5", "status": "later", **times})

    assert member.status == "later"
    assert isinstance(member.status, MemberStatus)
    assert member.updated_at - member.created_at == timedelta(seconds=1)


def test_properties_are_all_that_is_not_the_apis_own() -> None:
    own = {"com.rackspace__1__options": "0", "a/b": "v", "vm_mode": "hvm"}

    assert Image("DFW", {**FEWEST, **own}).properties == own


def test_a_property_that_is_no_text_is_told_as_one() -> None:
    own = {"a": True, "b": 5, "c": None, "d": {"e": [1]}}

    told = Image("DFW", {**FEWEST, **own}).properties

    assert told == {"a": "true", "b": "5", "c": "", "d": '{"e":[1]}'}


SNAPSHOT = {"snapshot_id": "s-1", "source_type": "snapshot", "destination_type": "volume"}


@pytest.mark.parametrize(
    ("fields", "backed"),
    [
        ({"size": 0, "block_device_mapping": json.dumps([SNAPSHOT])}, True),
        ({"size": None, "block_device_mapping": json.dumps([{"volume_id": "v-1"}])}, True),
        ({"size": 0, "block_device_mapping": [SNAPSHOT]}, True),
        ({"size": 0, "block_device_mapping": json.dumps([{}, 5, SNAPSHOT])}, True),
        ({"size": 0, "block_device_mapping": "[]"}, False),
        ({"size": 0, "block_device_mapping": json.dumps([{"source_type": "blank"}])}, False),
        ({"size": 0, "block_device_mapping": "no JSON"}, False),
        ({"size": 0, "block_device_mapping": json.dumps({"snapshot_id": "s-1"})}, False),
        ({"size": 0}, False),
        ({"size": 5, "block_device_mapping": json.dumps([SNAPSHOT])}, False),
    ],
    ids=repr,
)
def test_an_image_whose_data_are_a_snapshot_of_a_volume_is_told_from_others(
    fields: dict[str, object], backed: bool
) -> None:
    assert Image("DFW", {**FEWEST, **fields}).volume_backed is backed


def test_what_is_missing_or_odd_is_the_least() -> None:
    odd = {
        "id": 5,
        "name": 7,
        "tags": [None, "a", 3],
        "size": "12",
        "min_disk": -1,
        "owner": [],
        "created_at": "yesterday",
    }

    image = Image("DFW", odd)

    assert (image.id, image.name, image.tags, image.size) == ("5", "7", ("a", "3"), 12)
    assert (image.status, image.visibility, image.owner) == ("unknown", "unknown", "")
    assert (image.min_disk, image.created_at, image.updated_at) == (0, LONG_AGO, LONG_AGO)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014-02-26T02:01:13Z", datetime(2014, 2, 26, 2, 1, 13, tzinfo=UTC)),
        ("2014-02-26T02:01:13.123Z", datetime(2014, 2, 26, 2, 1, 13, 123000, tzinfo=UTC)),
        ("2014-02-26T02:01:13", datetime(2014, 2, 26, 2, 1, 13, tzinfo=UTC)),
        (
            "2014-02-26T02:01:13-05:00",
            datetime(2014, 2, 26, 2, 1, 13, tzinfo=timezone(timedelta(hours=-5))),
        ),
    ],
)
def test_times_are_aware(text: str, expected: datetime) -> None:
    assert moment(text) == expected
    assert moment(text).tzinfo is not None


@pytest.mark.parametrize(
    "odd",
    [None, 5, "", "soon", [], "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9" * 9999],
    ids=lambda value: str(value)[:30],
)
def test_a_time_that_is_none_is_long_ago(odd: object) -> None:
    assert moment(odd) == LONG_AGO
