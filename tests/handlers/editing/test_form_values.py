"""The fields of the form that changes an image."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.models import Image
from handlers.core.errors import UserError
from handlers.editing.errors import (
    BadField,
    BadLine,
    GivenTwice,
    OwnField,
    ReadOnly,
    ReservedName,
)
from handlers.editing.form_values import (
    MAX_TEXT,
    FieldTexts,
    diff,
    form_content,
    parse_metadata,
    with_changes,
)
from handlers.editing.parse import RequestedChanges
from sandbox.gallery.values import image as sample

ROOM = 2500


def image(**fields: Any) -> Image:
    return sample(**{"name": "web", "os_hidden": False, **fields})


def typed(texts: FieldTexts, **changes: str) -> FieldTexts:
    return {**texts, **changes}


def test_each_field_shows_what_the_image_has() -> None:
    whole = image(**{"protected": True, "com.mycompany.of": "db", "com.rackspace__1__x": "0"})

    form = form_content(whole, ROOM)

    assert form.texts == {
        "name": "web",
        "tags": "2026\nweb",
        "os_distro": "debian",
        "os_version": "12",
        "min_disk": "20",
        "min_ram": "512",
        "protected": "yes",
        "visibility": "shared",
        "metadata": "com.mycompany.of=db",
    }
    assert form.left_out == ()


def test_a_cloud_that_knows_no_shared_images_offers_no_visibility() -> None:
    """On Rackspace an image is private whether shared or not."""
    assert "visibility" not in form_content(sample(visibility="private"), ROOM).texts


@pytest.mark.parametrize(
    ("fields", "left_out"),
    [
        ({"name": "two\nlines"}, ("name",)),
        ({"tags": [" web"]}, ("tags",)),
        ({"tags": ["t" * 255] * 20}, ("tags",)),
        ({"os_version": "9" * 5000}, ("os_version",)),
        ({"motd": "two\nlines"}, ("motd",)),
        ({"a=b": "c"}, ("a=b",)),
        ({"k": " v"}, ("k",)),
        ({"k": None}, ("k",)),
        ({"a": "1", "k": "v" * 5000}, ("k",)),
    ],
)
def test_what_would_not_come_back_as_it_was_is_left_out_and_named(
    fields: dict[str, Any], left_out: tuple[str, ...]
) -> None:
    assert form_content(image(**fields), ROOM).left_out == left_out


def test_only_what_differs_from_what_was_shown_is_asked_for() -> None:
    before = form_content(image(a="1", b="2", c="3"), ROOM).texts

    asked, errors = diff(
        before,
        typed(
            before,
            name=" db ",
            tags="2026\n\ndb server\n",
            os_version="",
            min_disk="40",
            protected="yes",
            metadata="b = 2\n\nc=4\nd=",
        ),
    )

    assert asked == RequestedChanges(
        {"name": "db", "min_disk": 40, "protected": True, "c": "4", "d": ""},
        frozenset({"os_version", "a"}),
        ("db server",),
        ("web",),
    )
    assert errors == {}


@pytest.mark.parametrize(
    ("field", "text", "error"),
    [
        ("min_disk", "", BadField),
        ("min_ram", "1.5", BadField),
        ("metadata", "nothing", BadLine),
        ("metadata", "=nothing", BadLine),
        ("metadata", "a=1\na=2", GivenTwice),
        ("metadata", "name=db", OwnField),
        ("metadata", "os_distro=debian", OwnField),
        ("metadata", "status=active", ReadOnly),
        ("metadata", "com.rackspace__1__options=0", ReservedName),
    ],
)
def test_trouble_is_told_by_field(field: str, text: str, error: type[UserError]) -> None:
    before = form_content(image(), ROOM).texts

    asked, errors = diff(before, typed(before, name="db", **{field: text}))

    assert asked == RequestedChanges({"name": "db"})
    assert {name: type(each) for name, each in errors.items()} == {field: error}


def test_the_metadata_left_out_is_left_alone() -> None:
    before = form_content(image(a="1", motd="two\nlines"), ROOM).texts

    asked, _ = diff(before, typed(before, metadata=""))

    assert asked.removed == {"a"}


LINE = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.text())
def test_metadata_is_read_or_refused_by_name(text: str) -> None:
    try:
        found = parse_metadata(text)
    except UserError:
        return
    assert parse_metadata("\n".join(f"{name}={value}" for name, value in found)) == found


@given(
    st.fixed_dictionaries(
        {"name": LINE, "tags": st.lists(LINE, max_size=5), "os_version": st.none() | LINE}
    ),
    st.dictionaries(LINE.map("x-".__add__), LINE | st.none() | st.integers(), max_size=8),
)
def test_a_form_sent_as_it_opened_changes_nothing(
    fields: dict[str, Any], properties: dict[str, Any]
) -> None:
    form = form_content(image(**properties, **fields), ROOM)

    assert diff(form.texts, form.texts) == (RequestedChanges(), {})
    assert all(len(text) <= MAX_TEXT for text in form.texts.values())


WORD = st.text("abcde", min_size=1, max_size=3)


@given(
    st.dictionaries(WORD, WORD),
    st.sets(WORD),
    st.dictionaries(WORD, WORD),
    st.sets(WORD),
    st.sets(WORD),
)
def test_what_was_asked_for_can_be_shown_again_as_it_was_typed(
    properties: dict[str, str],
    tags: set[str],
    metadata: dict[str, str],
    more: set[str],
    fewer: set[str],
) -> None:
    texts = form_content(image(**{**properties, "tags": sorted(tags)}), ROOM).texts
    wanted = RequestedChanges(
        {"min_disk": 40, "protected": True, **metadata},
        frozenset(properties.keys() - metadata.keys()) | {"os_distro"},
        tuple(sorted(more - tags)),
        tuple(sorted((fewer & tags) - more)),
    )

    asked, errors = diff(texts, with_changes(texts, wanted))

    assert errors == {}
    new = {name: value for name, value in wanted.values.items() if properties.get(name) != value}
    assert asked.values == new
    assert (asked.removed, set(asked.tags), set(asked.untags)) == (
        wanted.removed,
        set(wanted.tags),
        set(wanted.untags),
    )
