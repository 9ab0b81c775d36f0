"""Whatever is typed: nothing is written but what the command says, and it reads as it was meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import unquote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import handlers
from handlers import Person, Services
from handlers.core.command_line import FLAGS, VALUED, parse
from handlers.core.interactions import Command
from sandbox.cloud import CloudStandIn
from storage import Account
from tests.handlers.conftest import PRODUCER

PERSON = Person("T1", "U1")
VERBS = [verb.name for verb in handlers.ROUTES.verbs]
WRITES = {verb.name for verb in handlers.ROUTES.verbs if verb.changes}
"""What changes something at once; all else asks first, by a button that nobody presses here."""

SPACES = st.sampled_from([" ", "\n", "\t", "\u00a0", "\u2028", "\r\n", "\u3000", "  "])
WORDS = st.one_of(
    st.sampled_from(["web", "WEB", "`web`", "*web*", "web.", "wbe", "nothing", "and", ",", "for"]),
    st.sampled_from(["7d", "3 days", "554433", "٥٥٤٤٣٣", "<@U2>", "<@U2>,", "&lt;@U2&gt;", "with"]),
    st.sampled_from(["prod", "a=b", "`a=b`", "-a", "tag+=x", "--region", "DFW", "—mine", '"', "'"]),
    st.text(max_size=8),
)


@st.composite
def lines(draw: Callable[..., object]) -> str:
    """A verb, perhaps, and words with white space of any kind between them."""
    first = draw(st.sampled_from([*VERBS, "shwo", "/images", "", "@bot"]))
    rest = draw(st.lists(st.tuples(SPACES, WORDS), max_size=5))
    return f"{first}{''.join(a + b for a, b in rest)}"  # type: ignore[attr-defined]


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(lines())
def test_no_typed_text_leads_to_a_change_that_it_does_not_say(
    cloud: CloudStandIn, services: Services, link: Callable[..., Account], text: str
) -> None:
    if not services.store.accounts.of(PERSON.team_id, PERSON.user_id):
        link(PERSON, PRODUCER, "Producer")
        cloud.add_image(owner=PRODUCER, name="web", region="DFW", tags=["old"])
    begun = len(cloud.requests)
    command = parse(PERSON, text, "C1")

    reply = handlers.answer(command, services)

    asked = [(method, path) for method, path, _ in cloud.requests[begun:]]
    changes = [each for each in asked if each[0] != "GET" and "/images" in each[1]]
    assert "broke on our side" not in getattr(reply, "text", "")
    assert not changes or command.verb in WRITES
    assert all(_said(path, command) for method, path in changes if "/tags/" in path)
    assert all("`" not in tag for tag in _tags(cloud))


def _said(path: str, command: Command) -> bool:
    """Whether the tag of a call is a word of the command, and not words glued together."""

    tag = unquote(path.rpartition("/tags/")[2])
    return tag in [word.strip() for word in command.words[1:]]


def _tags(cloud: CloudStandIn) -> list[str]:
    images = cloud.state.regions["DFW"].images.values()
    return [tag for image in images for tag in image["tags"]]


QUOTES = '"“”„‟«»″＂❝❞‘’‚‛′‹›＇'
TEXT = st.text(
    st.characters(
        exclude_categories=["Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs"],
        exclude_characters=QUOTES,
        include_characters=" ",
    ),
    max_size=12,
)
OPTIONS = st.dictionaries(
    st.sampled_from(sorted({*FLAGS, *VALUED})), st.lists(TEXT, min_size=1, max_size=2), max_size=3
)


def render(verb: str, words: tuple[str, ...], options: Mapping[str, tuple[str, ...]]) -> str:
    """The command as one would type it, each word in quotation marks."""
    quoted = [f'"{escaped(word)}"' for word in words]
    given = [f'--{name}="{escaped(value)}"' for name, values in options.items() for value in values]
    return " ".join([verb, *quoted, *given, *(f"--{n}" for n, v in options.items() if not v)])


def escaped(text: str) -> str:
    """As Slack sends it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(st.sampled_from(VERBS), st.lists(TEXT, max_size=4), OPTIONS)
def test_what_is_written_as_a_command_is_read_as_it(
    verb: str, words: list[str], options: dict[str, list[str]]
) -> None:
    held = {name: () if name in FLAGS else tuple(values) for name, values in options.items()}
    text = render(verb, tuple(words), held)

    assert parse(PERSON, text, "C1") == Command(
        PERSON, verb, tuple(words), MappingProxyType(held), "C1", text
    )


@given(st.sampled_from(VERBS), st.lists(st.sampled_from(["a", "b-c", "7d"]), max_size=3), SPACES)
def test_white_space_of_any_kind_and_marks_change_nothing(
    verb: str, words: list[str], space: str
) -> None:
    plain = parse(PERSON, " ".join([verb, *words]))
    marked = parse(PERSON, space.join([verb, *(f"`{word}`" for word in words)]))

    assert (plain.verb, plain.words) == (marked.verb, marked.words)
