"""A signed address that waits to be said, after an approval, stands nowhere in clear."""

from __future__ import annotations

import json

import handlers
from handlers import Message, Person, Services
from handlers.approvals import requests as approvals
from handlers.core.notify import notify
from handlers.ui.blocks import section
from sandbox.cloud import CloudStandIn
from storage import Notice
from tests import taking
from tests.handlers.conftest import PRODUCER
from tests.handlers.talk import Talk
from tests.storage import asking

ANN = Person("T1", "U7")


def approved_link(talk: Talk, services: Services, producer: Person, cloud: CloudStandIn) -> None:
    cloud.add_object(PRODUCER, "exports", "web.vhd", b"data", "DFW")
    talk.say(producer, "allow <@U7> approver")
    talk.say(producer, "policy export always")
    talk.say(producer, "download exports/web.vhd")
    [waiting] = services.store.approvals.waiting("T1")
    talk.say(ANN, f"approve {waiting.id}")
    for approval in asking.begun(services.store.approvals):
        approvals.carry_out(approval, handlers.DISPATCHER.carry_out, services)


def kept(services: Services) -> str:
    """All that the tables of messages and requests hold."""
    tables = ("outbox", "approvals", "cards", "once", "audit_log")
    return json.dumps([services.store._db.rows(f"select * from {each}") for each in tables])  # noqa: S608


def the_link(services: Services) -> Notice:
    [notice] = [
        each for each in taking.notices(services.store) if "temp_url_sig" in json.dumps(each.blocks)
    ]
    return notice


def test_the_address_waits_sealed_and_is_wiped_once_it_was_said(
    talk: Talk, services: Services, producer: Person, cloud: CloudStandIn
) -> None:
    approved_link(talk, services, producer, cloud)
    before = kept(services)

    notice = the_link(services)
    taking.sent(services.store, notice.id, "1.2")

    assert "temp_url_sig" not in before
    sealed = services.store._db.rows("select sealed from outbox where sealed is not null")
    assert sealed == []
    assert "Download link for" in notice.text


def test_the_address_is_wiped_where_it_cannot_be_said(
    talk: Talk, services: Services, producer: Person, cloud: CloudStandIn
) -> None:
    approved_link(talk, services, producer, cloud)

    services.store.outbox.fail(the_link(services).id, "user_disabled")

    assert services.store._db.rows("select 1 from outbox where sealed is not null") == []


def test_the_address_of_a_page_waits_sealed_too(services: Services, producer: Person) -> None:
    token = services.store.once.issue("link", {}, 600)

    notify(
        producer, Message("link", (section(f"<https://b.example/link/{token}|x>"),)), services.store
    )

    assert token not in kept(services)
    [notice] = taking.notices(services.store)
    assert token in json.dumps(notice.blocks)
