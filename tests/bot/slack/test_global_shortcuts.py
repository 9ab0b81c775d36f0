"""The shortcuts that belong to no message, as Slack sends them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.wiring import Runtime
from bot.work import deliver
from handlers.core.places import ImageRef
from sandbox.cloud import CloudStandIn
from sandbox.slack import SlackStandIn
from sandbox.slack.state import Message
from storage import Account
from tests.bot.people import CONSUMER_A, NUMBERS, PRODUCER
from tests.bot.slack.test_lookup import seen
from tests.waiting import until


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sharing.open", "Share with"),
        ("images.find", "Name or id"),
        ("home.invitations", "invitations"),
    ],
)
def test_each_opens_its_window(
    served: Runtime,
    slack: SlackStandIn,
    link: Callable[..., Account],
    name: str,
    words: str,
) -> None:
    link(PRODUCER)

    ack = slack.global_shortcut(PRODUCER, name)

    assert ack.status == 200
    seen(slack, PRODUCER, words)


def test_what_was_shared_by_form_stays_as_a_message_with_undo(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, link: Callable[..., Account]
) -> None:
    account = link(PRODUCER)
    link(CONSUMER_A)
    image_id = cloud.add_image(NUMBERS[PRODUCER], name="web", region="DFW", visibility="shared")
    slack.global_shortcut(PRODUCER, "sharing.open")
    seen(slack, PRODUCER, "Share with")
    form = slack.modals.top(PRODUCER)
    assert form
    slack.suggest(PRODUCER, form, "sharing.image", "web")
    slack.suggest(PRODUCER, form, "sharing.with", NUMBERS[CONSUMER_A])

    slack.modals.submit(
        PRODUCER,
        {
            "sharing.image": ImageRef(account.id, "DFW", image_id).value(),
            "sharing.with": [NUMBERS[CONSUMER_A]],
        },
    )

    def outcomes() -> list[Message]:
        deliver.run(served)
        return [m for m in slack.messages(PRODUCER) if "sharing.undo" in str(m.blocks)]

    [message] = until(outcomes)
    assert cloud.members(image_id) == {NUMBERS[CONSUMER_A]: "pending"}
    pressed = slack.press(PRODUCER, message, "sharing.undo")
    assert "no longer shared" in str(pressed.blocks)
    assert cloud.members(image_id) == {}


def test_what_was_changed_by_form_stays_as_a_message_with_undo(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, link: Callable[..., Account]
) -> None:
    """Undo was in the window alone, and gone with it."""
    link(PRODUCER)
    cloud.add_image(NUMBERS[PRODUCER], name="web", region="DFW", visibility="private")
    slack.command(PRODUCER, "update web")
    seen(slack, PRODUCER, "'action_id': 'name'")

    slack.modals.submit(PRODUCER, {"name": "web-2"})

    def outcomes() -> list[Message]:
        deliver.run(served)
        return [m for m in slack.messages(PRODUCER) if "changes.undo" in str(m.blocks)]

    [message] = until(outcomes)
    slack.press(PRODUCER, message, "changes.undo")
    assert [each["name"] for each in cloud.state.regions["DFW"].images.values()] == ["web"]
