"""Changing images: JSON patches, tags, activation, deletion."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud import Changes, Image, ImageStatus, errors
from tests.cloud.conftest import Provider

NO_IMAGE = "00000000-0000-4000-8000-000000000000"


def test_properties_are_added_replaced_and_removed_in_one_change(provider: Provider) -> None:
    properties: dict[str, Any] = {"old": "1", "kept": "2", "a/b~c": "3"}
    image_id = provider.create_image("web", **properties)
    images = provider.images("producer")

    changed = images.update(
        images.get(image_id),
        Changes({"name": "db", "kept": "new", "added": "4", "min_disk": 3}, frozenset({"old"})),
    )
    again = images.update(changed, Changes({"a/b~c": "5"}, frozenset({"added"})))

    assert (changed.name, changed.min_disk) == ("db", 3)
    assert again.properties == {"probe": provider.probe, "kept": "new", "a/b~c": "5"}
    assert images.get(image_id).raw == again.raw


def test_tags_and_protection_are_changed_like_properties(provider: Provider) -> None:
    image_id = provider.create_image(tags=["a", "b"])
    images = provider.images("producer")

    changed = images.update(images.get(image_id), Changes({"tags": ["b", "c"], "protected": True}))
    images.update(changed, Changes({"protected": False}))

    assert (sorted(changed.tags), changed.protected) == (["b", "c"], True)


def test_what_is_so_already_is_not_asked_for(provider: Provider) -> None:
    image_id = provider.create_image("web", tags=["a", "b"])
    images = provider.images("producer")
    image = images.get(image_id)

    same = images.update(
        image, Changes({"name": "web", "tags": ["b", "a"]}, frozenset({"not there"}))
    )

    assert same is image


def test_a_change_of_what_moved_meanwhile_is_made_after_another_look(provider: Provider) -> None:
    """`replace` of a property that somebody has just removed is 409."""
    image_id = provider.create_image(colour="red")
    images = provider.images("producer")
    seen = images.get(image_id)
    images.update(seen, Changes(removed=frozenset({"colour"})))

    changed = images.update(seen, Changes({"colour": "blue"}))

    assert changed.properties["colour"] == "blue"


@pytest.mark.parametrize("name", ["id", "status", "size", "checksum", "created_at", "self"])
def test_a_property_that_is_not_to_be_changed_is_named(provider: Provider, name: str) -> None:
    image_id = provider.create_image()
    images = provider.images("producer")

    with pytest.raises((errors.Forbidden, errors.Invalid)) as refusal:
        images.update(images.get(image_id), Changes({"name": "new", name: "x"}))

    assert name in refusal.value.message
    assert images.get(image_id).name != "new"


def test_a_value_of_another_kind_is_refused(provider: Provider) -> None:
    image_id = provider.create_image()
    images = provider.images("producer")

    with pytest.raises(errors.Invalid):
        images.update(images.get(image_id), Changes({"min_disk": "much"}))


def test_a_tag_is_added_and_removed_once(provider: Provider) -> None:
    image_id = provider.create_image(tags=["a"])
    images = provider.images("producer")

    images.add_tag(image_id, "b c")
    images.add_tag(image_id, "a")
    added = images.get(image_id).tags
    images.remove_tag(image_id, "a")

    assert sorted(added) == ["a", "b c"]
    assert images.get(image_id).tags == ("b c",)
    with pytest.raises(errors.NotFound):
        images.remove_tag(image_id, "a")


@pytest.mark.parametrize(
    "values", [{"name": "web 🚀"}, {"note": "🚀"}, {"🚀": "note"}, {"tags": ["🚀"]}]
)
def test_what_takes_four_bytes_is_refused(provider: Provider, values: dict[str, Any]) -> None:
    images = provider.images("producer")
    image = images.get(provider.create_image())

    with pytest.raises(errors.Invalid):
        images.update(image, Changes(values))


def test_an_image_is_deactivated_and_reactivated(provider: Provider) -> None:
    image_id = provider.create_image(data=b"bits")
    images = provider.images("producer")

    images.deactivate(image_id)
    off = images.get(image_id).status
    with pytest.raises(errors.Forbidden), images.data(image_id) as data:
        list(data)
    images.reactivate(image_id)

    assert (off, images.get(image_id).status) == (ImageStatus.DEACTIVATED, ImageStatus.ACTIVE)


def test_an_image_without_data_is_not_deactivated(provider: Provider) -> None:
    image_id = provider.create_image()

    with pytest.raises(errors.Forbidden):
        provider.images("producer").deactivate(image_id)


def test_a_deleted_image_is_gone_and_a_protected_one_stays(provider: Provider) -> None:
    image_id, kept = provider.create_image(), provider.create_image(protected=True)
    images = provider.images("producer")

    images.delete(image_id)

    with pytest.raises(errors.NotFound):
        images.get(image_id)
    with pytest.raises(errors.NotFound):
        images.delete(image_id)
    with pytest.raises(errors.Forbidden, match="protected"):
        images.delete(kept)
    images.update(images.get(kept), Changes({"protected": False}))


def test_only_the_owner_changes_and_deletes(provider: Provider) -> None:
    image_id = provider.create_image("web")
    provider.images("producer").add_member(image_id, provider.projects["consumer-a"])
    consumer = provider.images("consumer-a")

    with pytest.raises(errors.Forbidden):
        consumer.update(consumer.get(image_id), Changes({"name": "mine"}))
    with pytest.raises(errors.Forbidden):
        consumer.delete(image_id)
    with pytest.raises(errors.NotFound):
        provider.images("consumer-b").delete(image_id)


def test_an_image_is_created_once_under_the_id_that_was_chosen(provider: Provider) -> None:
    images = provider.images("producer")
    chosen = provider.create_image()
    images.delete(chosen)
    fields = {"id": chosen.replace(chosen[:8], "0badcafe"), "name": "new", "probe": provider.probe}

    created = images.create(fields)

    assert (created.id, created.name, created.status) == (fields["id"], "new", "queued")
    with pytest.raises(errors.Conflict):
        images.create(fields)
    images.delete(created.id)


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(now=st.dictionaries(NAMES, NAMES), then=st.dictionaries(NAMES, NAMES), gone=st.sets(NAMES))
def test_operations_turn_one_set_of_properties_into_the_other(
    now: dict[str, str], then: dict[str, str], gone: set[str]
) -> None:
    gone -= then.keys()
    operations = Changes(then, frozenset(gone)).operations(Image("DFW", now))

    assert _patched(now, operations) == {k: v for k, v in {**now, **then}.items() if k not in gone}


def _patched(now: dict[str, str], operations: list[dict[str, str]]) -> dict[str, str]:
    """As a strict service would: no `add` of what is there, no `replace` of what is not."""
    result = dict(now)
    for operation in operations:
        name = operation["path"].removeprefix("/").replace("~1", "/").replace("~0", "~")
        assert (operation["op"] == "add") == (name not in result)
        if operation["op"] == "remove":
            del result[name]
        else:
            result[name] = operation["value"]
    return result
