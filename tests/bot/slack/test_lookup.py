"""The message shortcut Look up image, as Slack sends it."""

from __future__ import annotations

from collections.abc import Callable

from bot.wiring import Runtime
from sandbox.cloud import CloudStandIn
from sandbox.slack import SlackStandIn
from storage import Account
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS
from tests.waiting import until


def seen(slack: SlackStandIn, user_id: str, words: str) -> str:
    """What their modal shows, once these words are in it."""

    def shown() -> str:
        modal = slack.modals.top(user_id)
        return str(modal.body["blocks"]) if modal else ""

    until(lambda: words in shown(), shown)
    return shown()


def test_it_opens_a_modal_with_the_image_for_who_may_see_it_alone(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, link: Callable[..., Account]
) -> None:
    link(CONSUMER_A)
    link(CONSUMER_B)
    image_id = cloud.add_image(NUMBERS[CONSUMER_A], name="web", region="DFW")
    channel = slack.person(CONSUMER_A).dm_channel
    message = slack.workspace.post(channel, f"Is {image_id} broken?", author="human")

    first = slack.shortcut(CONSUMER_A, message, "images.lookup")
    second = slack.shortcut(CONSUMER_B, message, "images.lookup")

    assert (first.status, first.body, second.status) == (200, "", 200)
    assert "*Status*" in seen(slack, CONSUMER_A, image_id)
    assert "'web'" not in seen(slack, CONSUMER_B, "Not found:")


def test_several_are_listed_in_the_modal(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, link: Callable[..., Account]
) -> None:
    link(CONSUMER_A)
    ids = [cloud.add_image(NUMBERS[CONSUMER_A], name=f"web-{n}", region="DFW") for n in (1, 2)]
    channel = slack.person(CONSUMER_A).dm_channel
    message = slack.workspace.post(channel, " or ".join(ids), author="human")

    slack.shortcut(CONSUMER_A, message, "images.lookup")

    seen(slack, CONSUMER_A, ids[1])
