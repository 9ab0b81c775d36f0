"""What the API says that no one foresaw."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from cloud import Image, ImageStatus, Member, MemberStatus, Visibility
from cloud.models import moment

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
