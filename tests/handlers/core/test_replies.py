"""Messages are split below Slack's limits."""

from __future__ import annotations

import json

from handlers.core.replies import MAX_BLOCKS, MAX_JSON, Block, Message, split


def section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def actions(label: str) -> Block:
    text = {"type": "plain_text", "text": label}
    button = {"type": "button", "text": text, "action_id": "invitations.accept", "value": label}
    return {"type": "actions", "elements": [button]}


def test_a_short_message_stays_as_it_is() -> None:
    message = Message("words", (section("words"),))

    assert split(message) == (message,)


def test_a_message_without_blocks_stays_as_it_is() -> None:
    assert split(Message("words")) == (Message("words"),)


def test_many_blocks_become_parts_that_lose_nothing_and_keep_their_buttons() -> None:
    blocks = [block for n in range(120) for block in (section(str(n)), actions(str(n)))]

    parts = split(Message("all", tuple(blocks)))

    assert [block for part in parts for block in part.blocks] == blocks
    assert all(len(part.blocks) <= MAX_BLOCKS for part in parts)
    assert all(part.blocks[0]["type"] == "section" for part in parts)
    assert [part.text for part in parts] == [f"all ({n} of 5)" for n in range(1, 6)]


def test_long_blocks_become_parts_below_slacks_length() -> None:
    blocks = tuple(section("é" * 2000) for _ in range(9))

    parts = split(Message("all", blocks))

    assert tuple(block for part in parts for block in part.blocks) == blocks
    assert all(len(json.dumps(part.blocks, ensure_ascii=False)) <= MAX_JSON for part in parts)


def test_the_kind_of_message_survives_the_split() -> None:
    blocks = tuple(section(str(n)) for n in range(60))

    assert [part.public for part in split(Message("all", blocks, public=True))] == [True, True]
