"""From a click that needs a second person to what the job has done, through Slack's own door."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

import handlers
from bot.wiring import Runtime
from bot.work import deliver, jobs
from handlers import Person, parse
from sandbox.cloud import CloudStandIn
from sandbox.slack import CHANNEL_ID, TEAM_ID, SlackStandIn
from storage import Account
from tests import taking
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS, PRODUCER
from tests.handlers.talk import Talk, labels, read
from tests.storage import asking
from tests.storage.fixtures import HandClock

ME, APPROVER = Person(TEAM_ID, PRODUCER), Person(TEAM_ID, CONSUMER_A)


@pytest.fixture
def image(link: Callable[..., Account], cloud: CloudStandIn, runtime: Runtime) -> str:
    """In an account that wants deleting to be approved by a consumer's person."""
    link(PRODUCER)
    talk = Talk(runtime.services)
    talk.say(ME, f"allow <@{CONSUMER_A}> approver")
    talk.say(ME, "policy delete always")
    return cloud.add_image(NUMBERS[PRODUCER], name="web", region="DFW")


def ask(runtime: Runtime) -> str:
    """Ask for the deletion; the id of the request."""
    talk = Talk(runtime.services)
    question = talk.say(ME, "delete web")
    talk.press(ME, question, labels(question)[0])
    [approval] = runtime.store.approvals.waiting(TEAM_ID)
    return approval.id


def there(runtime: Runtime, image_id: str) -> bool:
    images = runtime.services.images(runtime.services.current_account(ME), "DFW")
    return image_id in [each.id for each in images.list()]


def test_approved_by_a_button_in_slack_it_is_done_and_every_copy_says_so(
    served: Runtime, slack: SlackStandIn, image: str
) -> None:
    ask(served)
    deliver.run(served)
    card = slack.wait_for(CONSUMER_A, lambda m: "asks to delete" in m.text)

    slack.press(CONSUMER_A, card, "approvals.approve")
    jobs.approvals(served)
    deliver.run(served)

    assert not there(served, image)
    shown = slack.wait_for(CONSUMER_A, lambda m: m.ts == card.ts and "Approved and done" in str(m))
    assert "approvals.approve" not in str(shown.blocks)
    slack.wait_for(PRODUCER, lambda m: "approved your request to delete" in m.text)


def test_two_workers_carry_it_out_once(runtime: Runtime, image: str) -> None:
    request = ask(runtime)
    Talk(runtime.services).say(APPROVER, f"approve {request}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: jobs.approvals(runtime), range(8)))

    done = [row for row in runtime.store.audit.recent() if row.action == "image.delete"]
    assert len(done) == 1
    assert done[0].actor == ME.actor


def test_a_worker_that_dies_leaves_no_doubt_unsaid(
    runtime: Runtime, image: str, clock: HandClock
) -> None:
    """It may have been done, so nobody does it again by themselves."""
    request = ask(runtime)
    Talk(runtime.services).say(APPROVER, f"approve {request}")
    asking.begun(runtime.store.approvals)
    clock.advance(minutes=6)

    jobs.approvals(runtime)

    [approval] = runtime.store.approvals.of(TEAM_ID, PRODUCER)
    assert approval.state == "unknown"
    assert there(runtime, image)
    told = [notice.text for notice in taking.notices(runtime.store)]
    assert any("it may or may not have been done" in text for text in told)


def test_what_nobody_decides_lapses_and_is_told(
    runtime: Runtime, image: str, clock: HandClock
) -> None:
    ask(runtime)
    clock.advance(hours=8)

    jobs.approvals(runtime)

    [approval] = runtime.store.approvals.of(TEAM_ID, PRODUCER)
    assert approval.state == "expired"
    told = [notice.text for notice in taking.notices(runtime.store)]
    assert any("Expired without a decision" in text for text in told)


@pytest.mark.parametrize(
    "error",
    [
        *("channel_not_found", "is_archived", "is_inactive"),
        *("restricted_action_read_only_channel", "restricted_action_thread_only_channel"),
        *("restricted_action_non_threadable_channel", "user_not_in_channel"),
        *("org_user_not_in_team", "team_not_found"),
    ],
)
def test_the_approvers_channel_gets_the_card_and_nobody_is_paused_for_it(
    error: str, runtime: Runtime, slack: SlackStandIn, image: str
) -> None:
    """Where the bot is not let in, each approver is asked in private instead."""
    Talk(runtime.services).say(ME, f"policy --channel <#{CHANNEL_ID}>")
    deliver.run(runtime)
    slack.fail_next("chat.postMessage", error, channel=CHANNEL_ID)
    ask(runtime)
    deliver.run(runtime)

    jobs.approvals(runtime)
    deliver.run(runtime)

    person = runtime.store.people.get(TEAM_ID, PRODUCER)
    assert person is None or person.paused_reason is None
    assert slack.wait_for(CONSUMER_A, lambda m: "asks to delete" in m.text)
    [approval] = runtime.store.approvals.waiting(TEAM_ID)
    assert (approval.reminders, approval.attempts) == (0, 0)
    assert runtime.store.approvals.claims.next_due() == approval.remind_at


def test_a_card_in_the_channel_is_one_message_for_all(
    served: Runtime, slack: SlackStandIn, image: str
) -> None:
    Talk(served.services).say(ME, f"policy --channel <#{CHANNEL_ID}>")
    ask(served)
    deliver.run(served)
    card = slack.wait_for(CONSUMER_B, lambda m: "asks to delete" in m.text)

    refused = slack.press(CONSUMER_B, card, "approvals.approve")
    approved = slack.press(CONSUMER_A, card, "approvals.approve")

    assert card.channel_id == CHANNEL_ID
    assert refused.text.startswith("No request ")
    assert "Approved" in str(approved.blocks)


def test_a_person_whose_account_is_unlinked_hears_that_nothing_was_done(
    runtime: Runtime, image: str
) -> None:
    request = ask(runtime)
    Talk(runtime.services).say(APPROVER, f"approve {request}")
    runtime.store.accounts.unlink(runtime.services.current_account(ME).id)

    jobs.approvals(runtime)

    [approval] = runtime.store.approvals.of(TEAM_ID, PRODUCER)
    assert approval.state == "failed"
    answer = handlers.answer(parse(ME, "requests"), runtime.services)
    assert isinstance(answer, handlers.Message)
    assert "Approved, but it failed" in read(answer)
