"""`python -m bot send-test`: say something to a person now, and tell what Slack answers."""

from __future__ import annotations

import argparse
import secrets
from typing import TextIO

from bot.slack.refusals import Fault, SlackRefusal
from bot.wiring import Runtime
from handlers import Person
from storage import Notice

ACTOR = "program/send-test"
TEXT = "This is a test message from whoever runs this bot. Nothing is needed from you."
ADVICE = {
    Fault.PERSON: "Slack does not let the bot write to this person: look whether the id is right",
    Fault.WORKSPACE: "install the app anew in this workspace, and try `python -m bot check`",
    Fault.POLICY: "a rule of the workspace forbids it: ask its admins",
    Fault.PASSING: "try again later",
}


def send_test(runtime: Runtime, arguments: argparse.Namespace, out: TextIO) -> int:
    """Send a person a direct message as the scheduler would, and say how that went."""
    person = Person(arguments.team, arguments.user)
    target = f"{person.team_id}/{person.user_id}"
    with runtime.store.audit.entry(ACTOR, "notices.test", target) as entry:
        try:
            ts = runtime.poster.post(_notice(person, runtime))
        except SlackRefusal as refused:
            entry.note(f"refused: {refused.error}")
            advice = ADVICE.get(refused.fault, "this is a fault of the bot's: please report it")
            out.write(f"Slack did not take it ({refused.error}): {advice}.\n")
            return 1
    out.write(f"Sent to {person.user_id} (message {ts}).\n")
    return 0


def _notice(person: Person, runtime: Runtime) -> Notice:
    """Past the outbox: what waits there is none of this person's business now."""
    return Notice(
        id=f"test-{secrets.token_hex(8)}",
        team_id=person.team_id,
        user_id=person.user_id,
        channel=None,
        text=TEXT,
        blocks=(),
        attempts=1,
        created_at=runtime.clock(),
    )
