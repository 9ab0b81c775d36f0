"""A Slack stand-in: sends what Slack sends, refuses what Slack refuses, and shows it on a page."""

from sandbox.slack.losing import Loss
from sandbox.slack.sender import Ack
from sandbox.slack.server import SlackStandIn
from sandbox.slack.state import BOT_USER_ID, CHANNEL_ID, PEOPLE, TEAM_ID, Message, Person, View

__all__ = [
    "BOT_USER_ID",
    "CHANNEL_ID",
    "PEOPLE",
    "TEAM_ID",
    "Ack",
    "Loss",
    "Message",
    "Person",
    "SlackStandIn",
    "View",
]
