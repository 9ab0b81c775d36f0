"""Who waits for whom, and what people hear while they wait: with a cloud that never answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest

from bot.slack.late import STILL
from bot.slack.listeners import BUSY
from bot.wiring import Runtime
from sandbox.cloud import CloudStandIn
from sandbox.slack import PEOPLE, Person, SlackStandIn
from storage import Account
from tests.bot.people import CONSUMER_A, PRODUCER, link_to
from tests.waiting import PATIENCE_S, until

CROWD = tuple(Person(f"U0CROWD{n:02}", f"Crowd {n}", "UTC") for n in range(60))


@dataclass
class Hanging:
    """The Image services of some regions, which answer nothing until they are let go."""

    go_on: threading.Event
    regions: tuple[str, ...] = ("DFW", "ORD")
    asked: int = 0

    def before(self, _method: str, path: str) -> None:
        if "/images" in path and any(f"/{region}" in path for region in self.regions):
            self.asked += 1
            self.go_on.wait(PATIENCE_S)


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn(people=(*PEOPLE, *CROWD)) as slack:
        yield slack


@pytest.fixture
def environ(environ: Mapping[str, str]) -> Mapping[str, str]:
    return {**environ, "LATE_ANSWER_S": "3600", "CLOUD_ANSWER_S": "3600"}


@pytest.fixture
def hanging(cloud: CloudStandIn) -> Iterator[Hanging]:
    hanging = Hanging(threading.Event())
    cloud.before = hanging.before
    yield hanging
    hanging.go_on.set()


def test_sixty_wait_for_a_cloud_and_what_asks_none_is_answered(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, hanging: Hanging
) -> None:
    for person in CROWD:
        link_to(cloud, served, person.user_id, number="1100111")
        assert slack.command(person.user_id, "list").ok
    until(lambda: hanging.asked >= served.settings.region_requests)

    helped = slack.ask(PRODUCER, "help")
    chosen = slack.ask(CROWD[0].user_id, "digest daily 09:00")
    slack.open_home(PRODUCER)
    home = slack.wait_for_home(PRODUCER)

    assert "/images link" in str(helped.blocks)
    assert "09:00" in str(chosen)
    assert home


def test_a_region_that_hangs_does_not_take_the_threads_for_the_others(
    served: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
    hanging: Hanging,
) -> None:
    hanging.regions = ("DFW",)
    link(CONSUMER_A, region="ORD")
    invite("web-2026", CONSUMER_A, region="ORD")
    before = slack.workspace.version
    for person in CROWD:
        link_to(cloud, served, person.user_id, number="1100111", region="DFW")
        slack.command(person.user_id, "list")

    answer = slack.ask(CONSUMER_A, "invitations")
    spared = len(CROWD) - served.settings.region_requests
    until(lambda: sum(bool(heard(slack, each, before)) for each in CROWD) >= spared)

    assert "web-2026" in str(answer.blocks)


def test_one_person_leaves_threads_and_places_in_the_queue_to_others(
    served: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
    hanging: Hanging,
) -> None:
    hanging.regions = ("DFW",)
    link(PRODUCER, region="DFW")
    link(CONSUMER_A, region="ORD")
    invite("web-2026", CONSUMER_A, region="ORD")
    share = served.settings.person_share_percent
    most = (served.settings.answer_threads + served.settings.answer_queue) * share // 100

    before = slack.workspace.version
    for _ in range(most + 1):
        assert slack.command(PRODUCER, "list").ok
    refused = slack.wait_for(PRODUCER, newer_than=before)
    answer = slack.ask(CONSUMER_A, "invitations")

    assert refused.text == BUSY
    assert "web-2026" in str(answer.blocks)


def test_a_window_opens_at_once_while_all_threads_wait_for_the_cloud(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, hanging: Hanging
) -> None:
    for person in CROWD:
        link_to(cloud, served, person.user_id, number="1100111")
        slack.command(person.user_id, "list")
    until(lambda: hanging.asked >= served.settings.region_requests)

    slack.command(PRODUCER, "import")

    until(lambda: slack.workspace.modals)


def heard(slack: SlackStandIn, person: Person, since: int) -> list[str]:
    return [m.text for m in slack.messages(person.user_id) if m.version > since]


class TestLate:
    """With nothing to wait for before an answer is late."""

    @pytest.fixture
    def environ(self, environ: Mapping[str, str]) -> Mapping[str, str]:
        return {**environ, "LATE_ANSWER_S": "1"}

    def test_it_is_said_once_that_an_answer_is_late_and_then_the_answer_comes(
        self,
        served: Runtime,
        slack: SlackStandIn,
        link: Callable[..., Account],
        hanging: Hanging,
    ) -> None:
        link(PRODUCER)

        late = slack.ask(PRODUCER, "list")
        hanging.go_on.set()
        answer = slack.wait_for(PRODUCER, newer_than=late.version)
        served.request_pool.finish()

        assert (late.text, late.only_for) == (STILL, PRODUCER)
        assert answer.ts != late.ts
        assert [m.text for m in slack.messages(PRODUCER)] == [STILL, answer.text]

    def test_a_note_that_slack_refuses_is_left_out_and_the_answer_comes(
        self,
        served: Runtime,
        slack: SlackStandIn,
        link: Callable[..., Account],
        hanging: Hanging,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        link(PRODUCER)
        slack.refuse_response_url(404)

        slack.command(PRODUCER, "list")
        until(lambda: "the note about /images list was not sent: " in caplog.text)
        hanging.go_on.set()
        answer = slack.wait_for(PRODUCER, newer_than=0)
        served.request_pool.finish()

        assert [m.text for m in slack.messages(PRODUCER)] == [answer.text]
        assert served.store.outbox.waiting() == 0

    def test_a_late_click_leaves_its_message_until_it_is_answered(
        self,
        served: Runtime,
        slack: SlackStandIn,
        link: Callable[..., Account],
        invite: Callable[..., str],
        hanging: Hanging,
    ) -> None:
        link(CONSUMER_A)
        hanging.regions = ()
        invite("web-2026", CONSUMER_A)
        card = slack.ask(CONSUMER_A, "invitations")
        hanging.regions = ("DFW",)

        late = slack.press(CONSUMER_A, card, "invitations.accept")
        shown = slack.workspace.find(card.channel_id, card.ts)
        hanging.go_on.set()
        redrawn = slack.wait_for(CONSUMER_A, newer_than=late.version)

        assert (late.text, late.only_for, shown) == (STILL, CONSUMER_A, card)
        assert (redrawn.ts, redrawn.edited) == (card.ts, True)

    def test_what_is_said_in_a_message_is_late_there(
        self,
        served: Runtime,
        slack: SlackStandIn,
        link: Callable[..., Account],
        hanging: Hanging,
    ) -> None:
        link(PRODUCER)

        said, _ = slack.say(PRODUCER, "list")
        late = slack.wait_for(PRODUCER, newer_than=said.version)

        assert (late.text, late.channel_id) == (STILL, said.channel_id)
