"""What the page can have go wrong, in Slack and in the cloud, and what it says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from sandbox.cloud import CloudStandIn
from sandbox.cloud.switches import CloudTrouble
from sandbox.slack import SlackStandIn
from sandbox.slack.pages import Switch
from sandbox.slack.switches import SlackTrouble

_SLACK = {
    SlackTrouble.LIMITS: ("Slack limits", "Slack answers 429. Messages arrive once this is off."),
    SlackTrouble.AWAY: ("Slack away", "Slack answers 503 to every request of the bot."),
    SlackTrouble.LOST: (
        "Answers lost",
        "Slack posts, but its answer is lost. The bot checks before it posts again.",
    ),
}
_CLOUD = {
    CloudTrouble.SLOW: ("Cloud slow", "Every answer about images takes 4 seconds."),
    CloudTrouble.HANGING: ("Region hanging", "{region} does not answer; the others do."),
    CloudTrouble.EXPIRED: (
        "Login expired",
        "Tokens have expired and logins fail. Switching this off restarts the bot.",
    ),
    CloudTrouble.QUOTA: ("Quota full", "The cloud takes no new image, member or object."),
}


class Bot(Protocol):
    """The bot, as far as switches are concerned."""

    def restart(self) -> None:
        """Have it forget which logins were refused: it does not try them again."""

    def is_starting(self) -> bool: ...


def switches(slack: SlackStandIn, cloud: CloudStandIn | None, bot: Bot) -> Iterator[Switch]:
    """All that there are; none of the cloud's if it is a real one."""
    for each, (words, note) in _SLACK.items():
        yield _switch(slack.switches, each, words, note)
    if cloud:
        *_, last = cloud.state.regions
        for trouble, (words, note) in _CLOUD.items():
            switch = _switch(cloud.switches, trouble, words, note.format(region=last))
            yield _until_restarted(switch, bot) if trouble is CloudTrouble.EXPIRED else switch


def _until_restarted(switch: Switch, bot: Bot) -> Switch:
    return replace(
        switch, is_on=lambda: switch.is_on() or bot.is_starting(), turned_off=bot.restart
    )


def _switch(of: Any, trouble: SlackTrouble | CloudTrouble, words: str, note: str) -> Switch:
    """One trouble of the switches of a stand-in."""
    return Switch(trouble, words, note, partial(of.is_on, trouble), partial(of.turn, trouble))
