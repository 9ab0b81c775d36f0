"""What approvers are shown is what is done: all of it, compared when it is carried out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

import handlers
from handlers import Message, Person, Services
from handlers.approvals import carry_out_due
from handlers.approvals import requests as approvals
from handlers.approvals.views import cards
from sandbox.cloud import CloudStandIn
from storage import Approval, ApprovalState, Subject
from tests import taking
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, labels, read
from tests.storage import asking

ANN, BOB, CY = Person("T1", "U7"), Person("T1", "U8"), Person("T1", "U9")


@pytest.fixture
def web(cloud: CloudStandIn, producer: Person) -> str:
    return cloud.add_image(
        owner=PRODUCER, name="web", region="DFW", size=2_500_000_000, visibility="shared"
    )


@pytest.fixture
def guarded(talk: Talk, producer: Person, web: str) -> str:
    """The image, in an account that wants Ann or Bob to approve whatever gives or takes access."""
    talk.say(producer, "allow <@U7> approver")
    talk.say(producer, "allow <@U8> approver")
    talk.say(producer, "policy share always unshare always")
    return web


def asked(talk: Talk, person: Person, command: str) -> Message:
    """The answer to the buttons of the questions that a command leads to."""
    answer = talk.say(person, command)
    while "will do it as soon as" not in read(answer):
        answer = talk.press(person, answer, labels(answer)[0])
    return answer


def only(services: Services, request: str = "") -> Approval:
    """The request of that id, or the one that waits."""
    found = services.store.approvals.get(request) if request else None
    return found or services.store.approvals.waiting("T1")[0]


def carry_out(services: Services) -> Approval:
    """What the job does with what is approved; the request as it is then."""
    [approval] = asking.begun(services.store.approvals)
    approvals.carry_out(approval, handlers.DISPATCHER.carry_out, services)
    now = services.store.approvals.get(approval.id)
    assert now
    return now


def card(services: Services, to: str) -> Message:
    drawn = {each.key.split()[-1]: each for each in taking.cards(services.store)}
    return Message(drawn[to].text, tuple(drawn[to].blocks))


def told(services: Services) -> Mapping[str, Sequence[str]]:
    """What each person hears."""
    heard: dict[str, list[str]] = {}
    for notice in taking.notices(services.store, 100):
        heard.setdefault(notice.user_id, []).append(
            read(Message(notice.text, tuple(notice.blocks)))
        )
    return heard


def raw(services: Services, person: Person, image_id: str) -> Mapping[str, Any]:
    return services.images(services.current_account(person), "DFW").get(image_id).raw


def test_a_card_names_the_image_by_id_and_who_gains_access_by_whose_name(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    account = services.current_account(producer)
    services.store.names.put("T1", account.cloud, CONSUMER_A, "partner", "U8")

    asked(talk, producer, f"share web {CONSUMER_A} for 7d because release")

    shown = read(card(services, "U7"))
    assert f"• Image: `web` · `{guarded[:8]}` · DFW · 2.5 GB\n" in shown
    assert f"• Gain access: `{CONSUMER_A}` (`partner`, named by <@U8>)\n" in shown
    assert "• for: `7 days`\n" in shown
    assert "> `release`" in shown


def test_the_details_show_all_of_it_before_one_decides(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    cloud.add_member(guarded, CONSUMER_B)
    asked(talk, producer, "update web visibility=private description=fix-typo")
    request = only(services).id

    by_button = talk.press(ANN, card(services, "U7"), "Details")
    by_words = talk.say(ANN, f"requests {request}")
    own = talk.say(producer, f"requests {request}")
    strangers = read(talk.say(Person("T1", "U6"), f"requests {request}"))

    assert by_button.note
    for shown in map(read, (by_button, by_words, own)):
        assert f"• Id: `{guarded}`\n" in shown
        assert "• Checksum: " in shown
        assert f"• Loses access: `{CONSUMER_B}`\n" in shown
        assert "• `description`: none → `fix-typo`\n" in shown
        assert "• `visibility`: `shared` → `private`\n" in shown
        assert "• Effects: takes access away\n" in shown
    assert strangers.startswith(f"No request `{request}`")


def test_making_an_image_everybodys_is_said_first(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    asked(talk, producer, "update web visibility=community description=fix-typo")

    shown = read(card(services, "U7"))

    assert shown.startswith(
        "*Approval requested*\n"
        "<@U1> asks to make `web` (DFW, 2.5 GB) bootable by *every account in this cloud*, and "
        "update `description`, with account"
    )


@pytest.mark.parametrize(
    "command",
    [
        "update web visibility=private",
        "update web visibility=community",
        "deactivate web",
        "update web min_ram=4096",
        "unshare web 2200222",
    ],
)
def test_whatever_gives_or_takes_access_waits(
    talk: Talk, producer: Person, guarded: str, cloud: CloudStandIn, command: str
) -> None:
    cloud.add_member(guarded, CONSUMER_A)

    asked(talk, producer, command)

    assert cloud.members(guarded) == {CONSUMER_A: "pending"}


@pytest.mark.parametrize("rule", ["share", "unshare"])
def test_what_is_given_back_waits_under_either_rule(
    talk: Talk, services: Services, producer: Person, web: str, cloud: CloudStandIn, rule: str
) -> None:
    cloud.add_member(web, CONSUMER_A)
    talk.say(producer, "update web visibility=private")
    talk.say(producer, "allow <@U7> approver")
    talk.say(producer, f"policy {rule} always")

    asked(talk, producer, "update web visibility=shared")

    assert f"• Gain access: `{CONSUMER_A}` and any other" in read(card(services, "U7"))
    assert raw(services, producer, web)["visibility"] == "private"


def test_what_differs_from_what_was_shown_ends_it_and_both_hear_what(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    asked(talk, producer, f"share web {CONSUMER_A}")
    talk.say(ANN, f"approve {only(services).id}")
    talk.say(producer, "update web name=db")

    ended = carry_out(services)

    assert (ended.state, cloud.members(guarded)) == (ApprovalState.FAILED, {})
    heard = told(services)
    for who in ("U1", "U7"):
        [said] = [each for each in heard[who] if "because something changed" in each]
        assert "`name` was `web` and is now `db`" in said


@pytest.mark.parametrize(
    ("meanwhile", "words"),
    [
        ("name 2200222 friend", "`gains access: 2200222` was `2200222` and is now `2200222 (named"),
        ("update web name=other", "`name` was `web` and is now `other`"),
    ],
)
def test_names_count_as_what_was_shown(
    talk: Talk, services: Services, producer: Person, guarded: str, meanwhile: str, words: str
) -> None:
    asked(talk, producer, f"share web {CONSUMER_A}")
    talk.say(ANN, f"approve {only(services).id}")
    talk.say(producer, meanwhile)

    ended = carry_out(services)

    assert (ended.state, words in ended.outcome) == (ApprovalState.FAILED, True), ended.outcome


def test_members_that_came_since_end_a_deletion_and_are_named(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    cloud.add_member(guarded, CONSUMER_A)
    asked(talk, producer, "delete web")
    talk.say(ANN, f"approve {only(services).id}")
    cloud.add_member(guarded, CONSUMER_B)

    ended = carry_out(services)

    assert ended.state == ApprovalState.FAILED
    assert f"`loses access: {CONSUMER_B}` was none" in ended.outcome
    assert raw(services, producer, guarded)["status"] == "active"


def test_asking_again_for_what_has_changed_replaces_what_waits(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    asked(talk, producer, f"share web {CONSUMER_A}")
    first = only(services).id
    account = services.current_account(producer)
    services.store.names.put("T1", account.cloud, CONSUMER_A, "partner", "U8")

    asked(talk, producer, f"share web {CONSUMER_A}")

    assert only(services).id != first
    old = services.store.approvals.get(first)
    assert old
    assert old.state == ApprovalState.WITHDRAWN


def test_a_vote_of_somebody_whose_role_was_taken_does_not_count(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    asked(talk, producer, f"share web {CONSUMER_A}")
    request = only(services).id
    talk.say(ANN, f"approve {request}")
    services.store.rights.revoke(only(services, request).key, Subject.PERSON, "U7")

    waiting = carry_out(services)

    assert (waiting.state, cloud.members(guarded)) == (ApprovalState.WAITING, {})
    assert any("<@U7> can no longer approve." in each for each in told(services)["U1"])
    talk.say(BOB, f"approve {request}")
    assert carry_out(services).state == ApprovalState.DONE
    [row] = [row for row in services.store.audit.recent() if row.action == "image.share"]
    assert row.approvers == ("T1/U8",)


def test_a_vote_that_no_longer_counts_is_not_counted_with_the_next(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    talk.say(producer, "policy --people 2")
    talk.say(producer, "allow <@U9> approver")
    asked(talk, producer, f"share web {CONSUMER_A}")
    request = only(services).id
    talk.say(ANN, f"approve {request}")
    services.store.rights.revoke(only(services, request).key, Subject.PERSON, "U7")

    talk.say(BOB, f"approve {request}")

    assert only(services).state == ApprovalState.WAITING


@pytest.mark.parametrize("when", ["before the vote", "after it"])
def test_a_rule_tightened_meanwhile_applies(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn, when: str
) -> None:
    asked(talk, producer, f"share web {CONSUMER_A}")
    request = only(services).id
    if when == "before the vote":
        talk.say(producer, "policy --people 2")
        talk.say(ANN, f"approve {request}")
    else:
        talk.say(ANN, f"approve {request}")
        talk.say(producer, "policy --people 2")
        carry_out(services)

    assert (only(services).people, cloud.members(guarded)) == (2, {})
    talk.say(BOB, f"approve {request}")
    assert carry_out(services).state == ApprovalState.DONE


def test_a_reason_wanted_meanwhile_is_asked_for(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    asked(talk, producer, f"share web {CONSUMER_A}")
    talk.say(producer, "policy --reason required")

    answer = read(talk.press(ANN, card(services, "U7"), "Approve"))

    assert answer.startswith("This account requires a reason")


def test_what_the_last_release_has_kept_is_still_decided_and_done(
    talk: Talk, services: Services, producer: Person, guarded: str, cloud: CloudStandIn
) -> None:
    """It kept neither what it showed nor what it does, only what is compared as the target."""
    asked(talk, producer, f"share web {CONSUMER_A}")
    approval = only(services)
    kept = {name: approval.request[name] for name in ("request", "key", "confirmed")}
    services.store.approvals._table.update({"request": json.dumps(kept)}, id=approval.id)

    talk.say(ANN, f"requests {approval.id}")
    talk.say(ANN, f"approve {approval.id}")

    assert carry_out(services).state == ApprovalState.DONE
    assert cloud.members(guarded) == {CONSUMER_A: "pending"}


def test_the_audit_keeps_the_same_facts(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    asked(talk, producer, f"share web {CONSUMER_A}")
    talk.say(ANN, f"approve {only(services).id}")
    [due] = services.store.approvals.claims.claim(1)
    carry_out_due.serve(due, handlers.DISPATCHER.carry_out, services)

    rows = {row.action: row for row in services.store.audit.recent()}
    for action in ("approval.ask", "approval.carry_out"):
        assert rows[action].after["image"]["id"] == guarded
        assert rows[action].after["gains access"] == [CONSUMER_A]


def test_a_copy_that_was_approved_is_begun_and_not_done(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    asked(talk, producer, f"copy web to ORD with {CONSUMER_A}")
    talk.say(ANN, f"approve {only(services).id}")

    now = carry_out(services)

    assert now.state == ApprovalState.DONE
    shown = read(card(services, "own"))
    assert "Approved and started." in shown
    assert "done" not in shown


def test_an_approved_copy_that_another_without_shares_is_ahead_of_is_not_done(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    """Nothing would be shared, for the copy under way knows nothing of the accounts."""
    asked(talk, producer, f"copy web to ORD with {CONSUMER_A}")
    talk.say(ANN, f"approve {only(services).id}")
    talk.press(producer, talk.say(producer, "copy web to ORD"), "Start")

    now = carry_out(services)

    assert now.state == ApprovalState.FAILED
    assert f"will not be shared with `{CONSUMER_A}`" in now.outcome


def test_many_members_do_not_cut_off_what_follows(
    talk: Talk, services: Services, cloud: CloudStandIn, producer: Person, guarded: str
) -> None:
    for n in range(128):
        cloud.add_member(guarded, str(7_000_000 + n))

    asked(talk, producer, "delete web")

    shown = read(card(services, "U7"))
    assert shown.count("118 more") == len(["the words", "the list of who loses access"])
    assert f"with account `{PRODUCER}`" in shown


def test_long_words_of_the_last_release_do_not_cut_the_reason_off(
    talk: Talk, services: Services, producer: Person, guarded: str
) -> None:
    asked(talk, producer, f'share web {CONSUMER_A} because "the release"')

    long = replace(only(services), words="share it with " + "`1234567`, " * 400)

    assert "the release" in read(cards.approver_card(long))
