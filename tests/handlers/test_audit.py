"""The record, as people read it in Slack: all that concerns them, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import handlers
from handlers import Click, Person, Services
from handlers.views.audit import Asked
from sandbox.cloud import CloudStandIn
from storage import Account
from tests.handlers.conftest import CONSUMER_A, PASSWORD, PRODUCER
from tests.handlers.talk import Talk, labels, read, said
from tests.storage.fixtures import HandClock


@pytest.fixture
def web(cloud: CloudStandIn, producer: Person) -> str:
    return cloud.add_image(owner=PRODUCER, name="web", region="DFW")


def test_it_says_who_did_what_where_and_what_came_of_it(
    talk: Talk, producer: Person, web: str, services: Services
) -> None:
    talk.say(producer, "update web name=db min_ram=512")

    [row] = services.store.audit.recent()
    assert read(talk.say(producer, "audit")) == (
        "The record, newest first: 1 entry.\n"
        f"<@U1> updated an image: `{web}`\n"
        "`min_ram`: `0` → `512`; `name`: `web` → `db`\n"
        f"(time) · account `1100111` in DFW · done · `{row.request_id}`\n"
        "You see what was done with accounts that you can use, and what you did yourself. All of "
        "it: `python -m bot audit export`; whether anything was taken out: "
        "`python -m bot audit verify`."
    )


def test_what_failed_is_there_and_can_be_asked_for_alone(
    talk: Talk,
    producer: Person,
    consumer: Person,
    link: Callable[..., Account],
    web: str,
    cloud: CloudStandIn,
) -> None:
    cloud.add_account(PRODUCER, "Producer", "observer", roles=("cloudImages:observer",))
    colleague = Person("T1", "U5")
    link(colleague, PRODUCER, "Producer", user="observer")
    talk.press(colleague, talk.say(colleague, f"share web {CONSUMER_A}"), "Share")
    talk.say(producer, f"name {CONSUMER_A} partner")

    failed = read(talk.say(producer, "audit --failed"))

    assert ":x: <@U5> shared an image:" in failed
    assert "`failed: MissingRole`" in failed
    assert "address book" not in failed


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ("", 4),
        ("--action image", 3),
        ("--action image.tag", 1),
        ("--by me", 4),
        ("--by <@U2>", 0),
        ("--region ORD", 0),
        ("--region DFW", 3),
        ("--account 1100111", 4),
        ("--since 1h", 1),
        ("--until 1h", 3),
        ("--since 2026-01-01", 4),
        ("--failed", 0),
    ],
)
def test_options_say_which_of_it(
    talk: Talk, producer: Person, web: str, clock: HandClock, options: str, count: int
) -> None:
    for command in ("tag web blue", "update web name=db", f"protect {web}"):
        talk.say(producer, command)
    clock.advance(hours=2)
    talk.say(producer, f"name {CONSUMER_A} partner")

    answer = read(talk.say(producer, f"audit {options}"))

    assert answer.count("<@U1> ") == count


def test_the_image_may_be_named_by_its_id(talk: Talk, producer: Person, web: str) -> None:
    talk.say(producer, "tag web blue")

    assert "changed tags" in read(talk.say(producer, f"audit --image {web}"))
    assert "Nothing on record" in read(talk.say(producer, "audit --image 00000000"))


def test_ten_are_on_a_page(talk: Talk, producer: Person) -> None:
    for n in range(12):
        talk.say(producer, f"name {7700000 + n} partner-{n}")

    first = talk.say(producer, "audit")
    second = talk.press(producer, first, "Older")
    back = talk.press(producer, second, "Newest")

    assert (labels(first), labels(second)) == (["Older"], ["Newest"])
    assert (read(first).count("`77000"), read(second).count("`77000")) == (10, 2)
    assert read(back) == read(first)


def test_nobody_reads_what_was_done_with_accounts_of_others(
    talk: Talk, producer: Person, consumer: Person, web: str
) -> None:
    talk.say(producer, "tag web blue")

    before = read(talk.say(consumer, "audit"))
    talk.say(producer, "allow <@U2> viewer")
    after = read(talk.say(consumer, "audit --account 1100111"))

    assert "changed tags" not in before
    assert "<@U1> changed tags" in after


def test_another_workspace_with_the_same_account_reads_its_own_alone(
    talk: Talk, producer: Person, link: Callable[..., Account], web: str
) -> None:
    other = Person("T2", "U1")
    link(other, PRODUCER, "Producer")
    talk.say(producer, "tag web blue")
    talk.say(other, "tag web green")

    assert read(talk.say(other, "audit")).count("changed tags") == 1
    assert read(talk.say(producer, "audit")).count("changed tags") == 1


def test_a_forged_page_shows_nothing_more(
    services: Services, talk: Talk, producer: Person, consumer: Person, web: str
) -> None:
    talk.say(producer, "tag web blue")
    forged = Asked(by="T1/U1", account=PRODUCER, before=1_000_000).value()

    answer = said(handlers.answer(Click(consumer, "audit.older", forged), services))

    assert read(answer).startswith("Nothing on record fits that, of what you may see.")


def test_a_secret_is_not_in_it(talk: Talk, services: Services, producer: Person, web: str) -> None:
    talk.say(producer, "tag web blue")
    talk.say(producer, "policy --people 2")

    assert PASSWORD not in read(talk.say(producer, "audit"))
    assert all(PASSWORD not in repr(row) for row in services.store.audit.recent())


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("audit now", "Use it like this: `/images audit`."),
        ("audit --since soon", "`--since` cannot be `soon`. It takes a day such as `2026-03-05`"),
        ("audit --until 2026-13-01", "`--until` cannot be `2026-13-01`."),
        ("audit --by ann", "`--by` cannot be `ann`. It takes `me`, or a person"),
        ("audit --by", "`--by` needs a value, as in `--by @ann`."),
    ],
)
def test_what_cannot_be_is_refused_with_the_next_step(
    talk: Talk, producer: Person, text: str, answer: str
) -> None:
    assert read(talk.say(producer, text)).startswith(answer)
