"""Draw pictures, and upload them to where the text is posted."""

from __future__ import annotations

import logging

from bot.slack.clients import SlackClient
from bot.slack.payloads import Incoming
from bot.slack.refusals import SlackRefusal
from bot.slack.workspaces import Workspaces
from handlers.core.replies import Picture

log = logging.getLogger(__name__)

NAME = "report.png"
NOT_SHOWN = "Slack didn't show the chart (`{why}`). The text has the same figures."
INVITE = (
    "To see the chart here, invite me to this channel: `/invite`. The text has the same figures."
)
NO_WORD = "Slack didn't confirm that the chart arrived. The text has the same figures."
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
        from bot import plots  # with the first chart: matplotlib takes 30 MB of every process

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
        except SlackRefusal as refused:
            log.info("the picture of %s was not shown: %s", incoming.what, refused.error)
            return _trouble(refused)
        return ""


def _trouble(refused: SlackRefusal) -> str:
    if refused.unsure:
        return NO_WORD
    return INVITE if refused.error in OUTSIDE else NOT_SHOWN.format(why=refused.error)


def _private(client: SlackClient, incoming: Incoming) -> str:
    opened = client.conversations_open(users=[incoming.request.person.user_id])
    return str(opened["channel"]["id"])
