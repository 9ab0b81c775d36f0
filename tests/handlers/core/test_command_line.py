"""What people and their phones type, and what the bot reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core.command_line import as_word, parse, quoted
from handlers.core.interactions import Command, Person
from handlers.core.mentions import mentions

PERSON = Person("T1", "U1")


def read(text: str) -> tuple[str, tuple[str, ...], dict[str, tuple[str, ...]]]:
    command = parse(PERSON, text)
    assert not command.unreadable
    return command.verb, command.words, dict(command.options)


def test_a_command_keeps_who_said_it_and_where() -> None:
    assert parse(PERSON, "show web", "C1") == Command(
        PERSON, "show", ("web",), channel_id="C1", text="show web"
    )


@pytest.mark.parametrize("text", ["", "   ", "\n", "\u00a0", "\u200b"])
def test_nothing_asks_for_help(text: str) -> None:
    assert read(text) == ("help", (), {})


@pytest.mark.parametrize(
    "text",
    [
        'share "my image" 1100',
        "share 'my image' 1100",
        "share “my image” 1100",
        "share „my image“ 1100",
        "share «my image» 1100",
        "share ‘my image’ 1100",
        "SHARE\u00a0“my\u00a0image”\u2003\t1100\n",
        "share \u2068“my image”\u2069 1100",
    ],
)
def test_quotes_and_spaces_of_any_kind_are_understood(text: str) -> None:
    assert read(text) == ("share", ("my image", "1100"), {})


@pytest.mark.parametrize(
    "text",
    [
        "list --region DFW --mine web",
        "list --region=DFW --mine web",
        "list web —region DFW —mine",
        "list –region=DFW web −-mine",
        "list web --MINE --Region 'DFW'",
    ],
)
def test_options_are_read_wherever_they_stand(text: str) -> None:
    assert read(text) == ("list", ("web",), {"region": ("DFW",), "mine": ()})


def test_a_repeated_option_keeps_every_value() -> None:
    assert read('list --tag a --tag="b c"') == ("list", (), {"tag": ("a", "b c")})


def test_an_option_at_the_end_has_no_value() -> None:
    assert read("list --region") == ("list", (), {"region": ()})


def test_a_flag_takes_no_word() -> None:
    assert read("list --mine web") == ("list", ("web",), {"mine": ()})


def test_a_quoted_word_is_never_an_option() -> None:
    assert read('show "--mine"') == ("show", ("--mine",), {})


def test_an_apostrophe_is_no_quotation() -> None:
    assert read("show Bob’s") == ("show", ("Bob's",), {})


def test_dashes_inside_a_name_stay() -> None:
    assert read("show web—prod a--b -c -") == ("show", ("web—prod", "a--b", "-c", "-"), {})


def test_slacks_escapes_are_undone() -> None:
    assert read("show &lt;a&gt;&amp;b") == ("show", ("<a>&b",), {})


def test_an_empty_quotation_is_an_empty_word() -> None:
    assert read('show ""') == ("show", ("",), {})


def test_an_open_quotation_is_marked_and_not_guessed_at() -> None:
    assert parse(PERSON, 'share "my image 1100').unreadable


@given(st.text())
def test_nothing_that_is_typed_makes_it_raise(text: str) -> None:
    command = parse(PERSON, text)

    assert command.verb or command.words or text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("share web <@U7|ann>", ("web", "<@U7>")),
        ("share web <@U7|ann lee> 1100", ("web", "<@U7>", "1100")),
        ("allow <!subteam^S1|@ops> viewer", ("<!subteam^S1>", "viewer")),
        ("limit <#C1|ops> viewer", ("<#C1>", "viewer")),
        (
            "update web url=<https://x.example/a?b=1&amp;c>",
            ("web", "url=https://x.example/a?b=1&c"),
        ),
        ("update web mail=<mailto:a@x.example|a@x.example>", ("web", "mail=a@x.example")),
        ("show <http://web.example|web.example>", ("web.example",)),
        ("show &lt;web&gt; R&amp;D", ("<web>", "R&D")),
        ("show R&amp;amp;D &amp;copy;", ("R&amp;D", "&copy;")),
        ("update web to=<tel:+15550100|555-0100>", ("web", "to=555-0100")),
        ('share "<@U7|ann lee>" “<@U8>/1100”', ("<@U7>", "<@U8>/1100")),
        ("share web <!here> <!channel|@channel>", ("web", "@here", "@channel")),
    ],
)
def test_what_slack_made_of_mentions_and_links_is_read_as_it_was_typed(
    text: str, words: tuple[str, ...]
) -> None:
    assert read(text)[1] == words


@pytest.mark.parametrize(
    "typed",
    [
        "&lt;@U7&gt;",
        "&lt;@U7|ann&gt;",
        "&lt;@U7&gt;/1100",
        "&lt;!subteam^S1&gt;",
        "&lt;#C1&gt;",
        '"&lt;@U7&gt;"',
        "&lt;<@U7>&gt;",
        "\ue000@U7\ue001",
    ],
)
def test_only_slack_can_write_a_mention(typed: str) -> None:
    _, words, options = read(f"share {typed} --channel {typed} --account={typed}")

    values = [*words, *options["channel"], *options["account"]]
    assert len(values) == 3
    assert not any(mentions(value) for value in values)


def test_a_name_with_brackets_that_is_no_mention_is_read_as_it_was_typed() -> None:
    typed = "update &lt;web&gt; to=&lt;@U7&gt; &lt;b&gt;@U7 --tag &lt;a&amp;b&gt;"

    assert read(typed) == (
        "update",
        ("<web>", "to=<@U7>", "<b>@U7"),
        {"tag": ("<a&b>",)},
    )


@given(st.text())
def test_what_is_quoted_is_read_as_one_word(text: str) -> None:
    command = parse(PERSON, f"share web 554433 because {quoted(text)}")

    assert not command.unreadable
    assert command.words == ("web", "554433", "because", as_word(text))
    assert command.options == {}
