"""Answering several invitations by one form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta

import pytest

import handlers
from handlers import FieldErrors, Message, Modal, Person, Services
from handlers.core.places import ImageRef
from handlers.invitations import silenced
from handlers.invitations.views import answer_form as views
from sandbox.cloud import CloudStandIn
from storage import Account, Policy
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, filled, read, said


@pytest.fixture
def images(cloud: CloudStandIn, invite: Callable[..., None]) -> dict[str, str]:
    """Three images that are pending for Consumer A, by name."""
    found = {}
    for name, region in (("web", "DFW"), ("db", "ORD"), ("old", "DFW")):
        found[name] = cloud.add_image(owner=PRODUCER, name=name, region=region)
        invite(found[name], CONSUMER_A)
    return found


@pytest.fixture
def account(services: Services, consumer: Person) -> Account:
    return services.current_account(consumer)


def which(account: Account, images: dict[str, str], *names: str) -> tuple[str, ...]:
    regions = {"web": "DFW", "db": "ORD", "old": "DFW"}
    return tuple(ImageRef(account.id, regions[n], images[n]).value() for n in names)


def answers(cloud: CloudStandIn, images: dict[str, str]) -> dict[str, str]:
    return {name: cloud.members(image_id)[CONSUMER_A] for name, image_id in images.items()}


@pytest.mark.parametrize(("verb", "status"), [("accept", "accepted"), ("reject", "rejected")])
def test_several_are_answered_at_once_and_the_others_are_listed(
    talk: Talk,
    cloud: CloudStandIn,
    consumer: Person,
    account: Account,
    images: dict[str, str],
    verb: str,
    status: str,
) -> None:
    form = talk.form(consumer, verb)
    assert filled(form)[views.ANSWER] == verb

    done = talk.submit(consumer, form, invitations__which=which(account, images, "web", "db"))

    assert isinstance(done, Message)
    assert read(done).startswith(f"{status.capitalize()} 2 of 2 invitations.\n")
    assert "*1 pending invitation*." in read(done)
    assert answers(cloud, images) == {"web": status, "db": status, "old": "pending"}


def test_one_that_is_gone_stops_no_other(
    talk: Talk, cloud: CloudStandIn, consumer: Person, account: Account, images: dict[str, str]
) -> None:
    form = talk.form(consumer, "accept")
    chosen = which(account, images, "web", "db")
    cloud.remove_member(images["web"], CONSUMER_A)

    done = talk.submit(consumer, form, invitations__which=chosen, invitations__always=(views.YES,))

    assert isinstance(done, Message)
    assert read(done).startswith("Accepted 1 of 2 invitations.")
    assert cloud.members(images["db"]) == {CONSUMER_A: "accepted"}


def test_they_are_snoozed_until_a_day_where_the_person_is(
    talk: Talk, services: Services, consumer: Person, account: Account, images: dict[str, str]
) -> None:
    services.store.people.set_time_zone("T1", consumer.user_id, "America/New_York")
    day = (services.clock() + timedelta(days=4)).date()
    form = talk.open(consumer, talk.say(consumer, "invitations"), "Answer…")

    done = talk.submit(
        consumer,
        form,
        invitations__which=which(account, images, "web", "db"),
        invitations__how="snooze",
        invitations__until=day.isoformat(),
    )

    assert isinstance(done, Message)
    assert read(done).startswith("Snoozed until (time) 2 of 2 invitations.")
    ends = {s.until for s in silenced.silenced_for(consumer, services).snoozes.values()}
    assert [each.astimezone(UTC).hour for each in ends if each] in ([4], [5])
    assert {each.date() for each in ends if each} == {day}


def test_without_a_day_they_are_snoozed_until_they_change(
    talk: Talk, services: Services, consumer: Person, account: Account, images: dict[str, str]
) -> None:
    form = talk.form(consumer, "accept")

    talk.submit(
        consumer,
        form,
        invitations__which=which(account, images, "web"),
        invitations__how="snooze",
    )

    [snooze] = silenced.silenced_for(consumer, services).snoozes.values()
    assert snooze.until is None


def test_their_producers_are_muted(
    talk: Talk, services: Services, consumer: Person, account: Account, images: dict[str, str]
) -> None:
    form = talk.form(consumer, "accept")

    done = talk.submit(
        consumer,
        form,
        invitations__which=which(account, images, "web", "db"),
        invitations__how="mute",
    )

    assert read(said(done)).startswith(f"Muted `{PRODUCER}`.")
    [mute] = services.store.snoozes.muted("T1", consumer.user_id)
    assert mute.producer == PRODUCER


def test_one_that_is_gone_does_not_keep_another_producer_from_being_muted(
    talk: Talk, cloud: CloudStandIn, consumer: Person, account: Account, images: dict[str, str]
) -> None:
    form = talk.form(consumer, "accept")
    gone = ImageRef(account.id, "DFW", "11111111-1111-4111-8111-111111111111").value()

    done = talk.submit(
        consumer,
        form,
        invitations__which=(gone, *which(account, images, "web")),
        invitations__how="mute",
    )

    assert read(said(done)).startswith(f"Muted `{PRODUCER}`.")


def test_all_of_them_are_chosen_at_first(
    talk: Talk, consumer: Person, account: Account, images: dict[str, str]
) -> None:
    form = talk.form(consumer, "accept")

    assert set(filled(form)[views.WHICH]) == set(which(account, images, *images))


def test_what_their_producers_share_is_accepted_automatically_from_then_on(
    talk: Talk, services: Services, consumer: Person, account: Account, images: dict[str, str]
) -> None:
    form = talk.form(consumer, "accept")

    talk.submit(
        consumer,
        form,
        invitations__which=which(account, images, "web", "db"),
        invitations__always=(views.YES,),
    )

    [trust] = services.store.trusted.of(account.key)
    assert (trust.producer, trust.user_id) == (PRODUCER, consumer.user_id)


def test_a_strict_account_is_answered_on_the_page_alone(
    talk: Talk,
    services: Services,
    cloud: CloudStandIn,
    consumer: Person,
    account: Account,
    images: dict[str, str],
) -> None:
    services.store.policies.put(account.key, Policy(strict=True), consumer.user_id)
    form = talk.form(consumer, "accept")

    done = talk.submit(
        consumer,
        form,
        invitations__which=which(account, images, "web"),
        invitations__always=(views.YES,),
    )

    assert "its account requires confirming this on a page" in read(said(done))
    assert answers(cloud, images)["web"] == "pending"
    assert services.store.trusted.of(account.key) == []


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"invitations__how": "reject", "invitations__always": (views.YES,)}, views.ALWAYS),
        ({"invitations__how": "accept", "invitations__until": "2999-01-01"}, views.UNTIL),
        ({"invitations__how": "snooze", "invitations__until": "2001-01-01"}, views.UNTIL),
    ],
)
def test_what_does_not_go_together_is_said_beside_its_field(
    talk: Talk,
    cloud: CloudStandIn,
    consumer: Person,
    account: Account,
    images: dict[str, str],
    given: dict[str, str | tuple[str, ...]],
    name: str,
) -> None:
    form = talk.form(consumer, "accept")
    chosen = which(account, images, "web")

    refused = talk.submit(consumer, form, invitations__which=chosen, **given)

    assert isinstance(refused, FieldErrors)
    assert list(refused.errors) == [name]
    assert set(answers(cloud, images).values()) == {"pending"}


def test_the_only_one_is_chosen_already_and_where_none_is_pending_it_says_so(
    talk: Talk,
    services: Services,
    cloud: CloudStandIn,
    consumer: Person,
    account: Account,
    images: dict[str, str],
) -> None:
    for name in ("db", "old"):
        talk.say(consumer, f"accept {name}")
    form = talk.form(consumer, "reject")
    talk.say(consumer, "accept web")

    nothing = handlers.answer(handlers.parse(consumer, "accept", "C1"), services)

    assert isinstance(form, Modal)
    assert filled(form)[views.WHICH] == which(account, images, "web")
    assert read(said(nothing)) == "No invitations are pending."


@pytest.mark.parametrize("day", ["soon", "2026-02-31"])
def test_a_day_that_is_none_changes_nothing(
    talk: Talk,
    services: Services,
    consumer: Person,
    account: Account,
    images: dict[str, str],
    day: str,
) -> None:
    """Slack sends none: whoever forged the form is told that it is out of date."""
    form = talk.form(consumer, "accept")

    refused = talk.submit(
        consumer,
        form,
        invitations__which=which(account, images, "web"),
        invitations__how="snooze",
        invitations__until=day,
    )

    assert isinstance(refused, FieldErrors)
    assert silenced.silenced_for(consumer, services).snoozes == {}
