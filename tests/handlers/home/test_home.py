"""The home tab: each person's own, and nothing of anyone else's."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from handlers import Click, Person, Services, answer
from handlers.core.replies import Message
from handlers.home import home
from handlers.home.views import home as views
from handlers.home.views.home import Home
from sandbox.cloud import CloudStandIn
from storage import Account, Invitation, Kind, Role, Subject
from storage.clock import Clock
from tests import taking
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, labels, read


def shown(of: Home) -> str:
    return read(Message("home", of.blocks))


def pend(services: Services, account: Account, name: str, **fields: object) -> Invitation:
    """An invitation as the scheduler has seen it; the cloud knows nothing of it."""
    invitation = Invitation(
        account_id=account.id,
        region="DFW",
        image_id=f"image-of-{name}",
        image_name=name,
        owner=PRODUCER,
        size=10**9,
        first_seen=services.clock(),
    )
    invitation = replace(invitation, **fields)  # type: ignore[arg-type]
    assert services.store.invitations.begin(invitation)
    return invitation


def account_of(services: Services, person: Person) -> Account:
    [account] = services.store.accounts.of(person.team_id, person.user_id)
    return account


def test_someone_new_is_shown_the_first_steps_and_nothing_else(
    services: Services, stranger: Person, consumer: Person
) -> None:
    pend(services, account_of(services, consumer), "golden")

    of = home.home(stranger, services)

    assert labels(Message("home", of.blocks)) == ["Link an account"]
    assert "golden" not in shown(of)
    assert CONSUMER_A not in shown(of)


def test_steps_are_ticked_and_go_when_all_are_taken(
    services: Services, consumer: Person, talk: Talk
) -> None:
    before = shown(home.home(consumer, services))

    talk.press(consumer, Message("home", home.home(consumer, services).blocks), "List images")
    talk.say(consumer, "digest weekdays 08:00")
    after = shown(home.home(consumer, services))

    assert ":white_check_mark: Link" in before
    assert ":white_large_square: List" in before
    assert "First steps" not in after


def test_a_list_that_was_asked_for_by_command_ticks_its_step(
    services: Services, consumer: Person, talk: Talk
) -> None:
    """Only the button of the home did."""
    talk.say(consumer, "list")

    assert ":white_check_mark: List" in shown(home.home(consumer, services))


def test_invitations_come_from_storage_and_can_be_answered(
    services: Services, cloud: CloudStandIn, consumer: Person, talk: Talk
) -> None:
    pend(services, account_of(services, consumer), "golden")
    asked_before = len(cloud.requests)

    of = home.home(consumer, services)

    assert "*golden*" in shown(of)
    assert {"Accept", "Reject"} <= set(labels(Message("home", of.blocks)))
    assert len(cloud.requests) == asked_before


def test_accept_in_the_home_says_what_was_done_without_the_whole_list(
    services: Services, cloud: CloudStandIn, consumer: Person, talk: Talk
) -> None:
    image_id = cloud.add_image(PRODUCER, name="golden", region="DFW", visibility="shared")
    cloud.add_member(image_id, CONSUMER_A)
    pend(services, account_of(services, consumer), "golden", image_id=image_id)

    said = talk.press(consumer, Message("h", home.home(consumer, services).blocks), "Accept")

    assert said.text.startswith(f"{consumer.mention} accepted `golden`")
    assert "pending invitation" not in read(said)
    assert "golden" not in shown(home.home(consumer, services))


def test_another_workspace_s_person_of_the_same_id_sees_nothing(
    services: Services, consumer: Person
) -> None:
    pend(services, account_of(services, consumer), "golden")

    of = home.home(Person("T2", consumer.user_id), services)

    assert "golden" not in shown(of)


def test_a_viewer_of_a_lent_account_sees_its_invitations_and_cannot_answer(
    services: Services, consumer: Person, stranger: Person
) -> None:
    account = account_of(services, consumer)
    pend(services, account, "golden")
    services.store.rights.grant(
        account.key,
        account.id,
        Subject.PERSON,
        stranger.user_id,
        Role.VIEWER,
        consumer.user_id,
    )

    of = home.home(stranger, services)

    assert "*golden*" in shown(of)
    assert "Accept" not in labels(Message("home", of.blocks))
    assert "Unlink…" not in labels(Message("home", of.blocks))


def test_only_one_s_own_transfers_are_shown(
    services: Services, consumer: Person, other: Person
) -> None:
    account = account_of(services, other)
    services.store.transfers.begin(
        click="c",
        key="k",
        kind=Kind.EXPORT,
        team_id=other.team_id,
        user_id=other.user_id,
        account_id=account.id,
        account=account.project_id,
        region="DFW",
        title="secret-image",
        plan={},
    )

    assert "secret-image" in shown(home.home(other, services))
    assert "secret-image" not in shown(home.home(consumer, services))


def test_unlink_in_the_home_asks_first(services: Services, consumer: Person, talk: Talk) -> None:
    of = Message("home", home.home(consumer, services).blocks)

    said = talk.press(consumer, of, "Unlink…")

    assert labels(said) == ["Unlink", "Cancel"]
    assert services.store.accounts.of(consumer.team_id, consumer.user_id)


def test_a_stranger_s_unlink_is_refused(
    services: Services, consumer: Person, stranger: Person, talk: Talk
) -> None:
    account = account_of(services, consumer)
    click = Click(stranger, views.UNLINK, json.dumps([account.id]))

    said = answer(click, services)

    assert isinstance(said, Message)
    assert said.note
    assert services.store.accounts.get(account.id)


def test_when_it_tells_is_said_with_the_next_time(
    services: Services, consumer: Person, clock: Clock
) -> None:
    text = shown(home.home(consumer, services))

    assert f"account `{CONSUMER_A}`: at once and in a digest, next (time)." in text


def test_a_home_of_very_much_keeps_to_a_hundred_blocks(
    services: Services, consumer: Person
) -> None:
    account = account_of(services, consumer)
    for n in range(60):
        pend(services, account, f"image-{n}", invited_at=services.clock() - timedelta(days=n))

    of = home.home(consumer, services)

    assert len(of.blocks) <= views.MOST_BLOCKS
    assert "…and 52 more." in shown(of)
    assert "*image-59*" in shown(of)


def test_a_welcome_is_said_once(services: Services, consumer: Person) -> None:
    for _ in range(3):
        home.notify_first_link(consumer, services.store)
        home.notify_installed(consumer, services.store)

    texts = [notice.text for notice in taking.notices(services.store)]
    assert len(texts) == len(set(texts)) == 2


def test_the_home_says_so_when_it_cannot_be_drawn(
    services: Services, consumer: Person, link: Callable[..., Account]
) -> None:
    broken = replace(services, clock=lambda: None)  # type: ignore[arg-type,return-value]

    assert "broke on our side (reference" in shown(home.home(consumer, broken))


def test_what_one_has_shared_is_shown_with_its_answers_and_a_form_for_more(
    services: Services,
    cloud: CloudStandIn,
    producer: Person,
    consumer: Person,
    other: Person,
    talk: Talk,
) -> None:
    web, db = (cloud.add_image(PRODUCER, name=name, region="DFW") for name in ("web", "db"))
    question = talk.say(producer, f"share web {CONSUMER_A} {CONSUMER_B}")
    talk.press(producer, question, "Share")
    talk.press(producer, talk.say(producer, f"share db {CONSUMER_A}"), "Share")
    talk.say(consumer, "accept web")

    mine, theirs = (shown(home.home(each, services)) for each in (producer, consumer))
    tab = Message("home", home.home(producer, services).blocks)

    assert f"*web* · 2 accounts\nDFW · 1 accepted, 1 pending · `{web[:8]}`\n[Members]" in mine
    assert f"*db* · 1 account\nDFW · 1 pending · `{db[:8]}`\n[Members]" in mine
    assert "Shared by you" not in theirs
    assert talk.open(producer, tab, "Share an image…").name == "sharing.form"
    assert "is shared with *" in read(talk.press(producer, tab, "Members"))
