"""The one way to send a message to somebody who did not ask: through the outbox."""

from __future__ import annotations

from cloud import reference
from handlers.core.interactions import Person
from handlers.core.replies import Message, split
from handlers.core.secret_detection import holds_address
from storage import Store


def notify(
    person: Person,
    message: Message,
    store: Store,
    key: str | None = None,
    *,
    channel: str | None = None,
    bulk: bool = False,
) -> None:
    """
    Enqueue a message, in as many parts as Slack needs. Call it in the transaction of its cause.

    A part that holds an address as good as a password waits sealed.

    Args:
        key: dedupe key: nothing is enqueued under it a second time.

        channel: where to post it; None for the person's direct messages.

        bulk: whether messages to others of the workspace are delivered before it.
    """
    parts = split(message)
    for number, part in enumerate(parts):
        notice_id = store.outbox.put(
            team_id=person.team_id,
            user_id=person.user_id,
            text=part.text,
            blocks=part.blocks,
            channel=channel,
            secret=holds_address(part.blocks),
            dedupe_key=f"{key} {number}" if key and number else key,
            reference=reference.current(),
            bulk=bulk,
        )
        if notice_id and message.drawing and len(parts) == 1:
            whose = (person.team_id, person.user_id)
            store.displays.put(*whose, message.drawing, display_id=notice_id, channel=channel)
