"""Pictures, drawn and uploaded to where the words are said."""

from __future__ import annotations

import logging
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import plots
from bot.slack.payloads import Incoming
from bot.slack.refusals import code
from bot.slack.workspaces import NotInstalled, Workspaces
from handlers.core.replies import Picture

log = logging.getLogger(__name__)

NAME = "report.png"
NOT_SHOWN = "The picture could not be shown: Slack says `{why}`. The words say all that is on it."
INVITE = "Invite me to this channel to see the picture here: `/invite`. The words say all of it."
OUTSIDE = frozenset({"not_in_channel", "channel_not_found"})


class Pictures:
    """Upload pictures, as the bot of the workspace that the request came from."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    def show(self, incoming: Incoming, picture: Picture, *, public: bool) -> str:
        """
        Draw a picture and upload it, to the channel if the answer is *public*, else to the person.

        Returns:
            What to tell the person if that failed; "" if it did not.
        """
        png = plots.draw(picture.figures, picture.title)
        try:
            client = self._workspaces.client(incoming.team_id)
            channel = incoming.channel_id if public else _private(client, incoming)
            client.files_upload_v2(
                channel=channel,
                content=png,
                filename=NAME,
                title=picture.title,
                alt_txt=picture.alt[:1000],
            )
        except SlackApiError as error:
            log.info("the picture of %s was not shown: %s", incoming.what, code(error))
            return INVITE if code(error) in OUTSIDE else NOT_SHOWN.format(why=code(error))
        except (NotInstalled, SlackClientError, OSError, HTTPException) as error:
            log.info("the picture of %s was not shown: %s", incoming.what, type(error).__name__)
            return NOT_SHOWN.format(why="no answer")
        return ""


def _private(client: WebClient, incoming: Incoming) -> str:
    opened = client.conversations_open(users=[incoming.request.person.user_id])
    return str(opened["channel"]["id"])
