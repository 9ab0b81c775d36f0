"""What the scheduler tells a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

import handlers
from cloud.models import Image
from handlers import Message, Person, Services
from handlers.invitations.share_records import record_share, record_unshare
from handlers.invitations.views.answer_form import OPEN
from handlers.notifications import compose
from handlers.notifications.classify import Kind, classify_invitations, groups
from handlers.notifications.compose import preview
from sandbox.cloud import CloudStandIn
from storage import ALL_ACCOUNTS, AUTO_ACCEPT_JOB, Account, Invitation, Preference, State
from tests import taking
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, buttons, labels, read
from tests.storage.fixtures import HandClock

UTC = ZoneInfo("UTC")
OTHER_PRODUCER = "5500555"


@pytest.fixture
def waiting(services: Services) -> Callable[..., Invitation]:
    """Leaves an invitation as the scheduler's job does when it has seen one."""

    def _waiting(
        person: Person,
        image_id: str,
        name: str,
        *,
        owner: str = PRODUCER,
        region: str = "DFW",
        days: int = 2,
    ) -> Invitation:
        account = services.store.accounts.of(person.team_id, person.user_id)[0]
        now = services.clock()
        seen = Invitation(
            account_id=account.id,
            region=region,
            image_id=image_id,
            image_name=name,
            owner=owner,
            size=2_500_000_000,
            first_seen=now,
            invited_at=now - timedelta(days=days),
        )
        services.store.invitations.begin(seen)
        found = services.store.invitations.find(account.id, region, image_id)
        assert found is not None
        return found

    return _waiting


@pytest.fixture
def told(services: Services, clock: HandClock) -> Callable[..., Message | None]:
    """Tells a person what is due, as a digest does."""

    def _told(person: Person) -> Message | None:
        [group] = groups(person, services)
        briefing = classify_invitations(person, group, UTC, services)
        message = compose.compose_message(person, group, briefing, clock(), next_at=clock())
        assert compose.record_delivered(person, briefing, services)
        return message

    return _told


def kinds(person: Person, services: Services) -> dict[str, Kind]:
    """What each invitation is to the person now."""
    return {
        item.invitation.image_name: item.kind
        for group in groups(person, services)
        for item in classify_invitations(person, group, UTC, services).items
    }


def settle(services: Services, each: Invitation, state: State, by: str | None = None) -> None:
    services.store.invitations.answered(
        each.account_id, each.region, each.image_id, state, by, services.clock()
    )


def test_there_is_none_when_nothing_waits(
    services: Services, consumer: Person, stranger: Person
) -> None:
    assert preview(consumer, services) is None
    assert preview(stranger, services) is None


def test_it_shows_what_waits_without_asking_the_cloud(
    told: Callable[..., Message],
    consumer: Person,
    cloud: CloudStandIn,
    waiting: Callable[..., Invitation],
) -> None:
    waiting(consumer, "0000-1", "web")

    message = told(consumer)

    assert read(message).startswith(
        "*1 new invitation*.\n"
        "*For account `2200222` (`Consumer A`) in DFW*\n"
        "*web* · new · from account `1100111`\n"
        "2.5 GB · DFW · nonstandard · invited 2 days ago · `0000-1`\n"
        "[Accept]\n"
        "[Reject]\n"
    )
    assert read(message).endswith(
        "\nYou get this for account `2200222`. Next digest: (time). "
        "To change or stop it: `/images digest`."
    )
    assert message.text == "*1 new invitation*."
    assert cloud.requests == []


def test_what_was_told_before_is_counted_and_has_a_button_that_shows_it(
    told: Callable[..., Message],
    talk: Talk,
    cloud: CloudStandIn,
    consumer: Person,
    invite: Callable[..., None],
    waiting: Callable[..., Invitation],
) -> None:
    image_id = cloud.add_image(owner=PRODUCER, name="web", region="DFW")
    invite(image_id, CONSUMER_A)
    waiting(consumer, image_id, "web")
    told(consumer)
    assert told(consumer).text == ("No new invitations. *1* still pending.")
    waiting(consumer, "0000-2", "db")

    message = told(consumer)

    assert message.text == "*1 new invitation*, and 1 still pending."
    assert "*web*" not in read(message)
    shown = talk.press(consumer, message, "Show")
    assert "*web*" in read(shown)
    assert "Accept" in labels(shown)


def test_new_ones_are_ordered_by_account_and_region(
    told: Callable[..., Message],
    services: Services,
    consumer: Person,
    link: Callable[..., Account],
    waiting: Callable[..., Invitation],
    clock: HandClock,
) -> None:
    waiting(consumer, "0000-1", "in-ord", region="ORD")
    waiting(consumer, "0000-2", "late-in-dfw", days=1)
    waiting(consumer, "0000-3", "early-in-dfw", days=3)
    clock.advance(seconds=1)
    link(consumer, CONSUMER_B, "Consumer B")
    waiting(consumer, "0000-4", "of-the-other")

    text = read(told(consumer))

    names = ["of-the-other", "early-in-dfw", "late-in-dfw", "in-ord"]
    assert [text.index(f"*{name}*") for name in names] == sorted(
        text.index(f"*{name}*") for name in names
    )
    assert text.count("*For account ") == 3


@pytest.mark.parametrize(
    ("state", "by", "words"),
    [
        (State.ACCEPTED, "T1/U7", "was accepted for account `2200222` by <@U7>, (time)."),
        (State.REJECTED, None, "was rejected for account `2200222` outside this bot, (time)."),
        (State.WITHDRAWN, None, "was withdrawn: its owner unshared or deleted it."),
        (State.ACCEPTED, AUTO_ACCEPT_JOB, "was accepted for account `2200222` automatically"),
    ],
)
def test_what_others_ended_since_it_was_told_is_said_once(
    told: Callable[..., Message | None],
    services: Services,
    consumer: Person,
    waiting: Callable[..., Invitation],
    state: State,
    by: str | None,
    words: str,
) -> None:
    invitation = waiting(consumer, "0000-1", "web")
    told(consumer)
    settle(services, invitation, state, by)

    message = told(consumer)

    assert message is not None
    what = "accepted automatically" if by == AUTO_ACCEPT_JOB else "no longer pending"
    assert message.text == f"*1 image* {what}."
    assert f"• `web` (DFW, from `1100111`) {words}" in read(message)
    assert told(consumer) is None


def test_what_one_ended_oneself_or_was_never_told_is_no_news(
    told: Callable[..., Message | None],
    services: Services,
    consumer: Person,
    waiting: Callable[..., Invitation],
) -> None:
    mine = waiting(consumer, "0000-1", "web")
    told(consumer)
    settle(services, mine, State.ACCEPTED, "T1/U2")
    settle(services, waiting(consumer, "0000-2", "db"), State.WITHDRAWN)
    gone = waiting(consumer, "0000-3", "x")
    services.store.delivered.note("T1", "U2", gone)
    settle(services, gone, State.GONE)

    assert told(consumer) is None


def test_an_invitation_made_again_is_new_again(
    told: Callable[..., Message],
    services: Services,
    consumer: Person,
    waiting: Callable[..., Invitation],
    clock: HandClock,
) -> None:
    settle(services, waiting(consumer, "0000-1", "web"), State.WITHDRAWN)
    clock.advance(days=1)
    waiting(consumer, "0000-1", "web")

    assert told(consumer).text == "*1 new invitation*."


def test_snoozed_and_muted_ones_are_only_counted(
    told: Callable[..., Message],
    services: Services,
    consumer: Person,
    waiting: Callable[..., Invitation],
) -> None:
    snoozed = waiting(consumer, "0000-1", "snoozed-one")
    waiting(consumer, "0000-2", "muted-one", owner=OTHER_PRODUCER)
    services.store.snoozes.put("T1", "U2", snoozed, None)
    account = services.store.accounts.of("T1", "U2")[0]
    services.store.snoozes.mute("T1", "U2", account.cloud, OTHER_PRODUCER)
    assert told(consumer) is None
    waiting(consumer, "0000-3", "web")

    text = read(told(consumer))

    assert "-one" not in text
    assert ("Not shown: 1 snoozed and 1 from muted producers. See `/images invitations`.\n") in text


def test_a_snooze_that_is_over_is_told_again_once(
    told: Callable[..., Message],
    services: Services,
    consumer: Person,
    waiting: Callable[..., Invitation],
    clock: HandClock,
) -> None:
    invitation = waiting(consumer, "0000-1", "web")
    told(consumer)
    services.store.snoozes.put("T1", "U2", invitation, clock() + timedelta(days=1))
    clock.advance(days=1)

    again = told(consumer)

    assert "*web* · you had snoozed it · " in read(again)
    assert told(consumer).text.startswith("No new invitations.")


def test_a_snooze_until_it_changes_ends_when_it_has_its_data(
    told: Callable[..., Message],
    services: Services,
    consumer: Person,
    waiting: Callable[..., Invitation],
) -> None:
    invitation = waiting(consumer, "0000-1", "web")
    services.store.delivered.note("T1", "U2", invitation)
    services.store.snoozes.put("T1", "U2", invitation, None)
    assert kinds(consumer, services) == {"web": Kind.SNOOZED}
    assert taking.missing(services.store) == []
    grown = Invitation(**{**vars(invitation), "size": 7})

    services.store.invitations.settle(invitation.account_id, "DFW", [grown])

    assert kinds(consumer, services) == {"web": Kind.SNOOZE_ENDED}
    assert ("T1", "U2") in taking.missing(services.store)


@pytest.mark.parametrize(
    ("preference", "expected"),
    [
        (Preference(), ["a-web", "b-web", "c-db"]),
        (Preference(regions=("ORD",)), ["b-web"]),
        (Preference(producers=(OTHER_PRODUCER,)), ["c-db"]),
        (Preference(name="WEB"), ["a-web", "b-web"]),
        (Preference(working_days=2), ["c-db"]),
        (Preference(name="web", regions=("DFW",), producers=(PRODUCER,)), ["a-web"]),
    ],
)
def test_filters_let_through_what_was_asked_for(
    services: Services,
    consumer: Person,
    waiting: Callable[..., Invitation],
    preference: Preference,
    expected: Sequence[str],
) -> None:
    waiting(consumer, "0000-1", "a-web", days=1)
    waiting(consumer, "0000-2", "b-web", region="ORD", days=1)
    waiting(consumer, "0000-3", "c-db", owner=OTHER_PRODUCER, days=5)
    services.store.preferences.put("T1", "U2", ALL_ACCOUNTS, preference)

    found = kinds(consumer, services)

    assert sorted(name for name, kind in found.items() if kind == Kind.NEW) == expected
    assert set(found.values()) <= {Kind.NEW, Kind.NOT_SHOWN}


def test_an_account_with_a_preference_of_its_own_is_told_apart(
    services: Services, consumer: Person, link: Callable[..., Account]
) -> None:
    link(consumer, CONSUMER_B, "Consumer B")
    services.store.preferences.put("T1", "U2", CONSUMER_B, Preference(times=("16:00",)))

    found = {g.number: [a.project_id for a in g.accounts] for g in groups(consumer, services)}

    assert found == {ALL_ACCOUNTS: [CONSUMER_A], CONSUMER_B: [CONSUMER_B]}


def test_in_a_channel_it_says_whose_it_is(
    told: Callable[..., Message],
    services: Services,
    consumer: Person,
    waiting: Callable[..., Invitation],
) -> None:
    services.store.preferences.put("T1", "U2", ALL_ACCOUNTS, Preference(channel_id="C1"))
    waiting(consumer, "0000-1", "web")

    message = told(consumer)

    assert message.text == "<@U2>: *1 new invitation*."
    assert "<@U2> gets this for account `2200222`." in read(message)


def test_a_preview_shows_all_and_changes_nothing(
    told: Callable[..., Message],
    services: Services,
    consumer: Person,
    waiting: Callable[..., Invitation],
) -> None:
    waiting(consumer, "0000-1", "web")
    told(consumer)
    waiting(consumer, "0000-2", "db")

    asked = preview(consumer, services)

    assert asked is not None
    assert asked.text == "*2 pending invitations*."
    assert labels(asked).count("Accept") == 2
    after = told(consumer)
    assert after.text == "*1 new invitation*, and 1 still pending."


def test_several_invitations_are_answered_by_one_form(
    told: Callable[..., Message], consumer: Person, waiting: Callable[..., Invitation]
) -> None:
    waiting(consumer, "0000-1", "web")
    assert "Answer…" not in labels(told(consumer))
    waiting(consumer, "0000-2", "db")

    one_more = told(consumer)

    opens = [each for each in buttons(one_more.blocks) if each["action_id"] == OPEN]
    assert [each["text"]["text"] for each in opens] == ["Answer…"]
    assert handlers.ROUTES.buttons[OPEN].opens
    styles = [each.get("style") for each in buttons(one_more.blocks)]
    assert styles.count("primary") == 1


def test_many_are_one_message_with_the_rest_behind_a_button(
    told: Callable[..., Message], consumer: Person, waiting: Callable[..., Invitation]
) -> None:
    for number in range(10):
        waiting(consumer, f"0000-{number}", f"web-{number}")

    message = told(consumer)

    assert labels(message).count("Accept") == 5
    assert labels(message)[-3:] == ["Accept these 5", "Answer…", "Show"]
    assert "\n5 more:\n[Show]\n" in read(message)


def test_its_buttons_answer_and_the_message_is_drawn_anew(
    told: Callable[..., Message],
    services: Services,
    talk: Talk,
    cloud: CloudStandIn,
    consumer: Person,
    invite: Callable[..., None],
    waiting: Callable[..., Invitation],
) -> None:
    image_id = cloud.add_image(owner=PRODUCER, name="web", region="DFW")
    invite(image_id, CONSUMER_A)
    waiting(consumer, image_id, "web")
    message = told(consumer)

    answered = talk.press(consumer, message, "Accept")

    assert read(answered).startswith("<@U2> accepted `web` ")
    assert labels(answered) == ["Always accept from 1100111"]
    assert preview(consumer, services) is None


def test_a_withdrawn_invitation_is_named_as_it_was(
    told: Callable[..., Message],
    talk: Talk,
    consumer: Person,
    waiting: Callable[..., Invitation],
) -> None:
    waiting(consumer, "0000-1", "web")

    assert read(talk.press(consumer, told(consumer), "Accept")).startswith(
        "The invitation to `web` is no longer there:"
    )


def test_what_was_shared_here_is_known_before_the_cloud_is_asked(
    services: Services,
    producer: Person,
    consumer: Person,
    other: Person,
    cloud: CloudStandIn,
    link: Callable[..., Account],
) -> None:
    """Not in regions that nobody looks at: there nobody would notice that it was withdrawn."""
    account = services.current_account(producer)
    link(other, CONSUMER_B, "Consumer B", region="ORD")
    image_id = cloud.add_image(owner=PRODUCER, name="web", region="DFW", size=7)
    image: Image = services.images(account, "DFW").get(image_id)

    record_share(account, image, [CONSUMER_A, CONSUMER_B, "9900999"], services)

    [known] = services.store.invitations.pending()
    assert known.account_id == services.current_account(consumer).id
    assert (known.image_name, known.owner, known.size) == ("web", PRODUCER, 7)
    assert known.invited_at == services.clock()
    assert kinds(consumer, services) == {"web": Kind.NEW}


def test_what_is_about_to_be_accepted_by_itself_is_not_told_as_waiting(
    services: Services,
    consumer: Person,
    waiting: Callable[..., Invitation],
    clock: HandClock,
) -> None:
    account = services.current_account(consumer)
    services.store.trusted.put(account.key, PRODUCER, account.id, "U2")
    waiting(consumer, "0000-1", "web")
    clock.advance(minutes=14)
    assert kinds(consumer, services) == {"web": Kind.NOT_SHOWN}

    clock.advance(minutes=2)

    assert kinds(consumer, services) == {"web": Kind.NEW}


@pytest.mark.parametrize("said", [False, True])
def test_what_was_unshared_here_is_no_longer_told_as_waiting(
    told: Callable[..., Message | None],
    services: Services,
    producer: Person,
    consumer: Person,
    waiting: Callable[..., Invitation],
    said: bool,
) -> None:
    account = services.current_account(producer)
    waiting(consumer, "0000-1", "told-before")
    told(consumer)
    waiting(consumer, "0000-2", "never-told")

    for image_id in ("0000-1", "0000-2"):
        record_unshare(account, "DFW", image_id, CONSUMER_A, services, notified=said)

    expected = Kind.NOT_SHOWN if said else Kind.ENDED
    assert kinds(consumer, services) == {"told-before": expected, "never-told": Kind.NOT_SHOWN}
    assert taking.missing(services.store) == []


def test_a_share_that_is_undone_at_once_is_never_told(
    talk: Talk,
    services: Services,
    producer: Person,
    consumer: Person,
    cloud: CloudStandIn,
) -> None:
    cloud.add_image(owner=PRODUCER, name="web", region="DFW", visibility="shared")
    asked = talk.say(producer, f"share web {CONSUMER_A}")
    shared = talk.press(producer, asked, "Share")
    assert kinds(consumer, services) == {"web": Kind.NEW}

    talk.press(producer, shared, "Undo")

    assert kinds(consumer, services) == {"web": Kind.NOT_SHOWN}
