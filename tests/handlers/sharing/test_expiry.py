"""Shares that end by themselves: how they are begun, shown and extended."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

import handlers
from cloud.models import Image
from handlers import Click, Message, Person, Services
from handlers.sharing import expiry as expiries
from handlers.sharing.durations import parse_duration
from handlers.sharing.errors import BadSpan
from handlers.sharing.members import lock_key
from handlers.sharing.views import expiry as views
from handlers.ui.labels import duration, duration_code
from sandbox.cloud import CloudStandIn
from storage import Account, Expiry
from tests import taking
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, buttons, labels, read, said
from tests.storage.fixtures import START, HandClock

WEEK = timedelta(days=7)
Begin = Callable[..., None]


@pytest.fixture
def web(cloud: CloudStandIn, producer: Person) -> str:
    """The producer's image, shared with consumers A and B past the bot."""
    image_id = cloud.add_image(PRODUCER, name="web", region="DFW", visibility="shared", size=2500)
    for number in (CONSUMER_A, CONSUMER_B):
        cloud.add_member(image_id, number)
    return image_id


@pytest.fixture
def begin(services: Services, producer: Person, web: str) -> Begin:
    """Has the share with an account end after a while, as `share … for` does."""

    def _begin(number: str = CONSUMER_A, length: timedelta = WEEK, because: str = "tests") -> None:
        account, image = own(services, producer, web)
        expiries.schedule_end(producer, account, image, number, length, because, services)

    return _begin


def own(services: Services, person: Person, image_id: str) -> tuple[Account, Image]:
    [account] = services.store.accounts.of(person.team_id, person.user_id)
    return account, services.images(account, "DFW").get(image_id)


def ends(services: Services, person: Person, image_id: str) -> dict[str, Expiry]:
    account, image = own(services, person, image_id)
    return dict(expiries.of_image(account, image, services))


def reminder(services: Services, person: Person, image_id: str) -> Message:
    """What the job says a day before the end."""
    return views.reminder(ends(services, person, image_id)[CONSUMER_A])


@pytest.mark.parametrize(
    ("word", "length"),
    [
        ("1h", timedelta(hours=1)),
        ("12h", timedelta(hours=12)),
        ("7d", timedelta(days=7)),
        ("7D", timedelta(days=7)),
        ("2w", timedelta(days=14)),
        ("365d", timedelta(days=365)),
        ("8760h", timedelta(days=365)),
        ("52w", timedelta(days=364)),
    ],
)
def test_a_span_is_whole_hours_days_or_weeks(word: str, length: timedelta) -> None:
    assert parse_duration(word) == length


@pytest.mark.parametrize(
    "word",
    [
        *(
            "",
            "7",
            "d",
            "30m",
            "7dayz",
            "week",
            "1.5d",
            "-7d",
            "+7d",
            "7  d",
            " 7d",
            "7d ",
            "1y",
            "1d12h",
        ),
        *("0h", "0d", "366d", "8761h", "53w", "99999999999999d", "٧d", "7d\n"),
    ],
)
def test_everything_else_is_no_span(word: str) -> None:
    with pytest.raises(BadSpan):
        parse_duration(word)


@pytest.mark.parametrize(
    ("length", "long", "short"),
    [
        (timedelta(hours=1), "1 hour", "1h"),
        (timedelta(hours=36), "36 hours", "36h"),
        (timedelta(days=1), "1 day", "1d"),
        (timedelta(weeks=2), "14 days", "14d"),
    ],
)
def test_what_is_said_of_a_span_can_be_typed(length: timedelta, long: str, short: str) -> None:
    assert (duration(length), duration_code(length)) == (long, short)
    assert parse_duration(short) == length


def test_the_list_of_members_says_what_ends_when_and_why(
    talk: Talk, producer: Person, begin: Begin
) -> None:
    begin()

    answer = talk.say(producer, "members web")

    assert read(answer).splitlines() == [
        "`web` (DFW, 2.5 KB) is shared with *2 accounts*: 2 pending.",
        f"*{CONSUMER_A}* · pending",
        "since (time) · expires (time), because `tests`",
        "[Extend by 7 days]",
        "[Unshare]",
        f"*{CONSUMER_B}* · pending",
        "since (time)",
        "[Unshare]",
        "[Share…]",
    ]
    until = int((START + WEEK).timestamp())
    assert f'"timestamp": {until},' in json.dumps(answer.blocks)


def test_one_member_says_it_too(talk: Talk, producer: Person, begin: Begin) -> None:
    begin(because="")

    answer = read(talk.say(producer, f"member web {CONSUMER_A}"))

    assert f"*{CONSUMER_A}* · pending\nsince (time) · expires (time)\n[Extend by 7 days]" in answer
    assert "because" not in answer


def test_the_consumer_sees_the_end_and_no_button(
    talk: Talk, consumer: Person, begin: Begin
) -> None:
    begin()

    answer = talk.say(consumer, "members web")

    assert "· expires (time), because `tests`" in read(answer)
    assert labels(answer) == []


def test_another_workspace_sees_no_end(
    talk: Talk, begin: Begin, link: Callable[..., Account]
) -> None:
    begin()
    elsewhere = Person("T2", "U1")
    link(elsewhere, PRODUCER, "Producer")

    assert "ends" not in read(talk.say(elsewhere, "members web"))


def test_a_page_of_ends_fits_into_one_message(
    talk: Talk, producer: Person, web: str, cloud: CloudStandIn, begin: Begin
) -> None:
    numbers = [str(7700000 + n) for n in range(6)]
    for number in numbers:
        cloud.add_member(web, number)
        begin(number, because="why not " * 40)

    answer = talk.say(producer, "members web")

    assert handlers.split(answer) == (answer,)


def test_extending_from_the_list_redraws_it(
    talk: Talk, services: Services, producer: Person, web: str, begin: Begin, clock: HandClock
) -> None:
    begin()
    clock.advance(days=3)

    answer = talk.press(producer, talk.say(producer, "members web"), "Extend by 7 days")

    assert read(answer).splitlines()[:4] == [
        f"Extended by 7 days: `web` (DFW) is shared with account `{CONSUMER_A}` until (time).",
        "`web` (DFW, 2.5 KB) is shared with *2 accounts*: 2 pending.",
        f"*{CONSUMER_A}* · pending",
        "since (time) · expires (time), because `tests`",
    ]
    assert ends(services, producer, web)[CONSUMER_A].ends_at == START + 2 * WEEK


def test_extending_from_a_reminder_says_the_new_end(
    talk: Talk, services: Services, producer: Person, web: str, begin: Begin
) -> None:
    begin()

    answer = talk.press(producer, reminder(services, producer, web), "Extend by 7 days")

    assert read(answer) == (
        f"Extended by 7 days: `web` (DFW) is shared with account `{CONSUMER_A}` until (time)."
    )
    assert str(int((START + 2 * WEEK).timestamp())) in answer.text


def test_extending_is_on_record_with_both_ends(
    talk: Talk, services: Services, producer: Person, web: str, begin: Begin
) -> None:
    begin()

    talk.press(producer, reminder(services, producer, web), "Extend by 7 days")

    [row] = [row for row in services.store.audit.recent() if row.action == "image.extend"]
    assert (row.actor, row.outcome) == ("T1/U1", "done")
    assert (row.account, row.region, row.target) == (PRODUCER, "DFW", f"{web} with {CONSUMER_A}")
    assert row.before == {"ends_at": (START + WEEK).isoformat()}
    assert row.after == {"ends_at": (START + 2 * WEEK).isoformat()}


@pytest.mark.parametrize("reminded", [True, False])
def test_people_who_were_reminded_of_the_end_hear_that_it_is_put_off(
    reminded: bool,
    talk: Talk,
    services: Services,
    producer: Person,
    consumer: Person,
    web: str,
    begin: Begin,
    clock: HandClock,
) -> None:
    """Whoever knows of no end that is near need not hear that it is even farther."""
    begin()
    if reminded:
        clock.advance(days=6)
        [claimed] = services.store.expiries.claims.claim(20)
        services.store.expiries.reminded(claimed)

    talk.press(producer, reminder(services, producer, web), "Extend by 7 days")

    heard = [(notice.user_id, notice.text) for notice in taking.notices(services.store)]
    until = f"<!date^{int((START + 2 * WEEK).timestamp())}^"
    assert [user_id for user_id, _ in heard] == ([consumer.user_id] if reminded else [])
    assert all(until in text and "<@U1> has extended it" in text for _, text in heard)


def test_a_double_click_extends_once(
    talk: Talk, services: Services, producer: Person, web: str, begin: Begin
) -> None:
    begin()
    message = reminder(services, producer, web)

    talk.press(producer, message, "Extend by 7 days")
    again = talk.press(producer, message, "Extend by 7 days")

    assert read(again).startswith("Already extended: `web` (DFW)")
    assert ends(services, producer, web)[CONSUMER_A].ends_at == START + 2 * WEEK


def test_a_colleague_who_has_linked_the_account_may_extend(
    talk: Talk,
    services: Services,
    producer: Person,
    web: str,
    begin: Begin,
    link: Callable[..., Account],
) -> None:
    colleague = Person("T1", "U5")
    link(colleague, PRODUCER, "Producer")
    begin()

    talk.press(colleague, reminder(services, producer, web), "Extend by 7 days")

    expiry = ends(services, producer, web)[CONSUMER_A]
    assert (expiry.ends_at, expiry.user_id) == (START + 2 * WEEK, "U1")


def test_nobody_else_may_extend(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str, begin: Begin
) -> None:
    """The consumer, whose account sees the image, with a button made of the producer's."""
    begin()
    message = reminder(services, producer, web)
    [button] = buttons(message)
    asked = views.Extend.read(button["value"])
    [theirs] = services.store.accounts.of("T1", consumer.user_id)
    forged = replace(asked, place=replace(asked.place, account_id=theirs.id)).value()

    stranger = read(talk.press(consumer, message, "Extend by 7 days"))
    owner = read(press(consumer, forged, services))

    assert "Nothing was changed" in stranger
    assert f"belongs to account `{PRODUCER}`. Only its owner can share it" in owner
    assert ends(services, producer, web)[CONSUMER_A].ends_at == START + WEEK


def test_what_is_over_is_not_extended(
    talk: Talk, services: Services, producer: Person, web: str, begin: Begin, clock: HandClock
) -> None:
    """Its end is being worked at, or was not possible yet."""
    begin()
    message = reminder(services, producer, web)
    clock.advance(days=7)

    assert read(talk.press(producer, message, "Extend by 7 days")) == (
        f"The share of `web` with account `{CONSUMER_A}` has expired or was ended, so it can't be "
        "extended. To share it again: "
        f"`/images share {web} {CONSUMER_A} for 7d`"
    )


def test_what_was_ended_past_us_is_not_extended_and_forgotten(
    talk: Talk, services: Services, cloud: CloudStandIn, producer: Person, web: str, begin: Begin
) -> None:
    begin()
    message = reminder(services, producer, web)
    cloud.remove_member(web, CONSUMER_A)

    answer = read(talk.press(producer, message, "Extend by 7 days"))

    assert answer.endswith(f"To share it again: `/images share {web} {CONSUMER_A} for 7d`")
    assert ends(services, producer, web) == {}


def test_what_has_no_end_any_more_is_not_extended(
    talk: Talk, services: Services, producer: Person, web: str, begin: Begin
) -> None:
    """It was shared anew without one."""
    begin()
    message = reminder(services, producer, web)
    account, image = own(services, producer, web)
    expiries.cancel_end(account, image, CONSUMER_A, services)

    answer = read(talk.press(producer, message, "Extend by 7 days"))

    assert answer == (
        f"The share of `web` with account `{CONSUMER_A}` does not expire, so there is nothing to "
        "extend. Nothing was changed."
    )


@pytest.mark.parametrize("at_work", ["the job", "a share"])
def test_what_is_being_worked_at_is_left_alone(
    at_work: str,
    talk: Talk,
    services: Services,
    producer: Person,
    web: str,
    begin: Begin,
    clock: HandClock,
) -> None:
    begin()
    message = reminder(services, producer, web)
    if at_work == "the job":
        clock.advance(days=6)
        assert services.store.expiries.claims.claim(20)
    else:
        assert services.store.once.claim(lock_key("DFW", web, CONSUMER_A), 60)

    answer = read(talk.press(producer, message, "Extend by 7 days"))

    assert answer == "That is already in progress. Nothing was done twice."
    assert ends(services, producer, web)[CONSUMER_A].ends_at == START + WEEK


def test_the_list_that_cannot_be_redrawn_does_not_hide_what_was_done(
    talk: Talk, services: Services, cloud: CloudStandIn, producer: Person, web: str, begin: Begin
) -> None:
    begin()
    message = talk.say(producer, "members web")

    def fail_the_list(_: str, path: str) -> None:
        if path.endswith("/members"):
            cloud.fail_next(1, 400, path_prefix="/members")

    cloud.before = fail_the_list
    answer = talk.press(producer, message, "Extend by 7 days")

    assert read(answer) == (
        f"Extended by 7 days: `web` (DFW) is shared with account `{CONSUMER_A}` until (time)."
    )
    assert ends(services, producer, web)[CONSUMER_A].ends_at == START + 2 * WEEK


@pytest.mark.parametrize(
    ("numbers", "line"),
    [
        ((), ""),
        ((CONSUMER_A,), "• 1 timed share will no longer expire.\n"),
        ((CONSUMER_A, CONSUMER_B), "• 2 timed shares will no longer expire.\n"),
    ],
)
def test_the_question_before_unlinking_counts_what_will_not_end(
    numbers: tuple[str, ...], line: str, talk: Talk, producer: Person, begin: Begin
) -> None:
    for number in numbers:
        begin(number)

    answer = read(talk.say(producer, "unlink"))

    assert f"password or key.\n{line}• Notifications" in answer


@pytest.mark.parametrize(
    "value",
    [
        "",
        "nope",
        '["a","DFW","i","222","yesterday","members"]',
        '["a","DFW","i","222","2026-03-09T08:00:00+00:00","elsewhere"]',
    ],
)
def test_a_button_that_cannot_be_read_is_named(
    value: str, services: Services, producer: Person
) -> None:
    assert "out of date" in press(producer, value, services).text


def press(person: Person, value: str, services: Services) -> Message:
    return said(handlers.answer(Click(person, views.EXTEND, value, "C1"), services))
