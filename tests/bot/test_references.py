"""One reference from what somebody did to the log, the cloud, the message and its delivery."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator

import pytest

from bot import logs
from bot.wiring import Runtime
from bot.work import deliver, jobs
from cloud import reference
from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.replies import Message
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID, SlackStandIn
from storage import Account
from tests.bot.people import CONSUMER_A, NUMBERS, PRODUCER
from tests.handlers.talk import Talk, labels

KNOWN = "0123abcd-0000-4000-8000-000000000000"


class Lines(logging.Handler):
    """What is logged, with the reference that its line has."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        logs.Refer().filter(record)
        self.seen.append((vars(record)["reference"], record.getMessage()))

    def references(self, words: str) -> list[str]:
        """Give the references of the lines that hold these words."""
        return [given for given, message in self.seen if words in message]


@pytest.fixture
def lines() -> Iterator[Lines]:
    lines = Lines()
    logging.getLogger().addHandler(lines)
    yield lines
    logging.getLogger().removeHandler(lines)


def test_a_command_its_cloud_calls_and_its_answer_have_one_reference(
    served: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    lines: Lines,
) -> None:
    link(PRODUCER)
    slack.ask(PRODUCER, "list")
    slack.ask(PRODUCER, "list --mine")
    served.request_pool.finish()

    first, second = lines.references("/images list by")
    sent = {each.removeprefix("req-")[:8] for each in cloud.references}

    assert sent == {first, second}
    assert all(re.fullmatch(r"req-[0-9a-f-]{36}", each) for each in cloud.references)


def test_what_broke_is_told_with_the_reference_of_the_log(
    served: Runtime,
    slack: SlackStandIn,
    lines: Lines,
) -> None:
    served.store._db.execute("alter table accounts rename to gone")

    answer = slack.ask(PRODUCER, "list")
    served.request_pool.finish()

    [told] = set(re.findall(r"reference ([0-9a-f]{8})", str(answer)))
    assert lines.references("/images list by") == [told]
    assert lines.references("broke") == [told]


def test_a_message_is_delivered_under_the_reference_of_its_cause(
    runtime: Runtime, slack: SlackStandIn, lines: Lines
) -> None:
    with reference.referring(KNOWN):
        notify(Person(TEAM_ID, CONSUMER_A), Message("hello"), runtime.store)

    deliver.run(runtime)

    assert slack.wait_for(CONSUMER_A).text == "hello"
    assert lines.references("was sent") == ["0123abcd"]


def test_what_was_approved_is_done_and_told_under_the_reference_of_who_asked(
    runtime: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    lines: Lines,
) -> None:
    link(PRODUCER)
    talk, producer = Talk(runtime.services), Person(TEAM_ID, PRODUCER)
    talk.say(producer, f"allow <@{CONSUMER_A}> approver")
    talk.say(producer, "policy delete always")
    cloud.add_image(NUMBERS[PRODUCER], name="web", region="DFW")
    deliver.run(runtime)
    lines.seen.clear()

    with reference.referring(KNOWN):
        question = talk.say(producer, "delete web")
        talk.press(producer, question, labels(question)[0])
    deliver.run(runtime)
    asked = lines.references("was sent")
    [approval] = runtime.store.approvals.waiting(TEAM_ID)
    with reference.referring(None):
        talk.say(Person(TEAM_ID, CONSUMER_A), f"approve {approval.id}")
    cloud.references.clear()
    lines.seen.clear()
    jobs.approvals(runtime)
    deliver.run(runtime)

    assert set(asked) == set(lines.references("was sent")) == {"0123abcd"}
    assert set(cloud.references) == {f"req-{KNOWN}"}
    assert lines.references(f"request {approval.id}") == ["0123abcd"]


def test_calls_to_slack_and_the_cloud_are_counted(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account]
) -> None:
    link(PRODUCER)
    slack.ask(PRODUCER, "list --mine")
    slack.fail_next("conversations.open", "made_up_error")
    served.store.outbox.put(team_id=TEAM_ID, user_id=PRODUCER, text="hello")
    deliver.run(served)
    served.request_pool.finish()

    page = served.metrics.page().decode()

    assert 'imagebot_slack_calls_total{operation="response_url",outcome="ok"} 1.0' in page
    opened = 'imagebot_slack_calls_total{operation="conversations.open",outcome="passing"} 1.0'
    assert opened in page
    assert re.search(
        r"imagebot_cloud_calls_total\{cloud=\"127.0.0.1\",operation=\"GET images\",outcome=\"ok\","
        r"region=\"DFW\",service=\"image\"\} [1-9]",
        page,
    )
    assert 'operation="login",outcome="ok",region="",service="identity"} 1.0' in page
