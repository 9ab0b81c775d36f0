"""What people write to change an image."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import Person, parse
from handlers.core.errors import Usage, UserError
from handlers.core.names import LAST_OF_PLANE
from handlers.editing.errors import (
    BadField,
    GivenTwice,
    NotRemovable,
    OneTagAtATime,
    ReadOnly,
    ReservedName,
    TooLongFor,
)
from handlers.editing.fields import Value
from handlers.editing.parse import RequestedChanges, parse_words

PERSON = Person("T1", "U1")


def test_values_removals_and_tags_are_told_apart() -> None:
    asked = parse_words(["os_distro=debian", "-os_version", "tag+=web", "tags-=old", "min_disk=20"])

    assert asked == RequestedChanges(
        {"os_distro": "debian", "min_disk": 20}, frozenset({"os_version"}), ("web",), ("old",)
    )


@pytest.mark.parametrize(
    ("word", "name", "value"),
    [
        ("name=web server", "name", "web server"),
        ("name=", "name", ""),
        ("min_disk= 40 ", "min_disk", 40),
        ("min_ram=0", "min_ram", 0),
        ("protected=YES", "protected", True),
        ("protected=off", "protected", False),
        ("os_hidden=true", "os_hidden", True),
        ("visibility=Shared", "visibility", "shared"),
        ("com.mycompany.image-of=a=b", "com.mycompany.image-of", "a=b"),
        ("a/b~c=-1", "a/b~c", "-1"),
        ("tagline+=x", "tagline+", "x"),
    ],
)
def test_a_value_has_the_type_of_its_property(word: str, name: str, value: Value) -> None:
    asked = parse_words([word])

    assert asked == RequestedChanges({name: value})
    assert type(asked.values[name]) is type(value)


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("min_disk=20GB", BadField),
        ("min_disk=-1", BadField),
        ("min_ram=1.5", BadField),
        ("min_ram=２", BadField),
        ("min_ram=", BadField),
        ("min_disk=2147483648", BadField),
        ("protected=maybe", BadField),
        ("visibility=everyone", BadField),
        ("tag+=", BadField),
        ("tag+=" + "t" * 256, TooLongFor),
        ("name=" + "n" * 256, TooLongFor),
        ("k" * 256 + "=v", TooLongFor),
        ("tag=web", OneTagAtATime),
        ("tags=web,prod", OneTagAtATime),
        ("-tags", OneTagAtATime),
        ("id=1", ReadOnly),
        ("status=active", ReadOnly),
        ("owner=1100111", ReadOnly),
        ("-checksum", ReadOnly),
        ("location=http://x", ReadOnly),
        ("com.rackspace__1__options=0", ReservedName),
        ("-os_glance_importing_to_stores", ReservedName),
        ("-name", NotRemovable),
        ("-protected", NotRemovable),
        ("web", Usage),
        ("=web", Usage),
        (" =web", Usage),
        ("-", Usage),
        ("-os_version=12", Usage),
        ("", Usage),
    ],
)
def test_what_cannot_be_set_has_a_name(word: str, error: type[UserError]) -> None:
    with pytest.raises(error):
        parse_words([word])


@pytest.mark.parametrize(
    ("word", "asked"),
    [
        ("name=" + "ü" * 255, RequestedChanges({"name": "ü" * 255})),
        ("k" * 255 + "=v", RequestedChanges({"k" * 255: "v"})),
        ("tag+=" + "t" * 255, RequestedChanges(tags=("t" * 255,))),
        ("-" + "k" * 255, RequestedChanges(removed=frozenset({"k" * 255}))),
        ("min_disk=2147483647", RequestedChanges({"min_disk": 2147483647})),
    ],
)
def test_what_is_just_short_enough_is_read(word: str, asked: RequestedChanges) -> None:
    assert parse_words([word]) == asked


@pytest.mark.parametrize(
    "words",
    [("a=1", "a=2"), ("a=1", "-a"), ("tag+=x", "tag-=x"), ("tags+=x", "tag+=x"), ("-a", "-a")],
)
def test_nothing_is_said_twice(words: tuple[str, ...]) -> None:
    with pytest.raises(GivenTwice):
        parse_words(words)


def test_a_property_may_be_called_like_a_tag() -> None:
    assert parse_words(["web=1", "tag+=web"]) == RequestedChanges({"web": "1"}, tags=("web",))


def test_names_that_are_not_meant_for_us_are_discouraged() -> None:
    assert parse_words(["org.openstack__1__x=1", "other=2"]).discouraged == ["org.openstack__1__x"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("update web -key", ("web", "-key")),
        ('update web "-my key" a="b c"', ("web", "-my key", "a=b c")),
        ("update web tag+=a tag-=b", ("web", "tag+=a", "tag-=b")),
        ("update web title=“Bob’s image”", ("web", "title=Bob's image")),
        ("update web os_version=‘12 LTS’", ("web", "os_version=12 LTS")),
    ],
)
def test_the_grammar_lets_them_through(typed: str, words: tuple[str, ...]) -> None:
    command = parse(PERSON, typed)

    assert (command.words, dict(command.options)) == (words, {})


@pytest.mark.parametrize("dashes", ["--", "—", "–", "−"])
def test_only_a_single_plain_dash_removes(dashes: str) -> None:
    """A phone makes one long dash of two short ones: that is an option, and none we know."""
    command = parse(PERSON, f"update web {dashes}key")

    assert (command.words, dict(command.options)) == (("web",), {"key": ()})


@given(st.lists(st.text()))
def test_whatever_is_typed_is_read_or_refused_by_name(words: list[str]) -> None:
    try:
        parse_words(words)
    except UserError:
        return


IN_PLANE = st.characters(max_codepoint=ord(LAST_OF_PLANE), exclude_categories=["Cs"])
NAMES = st.text(
    st.characters(
        max_codepoint=ord(LAST_OF_PLANE),
        exclude_characters="=`",
        exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"],
    ),
    min_size=1,
)


@given(
    st.dictionaries(NAMES.map("x.".__add__), st.text(IN_PLANE), max_size=5),
    st.sets(NAMES.map("y.".__add__), max_size=3),
    st.sets(NAMES, max_size=6).map(sorted),
)
def test_what_is_written_is_what_is_read(
    values: dict[str, Value], removed: set[str], tags: list[str]
) -> None:
    add, away = tuple(tags[::2]), tuple(tags[1::2])

    asked = parse_words(
        [
            *(f"{name}={value}" for name, value in values.items()),
            *(f"-{name}" for name in removed),
            *(f"tag+={each}" for each in add),
            *(f"tag-={each}" for each in away),
        ]
    )

    assert asked == RequestedChanges(values, frozenset(removed), add, away)
