"""Words for messages to the bot without its command, or with almost one."""

from __future__ import annotations

from handlers.accounts.views.accounts import RUN
from handlers.core.button_values import pack
from handlers.core.errors import UnknownVerb
from handlers.core.replies import Message
from handlers.core.text import clip
from handlers.ui.blocks import button, code, command, context, section, text_message
from handlers.ui.error_words import words

SHOWN = 60
"""Characters of a command on a button."""
LONGEST = 900
"""Characters of a command that a button carries, whatever they are."""
OFFERED = {"My images": "list --mine", "Invitations": "invitations", "Help": "help"}


def did_you_mean(unknown: UnknownVerb, text: str) -> Message:
    """The verb that is most like a misspelt one, and a button that takes it."""
    said = words(unknown)
    if len(text) > LONGEST:
        return text_message(said)
    return Message(said, (section(said, button("Do that", RUN, pack(text))),))


def hello(text: str) -> Message:
    """Two lines, and what one could say; *text* is the command that may have been meant."""
    said = (
        "I answer commands, here also without `/images`: `list`, `show IMAGE`, "
        "`share IMAGE with @someone`.\nIn any other conversation they begin with `/images`."
    )
    offered = {"Do that": text} if 0 < len(text) <= LONGEST else {}
    rows = [
        section(code(clip(run, SHOWN)), button(label, RUN, pack(run)))
        for label, run in {**offered, **OFFERED}.items()
    ]
    return text_message(said, *rows)


def opens(text: str) -> Message:
    """A command that is answered with a form, which only a button opens here."""
    said = f"{command(clip(text, SHOWN))} opens a form."
    return Message(said, (section(said, button("Open", RUN, pack(text))), context(WHY)))


WHY = "Slack opens forms only from a button or the command, not from a message."
