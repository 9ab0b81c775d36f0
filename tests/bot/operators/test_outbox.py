"""`outbox`: an operator sees what Slack does not have, and sends it after all or drops it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from sandbox.slack import TEAM_ID, SlackStandIn
from storage import Store
from tests import taking
from tests.bot.people import CONSUMER_A
from tests.bot.program import Program

SECRET = "https://store.example.com/o?temp_url_sig=abc"


@pytest.fixture
def kept(sqlite_url: str, keys: list[str]) -> Iterator[Store]:
    """One message that was given up, one that is tried again, and one that was sent."""
    with closing(Store.open(sqlite_url, keys)) as store:
        store.migrate()
        for text in ("given up", "tried again", "sent"):
            store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text=f"{text} {SECRET}")
        failed, again, sent = taking.notices(store)
        store.outbox.fail(failed.id, "invalid_blocks")
        store.outbox.retry(again.id, again.created_at + timedelta(hours=9), "internal_error")
        taking.sent(store, sent.id, "1.2")
        yield store


def shown(program: Program, *more: str) -> list[str]:
    code, said, _ = program("outbox", "list", *more)
    assert code == 0
    return said.splitlines()


def test_what_was_not_sent_is_listed_without_its_words(program: Program, kept: Store) -> None:
    failed, waiting, count = shown(program)

    assert failed.endswith("failed after 1 attempt: invalid_blocks")
    assert "UTC: internal_error" in waiting
    assert f"{TEAM_ID}/{CONSUMER_A}" in failed
    assert count == "2 messages."
    assert shown(program, "--failed") == [failed, "1 message."]
    assert "given up" not in failed
    assert "temp_url_sig" not in failed


def test_why_nothing_reaches_a_person_is_said(program: Program, kept: Store) -> None:
    kept.people.pause(TEAM_ID, CONSUMER_A, "user_disabled")

    assert "paused until they use the bot: user_disabled" in shown(program)[1]


def test_one_that_was_given_up_is_sent_after_all(
    program: Program, kept: Store, slack: SlackStandIn
) -> None:
    failed = shown(program, "--failed")[0].split()[0]

    code, said, _ = program("outbox", "retry", failed)
    assert (code, said) == (0, "1 message queued again.\n")
    program("run", "delivery")

    assert [m.text.split(" http")[0] for m in slack.messages(CONSUMER_A)] == ["given up"]
    assert shown(program, "--failed") == ["0 messages."]


def test_all_that_were_given_up_are_dropped_and_never_said_again(
    program: Program, kept: Store, slack: SlackStandIn
) -> None:
    code, said, _ = program("outbox", "drop", "--failed")

    assert (code, said) == (0, "1 message dropped.\n")
    assert shown(program)[-1] == "1 message."
    program("run", "delivery")
    assert not slack.messages(CONSUMER_A)


@pytest.mark.parametrize("what", ["retry", "drop"])
def test_what_cannot_be_changed_is_named_and_the_rest_is_done(
    what: str, program: Program, kept: Store
) -> None:
    failed = shown(program, "--failed")[0].split()[0]

    code, said, _ = program("outbox", what, "nothing", failed)

    assert code == 1
    assert said.startswith("nothing was not given up" if what == "retry" else "nothing was sent")
    assert said.splitlines()[-1].startswith("1 message ")


def test_what_is_on_its_way_is_not_dropped(program: Program, kept: Store) -> None:
    kept.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="hi")
    [claimed] = taking.notices(kept)

    code, said, _ = program("outbox", "drop", claimed.id)

    assert (code, "is being sent" in said) == (1, True)


def test_it_is_on_record(program: Program, kept: Store) -> None:
    program("outbox", "drop", "--failed")

    _, said, _ = program("audit", "export", "--action", "outbox.drop")

    assert said.count('"program/outbox"') == 1
