"""The five operations on image members: the producer's, the consumer's, and no one else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cloud import Images, Member, MemberStatus
from cloud.errors import Conflict, Forbidden, Invalid, NotFound, QuotaReached

if TYPE_CHECKING:
    from tests.cloud.conftest import Provider

QUOTA = 128


@pytest.fixture
def producer(provider: Provider) -> Images:
    return provider.images("producer")


@pytest.fixture
def consumer(provider: Provider) -> Images:
    return provider.images("consumer-a")


@pytest.fixture
def image_id(provider: Provider) -> str:
    return provider.create_image("shared")


def test_an_invitation_begins_as_pending(producer: Images, consumer: Images, image_id: str) -> None:
    member = producer.add_member(image_id, consumer.project_id)

    assert (member.image_id, member.member_id) == (image_id, consumer.project_id)
    assert member.status is MemberStatus.PENDING
    assert abs(datetime.now(UTC) - member.created_at) < timedelta(minutes=2)
    assert member.updated_at == member.created_at
    assert producer.members(image_id) == (member,)


def test_a_fresh_image_has_no_members(producer: Images, image_id: str) -> None:
    assert producer.members(image_id) == ()


@pytest.mark.parametrize("answer", MemberStatus)
def test_the_producer_sees_the_answer(
    producer: Images, consumer: Images, image_id: str, answer: MemberStatus
) -> None:
    invited = producer.add_member(image_id, consumer.project_id)

    answered = consumer.set_member_status(image_id, answer)

    assert answered.status is answer
    assert (answered.created_at, answered.updated_at >= invited.updated_at) == (
        invited.created_at,
        True,
    )
    assert producer.member(image_id, consumer.project_id) == answered
    assert consumer.member(image_id, consumer.project_id) == answered


def test_the_same_answer_twice_is_no_error(
    producer: Images, consumer: Images, image_id: str
) -> None:
    producer.add_member(image_id, consumer.project_id)
    consumer.set_member_status(image_id, MemberStatus.ACCEPTED)

    again = consumer.set_member_status(image_id, MemberStatus.ACCEPTED)

    assert again.status is MemberStatus.ACCEPTED


def test_an_answer_may_be_changed(producer: Images, consumer: Images, image_id: str) -> None:
    producer.add_member(image_id, consumer.project_id)

    answers = [
        consumer.set_member_status(image_id, answer).status
        for answer in (MemberStatus.REJECTED, MemberStatus.ACCEPTED, MemberStatus.PENDING)
    ]

    assert answers == [MemberStatus.REJECTED, MemberStatus.ACCEPTED, MemberStatus.PENDING]


def test_sharing_twice_is_a_conflict(producer: Images, consumer: Images, image_id: str) -> None:
    producer.add_member(image_id, consumer.project_id)

    with pytest.raises(Conflict, match="duplicated"):
        producer.add_member(image_id, consumer.project_id)

    assert len(producer.members(image_id)) == 1


def test_a_rejected_invitation_cannot_be_repeated_but_begun_anew(
    producer: Images, consumer: Images, image_id: str
) -> None:
    producer.add_member(image_id, consumer.project_id)
    consumer.set_member_status(image_id, MemberStatus.REJECTED)

    with pytest.raises(Conflict):
        producer.add_member(image_id, consumer.project_id)
    producer.remove_member(image_id, consumer.project_id)
    invited = producer.add_member(image_id, consumer.project_id)

    assert invited.status is MemberStatus.PENDING
    assert [image.id for image in consumer.pending_invitations() if image.id == image_id]


def test_removing_a_member_ends_its_access(
    producer: Images, consumer: Images, image_id: str
) -> None:
    producer.add_member(image_id, consumer.project_id)
    consumer.set_member_status(image_id, MemberStatus.ACCEPTED)

    producer.remove_member(image_id, consumer.project_id)

    assert producer.members(image_id) == ()
    with pytest.raises(NotFound):
        consumer.get(image_id)
    with pytest.raises(NotFound):
        consumer.set_member_status(image_id, MemberStatus.ACCEPTED)


def test_removing_twice_is_not_found(producer: Images, consumer: Images, image_id: str) -> None:
    producer.add_member(image_id, consumer.project_id)
    producer.remove_member(image_id, consumer.project_id)

    with pytest.raises(NotFound, match="not found in the member list"):
        producer.remove_member(image_id, consumer.project_id)


def test_a_consumer_sees_only_itself_among_the_members(
    provider: Provider, producer: Images, consumer: Images, image_id: str
) -> None:
    for who in ("consumer-a", "consumer-b"):
        producer.add_member(image_id, provider.projects[who])

    assert {m.member_id for m in producer.members(image_id)} == {
        provider.projects["consumer-a"],
        provider.projects["consumer-b"],
    }
    assert [m.member_id for m in consumer.members(image_id)] == [consumer.project_id]
    with pytest.raises(NotFound):
        consumer.member(image_id, provider.projects["consumer-b"])


def test_an_uninvited_account_finds_nothing(
    producer: Images, consumer: Images, image_id: str
) -> None:
    with pytest.raises(NotFound):
        consumer.members(image_id)
    with pytest.raises(NotFound):
        consumer.member(image_id, consumer.project_id)
    with pytest.raises(NotFound):
        consumer.add_member(image_id, consumer.project_id)
    with pytest.raises(NotFound):
        consumer.set_member_status(image_id, MemberStatus.ACCEPTED)
    with pytest.raises(NotFound):
        consumer.remove_member(image_id, consumer.project_id)

    assert producer.members(image_id) == ()


def test_a_consumer_can_neither_share_on_nor_leave(
    provider: Provider, producer: Images, consumer: Images, image_id: str
) -> None:
    producer.add_member(image_id, consumer.project_id)

    with pytest.raises(Forbidden):
        consumer.add_member(image_id, provider.projects["consumer-b"])
    with pytest.raises(Forbidden):
        consumer.remove_member(image_id, consumer.project_id)

    assert [m.member_id for m in producer.members(image_id)] == [consumer.project_id]


def test_the_producer_cannot_answer_for_a_consumer(producer: Images, image_id: str) -> None:
    producer.add_member(image_id, producer.project_id)

    with pytest.raises(Forbidden, match="not authorized"):
        producer.set_member_status(image_id, MemberStatus.ACCEPTED)


def test_a_reader_looks_and_changes_nothing(
    provider: Provider, producer: Images, consumer: Images, image_id: str
) -> None:
    reader = provider.images("producer-reader")
    producer.add_member(image_id, consumer.project_id)

    assert reader.members(image_id) == producer.members(image_id)
    with pytest.raises(Forbidden):
        reader.add_member(image_id, "4711")
    with pytest.raises(Forbidden):
        reader.remove_member(image_id, consumer.project_id)


@pytest.mark.parametrize("visibility", ["private", "community"])
def test_only_shared_images_have_members(
    provider: Provider, producer: Images, visibility: str
) -> None:
    image_id = provider.create_image(visibility=visibility)

    with pytest.raises(Forbidden, match="Not allowed to create members"):
        producer.add_member(image_id, "4711")
    with pytest.raises(Forbidden, match="Only shared images have members"):
        producer.members(image_id)


@pytest.mark.parametrize("visibility", ["private", "community"])
def test_a_member_of_an_image_that_is_not_shared_is_neither_told_nor_taken_away(
    producer: Images, consumer: Images, image_id: str, visibility: str
) -> None:
    """So the end of a share that falls into that time has to wait."""
    member = producer.add_member(image_id, consumer.project_id)
    _change(producer, image_id, visibility)

    with pytest.raises(NotFound):
        producer.member(image_id, consumer.project_id)
    with pytest.raises(Forbidden):
        producer.members(image_id)
    with pytest.raises(Forbidden):
        producer.remove_member(image_id, consumer.project_id)
    _change(producer, image_id, "shared")

    assert producer.members(image_id) == (member,)


def test_members_outlast_a_time_of_being_private(
    producer: Images, consumer: Images, image_id: str
) -> None:
    member = producer.add_member(image_id, consumer.project_id)

    _change(producer, image_id, "private")
    with pytest.raises(NotFound):
        consumer.get(image_id)
    _change(producer, image_id, "shared")

    assert producer.members(image_id) == (member,)
    assert consumer.get(image_id).id == image_id


def test_a_shared_image_can_be_deleted_and_its_invitation_goes(
    producer: Images, consumer: Images, image_id: str
) -> None:
    producer.add_member(image_id, consumer.project_id)

    producer.transport.call("DELETE", f"/images/{image_id}")

    assert image_id not in {image.id for image in consumer.pending_invitations()}
    with pytest.raises(NotFound):
        producer.members(image_id)


@pytest.mark.parametrize("name", ["no-such-account", "5", "a b", "a?b#c", "100%25", "x" * 255])
def test_any_name_of_an_account_is_taken_and_found_again(
    producer: Images, image_id: str, name: str
) -> None:
    added = producer.add_member(image_id, name)

    assert added.member_id == name
    assert producer.member(image_id, name) == added
    producer.remove_member(image_id, name)
    assert producer.members(image_id) == ()


@pytest.mark.parametrize("name", ["a/b", "../members", "/", "ümläut"])
def test_a_name_that_fits_no_address_reaches_no_other_address(
    producer: Images, consumer: Images, image_id: str, name: str
) -> None:
    """Glance takes such a member, and has no address to remove it by."""
    other = producer.add_member(image_id, consumer.project_id)
    added = producer.add_member(image_id, name)

    with pytest.raises(NotFound):
        producer.remove_member(image_id, name)

    assert set(producer.members(image_id)) == {other, added}


@pytest.mark.parametrize("name", ["..", ".", ""])
def test_a_name_that_would_climb_the_address_is_not_even_sent(
    producer: Images, image_id: str, name: str
) -> None:
    """HTTP libraries resolve `/images/1/members/..`, and a DELETE of that is the image's."""
    for call in (producer.remove_member, producer.member):
        with pytest.raises(NotFound) as caught:
            call(image_id, name)
        assert caught.value.status is None
    with pytest.raises(NotFound) as caught:
        producer.get(name)

    assert caught.value.status is None
    assert producer.get(image_id).id == image_id


HALF = "100\ud83d"
"""Half of an emoji: JSON can say it, UTF-8 cannot."""


def test_what_cannot_be_written_is_not_even_sent(
    provider: Provider, producer: Images, image_id: str
) -> None:
    with pytest.raises(Invalid, match="cannot be sent"):
        producer.add_member(image_id, HALF)
    with pytest.raises(Invalid, match="cannot be sent"):
        list(producer.list(provider.mine(name=HALF)))
    for call in (producer.remove_member, producer.member):
        with pytest.raises(NotFound):
            call(image_id, HALF)

    assert producer.members(image_id) == ()


def test_an_empty_name_is_invalid(producer: Images, image_id: str) -> None:
    with pytest.raises(Invalid, match="can't be empty"):
        producer.add_member(image_id, "")


def test_members_of_an_unknown_image_are_not_found(producer: Images) -> None:
    nowhere = "00000000-0000-0000-0000-000000000007"

    with pytest.raises(NotFound, match=f"Image {nowhere} not found"):
        producer.members(nowhere)
    with pytest.raises(NotFound, match=f"Image {nowhere} not found"):
        producer.add_member(nowhere, "4711")


def test_the_129th_member_is_one_too_many(producer: Images, image_id: str) -> None:
    for number in range(QUOTA):
        producer.add_member(image_id, f"{number:03}")

    with pytest.raises(QuotaReached, match="limit") as caught:
        producer.add_member(image_id, "one more")

    assert caught.value.status == 413
    assert [m.member_id for m in sorted(producer.members(image_id), key=_id)] == [
        f"{number:03}" for number in range(QUOTA)
    ]


def _change(images: Images, image_id: str, visibility: str) -> None:
    patch = [{"op": "replace", "path": "/visibility", "value": visibility}]
    media_type = "application/openstack-images-v2.1-json-patch"
    images.transport.call("PATCH", f"/images/{image_id}", body=patch, content_type=media_type)


def _id(member: Member) -> str:
    return member.member_id
