"""What takes long, of one's own and of one's accounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers import Person, Services
from handlers.transfers import transfers
from handlers.transfers.views import tasks as views
from sandbox.cloud import CloudStandIn, Provider
from sandbox.gallery.transfers import EXPORT, task
from storage import Account, Kind, Transfer, TransferState
from tests.handlers.conftest import PRODUCER
from tests.handlers.talk import Talk, labels, read
from tests.storage.fixtures import HandClock

Begin = Callable[..., Transfer]


@pytest.fixture
def begin(services: Services) -> Begin:
    """Begins an export of someone's."""

    def _begin(person: Person, title: str = "web") -> Transfer:
        one, _ = transfers.begin(
            person,
            services.current_account(person),
            "DFW",
            Kind.EXPORT,
            click=f"{person.actor} {title}",
            key=f"{person.actor} {title}",
            title=title,
            plan=EXPORT,
            services=services,
        )
        return one

    return _begin


def end(services: Services, one: Transfer) -> None:
    """As the job does."""
    held = services.store.transfers.claims.claim(10)
    [mine] = [each for each in held if each.id == one.id]
    result = {"container": "exports", "object": "web.vhd", "size": 4}
    services.store.transfers.end(mine, TransferState.DONE, result=result)


def test_tasks_lists_what_is_under_way_before_what_has_ended(
    talk: Talk, services: Services, producer: Person, begin: Begin, clock: HandClock
) -> None:
    first = begin(producer, "first")
    clock.advance(minutes=5)
    second = begin(producer, "second")
    end(services, second)

    assert read(talk.say(producer, "tasks")) == (
        "*1 running* · 1 finished\n"
        ":hourglass_flowing_sand: *first* · Export in DFW · running for 5 minutes\n"
        f"started (time) · `{first.id}`\n"
        "[Details]\n"
        ":white_check_mark: *second* · Export in DFW · done\n"
        f"started (time) · took less than a minute · `{second.id}`\n"
        "[Details]\n"
        "[Download link]"
    )


def test_details_shows_the_card_and_look_again_draws_it_anew(
    talk: Talk, services: Services, producer: Person, begin: Begin, clock: HandClock
) -> None:
    one = begin(producer)

    card = talk.press(producer, talk.say(producer, "tasks"), "Details")
    assert card == talk.say(producer, f"task {one.id}")

    clock.advance(hours=1)
    end(services, one)
    again = talk.press(producer, card, "Refresh")
    assert "is done." in again.text
    assert labels(again) == ["Download link"]
    assert not again.note


def test_an_id_may_be_typed_in_capitals(talk: Talk, producer: Person, begin: Begin) -> None:
    one = begin(producer)

    assert talk.say(producer, f"task {one.id.upper()}").text.endswith("is running.")


def test_nothing_begun_is_said_with_what_could_be(talk: Talk, producer: Person) -> None:
    assert talk.say(producer, "tasks").text.startswith("No exports, imports or copies yet.")


def test_nobody_sees_the_transfers_of_others(
    talk: Talk, producer: Person, consumer: Person, begin: Begin
) -> None:
    one = begin(producer)

    assert one.id not in read(talk.say(consumer, "tasks"))
    assert talk.say(consumer, f"task {one.id}").text.startswith("No task ")
    note = talk.press(consumer, talk.say(producer, "tasks"), "Details")
    assert note.note
    assert note.text.startswith("No task ")


def test_a_colleague_with_the_same_account_sees_it(
    talk: Talk, producer: Person, begin: Begin, link: Callable[..., Account]
) -> None:
    colleague = Person("T1", "U4")
    link(colleague, PRODUCER, "Producer")
    one = begin(producer)

    assert talk.say(colleague, f"task {one.id}").text.endswith("is running.")


def test_someone_of_another_workspace_does_not(
    talk: Talk, producer: Person, begin: Begin, link: Callable[..., Account]
) -> None:
    elsewhere = Person("T2", "U1")
    link(elsewhere, PRODUCER, "Producer")
    one = begin(producer)

    assert talk.say(elsewhere, f"task {one.id}").text.startswith("No task ")


def test_tasks_begun_elsewhere_are_listed_and_shown(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person
) -> None:
    image = cloud.add_image(PRODUCER, name="web", region="ORD", data=b"disk")
    cloud.add_object(PRODUCER, "exports", "x", b"x", "ORD")
    made = (
        services.connection(services.current_account(producer))
        .tasks("ORD")
        .export(image, "exports")
    )

    listed = talk.say(producer, "tasks")
    row = f"*export* · `success`\nORD · started (time) · `{made.id[:8]}`\n[Details]"
    assert row in read(listed)

    shown = talk.say(producer, f"task {made.id}")
    assert talk.press(producer, listed, "Details") == shown
    assert shown.text == f"Task `{made.id}` in ORD: `export`, `success`."
    assert f"*Object*\n`exports/{image}.vhd`" in read(shown)
    assert labels(shown) == ["Download link"]


def test_a_task_is_shown_to_nobody_whose_account_it_is_not(
    talk: Talk, services: Services, producer: Person, consumer: Person
) -> None:
    services.connection(services.current_account(producer)).tasks("ORD").export("no", "exports")

    refused = talk.press(consumer, talk.say(producer, "tasks"), "Details")

    assert refused.note
    assert refused.text.startswith(f"This is for account `{PRODUCER}`")


def test_many_tasks_of_the_cloud_are_counted_beyond_the_first(
    talk: Talk, services: Services, producer: Person
) -> None:
    tasks = services.connection(services.current_account(producer)).tasks("ORD")
    for _ in range(7):
        tasks.export("no", "exports")

    listed = talk.say(producer, "tasks")

    assert labels(listed) == ["Details"] * 5
    assert "…and 2 more. The cloud keeps tasks" in read(listed)


def test_a_task_of_ones_own_transfer_is_not_listed_twice(
    talk: Talk, services: Services, producer: Person, begin: Begin
) -> None:
    connection = services.connection(services.current_account(producer))
    made = connection.tasks("DFW").export("no-image", "exports")
    begin(producer)
    [held] = services.store.transfers.claims.claim(1)
    services.store.transfers.save(held, memory={"task_id": made.id})

    assert made.id[:8] not in read(talk.say(producer, "tasks"))


def test_a_task_that_failed_tells_why_and_what_to_do(
    talk: Talk, services: Services, producer: Person
) -> None:
    connection = services.connection(services.current_account(producer))
    made = connection.tasks("DFW").import_("exports/no.vhd", "web")

    answer = read(talk.say(producer, f"task {made.id}"))

    assert "The cloud reported: `Error: Swift could not find object no.vhd.`." in answer
    assert "Choose it from the menu of `/images import`." in answer


def test_where_the_cloud_keeps_no_tasks_only_ones_own_are_listed(
    services: Services, talk: Talk, cloud: CloudStandIn, producer: Person, begin: Begin
) -> None:
    cloud.state.provider = Provider.GLANCE
    one = begin(producer)

    answer = talk.say(producer, "tasks")

    assert answer.text == "*1 running* · 0 finished"
    assert one.id in read(answer)
    assert ":warning:" not in read(answer)


def test_a_region_that_does_not_answer_is_named_and_the_rest_is_there(
    talk: Talk, cloud: CloudStandIn, producer: Person, begin: Begin
) -> None:
    one = begin(producer)
    talk.say(producer, "tasks")
    cloud.fail_next(10, path_prefix="/ORD/v2/tasks")

    answer = read(talk.say(producer, "tasks"))

    assert one.id in answer
    assert ":warning: ORD of account `1100111` could not be checked." in answer


def test_an_address_that_a_task_was_given_is_not_shown() -> None:
    secret = task(type="import", input={"import_from": "https://storage.example/x?temp_url_sig=1"})

    assert "temp_url_sig" not in read(views.task(secret))


@pytest.mark.parametrize("command", ["task", "task a b", "tasks now"])
def test_other_words_are_answered_with_the_form(talk: Talk, producer: Person, command: str) -> None:
    assert talk.say(producer, command).text.startswith("Usage: `/images task")
