"""Words for a login that has stopped working."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.accounts.views.accounts import RUN
from handlers.core.button_values import pack
from handlers.core.replies import Message
from handlers.ui.blocks import button, buttons, context, text_message
from handlers.ui.labels import account_label
from storage import Account

WHY: Mapping[str, str] = {
    "BadCredentials": "the cloud refuses its password or key",
    "LoginForbidden": "the cloud no longer lets it log in",
    "LostCredentials": "it was encrypted with a secret key that the bot no longer has",
    "MfaRequired": "the cloud asks for a second factor, which I can't provide",
}
"""Words by error name, for errors that need the person to act."""


def stopped(account: Account, trouble: str) -> Message:
    """Notify the person who linked the account."""
    text = (
        f"The login of account {account_label(account)} has stopped working: {WHY[trouble]}. "
        "Link it again with `/images link`: until then you get no notifications of its invitations."
    )
    again = button("Link it again", RUN, pack("link"), style="primary")
    more = "Your other accounts still work. You get this message once."
    return text_message(text, buttons(again), context(more))
