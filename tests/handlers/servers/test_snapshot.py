"""Images of servers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from handlers import Person, Services
from handlers.transfers.plans import SnapshotPlan
from sandbox.cloud import CloudStandIn
from storage import Account, Kind
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, filled, labels, read, said


@pytest.fixture
def web(cloud: CloudStandIn) -> str:
    return cloud.add_server(PRODUCER, name="web", region="ORD")


def begun(services: Services) -> list[SnapshotPlan]:
    """What is to be done, as the job will read it."""
    running = services.store.transfers.running()
    assert all(transfer.kind == Kind.SNAPSHOT for transfer in running)
    return [SnapshotPlan.from_json(transfer.plan) for transfer in running]


def test_snapshot_asks_first_with_what_it_takes_and_begins_nothing(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    assert read(talk.say(producer, "snapshot web golden")) == (
        "Create image `golden` from your server `web` (ORD, ACTIVE) in account `1100111` "
        "(`Producer`)?\n"
        "• This takes about 2 minutes for each GB on its disk. I'll tell you when it is done.\n"
        "• The server may pause. Data not yet written to its disk is not in the image, so stop "
        "databases first.\n"
        "• Passwords and keys on its disk are in the image, too.\n"
        "[Create image]\n"
        "[Cancel]"
    )
    assert begun(services) == []


def test_confirming_begins_a_snapshot(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    answer = talk.press(producer, talk.say(producer, "snapshot web golden"), "Create image")

    [transfer] = services.store.transfers.running()
    assert SnapshotPlan.from_json(transfer.plan) == SnapshotPlan(web, "web", "golden")
    assert (transfer.kind, transfer.region, transfer.title) == (Kind.SNAPSHOT, "ORD", "web")
    assert (transfer.account, transfer.account_id) == (
        PRODUCER,
        services.current_account(producer).id,
    )
    assert read(answer) == (
        "Creating image `golden` from `web` (ORD, ACTIVE) in account `1100111` (`Producer`). I'll "
        "tell you when it is done.\n"
        f"Progress: `/images task {transfer.id}`"
    )


def test_eight_clicks_at_once_begin_one_snapshot(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    question = talk.say(producer, "snapshot web golden")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: talk.press(producer, question, "Create image"), range(8)))

    assert len(begun(services)) == 1
    assert sum(answer.text.startswith("Creating image") for answer in answers) == 1


def test_while_a_server_is_made_an_image_of_no_other_one_is_begun(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    talk.press(producer, talk.say(producer, "snapshot web golden"), "Create image")

    again = talk.press(producer, talk.say(producer, "snapshot web silver"), "Create image")

    assert again.text.startswith("Already creating image `golden` from `web`")
    assert again.text.endswith("Nothing was started twice.")
    assert [plan.name for plan in begun(services)] == ["golden"]


def test_cancel_begins_nothing(talk: Talk, services: Services, producer: Person, web: str) -> None:
    answer = talk.press(producer, talk.say(producer, "snapshot web golden"), "Cancel")

    assert read(answer) == "Cancelled: no image was created from `web`."
    assert begun(services) == []


def test_without_a_name_a_form_asks_for_it(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    form = talk.form(producer, "snapshot web")
    assert filled(form) == {"snapshots.name": f"web-{services.clock():%Y-%m-%d}"}

    answer = said(talk.submit(producer, form, snapshots__name=" golden\u200b "))

    assert answer.text.startswith("Creating image `golden` from `web`")
    assert begun(services) == [SnapshotPlan(web, "web", "golden")]


def test_a_form_sent_twice_begins_one_snapshot(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    form = talk.form(producer, "snapshot web")

    for _ in range(2):
        said(talk.submit(producer, form))

    assert len(begun(services)) == 1


@pytest.mark.parametrize(("length", "taken"), [(255, True), (256, False)])
def test_a_name_has_255_characters_at_most(
    talk: Talk, services: Services, producer: Person, web: str, length: int, taken: bool
) -> None:
    talk.submit(producer, talk.form(producer, "snapshot web"), snapshots__name="ü" * length)

    assert [plan.name for plan in begun(services)] == ["ü" * 255] * taken


def test_a_name_of_nothing_keeps_the_form_open(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    reply = talk.submit(producer, talk.form(producer, "snapshot web"), snapshots__name="\u200b")

    assert reply.errors == {"": "Use a name of 1 to 255 visible characters."}  # type: ignore[union-attr]
    assert begun(services) == []


def test_several_servers_answer_with_a_choice(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    other = cloud.add_server(PRODUCER, name="web", region="DFW")

    choice = talk.say(producer, "snapshot web golden")
    assert choice.text == "2 servers match `web`. Which one?"
    assert labels(choice) == ["Choose", "Choose"]
    for which in range(2):
        question = talk.press(producer, choice, "Choose", which)
        talk.press(producer, question, "Create image")

    assert {plan.server_id for plan in begun(services)} == {web, other}
    assert {plan.name for plan in begun(services)} == {"golden"}


@pytest.mark.parametrize("length", [6, 13, 36])
def test_a_server_is_known_by_its_id_and_by_the_beginning_of_it(
    talk: Talk, producer: Person, web: str, length: int
) -> None:
    question = talk.say(producer, f"snapshot {web[:length].upper()} golden")

    assert question.text.startswith("Create image `golden` from your server `web` (ORD, ACTIVE)")


@pytest.mark.parametrize("word", ["we", "00000"])
def test_no_server_is_guessed(talk: Talk, producer: Person, web: str, word: str) -> None:
    answer = talk.say(producer, f"snapshot {word} golden")

    assert answer.text.startswith(f"No server named `{word}`, or with that id, in DFW and ORD")


def test_a_server_that_is_gone_by_then_is_told(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    question = talk.say(producer, "snapshot web golden")
    cloud.state.regions["ORD"].servers.clear()

    note = talk.press(producer, question, "Create image")

    assert note.note
    assert note.text == (
        f"Server `{web[:8]}` no longer exists. Nothing was started. See `/images servers`."
    )
    assert begun(services) == []


def test_nobody_else_may_press_the_button(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    question = talk.say(producer, "snapshot web golden")

    note = talk.press(consumer, question, "Create image")

    assert note.text.startswith("This is for account `1100111`, which <@U1> has linked")
    assert begun(services) == []


def test_a_colleague_with_the_same_account_may_and_acts_with_their_own_login(
    talk: Talk, services: Services, producer: Person, web: str, link: Callable[..., Account]
) -> None:
    colleague = Person("T1", "U4")
    own = link(colleague, PRODUCER, "Producer")

    talk.press(colleague, talk.say(producer, "snapshot web golden"), "Create image")

    [transfer] = services.store.transfers.running()
    assert (transfer.user_id, transfer.account_id) == ("U4", own.id)


def test_servers_of_other_accounts_are_not_found(
    talk: Talk, cloud: CloudStandIn, producer: Person
) -> None:
    other = cloud.add_server(CONSUMER_A, name="theirs", region="DFW")

    for word in ("theirs", other):
        assert talk.say(producer, f"snapshot {word} golden").text.startswith("No server named")
