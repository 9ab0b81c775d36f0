"""Why somebody asks: in the command, in the form, on the request and in the audit."""

from __future__ import annotations

import pytest

import handlers
from handlers import FieldErrors, Modal, Person, Services
from handlers.approvals import requests as approvals
from handlers.approvals.views import requests
from handlers.core import reasons
from handlers.core.interactions import Command
from handlers.core.places import ImageRef
from handlers.editing.views.delete import Delete
from handlers.sharing.views import form as views
from handlers.sharing.views.members import Unshare
from handlers.ui.typeahead_options import IMAGE
from sandbox.cloud import CloudStandIn
from storage import Account, Guarded, Policy, Rule
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, filled, labels, read, said
from tests.storage import asking

ANN = Person("T1", "U7")
WHY = "it is out of date"


@pytest.fixture
def account(services: Services, producer: Person, talk: Talk) -> Account:
    """The producer's, where Ann approves all that needs a second person."""
    talk.say(producer, "allow <@U7> approver")
    account = services.current_account(producer)
    services.store.policies.put(
        account.key, Policy(dict.fromkeys(Guarded, Rule.ALWAYS)), producer.user_id
    )
    return account


@pytest.fixture
def web(cloud: CloudStandIn, account: Account) -> str:
    image_id = cloud.add_image(
        owner=PRODUCER, name="web", region="DFW", size=1_000, visibility="shared"
    )
    cloud.add_member(image_id, CONSUMER_A)
    cloud.add_object(PRODUCER, "exports", "disk.vhd", b"x", "DFW")
    return image_id


@pytest.mark.parametrize(
    "command",
    [
        "delete web",
        f"unshare web {CONSUMER_A}",
        "update web visibility=private",
        "deactivate web",
        "export web exports",
        "download exports/disk.vhd",
        "allow <@U9> approver",
        "policy delete never",
        "policy --hours 100",
        "unlink",
        f"copy web to ORD with {CONSUMER_B}",
    ],
)
def test_each_guarded_command_takes_a_reason_that_its_approvers_see(
    talk: Talk, services: Services, producer: Person, web: str, command: str
) -> None:
    answer = talk.say(producer, f'{command} because "{WHY}"')
    if command.startswith(("delete", "unshare", "unlink", "copy")):
        assert f"Because: `{WHY}`" in read(answer)
        answer = talk.press(producer, answer, labels(answer)[0])

    assert "needs someone else's approval" in read(answer)
    [waiting] = services.store.approvals.waiting("T1")
    assert waiting.because == WHY
    assert WHY in read(talk.say(ANN, "requests"))
    asked = next(row for row in services.store.audit.recent() if row.action == "approval.ask")
    assert WHY in asked.detail


def test_with_its_reason_it_is_done_once_approved_and_the_audit_keeps_why(
    talk: Talk, services: Services, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    talk.press(producer, talk.say(producer, f"delete web because {WHY}"), "Delete")
    [waiting] = services.store.approvals.waiting("T1")

    talk.say(ANN, f"approve {waiting.id}")
    [approved] = asking.begun(services.store.approvals)
    approvals.carry_out(approved, handlers.DISPATCHER.carry_out, services)

    assert ("DELETE", f"/v2/images/{web}") in [
        (method, path[-len(f"/v2/images/{web}") :]) for method, path, _ in cloud.requests
    ]
    done = next(row for row in services.store.audit.recent() if row.action == "image.delete")
    assert (done.outcome, f"because {WHY}" in done.detail) == ("done", True)


def test_the_form_that_asks_for_the_image_asks_for_the_reason_too(
    talk: Talk, services: Services, producer: Person, account: Account, web: str
) -> None:
    form = talk.form(producer, "delete")
    image = ImageRef(account.id, "DFW", web).value()

    question = talk.submit(producer, form, **{IMAGE: image, reasons.FIELD: WHY})
    talk.press(producer, said(question), "Delete")

    [waiting] = services.store.approvals.waiting("T1")
    assert waiting.because == WHY


@pytest.mark.parametrize(
    "command", ["policy", "allow", "limit", "contact", "delete", "export", "export web", "copy web"]
)
def test_a_reason_typed_without_more_is_in_the_form_that_opens(
    talk: Talk, producer: Person, web: str, command: str
) -> None:
    text = f'{command} because "{WHY}"'

    assert handlers.DISPATCHER.opens(handlers.parse(producer, text))
    assert filled(talk.form(producer, text))[reasons.FIELD] == WHY


def test_a_reason_in_the_form_of_the_policy_is_that_of_the_request(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    form = talk.form(producer, "policy")

    talk.submit(producer, form, policy__delete="never", **{reasons.FIELD: WHY})

    [waiting] = services.store.approvals.waiting("T1")
    assert waiting.because == WHY
    talk.say(ANN, f"approve {waiting.id}")
    [approved] = asking.begun(services.store.approvals)
    approvals.carry_out(approved, handlers.DISPATCHER.carry_out, services)
    assert services.store.policies.of(account.key).rule(Guarded.DELETE) == Rule.NEVER


def test_where_nobody_has_to_approve_the_audit_keeps_the_reason(
    talk: Talk, services: Services, producer: Person
) -> None:
    talk.say(producer, f'allow <@U9> viewer because "{WHY}"')

    [row] = [each for each in services.store.audit.recent() if each.action == "account.allow"]
    assert row.detail == f"because {WHY}"


def test_a_reason_is_added_to_a_request_that_a_button_made(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    """Once, and only while it is pending."""
    asked = talk.press(producer, talk.say(producer, "delete web"), "Delete")
    form = talk.open(producer, asked, "Add a reason…")

    explained = talk.submit(producer, form, **{reasons.FIELD: WHY})
    again = talk.submit(producer, form, **{reasons.FIELD: "something else"})
    empty = talk.submit(producer, form, **{reasons.FIELD: " "})

    [waiting] = services.store.approvals.waiting("T1")
    assert waiting.because == WHY
    assert labels(said(explained)) == ["Withdraw"]
    assert WHY in read(talk.say(ANN, "requests"))
    assert isinstance(again, FieldErrors)
    assert isinstance(empty, FieldErrors)
    assert empty.errors == {reasons.FIELD: "Write a reason."}
    rows = [r for r in services.store.audit.recent() if r.action == "approval.explain"]
    assert [(r.outcome, WHY in r.detail) for r in rows][-1] == ("done", True)
    talk.say(ANN, f"approve {waiting.id}")
    [approved] = asking.begun(services.store.approvals)
    approvals.carry_out(approved, handlers.DISPATCHER.carry_out, services)
    done = next(r for r in services.store.audit.recent() if r.action == "image.delete")
    assert done.outcome == "done"


SECRET = "xoxb-123456789012-abcdefghij"


def test_a_secret_in_a_reason_goes_nowhere_and_its_field_says_so(
    talk: Talk, services: Services, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    """Consumers, approvers and the audit's readers see reasons."""
    place = ImageRef(services.current_account(producer).id, "DFW", web).value()
    asked = talk.press(producer, talk.say(producer, "delete web"), "Delete")
    sent = len(services.store.audit.recent())
    forms: list[tuple[Person, Modal, dict[str, str | tuple[str, ...]]]] = [
        (
            producer,
            talk.form(producer, "share web"),
            {views.WITH: (CONSUMER_B,), views.BECAUSE: SECRET},
        ),
        (producer, talk.form(producer, "delete"), {IMAGE: place, reasons.FIELD: SECRET}),
        (
            producer,
            talk.form(producer, "policy"),
            {"policy.delete": "never", reasons.FIELD: SECRET},
        ),
        (producer, talk.open(producer, asked, "Add a reason…"), {reasons.FIELD: SECRET}),
        (ANN, talk.open(ANN, talk.say(ANN, "requests"), "Deny…"), {requests.REASON: SECRET}),
    ]

    for person, form, typed in forms:
        reply = talk.submit(person, form, **typed)

        assert isinstance(reply, FieldErrors), form.title
        [(field, said_beside)] = reply.errors.items()
        assert field in (reasons.FIELD, views.BECAUSE, requests.REASON)
        assert "looks like a password or a key" in said_beside
    assert cloud.members(web) == {CONSUMER_A: "pending"}
    assert SECRET not in str(services.store.audit.recent())
    assert len(services.store.audit.recent()) == sent


@pytest.mark.parametrize(
    ("words", "left", "reason"),
    [
        (("web", "because", "old"), ("web",), "old"),
        (("web", "Because", "it", "is", "old"), ("web",), "it is old"),
        (("web", "because"), ("web", "because"), ""),
        (("because", "because", "old"), ("because",), "old"),
        (("because", "old"), (), "old"),
        (("because",), ("because",), ""),
        (("web", "because=of"), ("web", "because=of"), ""),
        ((), (), ""),
    ],
)
def test_a_reason_is_what_follows_because(
    producer: Person, words: tuple[str, ...], left: tuple[str, ...], reason: str
) -> None:
    command, found = reasons.split(Command(producer, "delete", words))

    assert (command.words, found) == (left, reason)


def test_buttons_that_were_sent_before_reasons_are_still_read() -> None:
    place = ImageRef("a-1", "DFW", "i-1")

    assert Delete.read('["a-1","DFW","i-1","0123"]') == Delete(place, "0123")
    assert Unshare.read('["a-1","DFW","i-1","554433"]') == Unshare(place, "554433")
