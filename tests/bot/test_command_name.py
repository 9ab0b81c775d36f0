"""The command may be called otherwise, where another app of the workspace has its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.settings import BadSettings, Settings
from bot.slack.command_name import CommandName
from bot.wiring import Runtime
from handlers import Message
from handlers.ui.blocks import named
from sandbox.cloud import CloudStandIn
from sandbox.gallery import SHOWN, aloud
from sandbox.slack import SlackStandIn
from tests.bot.people import NUMBERS, PRODUCER


@pytest.fixture
def environ(environ: Mapping[str, str]) -> Mapping[str, str]:
    return {**environ, "SLACK_COMMAND": "/cimages"}


def test_it_is_answered_and_named_by_its_name_here(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, link: Callable[..., Any]
) -> None:
    slack.command_name = "/cimages"
    link(PRODUCER)
    cloud.add_image(NUMBERS[PRODUCER], name="/images of ours", region="DFW")

    helped = slack.ask(PRODUCER, "help")
    listed = slack.ask(PRODUCER, "list --mine")
    version = slack.workspace.version
    slack.say(PRODUCER, "hello")
    spoken = slack.wait_for(PRODUCER, newer_than=version)

    assert "`/cimages share`" in str(helped.blocks)
    assert "/images" not in str(helped.blocks)
    assert "*/images of ours* · own" in "\n".join(aloud(Message(listed.text, listed.blocks)))
    assert "`/cimages`" in spoken.text


def test_the_usual_name_is_then_not_ours(served: Runtime, slack: SlackStandIn) -> None:
    assert slack.command(PRODUCER, "help").status == 404


def test_a_command_that_cannot_be_one_is_refused(environ: Mapping[str, str]) -> None:
    for name in ("images", "/Images", "/im ages", "/"):
        with pytest.raises(BadSettings, match="SLACK_COMMAND is not a command"):
            Settings.from_env({**environ, "SLACK_COMMAND": name})


def test_every_message_of_the_gallery_has_the_name_it_has_here() -> None:
    name = CommandName("/cimages")
    for title, sample in SHOWN.items():
        shown = str(name.of({"blocks": [dict(block) for block in sample.blocks]}))
        assert "`/images" not in shown, title


def test_what_others_have_named_so_keeps_its_name() -> None:
    words = f"Use `/images show`, not {named('/images show')} of http://x.example/images/1."

    assert CommandName("/cimages").text(words) == (
        "Use `/cimages show`, not `/images show` of http://x.example/images/1."
    )
    assert CommandName().text(words) == words.replace("\ue002", "")
