"""Links by which objects are downloaded."""

from __future__ import annotations

import html
import logging
import re
import sqlite3
from urllib.request import urlopen

import pytest

from handlers import Message, Person, Services
from handlers.transfers.plans import ExportPlan
from handlers.transfers.views import transfers as views
from sandbox.cloud import CloudStandIn
from sandbox.gallery.transfers import transfer
from storage import Kind, Transfer, TransferState
from tests.handlers.conftest import PRODUCER
from tests.handlers.talk import Talk, labels, read
from tests.storage.fixtures import HandClock


@pytest.fixture
def web(cloud: CloudStandIn, clock: HandClock) -> str:
    cloud.state.clock = clock
    cloud.add_object(PRODUCER, "exports", "my web.vhd", b"disk", "ORD")
    return "exports/my web.vhd"


def url(message: Message) -> str:
    [found] = re.findall(r"<(https?://[^|>]+)\|", read(message))
    return html.unescape(found)


def test_download_gives_a_link_that_reads_the_object_and_says_when_it_ends(
    talk: Talk, producer: Person, web: str
) -> None:
    answer = talk.say(producer, f'download "{web}"')

    with urlopen(url(answer)) as download:  # noqa: S310 - of the stand-in
        assert download.read() == b"disk"
    shown = re.sub(r"<http[^|]*\|", "<…|", read(answer))
    assert shown == (
        "Download link for `exports/my web.vhd` (4 bytes), expires (time).\n"
        "<…|Download>\n"
        "Expires at 2026-03-02 09:00:00 UTC; a download that is already running continues. "
        "Anyone with the link can read the object without a login, so don't pass it on. I don't "
        "store it."
    )
    assert not answer.public
    assert "http" not in answer.text


def test_the_link_is_in_no_row_and_no_log(
    talk: Talk,
    services: Services,
    producer: Person,
    web: str,
    sqlite_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        address = url(talk.say(producer, f'download "{web}"'))

    [signature] = re.findall(r"temp_url_sig=(\w+)", address)
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as database:
        assert signature not in "\n".join(database.iterdump())
    assert signature not in caplog.text
    rows = [(row.action, row.target, row.outcome) for row in services.store.audit.recent()]
    assert ("object.link", web, "done") in rows


def test_a_finished_export_has_a_button_for_it_whose_answer_is_a_note(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    card = views.card(finished(services, producer), services.clock())
    assert labels(card) == ["Download link"]

    note = talk.press(producer, card, "Download link")

    assert note.note
    assert "temp_url_sig" in url(note)


def test_nobody_else_gets_a_link_by_the_button(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    card = views.card(finished(services, producer), services.clock())

    note = talk.press(consumer, card, "Download link")

    assert note.text.startswith(f"This is for account `{PRODUCER}`")


def test_an_object_that_is_gone_gets_none(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    card = views.card(finished(services, producer), services.clock())
    account = services.current_account(producer)
    services.connection(account).object_store("ORD").delete("exports", "my web.vhd")

    note = talk.press(producer, card, "Download link")

    assert note.text.startswith("No object `exports/my web.vhd` in ORD.")


def test_an_object_that_is_in_two_regions_is_not_guessed(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    cloud.add_object(PRODUCER, "exports", "my web.vhd", b"other", "DFW")

    answer = talk.say(producer, f'download "{web}"')
    assert answer.text.startswith("`exports/my web.vhd` exists more than once: in DFW of account")
    assert answer.text.endswith("Choose one, for example with `--region DFW`.")

    answer = talk.say(producer, f'download "{web}" --region ORD')
    with urlopen(url(answer)) as download:  # noqa: S310 - of the stand-in
        assert download.read() == b"disk"


def test_keys_of_others_are_left_alone_and_the_person_is_told(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    store = services.connection(services.current_account(producer)).object_store("ORD")
    for slot in (1, 2):
        store.set_signing_key(slot, "a-key-of-somebody-else")

    answer = talk.say(producer, f'download "{web}"')

    assert answer.text.startswith(
        "I can't create a link: someone else has set both "
        "temporary URL keys of the object storage in ORD"
    )
    assert store.signing_keys() == ("a-key-of-somebody-else", "a-key-of-somebody-else")


@pytest.mark.parametrize("word", ["exports", "exports/", "/web.vhd"])
def test_what_is_no_place_of_an_object_is_said_to_be_none(
    talk: Talk, producer: Person, word: str
) -> None:
    assert talk.say(producer, f"download {word}").text.startswith(
        f"`{word}` is not an object. Use `CONTAINER/OBJECT`"
    )


def finished(services: Services, person: Person) -> Transfer:
    """An export of theirs that is done."""
    account = services.current_account(person)
    plan = ExportPlan("id", "web", 4, "exports", "task", "my web.vhd")  # type: ignore[arg-type]
    result = {"container": "exports", "object": "my web.vhd", "size": 4}
    state, now = TransferState.DONE, services.clock()
    where = {"account_id": account.id, "region": "ORD"}
    return transfer(Kind.EXPORT, plan, **where, state=state, ended_at=now, result=result)
