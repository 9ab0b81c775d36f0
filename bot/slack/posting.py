"""Post notices and cards to Slack: the only place that does. Answers are in `answers`."""

from __future__ import annotations

from bot.slack import lookback
from bot.slack.clients import SlackClient
from bot.slack.refusals import SlackRefusal
from bot.slack.shared_channels import refuse_if_shared
from bot.slack.workspaces import Workspaces
from storage import NO_ANSWER, Card, Notice, Store


class Poster:
    """Post notices, to the person's own conversation with the bot unless they name a channel."""

    def __init__(self, workspaces: Workspaces, store: Store) -> None:
        self._workspaces = workspaces
        self._store = store

    def post(self, notice: Notice, dm_channel: str | None = None) -> str:
        """
        Post a notice and return its `ts`.

        Args:
            dm_channel: the person's own conversation with the bot, if that is known.

        Raises:
            SlackRefusal: Slack said no, or nothing; its name says which.
        """
        client = self._workspaces.client(notice.team_id)
        if found := self._there(client, notice):
            return found[1]
        if notice.channel:
            refuse_if_shared(client, notice.channel)
            return say(client, notice.channel, notice)
        return self._say_in_private(client, notice, dm_channel)[1]

    def draw(self, card: Card) -> tuple[str, str]:
        """
        Post a card, or redraw its message.

        Returns:
            The ids of its channel and its `ts`.

        Raises:
            SlackRefusal: as post; `gone` if its message cannot be edited any more.
        """
        client = self._workspaces.client(card.team_id)
        if card.only_edited:
            return self._edit(client, card)
        private = self._is_private(card)
        if card.channel and not private:
            refuse_if_shared(client, card.channel)
        if card.channel and card.ts:
            try:
                return card.channel, _redrawn(client, card.channel, card.ts, card)
            except SlackRefusal as refused:
                if not private or refused.error != "channel_not_found":
                    raise
        if found := self._there(client, card):
            return found[0], _redrawn(client, *found, card)
        if card.channel and not private:
            return card.channel, say(client, card.channel, card)
        return self._say_in_private(client, card)

    def _edit(self, client: SlackClient, card: Card) -> tuple[str, str]:
        """Draw a message that is there already; `message_not_found` if it is not any more."""
        channel, ts = card.channel, card.ts
        url = self._store.displays.reply_url(card.key)
        if not channel or not ts or url is None:
            raise SlackRefusal("message_not_found")
        if url:
            blocks = [dict(block) for block in card.blocks]
            self._workspaces.respond(url, {"text": card.text, "blocks": blocks})
            return channel, ts
        if not self._is_private(card):
            refuse_if_shared(client, channel)
        return channel, _redrawn(client, channel, ts, card)

    def _there(self, client: SlackClient, what: Notice | Card) -> tuple[str, str] | None:
        """Where an earlier attempt, which got no answer, has posted it: its channel and `ts`."""
        if not lookback.unsure(what):
            return None
        channel = what.channel or self._dm_channel(what)
        ts = lookback.find(client, channel, what) if channel else None
        return (channel, ts) if channel and ts else None

    def _is_private(self, card: Card) -> bool:
        """Whether it is in the person's own conversation, which Slack may forget."""
        return bool(card.user_id) and card.channel in (None, self._dm_channel(card))

    def _dm_channel(self, what: Notice | Card) -> str | None:
        person = self._store.people.get(what.team_id, what.user_id)
        return person.dm_channel if person else None

    def _say_in_private(
        self, client: SlackClient, what: Notice | Card, known: str | None = None
    ) -> tuple[str, str]:
        """In the conversation we remember, or in a new one if Slack has forgotten that."""
        known = known or self._dm_channel(what)
        if known:
            try:
                return known, say(client, known, what)
            except SlackRefusal as refused:
                if refused.error != "channel_not_found":
                    raise
        opened = client.conversations_open(users=[what.user_id])
        channel = str(opened["channel"]["id"])
        self._store.people.set_dm_channel(what.team_id, what.user_id, channel)
        return channel, say(client, channel, what)


def say(client: SlackClient, channel: str, what: Notice | Card) -> str:
    """
    Post a message with its mark in a conversation and return its `ts`.

    Raises:
        SlackRefusal: as Poster.post.
    """
    told = client.chat_postMessage(
        channel=channel,
        text=what.text,
        blocks=[dict(block) for block in what.blocks],
        unfurl_links=False,
        unfurl_media=False,
        metadata=lookback.metadata(what),
    )
    if not told.get("ts"):
        raise SlackRefusal(NO_ANSWER)
    return str(told["ts"])


def _redrawn(client: SlackClient, channel: str, ts: str, card: Card) -> str:
    blocks = [dict(block) for block in card.blocks]
    client.chat_update(channel=channel, ts=ts, text=card.text, blocks=blocks)
    return ts
