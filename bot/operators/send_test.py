"""`python -m bot send-test`: send a person a message now, and print Slack's response."""

from __future__ import annotations

import argparse
import secrets
from typing import TextIO

from bot.slack.refusals import Fault, SlackRefusal
from bot.wiring import Runtime
from handlers import Person
from storage import Notice

ACTOR = "program/send-test"
TEXT = "This is a test message from the people who run this bot. You don't need to do anything."
ADVICE = {
    Fault.PERSON: "Slack does not let the bot write to this person: check the id",
    Fault.WORKSPACE: "install the app in this workspace again, and run `python -m bot check`",
    Fault.POLICY: "a rule of the workspace forbids it: ask its admins",
    Fault.PASSING: "try again later",
}


def send_test(runtime: Runtime, arguments: argparse.Namespace, out: TextIO) -> int:
    """Send a person a direct message as the scheduler would, and print the outcome."""
    person = Person(arguments.team, arguments.user)
    target = f"{person.team_id}/{person.user_id}"
    with runtime.store.audit.entry(ACTOR, "notices.test", target) as entry:
        try:
            ts = runtime.poster.post(_notice(person, runtime))
        except SlackRefusal as refused:
            entry.note(f"refused: {refused.error}")
            advice = ADVICE.get(refused.fault, "this is a bug: please report it")
            out.write(f"Slack refused the message ({refused.error}): {advice}.\n")
            return 1
    out.write(f"Sent to {person.user_id} (message {ts}).\n")
    return 0


def _notice(person: Person, runtime: Runtime) -> Notice:
    """Bypass the outbox, so that only this message is sent."""
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
