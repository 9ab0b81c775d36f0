"""Strangers name images: a name is shown, and is never obeyed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bot.wiring import Runtime
from bot.work import deliver, jobs
from sandbox.cloud import CloudStandIn
from sandbox.slack import SlackStandIn
from storage import Account
from tests.attacks.door import Door, written
from tests.bot.people import CONSUMER_A, NUMBERS, PRODUCER
from tests.storage.fixtures import HandClock

EVIL = (
    "<!channel> <!here|hi>",
    "<@U0CONSUMERB> come",
    "<https://evil.example|your bank>",
    "https://evil.example/login",
    "a` *bold* _it_ ~no~ `b",
    "``` <!everyone> ```",
    "web\u202egpj.exe\u2066",
    "web\u200b\u200d\ufeff",
    "line\none\r\nX-Evil: 1",
    "&lt;!channel&gt;",
    "<#C0IMAGES>",
    "x" * 255,
)
OBEYED = re.compile(r"<!(?!date)|<@U0CONSUMERB|<https?://evil|<#C0IMAGES")
HIDDEN = re.compile("[\u200b\u200d\u202a-\u202e\u2066-\u2069\ufeff\r]")
CODE = re.compile(r"`[^`\n]*`")


def harmless(text: str) -> bool:
    """No control sequence, no invisible character, and what is a link or bold only as code."""
    bare = CODE.sub("", text)
    return not (
        OBEYED.search(text) or HIDDEN.search(text) or "evil.example" in bare or "*bold*" in bare
    )


@pytest.mark.parametrize("name", EVIL)
def test_a_name_is_never_formatted_in_an_answer(
    name: str, door: Door, cloud: CloudStandIn, link: Callable[..., Account]
) -> None:
    link(PRODUCER)
    image = cloud.add_image(NUMBERS[PRODUCER], name=name, region="DFW", tags=[name[:60]])

    said = [
        each
        for text in ("list", f"show {image}", f"members {image}", f"delete {image}")
        for each in door.command(PRODUCER, text)
    ]

    assert len(said) == 4
    assert image[:8] in "".join(said)
    assert [text for text in said if not harmless(text)] == []


@pytest.mark.parametrize("name", EVIL)
def test_a_name_is_never_formatted_in_a_notice(
    name: str,
    runtime: Runtime,
    slack: SlackStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
    clock: HandClock,
) -> None:
    """A notice comes unasked: whoever shares an image would speak through the bot."""
    link(CONSUMER_A)
    invite(name, CONSUMER_A)
    for _ in range(26):
        clock.advance(hours=1)
        jobs.invitations(runtime)
        deliver.run(runtime)

    said = [written(m.text, m.blocks) for m in slack.messages(CONSUMER_A)]

    assert said
    assert [text for text in said if not harmless(text)] == []


@pytest.mark.parametrize(
    "word", ["<!channel>", "<@U0CONSUMERB>", "`*bold*`", "\u202eevil", "<https://evil.example|a>"]
)
def test_what_is_typed_is_never_formatted_when_it_is_said_again(
    word: str, door: Door, link: Callable[..., Account]
) -> None:
    """Above all when the answer is for the whole channel."""
    link(PRODUCER)

    said = [
        each
        for text in (f"show {word} --public", f"{word} --public", f"task {word}", f"use {word}")
        for each in door.command(PRODUCER, text)
    ]

    assert len(said) == 4
    assert [text for text in said if re.search("<!(?!date)|\u202e", text)] == []


@pytest.mark.parametrize("name", ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rb", "a\0b"])
def test_a_line_break_in_a_name_makes_no_header(
    name: str, runtime: Runtime, cloud: CloudStandIn, link: Callable[..., Account]
) -> None:
    """Containers and objects are named by people, and stand in paths and headers."""
    account = link(PRODUCER)
    cloud.add_object(NUMBERS[PRODUCER], "safe", name, b"x", region="DFW")
    files = runtime.services.connection(account).object_store("DFW")

    found = files.object("safe", name)

    assert found.size == 1
    assert [path for _, path, _ in cloud.requests if "Evil" in path.split("/safe/")[0]] == []
