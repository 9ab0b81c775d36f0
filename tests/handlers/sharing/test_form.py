"""Sharing by a form, and the forms of other verbs that need an image."""

from __future__ import annotations

import pytest

import handlers
from handlers import FieldErrors, Message, Modal, Person, Services
from handlers.core.places import ImageRef
from handlers.sharing.views import form as views
from handlers.ui.typeahead_options import IMAGE
from sandbox.cloud import CloudStandIn
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, filled, labels, read


@pytest.fixture
def web(cloud: CloudStandIn) -> str:
    return cloud.add_image(owner=PRODUCER, name="web", region="DFW", size=2_500_000_000)


def ref(services: Services, person: Person, image_id: str) -> str:
    return ImageRef(services.current_account(person).id, "DFW", image_id).value()


def test_the_form_shares_with_several_for_a_time(
    talk: Talk,
    services: Services,
    cloud: CloudStandIn,
    producer: Person,
    consumer: Person,
    other: Person,
    web: str,
) -> None:
    form = talk.form(producer, "share")

    shared = talk.submit(
        producer,
        form,
        sharing__image=ref(services, producer, web),
        sharing__with=(CONSUMER_A, CONSUMER_B),
        sharing__span="7d",
        sharing__because="a\n test\u202e",
    )

    assert isinstance(shared, Message)
    assert "Shared `web`" in read(shared)
    assert labels(shared) == ["Undo", "Undo", "Members"]
    assert cloud.members(web) == {CONSUMER_A: "pending", CONSUMER_B: "pending"}
    account = services.current_account(producer)
    ends = services.store.expiries.of_image(account, "DFW", web)
    assert {number: each.because for number, each in ends.items()} == {
        CONSUMER_A: "a test",
        CONSUMER_B: "a test",
    }


@pytest.mark.parametrize("text", ["share web", "share WEB"])
def test_with_an_image_alone_the_form_has_it(
    talk: Talk, services: Services, producer: Person, web: str, text: str
) -> None:
    assert filled(talk.form(producer, text))[views.IMAGE] == ref(services, producer, web)


@pytest.mark.parametrize(("words", "image"), [("web", "web"), ("", ""), ("WEB", "web")])
def test_a_reason_without_anybody_to_share_with_is_in_the_form(
    talk: Talk, services: Services, producer: Person, web: str, words: str, image: str
) -> None:
    text = f'share {words} because "the new build"'

    assert handlers.DISPATCHER.opens(handlers.parse(producer, text))
    form = filled(talk.form(producer, text))

    assert form[views.IMAGE] == (ref(services, producer, web) if image else "")
    assert form[views.BECAUSE] == "the new build"


def test_the_button_of_an_image_opens_the_form_with_it(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    form = talk.open(producer, talk.say(producer, "show web"), "Share…")

    assert filled(form)[views.IMAGE] == ref(services, producer, web)


def test_people_names_and_numbers_are_found_in_one_field(
    talk: Talk, producer: Person, consumer: Person, web: str
) -> None:
    talk.say(producer, "name 554433 Zürich")
    form = talk.form(producer, "share")

    def found(words: str) -> list[str]:
        return talk.find(producer, form, views.WITH, words)

    assert found("") == ["Consumer A (2200222)", "Zürich (554433)"]
    assert found("zür") == ["Zürich (554433)"]
    assert found("consumer a") == found("user-2200222") == ["Consumer A (2200222)"]
    assert found("777") == ["777"]
    assert PRODUCER not in " ".join(found(""))


def test_a_number_that_nobody_knows_is_asked_once_more(
    talk: Talk, services: Services, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    form = talk.form(producer, "share web")

    sure = talk.submit(producer, form, sharing__with=("777",))
    assert isinstance(sure, Modal)
    before = cloud.members(web)
    shared = talk.submit(producer, sure)

    assert before == {}
    assert isinstance(shared, Message)
    assert cloud.members(web) == {"777": "pending"}


def test_errors_stand_beside_their_fields(
    talk: Talk, services: Services, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    theirs = cloud.add_image(owner=CONSUMER_A, name="theirs", region="DFW", visibility="shared")
    cloud.add_member(theirs, PRODUCER)
    form = talk.form(producer, "share web")

    own = talk.submit(producer, form, sharing__with=(PRODUCER,))
    foreign = talk.submit(
        producer,
        form,
        sharing__image=ref(services, producer, theirs),
        sharing__with=(CONSUMER_B,),
    )

    assert isinstance(own, FieldErrors)
    assert own.errors.keys() == {views.WITH}
    assert isinstance(foreign, FieldErrors)
    assert cloud.members(theirs) == {PRODUCER: "pending"}


@pytest.mark.parametrize(
    "verb",
    [verb.name for verb in handlers.ROUTES.verbs if verb.picks],
)
def test_a_verb_alone_asks_for_its_image(
    talk: Talk, services: Services, producer: Person, web: str, verb: str
) -> None:
    form = talk.form(producer, verb)
    other = {name: CONSUMER_A for name in filled(form) if name != IMAGE}

    answer = handlers.answer(
        handlers.Submission(
            producer, form.name, form.value, {IMAGE: ref(services, producer, web), **other}
        ),
        services,
    )

    assert not isinstance(answer, FieldErrors) or verb in {
        *("unprotect", "reactivate", "unshare", "member", "untag"),
    }
    if isinstance(answer, FieldErrors):
        assert "Usage: " not in str(answer.errors)


def test_who_has_linked_nothing_is_given_a_link_and_no_form(talk: Talk, stranger: Person) -> None:
    for text in ("share", "show"):
        answer = handlers.answer(handlers.parse(stranger, text, "C1"), talk.services)
        assert isinstance(answer, Message)
        assert "link" in read(answer).lower()


def test_the_form_offers_ones_own_images_but_for_public_ones(
    talk: Talk, cloud: CloudStandIn, producer: Person, consumer: Person, web: str
) -> None:
    """Everybody has those already, and nobody else's can be shared."""
    cloud.add_image(owner=PRODUCER, name="published", region="DFW", visibility="public")
    cloud.add_image(owner=CONSUMER_A, name="theirs", region="DFW", visibility="community")

    assert talk.find(producer, talk.form(producer, "share"), views.IMAGE) == ["web"]
