"""
Record what Slack refuses the app itself, and notify the installer once of each trouble.

If the bot can send messages, the installer gets one. If not, a message would wait until the trouble
is over; so the note is below the next answer to something they ask, which goes through a response
URL and needs no token.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field, replace

from bot.slack.refusals import Fault, SlackRefusal
from handlers import Message, Person
from handlers.core.notify import notify
from handlers.ui.alerts import small_warning
from handlers.ui.blocks import section
from storage import SlackTrouble, Store
from storage.errors import Sealed, Unreachable

log = logging.getLogger(__name__)

SENDING = frozenset({"chat.postMessage", "conversations.open"})
"""The methods that a direct message needs."""
KNOWN_S = 60.0
"""How long a process trusts what it knows of the troubles that others have noted."""


@dataclass
class Troubles:
    store: Store
    _open: frozenset[tuple[str, str]] = frozenset()
    _read_at: float = field(default=float("-inf"))

    def heard(self, team_id: str, method: str, refused: SlackRefusal | None) -> None:
        """Note what became of a call; None if Slack took it."""
        try:
            if refused is None:
                if (team_id, method) in self._known() and self._over(team_id, method):
                    log.info("workspace %s accepts %s again", team_id, method)
            elif refused.fault is Fault.WORKSPACE:
                self._note(team_id, method, refused)
        except Unreachable as error:
            log.warning("a problem with Slack was not recorded: %s", error)

    def below(self, message: Message, person: Person, team_id: str) -> Message:
        """Return the answer, with troubles that the installer does not know of below it."""
        try:
            if not any(team == team_id for team, _ in self._known()):
                return message
            if self._installer(team_id) not in ("", person.user_id):
                return message
            lines = [words(each) for each in self.store.slack_troubles.tell(team_id)]
        except Unreachable:
            return message
        if not lines:
            return message
        blocks = message.blocks or (section(message.text),)
        return replace(message, blocks=(*blocks, *map(small_warning, lines)))

    def _note(self, team_id: str, method: str, refused: SlackRefusal) -> None:
        troubles = self.store.slack_troubles
        news = troubles.note(team_id, method, refused.error, refused.needed)
        self._read_at = float("-inf")
        if not news:
            return
        log.error("workspace %s refuses %s: %s", team_id, method, refused.error)
        installer = self._installer(team_id)
        if installer and method not in SENDING:
            for each in troubles.tell(team_id):
                notify(Person(team_id, installer), Message(words(each)), self.store)

    def _over(self, team_id: str, method: str) -> bool:
        self._read_at = float("-inf")
        return self.store.slack_troubles.over(team_id, method)

    def _known(self) -> frozenset[tuple[str, str]]:
        if time.monotonic() - self._read_at > KNOWN_S:
            found = self.store.slack_troubles.all()
            self._open = frozenset((each.team_id, each.method) for each in found)
            self._read_at = time.monotonic()
        return self._open

    def _installer(self, team_id: str) -> str:
        """Who installed the app there; "" if that is not known, as with a token of the settings."""
        try:
            found = self.store.installations.find_team(team_id) or {}
        except Sealed:
            return ""
        return str(found.get("user_id") or "")


def words(trouble: SlackTrouble) -> str:
    """Say what is refused and what to do about it."""
    lacking = f", the scope `{trouble.needed}` is missing" if trouble.needed else ""
    since = f"{trouble.since:%Y-%m-%d %H:%M} UTC"
    return (
        f"Slack has refused `{trouble.method}` to this app since {since} "
        f"(`{trouble.error}`{lacking}). Messages are kept for a week. Install the app again, or "
        "ask the people who run this bot to run `python -m bot check`."
    )
