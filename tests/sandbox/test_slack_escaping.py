"""What people type into a command, as the Slack stand-in sends it and the bot reads it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt import App

from handlers import Person, parse
from sandbox.slack import CHANNEL_ID, PEOPLE, SlackStandIn
from sandbox.slack.escaping import escaped
from sandbox.slack.state import CHANNEL_NAME, Workspace

PRODUCER, CONSUMER, _ = (person.user_id for person in PEOPLE)


@pytest.fixture
def workspace() -> Workspace:
    workspace = Workspace()
    workspace.group_handles["S0OPS"] = "ops"
    return workspace


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("share web @consumer.a", f"share web <@{CONSUMER}|consumer.a>"),
        ("ask @consumer.a.", f"ask <@{CONSUMER}|consumer.a>."),
        ("@consumer.a/1100", f"<@{CONSUMER}|consumer.a>/1100"),
        ("share web @nobody", "share web @nobody"),
        ("allow @ops viewer", "allow <!subteam^S0OPS|@ops> viewer"),
        (f"limit #{CHANNEL_NAME} viewer", f"limit <#{CHANNEL_ID}|{CHANNEL_NAME}> viewer"),
        ("limit #elsewhere viewer", "limit #elsewhere viewer"),
        ("share web @here", "share web <!here>"),
        ("show <web> R&D", "show &lt;web&gt; R&amp;D"),
        (f"show <@{CONSUMER}>", f"show &lt;@{CONSUMER}&gt;"),
        ("show R&amp;D", "show R&amp;amp;D"),
        ("a=https://x.example/?b=1&c=2, d", "a=<https://x.example/?b=1&amp;c=2>, d"),
        ('a="https://x.example/b"', 'a="<https://x.example/b>"'),
        ("show x.example", "show <http://x.example|x.example>"),
        ("a=cara@x.example", "a=<mailto:cara@x.example|cara@x.example>"),
        ("show web-1.qcow2 x@producer a#b", "show web-1.qcow2 x@producer a#b"),
    ],
)
def test_slack_resolves_names_and_links_and_escapes_the_rest(
    workspace: Workspace, typed: str, sent: str
) -> None:
    assert escaped(typed, workspace) == sent


def test_the_app_is_sent_what_was_typed_escaped_and_people_see_it_as_they_typed_it(
    slack: SlackStandIn, bot: App
) -> None:
    heard: list[str] = []

    @bot.command("/images")
    def listener(ack: Any, command: dict[str, str]) -> None:
        heard.append(command["text"])
        ack("Heard.")

    slack.ask(PRODUCER, "/images share R&D @consumer.a")

    assert heard == [f"share R&amp;D <@{CONSUMER}|consumer.a>"]
    assert "/images share R&D @consumer.a" in [m.text for m in slack.workspace.seen_by(PRODUCER)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("share R&D @consumer.a", ("R&D", f"<@{CONSUMER}>")),
        ("share web <@U1>", ("web", "&lt;@U1&gt;")),
        ("update web url=https://x.example/?b=1&c=2", ("web", "url=https://x.example/?b=1&c=2")),
        ("show x.example", ("x.example",)),
        ("show web@x.example", ("web@x.example",)),
        ("import images/x.example/web.vhd web", ("images/x.example/web.vhd", "web")),
    ],
)
def test_the_bot_reads_what_was_typed(
    workspace: Workspace, typed: str, words: tuple[str, ...]
) -> None:
    assert parse(Person("T1", "U1"), escaped(typed, workspace)).words == words


@given(st.text("ab1<>&;|@#/.:=!^-", min_size=1))
def test_every_name_that_is_no_mention_arrives_as_it_was_typed(name: str) -> None:
    sent = escaped(f'show "{name}"', Workspace())

    assert parse(Person("T1", "U1"), sent).words == (name,)
